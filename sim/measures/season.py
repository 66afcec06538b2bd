"""Yearly figures free of the season: a contact counts as one over its need's share of the year in the window."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.measures.definition import SITES, Definition
from sim.measures.er_contacts import Emergencies
from sim.measures.hospital import new_admissions
from sim.measures.intervals import sums
from sim.measures.ledger import Ledger
from sim.measures.rows import MeasureRows, ratio
from sim.measures.view import Cut, ObservedRun, View
from sim.model.codes import Ints, Kind, Outcome

MICRO = 1_000_000
VISITS = (Kind.PRIMARY_CARE, Kind.OUT_OF_HOURS)
GONE = (Outcome.LEFT, Outcome.TURNED_AWAY)


def measure_season(run: ObservedRun, ledger: Ledger, emergencies: Emergencies, rows: MeasureRows) -> None:
    """Emergency visits, admissions, contacts by service and primary-care visits, as of a whole year."""
    er = emergencies.requests
    for cut in (er.cut("all"), er.by_site(emergencies.sites)):
        values = ratio(_micro_years(run, er, cut), [1] * cut.size, 1, MICRO)
        rows.add("er_visits_per_year", cut.by, cut.groups, values)
    for by in ("all", "age_group"):
        cut = er.cut(by)
        _per_1000("er_visits_per_1000_year_adjusted", by, cut.groups, _micro_years(run, er, cut), cut.people, rows)
    served = ledger.by("service", "need") - sum(ledger.by("service", "need", outcome=outcome) for outcome in GONE)
    by_service = served @ _weights(run)
    everybody = run.people("service")
    _per_1000("contacts_per_1000_year_adjusted", "service", run.model.services, by_service, everybody, rows)
    visits = by_service[np.isin(run.model.kind, VISITS)].sum(keepdims=True)
    name = "primary_care_visits_per_1000_year_adjusted"
    _per_1000(name, "all", ("",), visits, run.people("all"), rows)
    new = new_admissions(run)
    cut = new.cut("all")
    _per_1000("admissions_per_1000_year_adjusted", "all", cut.groups, _micro_years(run, new, cut), cut.people, rows)


def _weights(run: ObservedRun) -> Ints:
    """[N] millionths of a contact a year that one in the window stands for; none if nothing of the year is in it."""
    ppm = run.model.window_ppm
    known = np.maximum(ppm, 1)
    return np.where(ppm > 0, (MICRO * MICRO + known // 2) // known, 0)


def _micro_years(run: ObservedRun, view: View, cut: Cut) -> Ints:
    """Millionths of contacts a year, by group."""
    return sums(cut.code, _weights(run)[view.need], cut.size)


def _per_1000(name: str, by: str, groups: Sequence[str], micro: Ints, people: Ints, rows: MeasureRows) -> None:
    rows.add(name, by, groups, ratio(micro, people, 1000, MICRO), missing="no residents")


ADJUSTED = (
    "each counts as one over the share of a year's episodes of its need that falls in the window, so that a window in "
    "a busy month gives no busy year"
)
KEPT = "contacts requested in the window whose patient did not leave and was not turned away"
SEASON: dict[str, Definition] = {
    "er_visits_per_year": Definition(
        "contacts/year", f"Arrivals at emergency rooms in a year: {ADJUSTED}.", "contacts at emergency rooms", SITES
    ),
    "er_visits_per_1000_year_adjusted": Definition(
        "contacts/1000/year",
        f"Arrivals at emergency rooms per 1,000 residents of the group and year: {ADJUSTED}.",
        "contacts at emergency rooms",
        ("all", "age_group"),
    ),
    "admissions_per_1000_year_adjusted": Definition(
        "admissions/1000/year",
        f"Ward stays begun per 1,000 residents and year: {ADJUSTED}.",
        "ward contacts requested in the window that started, moves between wards not counted",
    ),
    "contacts_per_1000_year_adjusted": Definition(
        "contacts/1000/year", f"Contacts per 1,000 residents and year: {ADJUSTED}.", KEPT, ("service",)
    ),
    "primary_care_visits_per_1000_year_adjusted": Definition(
        "contacts/1000/year",
        f"Visits to vårdcentraler and out-of-hours clinics per 1,000 residents and year: {ADJUSTED}.",
        KEPT,
    ),
}


__all__ = ["ADJUSTED", "KEPT", "SEASON", "measure_season"]
