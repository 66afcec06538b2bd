"""Whether a study measures its start: the same window after warm-ups of other lengths, level by level.

A level moves between two warm-ups if the 95 % t interval of the difference, paired by replication, excludes 0, and the
difference is more than 2 % of the level: what a start adds that is less is none (``sim.results.warm_up``). With one
replication only the size tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from sim.config.world import World
from sim.results.statistics import t_half_width
from sim.results.warm_up import TOLERANCE
from sim.study.evaluate import evaluate
from sim.study.points import CELL, Cells, ScenarioPoint
from sim.study.progress import Listener, silence

LEVELS = (
    "er_arrivals_per_day", "er_present_mean", "er_wait_p90_min", "er_left_share", "er_stay_median_min",
    "er_boarding_h_per_day", "bed_occupancy", "overbeds_per_100_places", "discharge_ready_bed_days_per_day",
    "primary_care_wait_median_h", "primary_care_share_within_3_days", "travel_min_per_resident_year",
)  # fmt: skip
QUEUE = "waiting_mean"
KEYS = ["scenario", *CELL]
COLUMNS = [*KEYS, "warm_up_days", "mean", "half_width", "change", "change_half_width", "moves"]


def longer_warm_ups(world: World, days: Sequence[int], listener: Listener = silence) -> pd.DataFrame:
    """Headline levels and queues of a study's scenarios after each warm-up, one row a scenario, cell and warm-up.

    ``mean`` over the replications with its 95 % ``half_width``; ``change`` from the warm-up before in ``days``, with
    its ``change_half_width`` and whether it ``moves``. Raises what ``evaluate`` raises.
    """
    table = evaluate([point for length in days for point in _points(world, length)], world.execution, listener).table()
    table[["scenario", "warm_up_days"]] = table["point"].str.rsplit(" ", n=1, expand=True)
    values = table.pivot_table(index=[*KEYS, "replication"], columns="warm_up_days", values="value", sort=False)
    rows = []
    for cell, of_cell in values.groupby(KEYS, sort=False):
        rows += [{**dict(zip(KEYS, cell, strict=True)), **row} for row in by_length(of_cell, days)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _points(world: World, days: int) -> list[ScenarioPoint]:
    """Every scenario of the study, with another warm-up."""
    queues = [(QUEUE, "service", name) for name, service in world.care.services.items() if service.initial]
    cells = Cells((*((measure, "all", "") for measure in LEVELS), *queues))
    study, changes = world.study, {"study.warm_up_days": days}
    return [
        ScenarioPoint(f"{s} {days}", world, s, study.seed, study.replications, changes=changes, extract=cells)
        for s in study.scenarios
    ]


def by_length(values: pd.DataFrame, days: Sequence[int]) -> list[dict[str, object]]:
    """One row a warm-up, from [replications, warm-ups] of a cell."""
    rows: list[dict[str, object]] = []
    for before, length in pairwise([None, *days]):
        now = values[str(length)].dropna()
        row: dict[str, object] = {"warm_up_days": length, "mean": now.mean(), "half_width": _half_width(now)}
        if before is not None:
            change = (values[str(length)] - values[str(before)]).dropna()
            half = _half_width(change)
            large = abs(change.mean()) > TOLERANCE * abs(now.mean())
            sure = np.isnan(half) or abs(change.mean()) > half
            row |= {"change": change.mean(), "change_half_width": half, "moves": bool(large and sure)}
        rows.append(row)
    return rows


def _half_width(values: pd.Series) -> float:
    return float(t_half_width(values.std(ddof=1), len(values)))


__all__ = ["LEVELS", "by_length", "longer_warm_ups"]
