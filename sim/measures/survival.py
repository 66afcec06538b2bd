"""Waiting times of those who may leave first, or still wait when the run ends (Kaplan & Meier 1958)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.measures.rows import Floats
from sim.tables import Ints

_TIME = 40
_ROUNDING = 1e-9  # relative; a million factors rounded to double stay within it


def survival_quantiles(
    group: NDArray[np.integer], time: Ints, happened: NDArray[np.bool_], size: int, percents: tuple[int, ...]
) -> list[Floats]:
    """For each per cent, the time [s] by group at which that share has had the event; NaN where it is not reached.

    ``time`` is that of the event where ``happened``, else that of leaving or of the horizon (censored). Of equal
    times an event comes first. Without censoring this is the nearest-rank quantile.
    """
    key = group.astype(np.int64) << (_TIME + 1) | time << 1 | ~happened
    key.sort()
    ends = np.cumsum(np.bincount(group, minlength=size))
    out = [np.full(size, np.nan) for _ in percents]
    for g in range(size):
        part = key[(ends[g - 1] if g else 0) : ends[g]]
        for values, found in zip(out, _quantiles(part, percents), strict=True):
            values[g] = found
    return out


def _quantiles(part: Ints, percents: tuple[int, ...]) -> list[float]:
    """Quantiles of one group's sorted keys: taking ties one by one gives the product of the tied step."""
    at_risk = np.arange(len(part), 0, -1)
    event = (part & 1) == 0
    left = np.cumprod(np.where(event, (at_risk - 1) / at_risk, 1.0))
    times = (part >> 1) & ((1 << _TIME) - 1)
    out = []
    for percent in percents:
        reached = np.flatnonzero(left <= (100 - percent) / 100 * (1 + _ROUNDING))
        out.append(float(times[reached[0]]) if len(reached) else np.nan)
    return out


__all__ = ["survival_quantiles"]
