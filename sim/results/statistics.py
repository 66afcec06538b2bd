"""Student's t of means over replications: intervals, p values, and what few replications say of their own spread.

Every interval of the program has the level ``CONFIDENCE``; numbers or arrays of them, as they come.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
ROUNDING = 1e-9  # of a level: what is nearer to each other differs by rounding alone


def change_of(value: ArrayLike, base: ArrayLike) -> Floats:
    """``value`` less ``base``; 0 where the two are one and the same but for rounding."""
    change: Floats = np.asarray(value, dtype=np.float64) - np.asarray(base, dtype=np.float64)
    return np.where(np.abs(change) <= ROUNDING * level_of(value, base), 0.0, change)


def level_of(*values: ArrayLike) -> Floats:
    """The size of the largest of some numbers, side by side: what their rounding is measured by."""
    level: Floats = np.max(np.abs(np.asarray(values, dtype=np.float64)), axis=0)
    return level


def standard_error(deviation: ArrayLike, n: ArrayLike) -> Floats:
    """Standard error of the mean of ``n`` values whose standard deviation is ``deviation``; NaN below two values."""
    number = np.asarray(n)
    known = np.where(number >= 2, deviation, np.nan)
    error: Floats = known / np.sqrt(np.maximum(number, 1))
    return error


def t_half_width(deviation: ArrayLike, n: ArrayLike) -> Floats:
    """Half the width of the t interval of such a mean; NaN below two values."""
    half: Floats = stats.t.ppf((1 + CONFIDENCE) / 2, _freedom(n)) * standard_error(deviation, n)
    return half


def deviation_of(half_width: float, n: float) -> float:
    """The standard deviation between ``n`` values (two or more) whose mean has this half-width."""
    return half_width / float(t_half_width(1.0, n))


def two_sided_p(score: ArrayLike, n: ArrayLike) -> Floats:
    """Two-sided p of a mean that is ``score`` standard errors from 0, of ``n`` values (two or more)."""
    p: Floats = 2 * np.asarray(stats.t.sf(np.asarray(score, dtype=np.float64), _freedom(n)))
    return p


def upper_deviation(deviation: float, n: int, assurance: float) -> float:
    """Upper confidence limit, of level ``assurance``, of a standard deviation that ``n`` normal values gave."""
    return deviation * math.sqrt((n - 1) / float(stats.chi2.ppf(1 - assurance, n - 1)))


def _freedom(n: ArrayLike) -> Floats:
    """Degrees of freedom; 1 where there are none, since what is asked of them is then not known anyway."""
    return np.maximum(np.asarray(n, dtype=np.float64) - 1, 1)


__all__ = [
    "CONFIDENCE",
    "ROUNDING",
    "change_of",
    "deviation_of",
    "level_of",
    "standard_error",
    "t_half_width",
    "two_sided_p",
    "upper_deviation",
]
