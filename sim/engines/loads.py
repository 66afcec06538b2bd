"""Pools: the time that patients wait and units are used, summed twice; and nobody starts beyond the capacity."""

from __future__ import annotations

import numpy as np

from sim.engines.evidence import BrokenIdentity, Evidence, Mask
from sim.engines.tally import Tally
from sim.tables import ABSENT, Ints, Outcome

SPAN = 1 << 41  # from one pool to the next, where the seconds of all pools stand in one line


def check_loads(run: Evidence, tally: Tally) -> None:
    """Raises BrokenIdentity if a pool was used otherwise than the contacts say, or beyond its calendar."""
    rows = np.flatnonzero(run.c.pool >= 0)
    _sums(run, tally, rows)
    if len(rows):
        _capacity(run, rows)


def _sums(run: Evidence, tally: Tally, rows: Ints) -> None:
    """Little's law, in seconds: each integral over time is the sum over the contacts."""
    c, horizon = run.c, run.m.horizon
    pool, started, outcome = c.pool[rows], run.started[rows], c.outcome[rows]
    asked, start = np.maximum(c.request[rows], 0), np.maximum(c.start[rows], 0)
    there = c.release[rows] == ABSENT
    release = np.where(there, horizon, c.release[rows])
    gone = (outcome == Outcome.LEFT) | (outcome == Outcome.TURNED_AWAY)
    _equal(run, "seconds waited", tally.queue_s, pool, np.where(started, start, release) - asked)
    _equal(run, "seconds that units were used", tally.users_s, pool, np.where(started, release - start, 0))
    _equal(run, "contacts that started", tally.starts, pool, started)
    _equal(run, "contacts that were left or turned away", tally.gone, pool, gone)
    _equal(run, "contacts that wait at the horizon", tally.waiting, pool, there & ~started)
    _equal(run, "units in use at the horizon", tally.users, pool, there & started)


def _equal(run: Evidence, what: str, counted: Ints, pool: Ints, value: Ints | Mask) -> None:
    """The sums over the contacts of each pool are those that were counted event by event."""
    found = np.bincount(pool, value, len(run.m.pools)).astype(np.int64)  # whole numbers far below 2**53: exact
    for p in np.flatnonzero(found != counted)[:1]:
        said = f"{what} in {run.m.pools[p]}: {found[p]} by the contacts, {counted[p]} event by event"
        raise BrokenIdentity(f"a pool is used as its contacts say: {said}")


def _capacity(run: Evidence, rows: Ints) -> None:
    """Whoever takes a unit finds one: users are at most the capacity of that second, or of the shift in overtime."""
    c, (taken, handed) = run.c, _goes_on(run)
    starts = rows[run.started[rows] & ~taken[rows]]
    ends = rows[(c.release[rows] != ABSENT) & run.started[rows] & ~handed[rows]]
    start = np.sort(c.pool[starts] * SPAN + np.maximum(c.start[starts], 0))
    end = np.sort(c.pool[ends] * SPAN + c.release[ends])
    pool, second = start // SPAN, start % SPAN
    users = np.searchsorted(start, start, side="right") - np.searchsorted(end, start, side="right")
    before = np.concatenate([[0], np.cumsum(np.bincount(c.pool[starts], minlength=len(run.m.pools)))])
    before[1:] -= np.cumsum(np.bincount(c.pool[ends], minlength=len(run.m.pools)))
    fits = users - before[pool] <= _units(run, pool, second)
    if not fits.all():
        j = int(np.argmin(fits))
        there = (c.pool == pool[j]) & (np.maximum(c.start, 0) == second[j]) & run.started
        run.require(f"nobody starts beyond the capacity of {run.m.pools[pool[j]]}", ~there)


def _goes_on(run: Evidence) -> tuple[Mask, Mask]:
    """Which rows begin in a unit that the patient had, and which hand theirs on so."""
    c, before, after = run.c, run.before, run.after
    same = (c.pool[before] == c.pool[after]) & run.started[before] & (c.release[before] == c.request[after])
    same &= c.start[after] == c.request[after]
    taken, handed = np.zeros(run.rows, dtype=np.bool_), np.zeros(run.rows, dtype=np.bool_)
    taken[after[same]], handed[before[same]] = True, True
    return taken, handed


def _units(run: Evidence, pool: Ints, second: Ints) -> Ints:
    """Units that may be used in a second; those of a shift that ended count while its overtime lasts."""
    m = run.m
    steps = np.diff(m.capacity_ptr)
    at = np.repeat(np.arange(len(steps)), steps) * SPAN + np.maximum(m.capacity_time, 0)
    step = np.searchsorted(at, pool * SPAN + second, side="right") - 1
    units = m.capacity_value[step]
    late = np.flatnonzero(m.overtime[pool] > 0)
    while len(late):
        ended = m.capacity_time[step[late]] + m.overtime[pool[late]]
        late = late[(ended > second[late]) & (step[late] > m.capacity_ptr[pool[late]])]
        step[late] -= 1
        units[late] = np.maximum(units[late], m.capacity_value[step[late]])
    return units


__all__ = ["check_loads"]
