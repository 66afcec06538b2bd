"""Queues that answer to how full they are: who stays away, who is let on, how long it takes, and yesterday's answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.credibility.verification.markov_chains import Floats
from sim.credibility.verification.state_spaces import State, stationary

Rate = Callable[[int], float]


def birth_death(births: Rate, deaths: Rate, most: int) -> Floats:
    """Share of time with 0, 1, ... ``most`` present; rates by the number present (Feller 1939)."""
    weights = np.array(np.cumprod([1.0] + [births(n) / deaths(n + 1) for n in range(most)]), dtype=np.float64)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def class_of(value: int, thresholds: Sequence[int]) -> int:
    """Class of a signal: the number of thresholds that it reaches."""
    return sum(value >= threshold for threshold in thresholds)


def balking(
    units: int, offered: float, mean: float, refused: Callable[[int], float], most: int = 400
) -> tuple[float, float, float]:
    """Share who are refused, mean wait of the others, and mean number present, in M/M/c.

    ``refused``: probability by the number present (Haight 1957, Biometrika 44; Ancker & Gafarian 1963).
    """
    arrivals = offered / mean
    share = birth_death(lambda n: arrivals * (1 - refused(n)), lambda n: min(n, units) / mean, most)
    number = np.arange(most + 1)
    away = float(share @ [refused(n) for n in range(most + 1)])
    waiting = float(share @ np.maximum(number - units, 0))
    return away, waiting / (arrivals * (1 - away)), float(share @ number)


def admitting(
    beds: int, seen: float, stay: float, admitted: Callable[[int], float], most: int = 400
) -> tuple[float, float]:
    """Share of those seen who are admitted, and mean wait of the admitted for a bed.

    Of an M/M/c station in equilibrium patients leave as a Poisson process, ``seen`` a minute, whatever was before
    (Burke 1956, Operations Research 4); each is admitted with a probability by the number in or waiting for the beds.
    """
    away, wait, _ = balking(beds, seen * stay, stay, lambda n: 1 - admitted(n), most)
    return 1 - away, wait


def hastened(
    offered: float, mean: float, thresholds: Sequence[int], factors: Sequence[float], most: int = 300
) -> tuple[float, float]:
    """Mean wait, and share of time that the unit is busy, in M/M/1 that hastens.

    The mean of a service is ``mean`` times the factor of the class of those who wait when it starts. The chain of
    (present, class of the running service).
    """

    def follow(n: int, k: int) -> Iterator[tuple[State, float]]:
        if n < most:
            yield (n + 1, k), offered / mean
        if n:
            yield (n - 1, class_of(n - 2, thresholds) if n > 1 else 0), 1 / (mean * factors[k])

    chain = stationary((0, 0), follow)
    waiting = chain.mean(lambda n, k: np.maximum(n - 1, 0))
    return waiting * mean / offered, chain.mean(lambda n, k: n > 0)


@dataclass(frozen=True)
class Daily:
    """How many are taken on a day: mean, variance, and correlation with the day before."""

    mean: float
    variance: float
    correlation: float


def yesterday(asking: float, thresholds: Sequence[int], refused: Sequence[float]) -> Daily:
    """Who is taken today if a Poisson number asks and a share by the class of yesterday's number is refused.

    Today's number is Poisson, given yesterday's class (Lewis & Shedler 1979): a chain of the days' classes.
    """
    means: Floats = asking * (1 - np.array(refused, dtype=np.float64))
    edges = np.array([0, *thresholds, 20 * asking + 100])
    numbers = np.arange(edges[-1])
    chance: Floats = np.asarray(stats.poisson.pmf(numbers, means[:, None]))  # [class of yesterday, number of today]
    today = np.searchsorted(edges[1:-1], numbers, "right")
    between = np.array([np.bincount(today, row, len(means)) for row in chance])
    share = np.linalg.matrix_power(between, 4096)[0]
    mean = float(share @ means)
    variance = float(share @ (means + means**2)) - mean**2
    joint = sum(share[c] * chance[c] @ (numbers * means[today]) for c in range(len(means)))
    return Daily(mean, variance, (float(joint) - mean**2) / variance)


__all__ = ["Daily", "admitting", "balking", "birth_death", "class_of", "hastened", "yesterday"]
