"""Rare care: how many cases each site has, to be shown beside the volume wanted."""

from __future__ import annotations

import numpy as np

from sim.measures.columns import Codes
from sim.measures.intervals import counts
from sim.measures.rows import MeasureRows, ratio
from sim.measures.view import Cut, ObservedRun, View


def measure_rare(run: ObservedRun, rows: MeasureRows) -> None:
    """Cases per year, together and by site. A case is an episode; it counts at its first started contact there."""
    rare = run.model.rare == 1
    sites = run.sites_of(rare)
    view = run.those(lambda block: rare.take(block.service) & block.started & (block.site >= 0))
    everywhere = _new(run, view, view.episode)
    at_site = _new(run, view, view.episode * np.int64(len(run.model.sites)) + view.site)
    for cut in (everywhere.cut("all"), at_site.by_site(sites)):
        _rows(run, cut, rows)


def _new(run: ObservedRun, view: View, case: Codes) -> View:
    """The first contact of each case, if it was asked for in the window (rows of an episode are in order of time)."""
    new = np.zeros(len(view), dtype=bool)
    new[np.unique(case, return_index=True)[1]] = True
    return view.where(new & (view.request >= run.low))


def _rows(run: ObservedRun, cut: Cut, rows: MeasureRows) -> None:
    values = ratio(counts(cut.code, cut.size), [run.seconds] * cut.size, run.model.year_s)
    rows.add("rare_cases_per_year", cut.by, cut.groups, values)


__all__ = ["measure_rare"]
