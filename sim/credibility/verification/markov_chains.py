"""Markov chains solved numerically: a queue whose units follow shifts, and two stations of which one blocks the other.

Kolmogorov's differential equations; units complete their patient after the shift, which is the exhaustive discipline of
Ingolfsson & others 2007 (INFORMS Journal on Computing 19, 201-214).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array
from scipy.sparse.linalg import spsolve

Floats = NDArray[np.float64]
ALIKE = 1e-9  # change of the distribution from one day to the next


@dataclass(frozen=True)
class StaffedShift:
    """Part of a day: length in minutes, arrivals a minute, units."""

    length: int
    arrivals: float
    units: int


@dataclass(frozen=True, eq=False)
class Moves:
    """Transitions of a chain: from state to state at a rate a minute."""

    origin: NDArray[np.int64]
    target: NDArray[np.int64]
    rate: Floats

    @staticmethod
    def of(moves: Sequence[tuple[int, int, float]]) -> Moves:
        """From rows (origin, target, rate)."""
        origin, target, rate = zip(*moves, strict=True)
        return Moves(np.array(origin), np.array(target), np.array(rate, dtype=np.float64))

    def change(self, share: Floats) -> Floats:
        """Kolmogorov's forward equations."""
        flow, size = self.rate * share[self.origin], len(share)
        net = np.bincount(self.target, flow, size) - np.bincount(self.origin, flow, size)
        return net.astype(np.float64)

    def steady(self, size: int) -> Floats:
        """The stationary distribution."""
        out = np.bincount(self.origin, self.rate, size).astype(np.float64)
        rows = np.concatenate([self.target, np.arange(size)])
        columns = np.concatenate([self.origin, np.arange(size)])
        values = np.concatenate([self.rate, -out])
        keep = rows > 0
        rows, columns = np.append(rows[keep], [0] * size), np.append(columns[keep], range(size))
        values = np.concatenate([values[keep], np.ones(size)])
        share: Floats = spsolve(csc_array((values, (rows, columns)), shape=(size, size)), np.eye(1, size)[0])
        return share


def staffed_queue(day: Sequence[StaffedShift], mean: float, most: int) -> tuple[Floats, Floats]:
    """Mean number waiting and in service at each minute of a day, every day being alike.

    Poisson arrivals, exponential service of ``mean`` minutes, at most ``most`` waiting. At the end of a shift busy
    units complete their patient and leave; nobody new starts while as many are busy as there are units.
    """
    busiest = max(shift.units for shift in day)
    share = np.zeros((most + 1) * (busiest + 1))
    share[0] = 1.0
    while True:
        before = share
        levels, share = _one_day(day, mean, most, busiest, share)
        if np.abs(share - before).max() < ALIKE:
            waiting, busy = np.divmod(np.arange(len(share)), busiest + 1)
            return (levels * waiting).sum(axis=1), (levels * busy).sum(axis=1)


def _one_day(day: Sequence[StaffedShift], mean: float, most: int, busiest: int, share: Floats) -> tuple[Floats, Floats]:
    levels = []
    for shift in day:
        share = _filled(share.reshape(most + 1, busiest + 1), shift.units).ravel()
        moves = _shift_moves(shift.arrivals, shift.units, mean, most, busiest)
        for _ in range(shift.length):
            levels.append(share)
            share = _minute(moves, share)
    return np.array(levels), share


def _minute(moves: Moves, share: Floats) -> Floats:
    """One minute further (Runge & Kutta's fourth order)."""
    a = moves.change(share)
    b = moves.change(share + a / 2)
    c = moves.change(share + b / 2)
    d = moves.change(share + c)
    return share + (a + 2 * b + 2 * c + d) / 6


def _filled(share: Floats, units: int) -> Floats:
    """Units that come on start those who wait."""
    out = np.zeros_like(share)
    for waiting, busy in np.argwhere(share > 0).tolist():
        start = min(waiting, max(units - busy, 0))
        out[waiting - start, busy + start] += share[waiting, busy]
    return out


@cache
def _shift_moves(arrivals: float, units: int, mean: float, most: int, busiest: int) -> Moves:
    rows = []
    for waiting in range(most + 1):
        for busy in range(busiest + 1):
            here = waiting * (busiest + 1) + busy
            if busy < units:
                rows.append((here, here + 1, arrivals))
            elif waiting < most:
                rows.append((here, here + busiest + 1, arrivals))
            if busy:
                goes_on = busy <= units and waiting > 0
                rows.append((here, here - (busiest + 1 if goes_on else 1), busy / mean))
    return Moves.of(rows)


def blocked_tandem(load: float, mean: float, most: int = 300) -> tuple[float, float]:
    """Mean wait for the first of two stations, and mean number blocked in it (0 to 1).

    One unit each, exponential service of the same mean, no room between them: who is done at the first stays there
    until the second is free (Avi-Itzhak & Yadin 1965, Management Science 11). The chain of (patients at or
    before the first, second idle, busy, or busy with the first blocked), cut at ``most`` patients.
    """
    rows = []
    for n in range(most + 1):
        for second in range(3):
            here = 3 * n + second
            if n < most:
                rows.append((here, here + 3, load))
            if n > 0 and second < 2:
                rows.append((here, here - 2 if second == 0 else here + 1, 1.0))
            if second == 1:
                rows.append((here, here - 1, 1.0))
            if second == 2:  # from (0, 2), which nobody reaches, the chain goes back to (0, 1)
                rows.append((here, here - 4 if n > 0 else here - 1, 1.0))
    share = Moves.of(rows).steady(3 * most + 3).reshape(-1, 3)
    queue = float((np.arange(most + 1)[:, None] * share).sum() - (1 - share[0].sum()))
    return queue / load * mean, float(share[:, 2].sum())


__all__ = ["Floats", "Moves", "StaffedShift", "blocked_tandem", "staffed_queue"]
