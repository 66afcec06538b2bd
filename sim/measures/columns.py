"""What each of some contacts says of itself and of its episode, column by column."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.model.codes import ABSENT, ACUITIES, AGE_GROUPS, Codes, Outcome
from sim.model.tables import Contacts, Episodes, Model

Mask = NDArray[np.bool_]
Times = NDArray[np.integer]
Narrowed = np.int16 | np.int32 | np.int64
TIMES = ("request", "start", "end", "release")
LONG_RUN_S = (1 << 31) - (1 << 28)  # from 59 years on, times and their differences need more than 32 bits
MANY = 1 << 15  # codes that need more than 16 bits


def either(those: Mask, yes: Times, no: Times | int) -> Times:
    """``yes`` where ``those``, else ``no``: as ``np.where``, which is slow where the answer changes at every row."""
    choice: Times = no + those * (yes - no)
    return choice


class Narrow:
    """In how many bytes the columns of a model's contacts fit, and what their episodes say of the patients.

    ``zone`` and ``patient`` have a row for each episode; ``patient`` is an index into ``need``, ``age``, ``acuity``.
    """

    def __init__(self, model: Model, episodes: Episodes) -> None:
        ages = len(AGE_GROUPS)
        codes = max(
            len(model.zones) + len(model.sites), len(model.pools), len(model.services),
            len(model.needs) * ages * ACUITIES, len(model.municipalities) * ages,
        )  # fmt: skip
        self.code: type[Narrowed] = np.int16 if codes < MANY else np.int32
        self.second: type[Narrowed] = np.int32 if model.horizon < LONG_RUN_S else np.int64
        self.zone: Codes = episodes.zone.astype(self.code)
        self.town: Codes = model.zone_municipality.astype(self.code)
        self.patient: Codes = (episodes.need.astype(self.code) * ages + episodes.age.astype(self.code)) * ACUITIES
        self.patient += episodes.acuity.astype(self.code)  # as Model.class_of, of one area
        parts = np.indices((len(model.needs), ages, ACUITIES)).reshape(3, -1)
        self.need: Codes = parts[0].astype(self.code)
        self.age: Codes = parts[1].astype(self.code)
        self.acuity: Codes = parts[2].astype(self.code)

    def column(self, contacts: Contacts, name: str, index: Codes) -> Codes:
        """A column of some contacts."""
        values: Codes = getattr(contacts, name).take(index)
        dtype = self.second if name in TIMES else np.int32 if name == "episode" else self.code
        return values.astype(dtype)


class Columns:
    """Columns of some contacts (rows ``index``); each is read when it is first asked for.

    Times are seconds; ``horizon`` is where what has not ended is cut. A stretch of rows is read where it lies, rows
    picked from everywhere are copied in few bytes: arithmetic that leaves a column's own range must widen it first.
    """

    def __init__(self, contacts: Contacts, narrow: Narrow, horizon: int, index: Codes | slice) -> None:
        self.contacts, self.narrow, self.horizon, self.index = contacts, narrow, horizon, index

    def __len__(self) -> int:
        index = self.index
        return index.stop - index.start if isinstance(index, slice) else len(index)

    def _column(self, name: str) -> Codes:
        if isinstance(self.index, slice):
            values: Codes = getattr(self.contacts, name)[self.index]
            return values.astype(self.narrow.second, copy=False) if name in TIMES else values
        return self.narrow.column(self.contacts, name, self.index)

    @cached_property
    def episode(self) -> Codes:
        return self._column("episode")

    @cached_property
    def service(self) -> Codes:
        return self._column("service")

    @cached_property
    def site(self) -> Codes:
        return self._column("site")

    @cached_property
    def pool(self) -> Codes:
        return self._column("pool")

    @cached_property
    def place(self) -> Codes:
        return self._column("place")

    @cached_property
    def request(self) -> Times:
        return self._column("request")

    @cached_property
    def start(self) -> Times:
        return self._column("start")

    @cached_property
    def end(self) -> Times:
        return self._column("end")

    @cached_property
    def release(self) -> Times:
        return self._column("release")

    @cached_property
    def outcome(self) -> Codes:
        return self._column("outcome")

    @cached_property
    def origin(self) -> Codes:
        return self._column("origin")

    @cached_property
    def started(self) -> Mask:
        started: Mask = self.start != ABSENT
        return started

    @cached_property
    def came(self) -> Mask:
        """Started, and the patient of the appointment was there."""
        came: Mask = self.started & (self.outcome != Outcome.MISSED)
        return came

    @cached_property
    def ended(self) -> Mask:
        ended: Mask = self.end != ABSENT
        return ended

    @cached_property
    def out(self) -> Times:
        """Second at which the patient is out of the service: released, left, or still there at the horizon."""
        return either(self.release != ABSENT, self.release, self.horizon)

    @cached_property
    def wait_end(self) -> Times:
        """Second at which waiting ended: by start, by leaving, or not before the horizon."""
        return either(self.started, self.start, self.out)

    @cached_property
    def wait(self) -> Times:
        """Seconds between request and the end of waiting."""
        return self.wait_end - self.request

    @cached_property
    def patient(self) -> Codes:
        """Need, age group and acuity as one code (``Model.class_of`` of one area)."""
        return self.narrow.patient.take(self.episode)

    @cached_property
    def acuity(self) -> Codes:
        return self.narrow.acuity.take(self.patient)

    @cached_property
    def need(self) -> Codes:
        return self.narrow.need.take(self.patient)

    @cached_property
    def age(self) -> Codes:
        return self.narrow.age.take(self.patient)

    @cached_property
    def zone(self) -> Codes:
        return self.narrow.zone.take(self.episode)

    @cached_property
    def town(self) -> Codes:
        """Municipality of the patient's home."""
        return self.narrow.town.take(self.zone)

    @cached_property
    def resident(self) -> Codes:
        """Municipality and age group as one code."""
        return self.town * len(AGE_GROUPS) + self.age


__all__ = ["Codes", "Columns", "Mask", "Narrow", "Times", "either"]
