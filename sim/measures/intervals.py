"""Stretches of time: how long, how many at once, and quantiles, all in whole numbers."""

from __future__ import annotations

import numpy as np

from sim.measures.columns import Codes, Mask, Times
from sim.model.codes import Ints
from sim.model.tables import Model

_TIME = 40  # bits of a second in a sort key
_OFFSET = 1 << 41  # makes LONG_AGO positive


def add(total: Ints, code: Codes, values: Codes | Mask | int = 1) -> None:
    """Adds each value to the sum of its group, in place and in whole numbers; without values, counts the rows."""
    np.add.at(total, _whole(code), values if isinstance(values, int) else _whole(values))


def _whole(values: Codes | Mask) -> Ints:
    """The same as int64: numpy adds quickly only what has its own type object, which what was unpickled has not."""
    return values.astype(np.int64, copy=False).view(np.int64)


def sums(group: Codes, values: Codes | Mask, size: int) -> Ints:
    """Sum of ``values`` by group."""
    out = np.zeros(size, dtype=np.int64)
    add(out, group, values)
    return out


def counts(group: Codes, size: int) -> Ints:
    """Number of rows by group."""
    out = np.zeros(size, dtype=np.int64)
    add(out, group)
    return out


def firsts(case: Codes) -> Mask:
    """Which rows are the first of their case; there are fewer than 2**31 cases and rows."""
    row = np.arange(len(case))
    row |= case.astype(np.int64) << 32
    row.sort()
    out = np.zeros(len(case), dtype=bool)
    out[row[np.diff(row >> 32, prepend=-1) != 0] & 0xFFFFFFFF] = True
    return out


def overlap(begin: Times, finish: Times, low: int, high: int) -> Ints:
    """Seconds of each stretch [begin, finish) that lie in [low, high)."""
    inside: Ints = np.minimum(finish, high) - np.maximum(begin, low)
    return np.maximum(inside, 0, dtype=np.int64)


class TimePersistentCounter:
    """Seconds that stretches of time of some groups spend between one rising mark and the next.

    A stretch is two edges. Of the edges in each piece only their number and their sum is kept: an edge counts as what
    lies before it in its own piece, and as the whole piece in those before.
    """

    def __init__(self, size: int, marks: Ints) -> None:
        self.size, self.marks, self.low = size, marks - marks[0], int(marks[0])
        self._step = max(int(np.gcd.reduce(np.diff(marks))), 1)  # a table by steps finds an edge's piece at once
        self._piece = np.append(np.repeat(np.arange(len(marks) - 1), np.diff(marks) // self._step), len(marks) - 1)
        self._number = np.zeros(size * len(marks), dtype=np.int64)
        self._sum = np.zeros(size * len(marks), dtype=np.int64)

    def add(self, group: Codes, begin: Times, finish: Times) -> None:
        """More stretches [begin, finish)."""
        row = group * np.int64(len(self.marks))
        for sign, edge in ((1, finish), (-1, begin)):
            inside = np.clip(edge - self.low, 0, self.marks[-1])
            cell = row + self._piece.take(inside // self._step)
            add(self._number, cell, sign)
            add(self._sum, cell, inside if sign == 1 else -inside)

    def pieces(self) -> Ints:
        """[groups, pieces] seconds."""
        shape = self.size, len(self.marks)
        number, total = self._number.reshape(shape), self._sum.reshape(shape)
        later = number.sum(axis=1, keepdims=True) - number.cumsum(axis=1)
        seconds: Ints = (total - number * self.marks)[:, :-1] + later[:, :-1] * np.diff(self.marks)
        return seconds

    def levels(self) -> Ints:
        """[groups, pieces] how many stretches are under way just before the end of each piece."""
        numbers: Ints = -self._number.reshape(self.size, len(self.marks)).cumsum(axis=1)[:, :-1]
        return numbers


def time_between_marks(group: Codes, begin: Times, finish: Times, size: int, marks: Ints) -> Ints:
    """[size, pieces] seconds of each group's stretches [begin, finish) between one rising mark and the next."""
    out = TimePersistentCounter(size, marks)
    out.add(group, begin, finish)
    return out.pieces()


def levels_at(group: Codes, begin: Times, finish: Times, size: int, instants: Ints) -> Ints:
    """[size, instants] how many of each group's stretches [begin, finish) are under way at rising seconds."""
    change = np.zeros((size, len(instants) + 1), dtype=np.int64)
    np.add.at(change, (group, np.searchsorted(instants, begin)), 1)
    np.add.at(change, (group, np.searchsorted(instants, np.maximum(finish, begin))), -1)
    levels: Ints = np.cumsum(change[:, :-1], axis=1)
    return levels


def steps(group: Codes, begin: Times, finish: Times, size: int, marks: Ints) -> tuple[Ints, Ints, Ints, Ints]:
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


def _event(group: Ints, time: Times, change: int) -> Ints:
    return group << (_TIME + 2) | time.astype(np.int64) << 2 | change


def time_quantile(group: Ints, level: Ints, seconds: Ints, size: int, percent: int) -> tuple[Ints, Mask]:
    """Smallest level that is not exceeded in ``percent`` of a group's time, and which groups have any time."""
    levels = int(level.max(initial=0)) + 1
    key = np.sort((group * levels + level) << 32 | seconds)  # quicker than the order of the rows
    seconds, cell = key & 0xFFFFFFFF, key >> 32
    group, level = cell // levels, cell % levels
    total = sums(group, seconds, size)
    before = np.cumsum(total) - total
    reached = np.cumsum(seconds) - before[group]
    needed = -(-total * percent // 100)
    place = np.searchsorted(group, np.arange(size)) + sums(group, reached < needed[group], size)
    return _at(level, place, total > 0), total > 0


def quantile(group: Codes, values: Codes, size: int, percent: int) -> tuple[Ints, Mask]:
    """Nearest-rank quantile of non-negative ``values`` by group, and which groups have any."""
    ordered = np.sort(group.astype(np.int64) << _TIME | values) & ((1 << _TIME) - 1)
    number = counts(group, size)
    place = np.cumsum(number) - number + -(-number * percent // 100) - 1
    return _at(ordered, place, number > 0), number > 0


def counted_quantile(numbers: Ints, percent: int) -> tuple[Ints, Mask]:
    """Nearest-rank quantile by group from [groups, values] how often each value occurs, and which groups have any."""
    upto = numbers.cumsum(axis=1)
    number = upto[:, -1:]
    rank: Ints = (upto < np.maximum(-(-number * percent // 100), 1)).sum(axis=1)
    return rank, number[:, 0] > 0


def _at(values: Ints, place: Ints, there: Mask) -> Ints:
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


def place_seconds_between(model: Model, pools: Ints, marks: Ints) -> Ints:
    """[pools, pieces] unit seconds without surge that pools are open between one rising mark and the next."""
    out = np.zeros((len(pools), len(marks) - 1), dtype=np.int64)
    for j, pool in enumerate(pools.tolist()):
        first, last = model.capacity_ptr[pool], model.capacity_ptr[pool + 1]
        time, units = model.capacity_time[first:last], model.places_value[first:last]
        inside = np.unique(np.concatenate([marks, time[(time > marks[0]) & (time < marks[-1])]]))
        unit_s = np.diff(inside) * units[np.searchsorted(time, inside[:-1], side="right") - 1]
        out[j] = np.add.reduceat(unit_s, np.searchsorted(inside, marks[:-1]))
    return out


def places_at(model: Model, pool: Ints, time: Ints) -> Ints:
    """Places (without surge) of pools at seconds."""
    owner = np.repeat(np.arange(len(model.pools)), np.diff(model.capacity_ptr))
    known = (owner << _TIME + 3) + model.capacity_time + _OFFSET
    row = np.searchsorted(known, (pool << _TIME + 3) + time + _OFFSET, side="right") - 1
    return model.places_value[row]


__all__ = [
    "TimePersistentCounter",
    "add",
    "counted_quantile",
    "counts",
    "firsts",
    "overlap",
    "place_seconds",
    "place_seconds_between",
    "places_at",
    "quantile",
    "steps",
    "sums",
    "time_between_marks",
    "time_quantile",
]
