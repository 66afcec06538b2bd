"""A study's changes by calendar period: scenario less baseline in each month, quarter or year of the window."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from sim.config.calendar_periods import WHOLE_WINDOW
from sim.results.compare import COLUMNS, compare

TIMELINE = "timeline.csv"
BY_PERIOD = "measures_by_period.parquet"
TIMELINE_COLUMNS = ["period", *COLUMNS]


def of_window(measures: pd.DataFrame) -> pd.DataFrame:
    """Of what is kept of a run the measures of its whole window."""
    if "period" not in measures:
        return measures
    return measures[measures["period"] == WHOLE_WINDOW].drop(columns="period").reset_index(drop=True)


def of_periods(measures: pd.DataFrame) -> pd.DataFrame:
    """Of what is kept of a run the measures of its calendar periods; without rows where it has none."""
    if "period" not in measures:
        return measures.iloc[:0].assign(period="")
    return measures[measures["period"] != WHOLE_WINDOW]


def timeline(measures: pd.DataFrame, baseline: str, certain: Collection[str] = ()) -> pd.DataFrame:
    """``sim.results.compare.compare`` of each period by itself: its columns after ``period``, in order of time.

    ``measures``: as for ``compare``, with the column ``period``. Periods are judged one by one: p values are not
    adjusted over them. Raises what ``compare`` raises.
    """
    parts = [
        compare(rows, baseline, certain).assign(period=name) for name, rows in measures.groupby("period", sort=True)
    ]
    if not parts:
        return pd.DataFrame(columns=TIMELINE_COLUMNS)
    return pd.concat(parts, ignore_index=True)[TIMELINE_COLUMNS]


__all__ = ["BY_PERIOD", "TIMELINE", "TIMELINE_COLUMNS", "of_periods", "of_window", "timeline"]
