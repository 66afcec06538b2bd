"""How unlike the municipalities are."""

from __future__ import annotations

import numpy as np

from sim.measures.rows import Floats, MeasureRows

SPREADS = {
    "spread_travel_min_p90_p10": "travel_min_per_resident_year",
    "spread_nearest_er_min_p90_p10": "nearest_er_min",
    "spread_urgent_min_p90_p10": "urgent_min_to_er_median",
    "spread_er_visits_p90_p10": "er_visits_per_1000_year",
    "spread_primary_care_wait_h_p90_p10": "primary_care_wait_median_h",
}


def measure_equity(rows: MeasureRows) -> None:
    """Spread over municipalities of measures that are already among the rows, settled as the whole region is."""
    for name, source in SPREADS.items():
        value = np.array([spread(rows.values(source, "municipality"))])
        rows.add(name, "all", ("",), value, rows.behind(source, "all"), missing="no municipality has a value")


def spread(values: Floats) -> float:
    """Nearest-rank 90th less 10th percentile of what is known, each value counting once; NaN if nothing is."""
    ordered = np.sort(values[~np.isnan(values)])
    size = len(ordered)
    if not size:
        return np.nan
    return float(ordered[-(-size * 90 // 100) - 1] - ordered[-(-size * 10 // 100) - 1])


__all__ = ["measure_equity", "spread"]
