"""Patients of ambulances: how many are met, who is left at home, and who is conveyed to an emergency room."""

from __future__ import annotations

from sim.measures.columns import Mask
from sim.measures.definition import PEOPLE, SITES, Definition
from sim.measures.emergency import DAY_S, ER
from sim.measures.er_contacts import Emergencies
from sim.measures.intervals import counts, sums
from sim.measures.rows import MeasureRows, ratio
from sim.measures.view import ObservedRun, View
from sim.model.codes import Kind, Origin, Outcome

MIN_S = 60
CUTS = (*PEOPLE, "acuity")


def measure_ambulance(run: ObservedRun, emergencies: Emergencies, rows: MeasureRows) -> None:
    """Patients met by ambulances, those left at home, those who come to emergency rooms, and minutes on the way."""
    met = run.of_kind(Kind.AMBULANCE)
    _met(run, met, rows)
    requests = emergencies.requests
    conveyed = by_ambulance(requests)
    for cut in (requests.cut("all"), requests.by_site(emergencies.sites)):
        share = ratio(sums(cut.code, conveyed, cut.size), counts(cut.code, cut.size))
        rows.add("er_ambulance_share", cut.by, cut.groups, share)
    journeys = requests.where(conveyed)
    seconds = int(run.model.travel_s[journeys.place, journeys.site].sum())
    rows.add("ambulance_min_per_day", "all", ("",), ratio([seconds], [run.seconds], DAY_S, MIN_S))


def by_ambulance(requests: View) -> Mask:
    """Which contacts were asked for at once by a contact of the kind ambulance."""
    conveyed: Mask = (requests.origin == Origin.REFERRED) & (requests.previous_kind == Kind.AMBULANCE)
    return conveyed


def _met(run: ObservedRun, met: View, rows: MeasureRows) -> None:
    over = met.where(met.outcome == Outcome.DONE)
    for by in CUTS:
        cut = met.cut(by)
        values = ratio(counts(cut.code, cut.size), [run.seconds] * cut.size, DAY_S)
        rows.add("ambulance_per_day", by, cut.groups, values)
        cut = over.cut(by)
        share = ratio(sums(cut.code, ~over.went_on, cut.size), counts(cut.code, cut.size))
        rows.add("ambulance_left_at_home_share", by, cut.groups, share)


MET = "contacts of the kind ambulance requested in the window"
AMBULANCE: dict[str, Definition] = {
    "ambulance_per_day": Definition(
        "contacts/day", "Patients whom an ambulance is sent to, conveyed or not, per day.", MET, CUTS
    ),
    "ambulance_left_at_home_share": Definition(
        "share",
        "Share who are not conveyed at once to other care; some of them ask for care later, from home.",
        f"{MET} that were over before the end of the run",
        CUTS,
    ),
    "er_ambulance_share": Definition(
        "share", "Share who come by ambulance: sent on at once by a contact of the kind ambulance.", ER, SITES
    ),
    "ambulance_min_per_day": Definition(
        "min/day",
        "Minutes one way to emergency rooms by ambulance, by car's travel time from where the ambulance met the "
        "patient.",
        f"{ER} of those who come by ambulance",
    ),
}


__all__ = ["AMBULANCE", "by_ambulance", "measure_ambulance"]
