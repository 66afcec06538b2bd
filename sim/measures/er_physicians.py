"""Physicians of the emergency rooms: patients for each of them, and what is measured of the wait for one."""

from __future__ import annotations

import numpy as np

from sim.measures.definition import KAPLAN_MEIER, SITES, Definition
from sim.measures.emergency import BOARDING, ER, ER_TIME, PATIENTS
from sim.measures.er_contacts import PRESENT, Emergencies
from sim.measures.intervals import overlap, place_seconds, sums
from sim.measures.rows import MeasureRows, ratio
from sim.measures.view import ObservedRun
from sim.model.codes import ABSENT, Kind

NO_PHYSICIANS = "no physicians in the window"


def measure_per_physician(run: ObservedRun, emergencies: Emergencies, rows: MeasureRows) -> None:
    """Patients present over physicians on duty, both as means over time."""
    model, there, sites = run.model, emergencies.ever, emergencies.sites
    offers = np.repeat(np.arange(len(model.offer_pool)), np.diff(model.offer_pools_ptr))
    kind = np.where(model.offer_pools >= 0, model.kind[model.offer_service[offers]], ABSENT)
    places = model.offer_pools[kind == Kind.EMERGENCY]  # who is called to a place is not on duty
    pools = np.setdiff1d(model.offer_pools[kind == Kind.EMERGENCY_PHYSICIAN], places)
    pools = pools[np.isin(model.pool_site[pools], sites)]
    on_duty = sums(
        np.searchsorted(sites, model.pool_site[pools]), place_seconds(model, run.low, run.high)[pools], len(sites)
    )
    for cut in (there.cut("all"), there.by_site(sites)):
        behind = emergencies.behind(PRESENT, cut.by)
        present = sums(cut.code, overlap(there.request, there.out, run.low, run.high), cut.size)
        under = on_duty if cut.by == "site" else on_duty.sum(keepdims=True)
        rows.add("er_patients_per_physician", cut.by, cut.groups, ratio(present, under), behind, NO_PHYSICIANS)


ER_PHYSICIANS: dict[str, Definition] = {
    "er_physician_wait_median_min": Definition(
        "min",
        f"Median of minutes from request to the start of the first contact with a physician, {KAPLAN_MEIER}.",
        ER,
        (*PATIENTS, "acuity"),
        fed_by=BOARDING,
    ),
    "er_physician_wait_p90_min": Definition(
        "min",
        f"90th percentile of minutes from request to the start of the first contact with a physician, {KAPLAN_MEIER}.",
        ER,
        (*PATIENTS, "acuity"),
        fed_by=BOARDING,
    ),
    "er_physician_within_60_min_share": Definition(
        "share",
        "Share seen by a physician within an hour of the request, of those who came at least an hour before the end "
        "of the run, those who left among them.",
        ER,
        (*PATIENTS, "acuity"),
        fed_by=BOARDING,
    ),
    "er_patients_per_physician": Definition(
        "patients/physician",
        "Patients present over physicians on duty, both averaged over time. Who is called to a place from "
        "elsewhere in the house is not on duty.",
        ER_TIME,
        SITES,
        fed_by=BOARDING,
    ),
}

__all__ = ["ER_PHYSICIANS", "measure_per_physician"]
