"""Tests of randomness for 64-bit words of which each half is a uniform number of its own.

Each gives a p value on both sides, so that words that are spread too evenly are found too. Methods: Knuth, The Art of
Computer Programming, volume 2, section 3.3 (frequency, serial pairs, runs, serial correlation); runs about the median:
Wald & Wolfowitz (1940); runs up and down: Levene & Wolfowitz (1944).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.stats import chi2, norm

from sim.model.codes import Words

P_VALUES = 1000  # no more are looked at in one go of the tests
LEAST = 1e-6 / P_VALUES  # a right generator is refused in one go of a million
HALF = np.uint64(32)
LOW = np.uint64(0xFFFFFFFF)
LAGS = 1, 2, 3

Found = dict[str, float]


def both_sides(below: float, above: float) -> float:
    """A p value that is small at either end."""
    return min(1.0, 2 * min(below, above))


def of_z(z: float) -> float:
    """The p value of a standard normal number."""
    return float(2 * norm.sf(abs(z)))


def of_chi2(statistic: float, freedom: int) -> float:
    """The p value of a chi-square, which is too large, or too small to be luck."""
    return both_sides(float(chi2.cdf(statistic, freedom)), float(chi2.sf(statistic, freedom)))


def even(cells: np.ndarray, size: int) -> float:
    """Chi-square of numbers that should be even over 0 to size - 1."""
    expected = len(cells) / size
    counted = np.bincount(cells.astype(np.int64), minlength=size)
    return of_chi2(float(((counted - expected) ** 2).sum() / expected), size - 1)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """p value of the correlation of two columns of uniform numbers with known mean and variance."""
    z = ((a - 0.5) * (b - 0.5)).sum() * 12 / len(a) ** 0.5
    return of_z(float(z))


def runs_about_the_median(x: np.ndarray) -> float:
    """Runs of numbers below, and not below, one half."""
    above = x >= 0.5
    n, high = len(x), int(above.sum())
    low = n - high
    expected = 1 + 2 * high * low / n
    variance = (expected - 1) * (expected - 2) / (n - 1)
    return of_z((1 + int((above[1:] != above[:-1]).sum()) - expected) / max(variance, 1e-9) ** 0.5)


def runs_up_and_down(x: np.ndarray) -> float:
    """Runs of rising, and of falling, numbers."""
    rises, n = x[1:] > x[:-1], len(x)
    runs = 1 + int((rises[1:] != rises[:-1]).sum())
    return of_z((runs - (2 * n - 1) / 3) / ((16 * n - 29) / 90) ** 0.5)


def of_half(half: Words) -> Found:
    """p values of 32-bit words, in their order."""
    x = half / 2.0**32
    first = half >> np.uint64(28)
    pairs = len(half) // 2 * 2
    return {
        "first byte": even(half >> np.uint64(24), 256),
        "last byte": even(half & np.uint64(255), 256),
        "serial pairs": even(first[:pairs:2] << np.uint64(4) | first[1:pairs:2], 256),
        "runs about the median": runs_about_the_median(x),
        "runs up and down": runs_up_and_down(x),
        **{f"correlation with {lag} before": correlation(x[lag:], x[:-lag]) for lag in LAGS},
    }


def bits(words: Words) -> float:
    """Chi-square of how often each of the 64 bits is set."""
    n = len(words)
    set_ = [int((words >> np.uint64(b) & np.uint64(1)).sum()) for b in range(64)]
    return of_chi2(sum((2 * k - n) ** 2 / n for k in set_), 64)


def battery(words: Words) -> Found:
    """p values of a stream of words in its order, by name: each half, the halves together, every bit."""
    high, low = words >> HALF, words & LOW
    first, second = (half / 2.0**32 for half in (high, low))
    found = {f"{side}: {name}": p for side, half in (("high", high), ("low", low)) for name, p in of_half(half).items()}
    together = (high >> np.uint64(28)) << np.uint64(4) | low >> np.uint64(28)
    return {
        **found,
        "halves: pairs": even(together, 256),
        "halves: correlation": correlation(first, second),
        "halves: high with the low before": correlation(first[1:], second[:-1]),
        "halves: low with the high before": correlation(second[1:], first[:-1]),
        "bits": bits(words),
    }


def independent(words: Words) -> float:
    """p value of the largest correlation between two columns of words [n, columns], either half of each."""
    columns = [half / 2.0**32 for column in words.T for half in (column >> HALF, column & LOW)]
    centred = np.array(columns) - 0.5
    z = centred @ centred.T * 12 / words.shape[0] ** 0.5
    pairs = list(combinations(range(len(columns)), 2))
    return min(1.0, of_z(float(max(abs(z[pair]) for pair in pairs))) * len(pairs))
