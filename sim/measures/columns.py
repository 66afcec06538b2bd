"""What each of some contacts says of itself and of its episode, column by column."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.tables import ABSENT, Contacts, Episodes, Ints

Mask = NDArray[np.bool_]


class Columns:
    """Columns of some contacts (rows ``index``); each is read when it is first asked for.

    Times are seconds; ``horizon`` is where what has not ended is cut.
    """

    def __init__(self, contacts: Contacts, episodes: Episodes, horizon: int, index: Ints) -> None:
        self.contacts, self.episodes, self.horizon, self.index = contacts, episodes, horizon, index

    def __len__(self) -> int:
        return len(self.index)

    def _column(self, name: str) -> Ints:
        values: Ints = getattr(self.contacts, name)
        return values[self.index]

    @cached_property
    def episode(self) -> Ints:
        return self._column("episode")

    @cached_property
    def service(self) -> Ints:
        return self._column("service")

    @cached_property
    def site(self) -> Ints:
        return self._column("site")

    @cached_property
    def pool(self) -> Ints:
        return self._column("pool")

    @cached_property
    def place(self) -> Ints:
        return self._column("place")

    @cached_property
    def request(self) -> Ints:
        return self._column("request")

    @cached_property
    def start(self) -> Ints:
        return self._column("start")

    @cached_property
    def end(self) -> Ints:
        return self._column("end")

    @cached_property
    def release(self) -> Ints:
        return self._column("release")

    @cached_property
    def outcome(self) -> Ints:
        return self._column("outcome")

    @cached_property
    def origin(self) -> Ints:
        return self._column("origin")

    @cached_property
    def started(self) -> Mask:
        started: Mask = self.start != ABSENT
        return started

    @cached_property
    def ended(self) -> Mask:
        ended: Mask = self.end != ABSENT
        return ended

    @cached_property
    def out(self) -> Ints:
        """Second at which the patient is out of the service: released, left, or still there at the horizon."""
        return np.where(self.release != ABSENT, self.release, self.horizon)

    @cached_property
    def wait_end(self) -> Ints:
        """Second at which waiting ended: by start, by leaving, or not before the horizon."""
        return np.where(self.started, self.start, self.out)

    @cached_property
    def acuity(self) -> Ints:
        return self.episodes.acuity[self.episode].astype(np.int64)

    @cached_property
    def need(self) -> Ints:
        return self.episodes.need[self.episode].astype(np.int64)

    @cached_property
    def age(self) -> Ints:
        return self.episodes.age[self.episode].astype(np.int64)

    @cached_property
    def zone(self) -> Ints:
        return self.episodes.zone[self.episode].astype(np.int64)


__all__ = ["Columns", "Mask"]
