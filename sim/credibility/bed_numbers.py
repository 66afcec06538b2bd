"""Hospitals as full as they may be: the baseline with fewer or more beds on every ward, and what becomes of the rest.

The same people with the same luck, so what differs between two numbers of beds is what is done when it is full:
boarding, outliers, overbeds, operations put off, fewer admissions, sooner discharge.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sim.config.errors import ConfigErrors, Problem
from sim.config.world import World
from sim.results.statistics import t_half_width
from sim.study.evaluate import evaluate
from sim.study.points import Cells, ScenarioPoint
from sim.study.progress import Listener, silence

OCCUPANCY = "bed_occupancy"
LEVELS = (
    OCCUPANCY, "er_stay_median_min", "er_stay_admitted_median_min", "er_stay_p90_min",
    "er_boarding_h_per_day", "er_share_admitted",
    "admissions_per_1000_year", "overbeds_per_100_places", "outliers_per_100_places", "ward_transfer_share",
    "planned_admission_cancelled_share",
)  # fmt: skip
COLUMNS = ["beds", "measure", "mean", "half_width"]


def levels_by_beds(world: World, beds: Sequence[float], listener: Listener = silence) -> pd.DataFrame:
    """Levels of the study's first scenario at each share of its beds (1: as they are), one row a share and measure.

    ``mean`` over the replications, with its 95 % ``half_width``. Raises what ``evaluate`` raises, and ConfigErrors in a
    region without wards.
    """
    wards = _ward_pools(world)
    if not wards:
        message = "no service of the kind ward is offered: there are no beds to have fewer or more of"
        raise ConfigErrors([Problem(f"configs/region/{world.study.region}/offers.csv", "service", "", message)])
    table = evaluate([_point(world, share, wards) for share in beds], world.execution, listener).table()
    rows = []
    for (point, measure), values in table.groupby(["point", "measure"], sort=False)["value"]:
        known = values.dropna()
        half = float(t_half_width(known.std(ddof=1), len(known)))
        rows.append([float(str(point)), measure, known.mean(), half])
    return pd.DataFrame(rows, columns=COLUMNS)


def _ward_pools(world: World) -> set[str]:
    """Pools in which patients of wards lie, rare care not counted."""
    services = {name for name, service in world.care.services.items() if service.kind == "ward" and not service.rare}
    offers = world.region.offers
    return {pool for pools in offers.loc[offers["service"].isin(services), "pool"] for pool in str(pools).split()}


def _point(world: World, share: float, wards: set[str]) -> ScenarioPoint:
    cells = Cells(tuple((measure, "all", "") for measure in LEVELS))
    study, pools = world.study, world.region.pools
    beds = pools[pools["pool"].isin(wards)]
    changes = {
        f"region.pools.{pool}.capacity": capacity * share
        for pool, capacity in zip(beds["pool"], beds["capacity"].astype(float), strict=True)
        if share != 1
    }
    scenario = study.scenarios[0]
    return ScenarioPoint(f"{share:g}", world, scenario, study.seed, study.replications, changes=changes, extract=cells)


__all__ = ["COLUMNS", "LEVELS", "OCCUPANCY", "levels_by_beds"]
