"""The smallest change of each headline measure that matters: what is smaller is *no change that matters*.

Declared with a reason, before anything is run, as the limit of a test of equivalence is (Schuirmann 1987, Journal of
Pharmacokinetics and Biopharmaceutics 15, 657-680). A measure that is not named here has none: any change of it counts.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class Reason(StrEnum):
    """Why a change must be so large to matter; told in words by the report and by the page of measures."""

    GROWTH = "growth"
    CROWD = "crowd"
    DOOR = "door"
    STAY = "stay"
    SHARE = "share"
    UNSEEN = "unseen"
    YEAR = "year"
    WAY = "way"
    WORKDAY = "workday"
    ANYONE = "anyone"
    BUDGET = "budget"


class SmallestChange(NamedTuple):
    """The larger of a share of the baseline's value and an amount in the measure's unit."""

    reason: Reason
    share: float = 0.0
    amount: float = 0.0


_VISITS = SmallestChange(Reason.GROWTH, share=0.005)
_CROWD = SmallestChange(Reason.CROWD, share=0.01)
_DOOR = SmallestChange(Reason.DOOR, amount=2)
_STAY = SmallestChange(Reason.STAY, amount=5)
_SHARE = SmallestChange(Reason.SHARE, amount=0.005)
_WAY = SmallestChange(Reason.WAY, amount=0.5)
SMALLEST_CHANGES: dict[str, SmallestChange] = {
    **dict.fromkeys(
        ("er_arrivals_per_day", "er_visits_per_1000_year", "er_visits_per_1000_year_adjusted", "er_visits_per_year",
         "admissions_per_1000_year", "admissions_per_1000_year_adjusted"),
        _VISITS,
    ),
    **dict.fromkeys(("er_present_mean", "er_present_p95"), _CROWD),
    **dict.fromkeys(
        ("er_wait_median_min", "er_wait_p90_min", "er_physician_wait_median_min", "er_physician_wait_p90_min",
         "telephone_wait_median_min", "telephone_wait_p90_min"),
        _DOOR,
    ),
    **dict.fromkeys(("er_stay_median_min", "er_stay_p90_min"), _STAY),
    **dict.fromkeys(
        ("er_share_within_4h", "er_share_time_above_places", "er_physician_within_60_min_share",
         "people_share_within_15_min_er", "people_share_within_30_min_er", "urgent_share_over_30_min",
         "urgent_share_over_60_min", "primary_care_share_within_3_days", "telephone_share_within_10_min",
         "bed_occupancy", "right_level_share", "er_share_treatable_in_primary_care"),
        _SHARE,
    ),
    "er_left_share": SmallestChange(Reason.UNSEEN, amount=0.001),
    "travel_min_per_resident_year": SmallestChange(Reason.YEAR, amount=1),
    "travel_km_per_resident_year": SmallestChange(Reason.YEAR, amount=1),
    **dict.fromkeys(("nearest_er_min", "urgent_min_to_er_median", "urgent_min_to_er_p90"), _WAY),
    "primary_care_wait_median_h": SmallestChange(Reason.WORKDAY, amount=1),
    "left_per_day": SmallestChange(Reason.CROWD, share=0.01),
    "unserved_per_day": SmallestChange(Reason.ANYONE, amount=1 / 30),
    "staff_h_per_week": SmallestChange(Reason.BUDGET, share=0.0005),
    "cost_msek_per_year": SmallestChange(Reason.BUDGET, share=0.0005),
}  # fmt: skip


def smallest_change(measure: str, baseline: float) -> float:
    """How large a change must be to matter, in the measure's unit, beside a baseline's value; 0: any change does."""
    one = SMALLEST_CHANGES.get(measure)
    return 0.0 if one is None else max(one.share * abs(baseline), one.amount)


def smallest_changes(table: pd.DataFrame) -> NDArray[np.float64]:
    """[rows] as ``smallest_change`` of a table's measure and baseline; NaN where the baseline has no value."""
    rows = zip(table["measure"], table["baseline"], strict=True)
    return np.array([smallest_change(measure, baseline) for measure, baseline in rows], dtype=np.float64)


__all__ = ["SMALLEST_CHANGES", "Reason", "SmallestChange", "smallest_change", "smallest_changes"]
