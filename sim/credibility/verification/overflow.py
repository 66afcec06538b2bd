"""Room elsewhere: groups of units that take each other's patients, units kept free, and who leaves a full queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp

import numpy as np

from sim.credibility.verification.response_chains import birth_death
from sim.credibility.verification.state_spaces import Distribution, State, stationary


def mutual_overflow(units: tuple[int, int], offered: tuple[float, float]) -> Distribution:
    """Busy units in each of two loss groups whose refused patients try the other; time is in mean services.

    The chain of Brockmeyer's 1954 overflow system with overflow both ways (Wilkinson 1956, Bell System Technical
    Journal 35, tells the one way).
    """

    def follow(i: int, j: int) -> Iterator[tuple[State, float]]:
        room = i < units[0], j < units[1]
        to_first = offered[0] * room[0] + offered[1] * (room[0] and not room[1])
        to_second = offered[1] * room[1] + offered[0] * (room[1] and not room[0])
        yield from (((i + 1, j), to_first),) if to_first else ()
        yield from (((i, j + 1), to_second),) if to_second else ()
        yield from (((i - 1, j), float(i)),) if i else ()
        yield from (((i, j - 1), float(j)),) if j else ()

    return stationary((0, 0), follow)


def shared_overflow(units: tuple[int, int, int], offered: tuple[float, float]) -> Distribution:
    """Busy units of two groups and of a third that takes whoever finds the own one full; time is in mean services."""

    def follow(i: int, j: int, k: int) -> Iterator[tuple[State, float]]:
        yield from (((i + 1, j, k), offered[0]),) if i < units[0] else ()
        yield from (((i, j + 1, k), offered[1]),) if j < units[1] else ()
        over = offered[0] * (i == units[0]) + offered[1] * (j == units[1])
        yield from (((i, j, k + 1), over),) if over and k < units[2] else ()
        for n, state in ((i, (i - 1, j, k)), (j, (i, j - 1, k)), (k, (i, j, k - 1))):
            yield from ((state, float(n)),) if n else ()

    return stationary((0, 0, 0), follow)


def reserved(units: int, offered: Sequence[float], kept: Sequence[int]) -> list[float]:
    """Share of each class that is turned away, if it must leave so many of the units free (trunk reservation).

    One mean service for all, nobody waits (Miller 1969, Operations Research 17; the guard channels of Hong &
    Rappaport 1986, IEEE Transactions on Vehicular Technology 35).
    """
    share = birth_death(lambda n: sum(a for a, k in zip(offered, kept, strict=True) if n < units - k), float, units)
    return [float(share[units - k :].sum()) for k in kept]


def spilled(load: float, mean: float, after: float) -> tuple[float, float]:
    """Share who start elsewhere, and mean wait of all, in M/M/1 from which whoever has waited for ``after`` goes.

    The same as M/M/1 with a patience that is always the same (Barrer 1957, Operations Research 5; Baccelli & Hebuterne
    1981). The work ahead of an arrival has an atom at 0, the density P0 times load / mean times
    exp(-(1 - load) x / mean) up to ``after``, and the decay of a service beyond.
    """
    gap = (1 - load) / mean
    below = load / mean * (1 - exp(-gap * after)) / gap  # both over the atom
    beyond = load * exp(-gap * after)
    idle = 1 / (1 + below + beyond)
    waited = load / mean * (1 - exp(-gap * after) * (1 + gap * after)) / gap**2
    return idle * beyond, idle * (waited + after * beyond)


def leaving(places: int, offered: float, mean: float, patience: float) -> tuple[float, float]:
    """Share turned away by a full queue, and share whose patience ends in it, in M/M/1 with ``places`` in all.

    Birth and death with departures of the served and of the impatient (Ancker & Gafarian 1963, Operations Research 11).
    """
    share = birth_death(lambda n: offered / mean, lambda n: 1 / mean + (n - 1) / patience, places)
    waiting = float(share @ np.maximum(np.arange(places + 1) - 1, 0))
    return float(share[-1]), waiting * mean / (patience * offered)


__all__ = [
    "leaving",
    "mutual_overflow",
    "reserved",
    "shared_overflow",
    "spilled",
]
