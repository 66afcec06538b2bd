"""The event log of one run: what happened to every patient, one row an event.

Columns are those that two kinds of programs read: simulations are watched by ``entity_id``, ``event``, ``event_type``,
``time``, ``pathway`` and ``resource_id`` (the package vidigi), processes are mined by ``case:concept:name``,
``concept:name``, ``time:timestamp``, ``org:resource`` and ``lifecycle:transition`` (XES, the package pm4py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.export.unit_numbers import NO_UNIT, unit_numbers
from sim.model.codes import ABSENT, NEVER, Codes, Ints, Origin, Outcome
from sim.model.tables import Contacts
from sim.simulation import Simulation

DAY_S = 86_400
ARRIVAL, DEPART = "arrival", "depart"
TYPES = ("arrival_departure", "queue", "resource_use", "resource_use_end")
TRANSITIONS = ("schedule", "start", "complete", "withdraw")
COLUMNS = (
    "entity_id", "event", "event_type", "time", "pathway", "resource_id", "case:concept:name", "concept:name",
    "time:timestamp", "org:resource", "lifecycle:transition", "service", "site", "pool", "step", "origin", "outcome",
)  # fmt: skip


@dataclass(frozen=True)
class EventKind:
    """One kind of event of a contact."""

    suffix: str  # of the event's name, which begins with the service
    type: str
    transition: str


QUEUES = EventKind("_wait", "queue", "schedule")
STARTS = EventKind("_begins", "resource_use", "start")
ENDS = EventKind("_ends", "resource_use_end", "complete")
LEAVES = EventKind("_left", "queue", "withdraw")
KINDS = QUEUES, STARTS, ENDS, LEAVES  # in the order in which they come within a contact and second
ARRIVES, DEPARTS = -1, -2  # no events of a contact


@dataclass(frozen=True)
class Cases:
    """The episodes that a log tells of, whole: first and last second of each that has a contact."""

    first: Ints  # [E] s; NEVER without a contact
    last: Ints  # [E] s; NEVER of one that is still under way when the run ends
    chosen: NDArray[np.bool_]  # [E]


class EventLog:
    """The events of one run; ``days``: of the episodes under way in the first days of the window, else in all of it."""

    def __init__(self, run: Simulation, activities: Sequence[str], zone: ZoneInfo, origin: datetime,
                 days: float | None = None) -> None:  # fmt: skip
        """``activities``: what people call the services, in their order, then arrival and departure."""
        self.run, self.model, self.activities, self.zone, self.origin = run, run.model, activities, zone, origin
        horizon, begin = self.model.horizon, self.model.window_start
        until = horizon if days is None else min(begin + round(days * DAY_S), horizon)
        self.units = unit_numbers(self.model, run.contacts)
        self.cases = _cases(run.contacts, len(run.episodes.time), begin, until)

    def frame(self) -> pd.DataFrame:
        """One row an event, cases in the order of their numbers, events of a case in order of time; ``COLUMNS``."""
        rows = np.flatnonzero(self.cases.chosen[self.run.contacts.episode])
        parts = [self._of_contacts(kind, rows) for kind in KINDS]
        table = pd.concat([self._ends_of_cases(ARRIVES), *parts, self._ends_of_cases(DEPARTS)], ignore_index=True)
        order = np.lexsort((table["step"], table["second"], table["entity_id"]))  # stable: kinds stay in their order
        return self._in_words(table.iloc[order].reset_index(drop=True))

    def _of_contacts(self, kind: EventKind, rows: Ints) -> pd.DataFrame:
        """The events of a kind among the contacts in ``rows``, as numbers."""
        c = self.run.contacts
        second, happened = _seconds(kind, c)
        rows = rows[happened[rows]]
        return pd.DataFrame({
            "entity_id": c.episode[rows], "second": second[rows].astype(np.int64), "step": c.step[rows],
            "kind": KINDS.index(kind), "row": rows,
        })  # fmt: skip

    def _ends_of_cases(self, end: int) -> pd.DataFrame:
        """Arrivals, or departures of those who departed."""
        seconds = self.cases.first if end == ARRIVES else self.cases.last
        rows = np.flatnonzero(self.cases.chosen & (seconds < NEVER))
        return pd.DataFrame({
            "entity_id": rows, "second": seconds[rows], "step": -1 if end == ARRIVES else np.iinfo(np.int16).max,
            "kind": end, "row": -1,
        })  # fmt: skip

    def _in_words(self, table: pd.DataFrame) -> pd.DataFrame:
        """Numbers become names; of arrivals and departures what belongs to a contact is empty."""
        m, c, e = self.model, self.run.contacts, self.run.episodes
        at, row, case = table["kind"].to_numpy() >= 0, table["row"].to_numpy(), table["entity_id"].to_numpy()
        kind, second = table["kind"].to_numpy(), table["second"].to_numpy()
        arrives = kind == ARRIVES
        service, site, pool = (np.where(at, column[row], -1) for column in (c.service, c.site, c.pool))
        used = (kind == KINDS.index(STARTS)) | (kind == KINDS.index(ENDS))
        unit = np.where(used, self.units[row], NO_UNIT)
        begins = (kind == KINDS.index(STARTS)) & (
            unit == NO_UNIT
        )  # no unit is used: the patient is somewhere, as in a queue
        types = np.where(begins, TYPES.index("queue"), _code(kind, [TYPES.index(k.type) for k in KINDS], 0))
        end_of_case = np.where(arrives, len(m.services), len(m.services) + 1)
        activity = np.where(at, service, end_of_case)
        event = np.where(at, service * len(KINDS) + kind, len(m.services) * len(KINDS) + ~arrives)
        events = [f"{name}{k.suffix}" for name in m.services for k in KINDS]
        transition = _code(kind, [TRANSITIONS.index(k.transition) for k in KINDS], TRANSITIONS.index("complete"))
        keys = [f"p{key:016x}" for key in e.key.tolist()]
        frame = {
            "entity_id": case.astype(np.int64),
            "event": _category(event, [*events, ARRIVAL, DEPART]),
            "event_type": _category(types, TYPES),
            "time": (second - m.window_start) / 60,
            "pathway": _category(e.need[case], m.needs),
            "resource_id": pd.array(np.where(unit == NO_UNIT, 0, unit), dtype="Int64"),
            "case:concept:name": np.array(keys, dtype=object)[case],
            "concept:name": _category(activity, _apart(self.activities)),
            "time:timestamp": self._moments(second),
            "org:resource": self._resources(pool, unit),
            "lifecycle:transition": _category(transition, TRANSITIONS),
            "service": _category(service, m.services), "site": _category(site, m.sites),
            "pool": _category(pool, m.pools),
            "step": pd.array(np.where(at, table["step"], 0), dtype="Int64"),
            "origin": _category(np.where(at, c.origin[row], -1), [one.name.lower() for one in Origin]),
            "outcome": _category(np.where(at, c.outcome[row], -1), [one.name.lower() for one in Outcome]),
        }  # fmt: skip
        result = pd.DataFrame(frame)
        result.loc[unit == NO_UNIT, "resource_id"] = pd.NA
        result.loc[~at, "step"] = pd.NA
        return result[list(COLUMNS)]

    def _moments(self, second: Ints) -> pd.Series:
        """Local time with its offset."""
        moments = np.datetime64(self.origin.replace(tzinfo=None), "s") + second.astype("timedelta64[s]")
        local: pd.Series = pd.Series(moments).dt.tz_localize("UTC").dt.tz_convert(self.zone)
        return local

    def _resources(self, pool: Ints, unit: Ints) -> pd.Categorical[Any]:
        """The pool and the number of the unit; empty without a unit."""
        most = int(unit.max(initial=0)) + 1
        used, code = np.unique(np.where(unit == NO_UNIT, -1, pool * most + unit), return_inverse=True)
        names = [f"{self.model.pools[one // most]} {one % most}" for one in used.tolist() if one >= 0]
        return _category(code - int((used < 0).any()), names)


def _seconds(kind: EventKind, c: Contacts) -> tuple[Codes, NDArray[np.bool_]]:
    """[contacts] when an event of a kind happened, and whether it did."""
    begun: NDArray[np.bool_] = c.start != ABSENT
    if kind is QUEUES:
        return c.request, np.ones(len(c.request), dtype=np.bool_)
    if kind is STARTS:
        return c.start, begun
    if kind is ENDS:
        free = np.where(c.pool >= 0, c.release, c.end)  # a unit is kept until its release
        return free, begun & (free != ABSENT)
    return c.release, ~begun & (c.release != ABSENT)


def _cases(c: Contacts, episodes: int, begin: int, until: int) -> Cases:
    """Of every episode when it began and ended, and whether any of it lies in [begin, until)."""
    ends = (c.request, c.start, c.end, c.release)
    latest = np.max([column.astype(np.int64) for column in ends], axis=0)
    waits = c.outcome == Outcome.OPEN
    keeps = (c.pool >= 0) & (c.start != ABSENT) & (c.release == ABSENT)
    latest[waits | keeps] = NEVER
    first, last = np.full(episodes, NEVER), np.full(episodes, ABSENT, dtype=np.int64)
    np.minimum.at(first, c.episode, c.request.astype(np.int64))
    np.maximum.at(last, c.episode, latest)
    chosen = (first < until) & (last >= begin)
    return Cases(first, last, chosen)


def iso_moments(moments: pd.Series) -> NDArray[np.str_]:
    """Local times as ISO 8601 writes them, as 2027-10-04T08:00:00+02:00."""
    local = moments.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    ahead = (local - moments.dt.tz_convert(None).to_numpy().astype("datetime64[s]")).astype(np.int64) // 60
    offsets, at = np.unique(ahead, return_inverse=True)
    texts = [f"{'-' if one < 0 else '+'}{abs(one) // 60:02}:{abs(one) % 60:02}" for one in offsets.tolist()]
    return (
        np.char.add(np.datetime_as_string(local), np.array(texts, dtype=np.str_)[at]) if texts else np.array([], "U1")
    )


def _code(kind: Ints, codes: list[int], otherwise: int) -> Ints:
    return np.where(kind >= 0, np.array(codes)[kind], otherwise)


def _apart(names: Sequence[str]) -> list[str]:
    """Names of which no two are the same: the second of two is numbered."""
    seen: dict[str, int] = {}
    apart = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        apart.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return apart


def _category(codes: Codes, names: Sequence[str]) -> pd.Categorical[Any]:
    """Names by number; -1 is empty."""
    numbers: pd.Categorical[Any] = pd.Categorical.from_codes(
        codes.astype(np.int64), dtype=pd.CategoricalDtype(list(names))
    )
    return numbers


__all__ = ["ARRIVAL", "COLUMNS", "DEPART", "EventLog", "iso_moments"]
