"""Wards of hospitals: the beds of each hospital by speciality, and who may lie where."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from . import sizing as by
from . import ward_sizing as wards
from .region import AGES, Region
from .tables import Row, Rows

OUTLIERS = (
    "assumption: who finds the ward full lies on another of the hospital after {hours} h, at most {share:.0%} over it"
)
ELSEWHERE = "assumption: whoever is sent from a full hospital is taken on any ward"

CHILDREN, ADULTS = "0_17", "18_64 65_79 80plus"  # what a hospital may be for alone


def add_wards(r: Region, sites: Rows, visits: Mapping[str, by.Floats]) -> None:
    """Beds of hospitals, from the expected visits by age [4] to their emergency rooms.

    Planned care is pulled to where emergency stays leave beds.
    """
    given = np.array([float(r.hospitals[s["site"]]["beds_model_2025"]) for s in sites])
    admitted = np.array([visits.get(s["site"], np.zeros(len(AGES))) for s in sites]) * [by.ER_ADMITTED[a] for a in AGES]
    acute = np.einsum(
        "sa,aw->sw", admitted, np.array([[wards.WARD_DAYS[a].get(w, 0.0) for w in wards.WARDS] for a in AGES])
    )
    total = round(given.sum() * (1 - by.NOT_MODELLED_BEDS)) - rare_beds(r)
    left = np.array(by.beds(given, acute.sum(axis=1), total)) * 365 * by.BED_LOAD - acute.sum(axis=1)
    groups, drive = r.groups(sites, by.PLANNED_STAYS), r.minutes(sites)
    pull = by.fit_pull(groups, drive, by.PLANNED_PER_MIN, left, by.PLANNED_PULL_LIMIT)
    planned = np.sum(by.spread(groups, drive, by.PLANNED_PER_MIN, pull), axis=0) * by.PLANNED_DAYS
    days = acute + np.outer(planned, [wards.PLANNED_SHARE.get(w, 0.0) for w in wards.WARDS])
    for i, site in enumerate(sites):
        if r.ages_of(site) == CHILDREN:
            days[i] = np.where([w == "children" for w in wards.WARDS], days[i].sum(), 0.0)
    sizes, load = by.whole(days.sum(axis=1), total), days.sum() / 365 / total
    for site, n, published, own in zip(sites, sizes, given, days, strict=True):
        source = (
            f"{{}} of {n} beds, by bed days expected and speciality; the hospital of {total}"
            f" (IP.disposable_beds_per_1000.{r.facts.evidence} less {by.NOT_MODELLED_BEDS:.0%} psychiatry and"
            f" obstetrics and less rare beds), as its bed days: {own.sum():.0f}; load {load:.2f} everywhere"
            f" (evidence's split, D: {published:.0f} with all care)"
        )
        _hospital(r, site, _ward_pools(r, site, n, own, source))
    _theatres(r, sites, pull)


def rare_beds(r: Region) -> int:
    """Beds for rare care in the region."""
    return round(by.RARE_STAYS * r.residents(by.RARE_BY_AGE) * by.RARE_DAYS / 365 / by.RARE_LOAD)


def _ward_pools(r: Region, site: Row, beds: int, days: by.Floats, source: str) -> dict[str, str]:
    """The pool of each speciality; those that have too few patients for a ward of their own share another's."""
    need = dict(zip(wards.WARDS, days / days.sum() * beds, strict=True))
    joined = wards.joined_wards(need)
    own = list(dict.fromkeys(joined.values()))
    shared = {ward: sum(need[w] for w in wards.WARDS if joined[w] == ward) for ward in own}
    loads = np.array([shared[w] * by.staffing(f"{site['site']} {w}", r.facts.ward_sd) for w in own])
    pools = {}
    for ward, n in zip(own, by.whole(loads, beds), strict=True):
        surge = round(wards.SURGE * n)
        text = source.format(" and ".join(w for w in wards.WARDS if joined[w] == ward))
        pools[ward] = r.pool(site, "bed", n, text, "D", part=ward, surge=surge, calendar="beds")
    return {w: pools[joined[w]] for w in wards.WARDS}


def _theatres(r: Region, sites: Rows, pull: by.Floats) -> None:
    """Operating theatres of the hospitals; as much as comes in a year, less who leave."""
    groups, drive = r.groups(sites, by.CLINIC_BY_AGE.weight), r.minutes(sites)
    drawn = np.sum(by.spread(groups, drive, by.PLANNED_PER_MIN, pull), axis=0)
    drawn *= r.residents(by.CLINIC_BY_AGE) / drawn.sum() * r.facts.planned_stays
    for site, n, p in zip(sites, drawn, pull, strict=True):
        source = f"{by.OPERATION.source_text(n)}; residents drawn as planned wards, x facts.planned_stays"
        pool = r.pool(site, "operating_theatre", by.OPERATION.units(n, least=0.1), source, "D", calendar="clinics")
        source = f"assumption: pull fitted, planned care goes where beds are left, at {by.PLANNED_PER_MIN}/min"
        more: dict[str, object] = {"calendar": "weekdays_08_17", "ages": r.ages_of(site), "pull": float(p)}
        r.offer(site, "operation", pool, r.level_of(site), source, **more)


def _hospital(r: Region, site: Row, pools: dict[str, str]) -> None:
    """The offers of a hospital: each ward with those that take its outliers, planned admissions, discharge."""
    level, ages = r.level_of(site), r.ages_of(site)
    whole = " ".join(dict.fromkeys(pools.values()))
    for ward in wards.WARDS:
        others = [w for w in wards.OUTLIERS_ON[ward] if pools[w] != pools[ward]]
        rooms = list(dict.fromkeys([pools[ward], *(pools[w] for w in others)]))
        source = OUTLIERS.format(hours=wards.OUTLIER_H, share=wards.SURGE)
        after = " ".join([f"{wards.OUTLIER_H:g}"] * (len(rooms) - 1))
        if (ward == "children" or ages != CHILDREN) and (ward != "children" or ages != ADULTS):
            r.offer(site, f"ward_{ward}", " ".join(rooms), level, source, ages=ages, spill_after_h=after)
        if ward in wards.PLANNED_SHARE:
            r.offer(site, f"planned_{ward}", pools[ward], level, "in the hospital of the operation", "A", ages=ages)
    r.offer(site, "ward_elsewhere", whole, level, ELSEWHERE, ages=ages)
    r.offer(site, "discharge", whole, level, "in the bed where the patient is", "A", ages=ages)
