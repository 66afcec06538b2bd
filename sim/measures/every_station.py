"""The same measures for every service: waits, numbers waiting and present, utilisation, who balks."""

from __future__ import annotations

import numpy as np

from sim.measures.definition import Definition
from sim.measures.intervals import place_seconds
from sim.measures.rows import Floats, MeasureRows, ratio
from sim.measures.station_counts import HOUR_S, StationCounts
from sim.measures.stationarity import Drift
from sim.measures.stations import Stations
from sim.measures.view import ObservedRun
from sim.model.codes import Ints
from sim.model.tables import Model

DAY_S = 24 * HOUR_S
PERCENTS = (50, 95)
TOO_SHORT = "nobody asked so long before the end of the run"
WITHOUT_LIMIT = "has no pool, or none that is open in the window"


def measure_stations(run: ObservedRun, stations: Stations, drift: Drift, rows: MeasureRows) -> None:
    """What a network of queues is measured by, of every service; utilisation of every pool too."""
    counts, groups = stations.counts, run.model.services
    queue = drift.behind(stations.waiting.sum(axis=(1, 2)))
    for name, values, missing in columns_of(counts):
        rows.add(name, "service", groups, values, queue, missing)
    rows.add("balked_per_day", "service", groups, per_day(run, counts.balked))
    used, opened = stations.use_of_pools, place_seconds(run.model, run.low, run.high)
    behind = drift.behind(used)
    rows.add("pool_utilisation", "pool", run.model.pools, ratio(used.sum(axis=1), opened), behind, WITHOUT_LIMIT)
    may_use = pools_of_services(run.model)
    mine = np.array([used[list(pools)].sum(axis=0) for pools in may_use])
    shares = ratio(mine.sum(axis=1), [int(opened[list(pools)].sum()) for pools in may_use])
    rows.add("pool_utilisation", "service", groups, shares, drift.behind(mine), WITHOUT_LIMIT)


def columns_of(counts: StationCounts) -> list[tuple[str, Floats, str]]:
    """Name of the measure, its value for each station, and why it is missing where it is."""
    nobody = "nobody asked"
    shares = counts.longer_shares()
    return [
        ("wait_mean_h", counts.wait_means(), nobody),
        ("waited_share", shares.pop(""), nobody),
        *((f"wait_over_{limit}_share", share, TOO_SHORT) for limit, share in shares.items()),
        *((f"waiting_p{p}", counts.waiting_quantile(p).astype(np.float64), "") for p in PERCENTS),
        *((f"present_p{p}", counts.present_quantile(p).astype(np.float64), "") for p in PERCENTS),
    ]


def per_day(run: ObservedRun, numbers: Ints) -> Floats:
    """Numbers of the window a day."""
    return ratio(numbers, [run.seconds] * len(numbers), DAY_S)


def pools_of_services(model: Model) -> list[tuple[int, ...]]:
    """The pools that each service's offers may use."""
    service = np.repeat(model.offer_service, np.diff(model.offer_pools_ptr))
    there = model.offer_pools >= 0
    return [tuple(np.unique(model.offer_pools[there & (service == s)]).tolist()) for s in range(len(model.services))]


JOINED = "contacts requested in the window that were not turned away at once"
EARLY = f"{JOINED}, so long before the end of the run that it can be seen"
INSTANTS = "the window, looked at every ten minutes (every half hour where the run is longer than 200 days)"
BY = ("service",)
EVERY_STATION: dict[str, Definition] = {
    "wait_mean_h": Definition(
        "h",
        "Mean hours from request to start, or until the patient left, what is planned ahead counted; by Little's law: "
        "time waited in the window over those who joined in it.",
        JOINED,
        BY,
    ),
    "waited_share": Definition("share", "Share who did not start at once.", JOINED, BY),
    **{
        f"wait_over_{limit}_share": Definition(
            "share", f"Share who still waited after {words}, whether they started later or left.", EARLY, BY
        )
        for limit, words in (
            ("10_min", "ten minutes"), ("1_h", "an hour"), ("24_h", "24 hours"), ("30_days", "30 days"),
        )
    },
    **{
        f"{who}_p{p}": Definition(
            "patients", f"The number {words} that is not exceeded at {p} % of the instants.", INSTANTS, BY
        )
        for who, words in (("waiting", "waiting"), ("present", "waiting or treated"))
        for p in PERCENTS
    },
    "balked_per_day": Definition(
        "contacts/day",
        "Contacts whose patient was turned away at once: the service was closed, its queue full, or it refused.",
        "contacts requested in the window",
        BY,
    ),
}  # fmt: skip


__all__ = ["EVERY_STATION", "PERCENTS", "columns_of", "measure_stations", "per_day", "pools_of_services"]
