"""Pools: the time that patients wait and units are used, summed twice; and nobody starts beyond the capacity.

Where several pools change in one second, each does in its turn, and whoever can start does so in between
(docs/model.md, section 9): what a pool has until a second may be taken in it for the last time.
"""

from __future__ import annotations

import numpy as np

from sim.engines.audit.evidence import BrokenIdentity, Evidence, Mask, contact_text
from sim.engines.audit.mechanism_identities import MechanismIdentities
from sim.engines.audit.shift_identities import check_interrupted, check_shifts, renews
from sim.engines.audit.tally import Tally
from sim.model.codes import ABSENT, Action, Ints, Outcome
from sim.model.tables import Contacts, Model

SPAN = 1 << 43  # from one pool to the next, where the events of all pools stand in one line
SECOND = 4  # from one second to the next
END, GOES_ON, START = range(3)  # what comes first in a second; who goes on in a unit takes none from others


class Loads:
    """What each pool was used for, by the contacts. In front of the pools stands one for contacts that use none."""

    def __init__(self, model: Model, contacts: Contacts, mechanisms: MechanismIdentities) -> None:
        self.m, self.c, self.size = model, contacts, len(model.pools) + 1
        self.queue_s, self.users_s = np.zeros(self.size), np.zeros(self.size)  # whole numbers below 2**53: exact
        self.first = np.append(model.offer_pool, np.full(len(model.services), -1))  # [G + S] where a stop's people wait
        around = (model.next_action == Action.WITHIN).any()  # units that are held while other contacts come between
        self.had = mechanisms.goes_on if around else np.zeros(len(contacts.episode), dtype=np.bool_)
        self.kinds = np.zeros(8 * self.size, dtype=np.int64)
        self.events = np.empty((2, len(contacts.episode)), dtype=np.int64)  # one unit taken, one left

    def add(self, run: Evidence) -> None:
        """Counts contacts, and notes who takes and who leaves a unit."""
        c, pool, started = run.c, run.c.pool + 1, run.started
        start, there = np.maximum(c.start, 0), c.release == ABSENT
        release = np.where(there, self.m.horizon, c.release)
        gone = (c.outcome == Outcome.LEFT) | (c.outcome == Outcome.TURNED_AWAY)
        waited = np.where(started, start, release) - np.maximum(c.request, 0)
        self.queue_s += np.bincount(self.first.take(run.stop) + 1, waited, self.size)
        self.users_s += np.bincount(pool, np.where(started, release - start, 0), self.size)
        kind = started * np.int8(4) + there * np.int8(2) + gone
        self.kinds += np.bincount(pool * 8 + kind, minlength=len(self.kinds))
        pools = c.pool * SPAN  # negative where there is none: such events come before those of all pools
        events = self.events[:, run.at : run.at + run.rows]
        events[0] = np.where(
            started, pools + start * SECOND + (START - (_goes_on(run) | self.had[run.at : run.at + run.rows])), -1
        )
        events[1] = np.where(started & ~there, pools + release * SECOND + END, -1)

    def check(self, tally: Tally) -> None:
        """Raises BrokenIdentity if a pool was used otherwise than the contacts say, or beyond its calendar."""
        kinds = self.kinds.reshape(-1, 2, 2, 2)  # pool, started, there at the horizon, gone
        waited, used = self.queue_s[1:].astype(np.int64), self.users_s[1:].astype(np.int64)
        whole = check_interrupted(self.m, tally, waited, used) == 0
        self._equal("seconds waited", tally.queue_s, waited, whole)
        self._equal("seconds that units were used", tally.users_s, used, whole)
        waiting, users = kinds[1:, 0, 1].sum(axis=1), kinds[1:, 1, 1].sum(axis=1)
        self._equal("contacts that started", tally.starts, kinds[1:, 1].sum(axis=(1, 2)))
        self._equal("contacts that were left or turned away", tally.gone, kinds[1:, ..., 1].sum(axis=(1, 2)))
        self._equal("contacts at the horizon", tally.waiting + tally.users, waiting + users)
        self._equal("contacts that wait at the horizon", tally.waiting, waiting, whole)
        self._equal("units in use at the horizon", tally.users, users, whole)
        self._capacity()
        check_shifts(self.m, self.c)

    def _equal(self, what: str, by_events: Ints, by_contacts: Ints, where: Mask | None = None) -> None:
        """Little's law, in seconds: each integral over time is the sum over the contacts; and so with counts."""
        differs = by_contacts != by_events
        for p in np.flatnonzero(differs if where is None else differs & where)[:1]:
            values = f"{what} in {self.m.pools[p]}: {by_contacts[p]} by the contacts, {by_events[p]} event by event"
            raise BrokenIdentity(f"a pool is used as its contacts say: {values}")

    def _capacity(self) -> None:
        """Whoever takes a unit finds one: users are at most the capacity of that second; a shift in overtime counts."""
        events = self.events.ravel()
        events.sort()
        steps, units = _steps(self.m)
        pools = np.arange(self.size) * SPAN
        first, step = np.searchsorted(events, pools), np.searchsorted(steps, pools)
        for p in np.flatnonzero(renews(self.m) == 0).tolist():
            some, its = events[first[p] : first[p + 1]], slice(step[p], step[p + 1])
            kind = some & (SECOND - 1)
            users = np.cumsum(np.where(kind == END, -1, 1))
            from_on = np.append(np.searchsorted(some, steps[its]), len(some))
            beyond = (users > np.repeat(units[its], np.diff(from_on))) & (kind == START)
            if beyond.any():
                self._tell(p, int(some[np.argmax(beyond)]) % SPAN // SECOND)

    def _tell(self, pool: int, second: int) -> None:
        c = self.c
        there = (c.pool == pool) & (np.maximum(c.start, 0) == second) & (c.start != ABSENT)
        contact = contact_text(self.m, c, int(np.argmax(there)))
        raise BrokenIdentity(f"nobody starts beyond the capacity of {self.m.pools[pool]}: {contact}")


def _goes_on(run: Evidence) -> Mask:
    """Which rows begin in a unit that the patient had: it is left and taken in the same second."""
    c, after, request = run.c, run.after, run.c.request.take(run.after)
    same = (run.was("pool") == c.pool.take(after)) & (run.was("start") != ABSENT)
    same &= (run.was("release") == request) & (c.start.take(after) == request)
    goes_on = np.zeros(run.rows, dtype=np.bool_)
    goes_on[after[same]] = True
    return goes_on


def _steps(model: Model) -> tuple[Ints, Ints]:
    """Where the units that may be used change, as events, rising; and how many they are from there on.

    Where they become fewer, that counts from the next second on.
    """
    pool = np.repeat(np.arange(len(model.pools)), np.diff(model.capacity_ptr))
    ends = model.capacity_time + model.overtime[pool]
    seconds = np.maximum(np.concatenate([model.capacity_time, ends]), 0)
    steps = np.unique(np.tile(pool, 2) * SPAN + seconds * SECOND)
    units = _units(model, steps // SPAN, steps % SPAN // SECOND)
    fewer = np.append(False, (units[1:] < units[:-1]) & (steps[1:] // SPAN == steps[:-1] // SPAN))
    return steps + fewer * SECOND, units


def _units(model: Model, pool: Ints, second: Ints) -> Ints:
    """Units that may be used in a second; those of a shift that ended count while its overtime lasts."""
    steps = np.diff(model.capacity_ptr)
    at = np.repeat(np.arange(len(steps)), steps) * SPAN + np.maximum(model.capacity_time, 0)
    step = np.searchsorted(at, pool * SPAN + second, side="right") - 1
    units = model.capacity_value[step]
    late = np.flatnonzero(model.overtime[pool] > 0)
    while len(late):
        ended = model.capacity_time[step[late]] + model.overtime[pool[late]]
        late = late[(ended > second[late]) & (step[late] > model.capacity_ptr[pool[late]])]
        step[late] -= 1
        units[late] = np.maximum(units[late], model.capacity_value[step[late]])
    return units


__all__ = ["Loads"]
