"""Weeks that differ: the quantiles of their factors, and which weeks of the calendar a run has."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from scipy import stats

from sim.compile.calendars import Clock
from sim.compile.thresholds import stable_hash
from sim.config.distributions import STEPS
from sim.config.schema.care import Care
from sim.model.codes import VARIATION_BITS, Ints

USUAL = 1 << VARIATION_BITS  # a factor of 1


def variation_arrays(care: Care, clock: Clock, needs: list[str]) -> dict[str, Any]:
    """``variation_*`` and ``week_*`` of a model; a need whose cv is 0 does not vary."""
    variations = [care.needs[need].weekly_variation for need in needs]
    cvs = [v.cv.value if v is not None else 0.0 for v in variations]
    rows = sorted({cv for cv in cvs if cv > 0})
    begins = weeks(clock)
    return {
        "variation_row": np.array([rows.index(cv) if cv > 0 else -1 for cv in cvs], dtype=np.int64),
        "variation_hash": stable_hash(f"variation {v.group}" if v is not None else "" for v in variations),
        "variation_quantile": np.stack([_factors(cv) for cv in rows]) if rows else np.zeros((0, 2050), np.int64),
        "week_start": np.array([clock.seconds(day) for day in begins], dtype=np.int64),
        "week_hash": stable_hash(f"week {week_name(day)}" for day in begins),
    }


def _factors(cv: float) -> Ints:
    """[2050] quantiles of a gamma factor of mean 1, out of 2**20, at the places of ``rules.quantile``.

    The very first and last entries are such that the means of the lowest step and of the last tail step are exact: a
    gamma's own ends, 0 and infinity, would spread a narrow factor by a tenth more than is said.
    """
    shape = cv**-2
    law, sized = stats.gamma(shape, scale=1 / shape), stats.gamma(shape + 1, scale=1 / shape)
    body = law.ppf(np.arange(STEPS + 1) / STEPS)
    tail = law.ppf(1 - 1 / STEPS + np.arange(STEPS + 1) / STEPS**2)
    body[0] = max(2 * STEPS * sized.cdf(body[1]) - body[1], 0.0)
    tail[-1] = 2 * STEPS**2 * sized.sf(tail[-2]) - tail[-2]
    body[-1] = tail[0]
    table: Ints = np.rint(USUAL * np.concatenate([body, tail])).astype(np.int64)
    return table


def weeks(clock: Clock) -> list[date]:
    """The first day of the run and each Monday after it."""
    monday = clock.first + timedelta(days=7 - clock.first.weekday())
    rest = range((clock.last - monday).days // 7 + 1)
    return [clock.first, *(monday + timedelta(weeks=w) for w in rest)]


def week_name(day: date) -> str:
    """The ISO 8601 week of a day, as ``2027-W01``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


__all__ = ["variation_arrays", "week_name", "weeks"]
