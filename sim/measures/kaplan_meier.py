"""Waiting times of those who may leave first, or still wait when the run ends (Kaplan & Meier 1958)."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from sim.measures.columns import Codes, Mask, Times
from sim.measures.rows import Floats
from sim.model.codes import Ints

_TIME = 40
_ROUNDING = 1e-9  # relative; a million factors rounded to double stay within it


def survival_quantiles(group: Codes, time: Times, happened: Mask, size: int, percents: tuple[int, ...]) -> list[Floats]:
    """For each per cent, the time [s] by group at which that share has had the event; NaN where it is not reached.

    ``time`` is that of the event where ``happened``, else that of leaving or of the horizon (censored). Of equal
    times an event comes first. Without censoring this is the nearest-rank quantile.
    """
    key = group.astype(np.int64)  # in place from here on: these are the longest columns of all measures
    key <<= _TIME
    key |= time
    key <<= 1
    key |= ~happened
    key.sort()
    ends = np.searchsorted(key, np.arange(1, size + 1) << (_TIME + 1))
    out = [np.full(size, np.nan) for _ in percents]
    for g in range(size):
        part = key[(ends[g - 1] if g else 0) : ends[g]]
        for values, seconds in zip(out, _quantiles(part, percents), strict=True):
            values[g] = seconds
    return out


def _quantiles(part: Ints, percents: tuple[int, ...]) -> list[float]:
    """Quantiles of one group's sorted keys.

    Between two censored times the product of Kaplan & Meier telescopes: k events of n at risk leave (n - k) / n of the
    share before them, so that only the stretches between censored times are multiplied.
    """
    censored = np.flatnonzero(part & 1 == 1)
    first = np.append(0, censored + 1)  # each stretch of events; the last goes to the end
    at_risk = len(part) - first
    events = np.append(censored, len(part)) - first
    after = np.cumprod((at_risk - events) / np.maximum(at_risk, 1))
    before = np.append(1.0, after[:-1])
    out = []
    for percent in percents:
        level = (100 - percent) / 100 * (1 + _ROUNDING)
        reached = np.flatnonzero((after <= level) & (events > 0))
        if not len(reached):
            out.append(np.nan)
            continue
        i = reached[0]
        last = part[first[i] + _event(float(before[i]), int(at_risk[i]), level)]
        out.append(float((last >> 1) & ((1 << _TIME) - 1)))
    return out


def _event(share: float, at_risk: int, level: float) -> int:
    """Which event, of a stretch of events that begins with a share left, makes it fall to what is wanted."""
    return bisect_left(range(1, at_risk), True, key=lambda k: share * ((at_risk - k) / at_risk) <= level)


__all__ = ["survival_quantiles"]
