"""Whether a study's warm-up is long enough, told from the measures of its runs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.measures.initial_transient import NOT_REACHED

TOLERANCE = 0.02  # of the mean number present: a smaller effect of the start is none
KEY = ["scenario", "by", "group"]
COLUMNS = [*KEY, "needed_days", "bias_share"]


def short_warm_ups(measures: pd.DataFrame, warm_up_days: float) -> pd.DataFrame:
    """The stations whose start still shows in the window, one row a scenario, by and group; empty if there is none.

    ``needed_days``: median over the replications (effect sizes at their values) of ``warm_up_needed_days``, infinite
    where most runs are too short to tell. ``bias_share``: mean ``warm_up_bias`` over mean ``present_mean``. A station
    is listed if it needs more than ``warm_up_days`` and its bias is more than 2 % of the number present: MSER finds
    trends that no one would mind. A service whose bias cannot be told, since the window is the end of a run
    that is too short, is listed too, with an empty bias.
    """
    rows = measures[measures["variant"] == "value"]
    needed = rows[rows["measure"] == "warm_up_needed_days"]
    days = needed["value"].where(needed["note"] != NOT_REACHED, np.inf)
    table = pd.DataFrame({"needed_days": days.groupby([needed[k] for k in KEY], sort=False).median()})
    bias, present = (_mean(rows, measure) for measure in ("warm_up_bias", "present_mean"))
    table["bias_share"] = (bias / present.where(present > 0)).reindex(table.index)
    unknown = table["bias_share"].isna() & (table.index.get_level_values("by") == "service")
    short = (table["needed_days"] > warm_up_days) & ((table["bias_share"].abs() > TOLERANCE) | unknown)
    return table[short].reset_index()[COLUMNS]


def _mean(rows: pd.DataFrame, measure: str) -> pd.Series:
    return rows[rows["measure"] == measure].groupby(KEY, sort=False)["value"].mean()


__all__ = ["short_warm_ups"]
