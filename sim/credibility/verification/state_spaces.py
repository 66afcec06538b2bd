"""Markov chains from what can happen in each state: the states that are reached, and how often the chain is in them.

A chain is said by a function from a state (whole numbers) to the states that follow, each with its rate a minute. The
same chain may have other rates in other parts of a day, and jump where a part begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array

from sim.credibility.verification.markov_chains import Floats, Moves

State = tuple[int, ...]
Transitions = Callable[..., Iterable[tuple[State, float]]]  # called with the numbers of a state
Jump = Callable[..., State]
Numbers = Callable[..., "Floats | NDArray[np.int64] | NDArray[np.bool_]"]
ALIKE = 1e-9  # change of the distribution from one day to the next


@dataclass(frozen=True, eq=False)
class Distribution:
    """States, one a row, and the share of time in each."""

    states: NDArray[np.int64]
    share: Floats

    def mean(self, of: Numbers) -> float:
        """Mean of a function of the state's numbers, each of which is a column."""
        return float((of(*self.states.T) * self.share).sum())


@dataclass(frozen=True)
class DayPart:
    """Part of a day: length in minutes, what can happen in it, and what happens where it begins."""

    length: int
    transitions: Transitions
    begins: Jump = lambda *state: state


@dataclass(frozen=True, eq=False)
class Day:
    """States, and the share of each at each minute of a day; every day is alike."""

    states: NDArray[np.int64]
    shares: Floats  # [minutes, states]

    def mean(self, of: Numbers) -> Floats:
        """Mean of a function of the state's numbers at each minute."""
        return np.asarray(self.shares @ of(*self.states.T), dtype=np.float64)


def stationary(first: State, transitions: Transitions) -> Distribution:
    """The stationary distribution of a chain that reaches finitely many states from ``first``, and that again."""
    index = _state_index([first], lambda state: [target for target, _ in transitions(*state)])
    return Distribution(np.array(list(index)), _moves(index, transitions).steady(len(index)))


def periodic(first: State, parts: Sequence[DayPart]) -> Day:
    """Kolmogorov's equations over the parts of a day, minute by minute, until every day is alike.

    A minute is a step of Runge and Kutta's fourth order.
    """

    def follow(state: State) -> list[State]:
        jumps = [part.begins(*state) for part in parts]
        return jumps + [target for part in parts for target, _ in part.transitions(*state)]

    index = _state_index([first], follow)
    minutes = [_minute(_moves(index, part.transitions), len(index)) for part in parts]
    jumps = [np.array([index[part.begins(*state)] for state in index]) for part in parts]
    share = np.eye(1, len(index))[0]
    while True:
        before, levels = share, []
        for part, minute, jump in zip(parts, minutes, jumps, strict=True):
            share = np.bincount(jump, share, len(index)).astype(np.float64)
            for _ in range(part.length):
                levels.append(share)
                share = minute @ share
        if np.abs(share - before).max() < ALIKE:
            return Day(np.array(list(index)), np.array(levels))


def _state_index(states: list[State], follow: Callable[[State], list[State]]) -> dict[State, int]:
    """All states that can follow, numbered as they are found."""
    index = {state: j for j, state in enumerate(states)}
    for state in states:
        for target in follow(state):
            if target not in index:
                index[target] = len(states)
                states.append(target)
    return index


def _minute(moves: Moves, size: int) -> csr_array:
    """What a minute makes of a distribution, as a matrix: the exponential's first five terms."""
    out = np.bincount(moves.origin, moves.rate, size)
    rows, columns = np.append(moves.target, np.arange(size)), np.append(moves.origin, np.arange(size))
    change = csr_array((np.append(moves.rate, -out), (rows, columns)), shape=(size, size))
    same = eye_array(size, format="csr")
    return csr_array(same + change @ (same + change / 2 @ (same + change / 3 @ (same + change / 4))))


def _moves(index: dict[State, int], transitions: Transitions) -> Moves:
    rows = [(j, index[target], rate) for state, j in index.items() for target, rate in transitions(*state)]
    return Moves.of(rows)


__all__ = ["Day", "DayPart", "Distribution", "Numbers", "State", "Transitions", "periodic", "stationary"]
