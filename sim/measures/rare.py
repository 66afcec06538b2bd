"""Rare care: how many cases each site has, to be shown beside the volume wanted."""

from __future__ import annotations

import numpy as np

from sim.measures.rows import Rows, ratio
from sim.measures.spells import counts
from sim.measures.window import Mask, Run
from sim.tables import Model

PREFIX = "rare"  # rare services are named rare_*


def rare_services(model: Model) -> Mask:
    """[S] which services are rare care, told by their names."""
    return np.array([name.split("_")[0] == PREFIX for name in model.services], dtype=bool)


def measure_rare(run: Run, rows: Rows) -> None:
    """Cases per year and site. A case is an episode; it counts at its first started contact with rare care there."""
    rare = rare_services(run.model)
    sites = run.sites_of(rare)
    if not len(sites):
        return
    view = run.all.where(rare[run.all.service] & run.all.started & (run.all.site >= 0))
    pair = view.episode * len(run.model.sites) + view.site
    _, first = np.unique(pair, return_index=True)  # rows of an episode are in order of time
    new = np.zeros(len(view), dtype=bool)
    new[first] = True
    cases = view.where(new & (view.request >= run.low))
    for cut in (cases.cut("all"), cases.by_site(sites)):
        values = ratio(counts(cut.code, cut.size), [run.seconds] * cut.size, run.model.year_s)
        rows.add("rare_cases_per_year", cut.by, cut.groups, values)


__all__ = ["measure_rare", "rare_services"]
