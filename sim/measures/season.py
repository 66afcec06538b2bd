"""Yearly figures free of the season: a contact counts as one over its need's share of the year in the window."""

from __future__ import annotations

import numpy as np

from sim.measures.hospital import new_admissions
from sim.measures.rows import Rows, ratio
from sim.measures.spells import sums
from sim.measures.window import Cut, Run, View
from sim.tables import Ints, Kind, Outcome

MICRO = 1_000_000
VISITS = (Kind.PRIMARY_CARE, Kind.OUT_OF_HOURS)
GONE = (Outcome.LEFT, Outcome.TURNED_AWAY)


def measure_season(run: Run, rows: Rows) -> None:
    """Emergency visits, admissions, contacts by service and primary-care visits, as of a whole year."""
    er = run.asked.of_kind(Kind.EMERGENCY)
    for cut in (er.cut("all"), er.by_site(run.sites_of(run.services_of(Kind.EMERGENCY)))):
        values = ratio(_micro_years(er, cut), [1] * cut.size, 1, MICRO)
        rows.add("er_visits_per_year", cut.by, cut.groups, values)
    for by in ("all", "age_group"):
        _per_1000("er_visits_per_1000_year_adjusted", er, er.cut(by), rows)
    kept = run.asked.where(~np.isin(run.asked.outcome, GONE))
    _per_1000("contacts_per_1000_year_adjusted", kept, kept.cut("service"), rows)
    visits = kept.where(np.isin(run.kind[kept.index], VISITS))
    _per_1000("primary_care_visits_per_1000_year_adjusted", visits, visits.cut("all"), rows)
    new = new_admissions(run)
    _per_1000("admissions_per_1000_year_adjusted", new, new.cut("all"), rows)


def _micro_years(view: View, cut: Cut) -> Ints:
    """Millionths of contacts a year, by group; a need without a share of its year in the window counts nothing."""
    ppm = view.run.model.window_ppm
    known = np.maximum(ppm, 1)
    weight = np.where(ppm > 0, (MICRO * MICRO + known // 2) // known, 0)
    return sums(cut.code, weight[view.need], cut.size)


def _per_1000(name: str, view: View, cut: Cut, rows: Rows) -> None:
    values = ratio(_micro_years(view, cut), cut.people, 1000, MICRO)
    rows.add(name, cut.by, cut.groups, values, missing="no residents")


__all__ = ["measure_season"]
