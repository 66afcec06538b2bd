"""Closed forms of queueing theory, each with its source. ``offered`` is arrival rate times mean service, in units."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, factorial, log

import numpy as np


def erlang_b(units: int, offered: float) -> float:
    """Probability of being blocked in M/G/c/c, whatever the distribution of service (Erlang 1917; Sevastyanov 1957)."""
    blocked = 1.0
    for k in range(1, units + 1):
        blocked = offered * blocked / (k + offered * blocked)
    return blocked


def erlang_c(units: int, offered: float) -> float:
    """Probability of waiting in M/M/c (Erlang 1917; Cooper 1981, Introduction to Queueing Theory, 2nd edition)."""
    blocked = erlang_b(units, offered)
    return units * blocked / (units - offered * (1 - blocked))


def mmc_wait(units: int, offered: float, mean: float) -> float:
    """Mean wait of all in M/M/c, in the unit of ``mean``, the mean service (Cooper 1981)."""
    return erlang_c(units, offered) * mean / (units - offered)


def mmc_wait_quantile(units: int, offered: float, mean: float, probability: float) -> float:
    """Wait that is not exceeded with a probability above that of not waiting in M/M/c (Cooper 1981)."""
    return mean / (units - offered) * log(erlang_c(units, offered) / (1 - probability))


def mmck(units: int, places: int, offered: float, mean: float) -> tuple[float, float]:
    """M/M/c/K, K = ``places`` in all: share turned away, and mean wait of those who are let in (Gross & others 2008).

    Fundamentals of Queueing Theory, 4th edition, section 2.5.
    """
    weights = [offered**n / (factorial(min(n, units)) * units ** max(n - units, 0)) for n in range(places + 1)]
    shares = [w / sum(weights) for w in weights]
    queue = sum((n - units) * shares[n] for n in range(units, places + 1))
    return shares[-1], queue * mean / (offered * (1 - shares[-1]))


def pollaczek_khinchine(load: float, mean: float, variation: float) -> float:
    """Mean wait in M/G/1; ``variation``: sd over mean of service (Pollaczek 1930, Khinchine 1932)."""
    return load * mean * (1 + variation**2) / (2 * (1 - load))


def cobham(loads: Sequence[float], mean: float) -> list[float]:
    """Mean wait of each class, the most urgent first, in M/M/1 with non-preemptive priority (Cobham 1954).

    Operations Research 2, 70-76; all classes have the same exponential service.
    """
    residual, below, waits = sum(loads) * mean, 0.0, []
    for load in loads:
        waits.append(residual / ((1 - below) * (1 - below - load)))
        below += load
    return waits


def conserved(load: float, mean: float) -> float:
    """Sum of load times mean wait over the classes in M/M/1, whatever their order (Kleinrock 1965).

    Naval Research Logistics Quarterly 12, 181-192.
    """
    return load * load * mean / (1 - load)


def erlang_a(units: int, offered: float, mean: float, patience: float) -> tuple[float, float, float, float]:
    """M/M/c+M: mean wait of all, of the served, of those who leave, and the share who leave.

    From the birth-death chain of Palm 1957 (Garnett, Mandelbaum & Reiman 2002, Manufacturing & Service Operations
    Management 4, 208-227). Who asks while all units are busy and k wait passes stages with k + 1, k, ... 1 in the
    queue, himself counted; each ends at the rate of all units and of everybody's patience, whoever it is that goes.
    """
    most = 60 * units
    sizes = np.arange(1, most)
    going = np.minimum(sizes, units) / mean + np.maximum(sizes - units, 0) / patience
    shares = np.concatenate([[1.0], np.cumprod(offered / mean / going)])
    shares /= shares.sum()
    ahead = shares[units:]
    stages = units / mean + np.arange(1, len(ahead) + 1) / patience
    served = (units / mean) / stages
    waited = float((ahead * served * np.cumsum(1 / stages)).sum())
    starts = float(shares[:units].sum() + (ahead * served).sum())
    of_all = float((np.arange(len(ahead)) * ahead).sum()) * mean / offered
    left = of_all / patience
    return of_all, waited / starts, (of_all - waited) / left, left


def jackson(first: Sequence[float], routing: Sequence[Sequence[float]]) -> list[float]:
    """Arrival rates of the stations of an open network from the traffic equations (Jackson 1957).

    Operations Research 5, 518-521. Each station is then as an M/M/c of its own; ``first`` are rates from outside.
    """
    rates = np.array(first, dtype=np.float64)
    for _ in range(500):  # a contraction, since everybody leaves in the end
        rates = np.array(first) + (rates[:, None] * np.array(routing)).sum(axis=0)
    return [float(rate) for rate in rates]


def filling(offered: float, after: float, mean: float) -> float:
    """Mean number present in M/M/inf that starts empty (Takacs 1962, Introduction to the Theory of Queues)."""
    return offered * (1 - exp(-after / mean))


def weekly_requests(mean: float, cv: float) -> float:
    """Variance over mean of the requests of a week whose Poisson mean has a gamma factor (Greenwood & Yule 1920)."""
    return 1 + cv**2 * mean


def weekly_present(present: float, cv: float, mean_weeks: float) -> float:
    """Variance over mean of the number present at a week's end in M/G/inf, service exponential, the factor as above.

    Given the factors it is Poisson, with the mean of each week's share: the last week's is 1 - q of it, with
    q = exp(-1 / mean service in weeks), the one before q (1 - q), and so on; squares of the shares sum to
    (1 - q) / (1 + q). From Takacs 1962, by the law of total variance.
    """
    q = exp(-1 / mean_weeks)
    return 1 + cv**2 * present * (1 - q) / (1 + q)


def daily(hourly: Sequence[float], at_h: float, mean_h: float) -> float:
    """Mean number present at a local hour in M(t)/M/inf; ``hourly``: arrivals an hour over the day, each day alike.

    The integral of the rate at each age times the survival of service to that age (Eick, Massey & Whitt 1993,
    Operations Research 41, 731-742), in closed form hour by hour; ``at_h`` is a whole hour.
    """
    day = sum(hourly[int(at_h - 1 - age) % 24] * exp(-age / mean_h) for age in range(24))
    return day * mean_h * (1 - exp(-1 / mean_h)) / (1 - exp(-24 / mean_h))


def logit(minutes: Sequence[float], pulls: Sequence[float], per_min: float) -> list[float]:
    """Share of each site in a multinomial logit choice (McFadden 1974, in Zarembka, Frontiers in Econometrics)."""
    weights = [exp(pull - per_min * time) for time, pull in zip(minutes, pulls, strict=True)]
    return [w / sum(weights) for w in weights]


__all__ = [
    "cobham",
    "conserved",
    "daily",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "filling",
    "jackson",
    "logit",
    "mmc_wait",
    "mmc_wait_quantile",
    "mmck",
    "pollaczek_khinchine",
    "weekly_present",
    "weekly_requests",
]
