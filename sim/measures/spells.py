"""Stretches of time: how long, how many at once, and quantiles, all in whole numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.tables import Ints, Model

_TIME = 40  # bits of a second in a sort key
_OFFSET = 1 << 41  # makes LONG_AGO positive


def sums(group: NDArray[np.integer], values: Ints, size: int) -> Ints:
    """Sum of ``values`` by group. Exact below 2**53, which no sum of seconds or metres of a run reaches."""
    return np.bincount(group, weights=values, minlength=size).astype(np.int64)


def counts(group: NDArray[np.integer], size: int) -> Ints:
    """Number of rows by group."""
    return np.bincount(group, minlength=size).astype(np.int64)


def overlap(begin: Ints, finish: Ints, low: int, high: int) -> Ints:
    """Seconds of each stretch [begin, finish) that lie in [low, high)."""
    inside: Ints = np.minimum(finish, high) - np.maximum(begin, low)
    return np.maximum(inside, 0)


def spent(group: NDArray[np.integer], begin: Ints, finish: Ints, size: int, marks: Ints) -> Ints:
    """[size, pieces] seconds of each group's stretches [begin, finish) between one rising mark and the next."""
    out = np.zeros((size, len(marks)), dtype=np.int64)
    for sign, edge in ((1, finish), (-1, begin)):
        inside = np.clip(edge, marks[0], marks[-1]) - marks[0]
        out += sign * _below(group, inside, size, marks - marks[0])
    return np.diff(out, axis=1)


def _below(group: NDArray[np.integer], edge: Ints, size: int, marks: Ints) -> Ints:
    """[size, marks] sum of min(edge, mark) by group."""
    cell = group.astype(np.int64) * len(marks) + np.searchsorted(marks, edge)
    shape = size, len(marks)
    reached = sums(cell, edge, size * len(marks)).reshape(shape).cumsum(axis=1)
    number = counts(cell, size * len(marks)).reshape(shape)
    later: Ints = number.sum(axis=1, keepdims=True) - number.cumsum(axis=1)
    below: Ints = reached + later * marks
    return below


def steps(
    group: NDArray[np.integer], begin: Ints, finish: Ints, size: int, marks: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """How many of each group's stretches are under way over time: (group, time, seconds, level) of each piece.

    ``marks`` are rising seconds at which every piece is cut; the first and the last bound the time looked at.
    """
    low, high = int(marks[0]), int(marks[-1])
    inside = (finish > low) & (begin < high) & (finish > begin)
    owner = group[inside].astype(np.int64)
    edges = [
        _event(owner, np.maximum(begin[inside], low), 2),
        _event(owner, np.minimum(finish[inside], high), 0),
        _event(np.repeat(np.arange(size), len(marks)), np.tile(marks, size), 1),
    ]
    events = np.sort(np.concatenate(edges))
    time, who = (events >> 2) & ((1 << _TIME) - 1), events >> (_TIME + 2)
    level = np.cumsum((events & 3) - 1)
    seconds = np.where(np.diff(who, append=-1) == 0, np.diff(time, append=0), 0)
    keep = seconds > 0
    return who[keep], time[keep], seconds[keep], level[keep]


def _event(group: Ints, time: Ints, change: int) -> Ints:
    return group << (_TIME + 2) | time << 2 | change


def time_quantile(group: Ints, level: Ints, seconds: Ints, size: int, percent: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Smallest level that is not exceeded in ``percent`` of a group's time, and which groups have any time."""
    order = np.lexsort((level, group))
    group, level, seconds = group[order], level[order], seconds[order]
    total = sums(group, seconds, size)
    before = np.cumsum(total) - total
    reached = np.cumsum(seconds) - before[group]
    needed = -(-total * percent // 100)
    first = np.searchsorted(group, np.arange(size))
    place = first + counts(group[reached < needed[group]], size)
    return _at(level, place, total > 0), total > 0


def quantile(group: NDArray[np.integer], values: Ints, size: int, percent: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Nearest-rank quantile of non-negative ``values`` by group, and which groups have any."""
    ordered = np.sort(group.astype(np.int64) << _TIME | values) & ((1 << _TIME) - 1)
    number = counts(group, size)
    place = np.cumsum(number) - number + -(-number * percent // 100) - 1
    return _at(ordered, place, number > 0), number > 0


def _at(values: Ints, place: Ints, there: NDArray[np.bool_]) -> Ints:
    out = np.zeros(len(place), dtype=np.int64)
    out[there] = values[place[there]]
    return out


def place_seconds(model: Model, low: int, high: int) -> Ints:
    """[P] unit seconds without surge that each pool is open in [low, high)."""
    pools = len(model.pools)
    pool = np.repeat(np.arange(pools), np.diff(model.capacity_ptr))
    ends = np.append(model.capacity_time[1:], high)
    ends[model.capacity_ptr[1:] - 1] = high
    open_s = overlap(model.capacity_time, ends, low, high)
    return sums(pool, open_s * model.places_value, pools)


def places_at(model: Model, pool: Ints, time: Ints) -> Ints:
    """Places (without surge) of pools at seconds."""
    owner = np.repeat(np.arange(len(model.pools)), np.diff(model.capacity_ptr))
    known = (owner << _TIME + 3) + model.capacity_time + _OFFSET
    found = np.searchsorted(known, (pool << _TIME + 3) + time + _OFFSET, side="right") - 1
    return model.places_value[found]


__all__ = ["counts", "overlap", "place_seconds", "places_at", "quantile", "spent", "steps", "sums", "time_quantile"]
