"""The calendar periods of a window, as arrays: when each begins, and what share of its year it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.compile.calendars import Clock, hourly_weights
from sim.config.schema.care import Care


def period_arrays(care: Care, clock: Clock, needs: list[str]) -> dict[str, Any]:
    """Of each calendar period what a study would have whose window it is: its year, and each need's share of that."""
    periods = clock.periods()
    firsts = [period.first for period in periods]
    last = [clock.seconds_after(periods[-1].last)] if periods else [0]
    marks = np.array([clock.seconds(day) for day in firsts] + last, dtype=np.int64)
    clocks = {year: replace(clock, window=clock.first.replace(year, 1, 1)) for year in {day.year for day in firsts}}
    profiles = [care.needs[need].profile for need in needs]
    ppm = np.zeros((len(periods), len(needs)), dtype=np.int64)
    for year, own in clocks.items():
        shares = {name: hourly_weights(care.profiles[name], own) for name in dict.fromkeys(profiles)}
        for u in (u for u, day in enumerate(firsts) if day.year == year):
            hours = slice(int(marks[u]) // 3600, int(marks[u + 1]) // 3600)
            ppm[u] = [round(1e6 * shares[name][hours].sum()) for name in profiles]
    return {
        "period_name": tuple(period.label for period in periods),
        "period_mark": marks,
        "period_year_s": np.array([clocks[day.year].year_s() for day in firsts], dtype=np.int64),
        "period_ppm": ppm,
    }


__all__ = ["period_arrays"]
