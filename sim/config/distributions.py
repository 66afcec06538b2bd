"""Distributions as tables of whole seconds, which every engine evaluates alike (``rules.quantile``).

The body has 1024 equal steps of probability, the last step is cut in 1024 again; between entries the value is
interpolated. Compiling checks the first two moments against the exact ones.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.config.schema import base
from sim.config.schema.base import Distribution
from sim.config.schema.number_ranges import UNIT_S
from sim.config.sentence import Sentence
from sim.model.codes import Ints

STEPS = 1024
MEAN_TOLERANCE = 1e-3
SQUARE_TOLERANCE = 5e-3
Z90 = float(stats.norm.ppf(0.9))
Floats = NDArray[np.float64]


class Law(Protocol):
    """What a distribution can be asked."""

    def ppf(self, p: Floats) -> Floats:
        """Values below which the probability is ``p``."""

    def isf(self, p: Floats) -> Floats:
        """Values above which the probability is ``p``."""

    def mean(self) -> float:
        """Mean."""

    def var(self) -> float:
        """Variance."""


def quantile_table(spec: Distribution, factor: float = 1.0) -> Ints:
    """[2050] seconds: quantiles at i/1024 (0..1024), then of the last step at j/1024 of it (0..1024).

    The very last entry is chosen so that the mean of the last tail step is right, then all are scaled so that the whole
    mean is. Raises ValueError if mean or second
    moment miss the exact ones by more than 0.1 % and 0.5 % (or by what whole seconds cannot resolve).
    """
    scale = UNIT_S[spec.unit] * factor
    if scale == 0:  # no time at all, of a law without end too
        return np.zeros(2 * STEPS + 2, dtype=np.int64)
    if isinstance(spec, base.Deterministic):
        return np.full(2 * STEPS + 2, round(spec.value * scale), dtype=np.int64)
    frozen = _law(spec)
    body = frozen.ppf(np.arange(STEPS + 1) / STEPS) * scale
    tail = frozen.ppf(1 - 1 / STEPS + np.arange(STEPS + 1) / STEPS**2) * scale
    tail[-1] = _last(frozen, scale, float(tail[-2]))
    body[-1] = tail[0]
    exact = np.concatenate([body, tail])
    mean = float(frozen.mean()) * scale
    short = mean / mean_s(exact) if mean > 0 else 1.0  # straight lines lie above a convex curve
    table: Ints = np.rint(exact * short).astype(np.int64)
    _check(spec, table, mean, float(frozen.var() + frozen.mean() ** 2) * scale**2)
    return table


def _law(spec: Distribution) -> Law:
    match spec:
        case base.Exponential():
            return stats.expon(scale=spec.mean)
        case base.Erlang():
            return stats.gamma(spec.stages, scale=spec.mean / spec.stages)
        case base.Gamma():
            return stats.gamma((spec.mean / spec.sd) ** 2, scale=spec.sd**2 / spec.mean)
        case base.Lognormal():
            mu, sigma = lognormal_mu_sigma(spec)
            return stats.lognorm(sigma, scale=np.exp(mu))
        case base.Triangular():
            width = spec.high - spec.low
            return stats.triang((spec.mode - spec.low) / width, loc=spec.low, scale=width)
        case base.Uniform():
            return stats.uniform(spec.low, spec.high - spec.low)
        case base.TruncatedNormal():
            return stats.truncnorm((spec.minimum - spec.mean) / spec.sd, np.inf, loc=spec.mean, scale=spec.sd)
        case base.Empirical():
            return _Table(spec)
    raise ValueError(Sentence("no such distribution: {spec}", spec=spec))


class _Table:
    """Straight lines between the quantiles of a table."""

    def __init__(self, spec: base.Empirical) -> None:
        self.p = np.array([float(p) for p in spec.quantile])
        self.x = np.array(list(spec.quantile.values()))

    def ppf(self, p: Floats) -> Floats:
        """Values at probabilities."""
        values: Floats = np.interp(p, self.p, self.x)
        return values

    def isf(self, p: Floats) -> Floats:
        """Values at probabilities from above."""
        return self.ppf(1 - p)

    def mean(self) -> float:
        """Exact mean of the straight lines."""
        return float((np.diff(self.p) * (self.x[1:] + self.x[:-1]) / 2).sum())

    def var(self) -> float:
        """Exact variance of the straight lines."""
        a, b = self.x[:-1], self.x[1:]
        return float((np.diff(self.p) * (a * a + a * b + b * b) / 3).sum()) - self.mean() ** 2


def lognormal_mu_sigma(spec: base.Lognormal) -> tuple[float, float]:
    """Mean and sd of the logarithm, in the unit of the distribution."""
    if spec.mu is not None and spec.sigma is not None:
        return spec.mu, spec.sigma
    if spec.median is not None and spec.p90 is not None:
        return float(np.log(spec.median)), float(np.log(spec.p90 / spec.median)) / Z90
    assert spec.mean is not None and spec.sd is not None
    variance = float(np.log(1 + (spec.sd / spec.mean) ** 2))
    return float(np.log(spec.mean)) - variance / 2, variance**0.5


def _last(frozen: Law, scale: float, before: float) -> float:
    """Entry at probability 1: twice the mean of the last tail step, less the entry before it."""
    top = float(frozen.ppf(np.array(1.0))) * scale
    if np.isfinite(top):
        return top
    beyond = (1 - (np.arange(4000) + 0.5) / 4000) ** 4 / STEPS**2  # probability above, finer towards the end
    weight = 4 * (1 - (np.arange(4000) + 0.5) / 4000) ** 3 / 4000
    mean = float((frozen.isf(beyond) * scale * weight).sum() / weight.sum())
    return max(2 * mean - before, before)


def step_values(table: Ints | Floats) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Low end, high end and probability of every step."""
    low = np.concatenate([table[: STEPS - 1], table[STEPS + 1 : -1]]).astype(float)
    high = np.concatenate([table[1:STEPS], table[STEPS + 2 :]]).astype(float)
    weight = np.concatenate([np.full(STEPS - 1, 1 / STEPS), np.full(STEPS, 1 / STEPS**2)])
    return low, high, weight


def mean_s(table: Ints | Floats) -> float:
    """Mean of the table as it is evaluated, in seconds: a step from a to b gives a .. b, the two ends half as often."""
    low, high, weight = step_values(table)
    return float((weight * (low + high) / 2).sum())


def second_moment(table: Ints) -> float:
    """Mean square of the table as it is evaluated, in seconds squared."""
    low, high, weight = step_values(table)
    width = high - low
    spread = np.where(width > 0, width * width / 12 + 1 / 6, 0.0)
    return float((weight * ((low + high) ** 2 / 4 + spread)).sum())


def _check(spec: Distribution, table: Ints, mean: float, square: float) -> None:
    table_mean, found_square = mean_s(table), second_moment(table)
    if abs(table_mean - mean) > max(MEAN_TOLERANCE * mean, 0.5):
        raise ValueError(
            Sentence(
                "{dist}: the table's mean is {table_mean} s, it should be {mean} s",
                dist=spec.dist,
                table_mean=f"{table_mean:.1f}",
                mean=f"{mean:.1f}",
            )
        )
    if abs(found_square - square) > max(SQUARE_TOLERANCE * square, 2 * mean + 1):
        raise ValueError(
            Sentence(
                "{dist}: the table's mean square is {found_square}, it should be {square}; the tail is too long to be "
                "tabulated",
                dist=spec.dist,
                found_square=f"{found_square:.4g}",
                square=f"{square:.4g}",
            )
        )
