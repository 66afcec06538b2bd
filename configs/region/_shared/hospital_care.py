"""Emergency rooms, wards, clinics and rare care: pools and offers."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import sizing as by
from .facts import DayEr
from .region import AGES, Region, people
from .tables import Row, Rows
from .wards import add_wards, rare_beds


def add(r: Region) -> None:
    """Adds them to the region."""
    visits = _emergency_rooms(r, [s for s in r.kind("hospital") if int(r.hospitals[s["site"]]["ed_visits_per_year"])])
    add_wards(r, [s for s in r.kind("hospital") if int(r.hospitals[s["site"]]["beds_model_2025"])], visits)
    _clinics(r, r.kind("hospital"))
    _rare_care(r, [s for s in r.kind("hospital") if s["site"] in r.facts.rare])


def _emergency_rooms(r: Region, sites: Rows) -> dict[str, by.Floats]:
    """Emergency rooms, pull fitted to published visits; returns those expected a year, by site and age."""
    wanted = np.array([float(r.hospitals[s["site"]]["ed_visits_per_year"]) for s in sites])
    part = [r.facts.day_ers.get(s["site"]) for s in sites]
    taken = np.array([day.share if day else 1.0 for day in part])
    *young, oldest = r.groups(sites, by.ER_VISITS | {"80plus": r.facts.er_visits_80plus})
    scale = (wanted.sum() - oldest.contacts.sum()) / sum(g.contacts.sum() for g in young)
    groups = [*(g._replace(contacts=g.contacts * scale) for g in young), oldest]
    drive = r.minutes(sites)
    pull = by.fit_pull(groups, drive, by.ER_PER_MIN, _drawn_visits(wanted, taken), by.ER_PULL_LIMIT)
    visits = _seen_visits(np.array(by.spread(groups, drive, by.ER_PER_MIN, pull)), taken)
    hours = np.array([by.ER_PLACE_H[a] for a in AGES]) @ visits
    for site, n, h, day, p, published in zip(sites, visits.sum(axis=0), hours, part, pull, wanted, strict=True):
        pool = _er_places(r, site, n, h, day)
        found = r.hospitals[site["site"]]
        source = f"{found['ed_source']}; pull fitted to {published:.0f} visits a year at {by.ER_PER_MIN}/min"
        more = {"ages": r.ages_of(site), "pull": float(p)}
        if day:
            source, more = f"{source}; {day.source}", more | {"needs": day.needs, "calendar": day.calendar}
        r.offer(site, "er", pool, r.level_of(site), source, found["ed_quality"], **more)
        _within_the_visit(r, site, pool, n, day)
    return {s["site"]: visits[:, i] for i, s in enumerate(sites)}


def _drawn_visits(wanted: by.Floats, taken: by.Floats) -> by.Floats:
    """Visits drawn to each emergency room so that ``wanted`` are seen: a part of them finds it closed, and goes on."""
    drawn = wanted / taken
    whole = taken == 1
    drawn[whole] *= 1 - (drawn - wanted).sum() / drawn[whole].sum()
    return drawn


def _seen_visits(drawn: by.Floats, taken: by.Floats) -> by.Floats:
    """Visits [age, site] seen at each emergency room; who finds one closed is spread over those that never close."""
    seen = drawn * taken
    lost, whole = (drawn - seen).sum(axis=1, keepdims=True), taken == 1
    seen[:, whole] *= 1 + lost / seen[:, whole].sum(axis=1, keepdims=True)
    return seen


def _er_places(r: Region, site: Row, visits: float, hours: float, day: DayEr | None) -> str:
    source = f"assumption, no figure exists: {visits:.0f} visits expected a year x {hours / visits:.2f} h by age / "
    if day:
        places = round(hours / day.hours / by.ER_LOAD)
        source += f"{day.hours:.0f} h open / load {by.ER_LOAD}"
        more = {"calendar": day.calendar, "shift_end": "overtime", "overtime_h": by.ER_OVERTIME_H}
    else:
        places = round(hours / by.YEAR_H / by.ER_LOAD / by.ER_SHIFT_MEAN)
        source += f"{by.YEAR_H} / load {by.ER_LOAD} / mean of shifts {by.ER_SHIFT_MEAN:.3f}"
        more = {"calendar": "er_places"}
    return r.pool(site, "er_place", places, source, "D", **more)


def _within_the_visit(r: Region, site: Row, places: str, visits: float, day: DayEr | None) -> None:
    """Physicians on duty, and tests in the same places. Who was let in is seen, also after closing time."""
    hours = day.hours if day else by.YEAR_H
    on_duty = max(1.0, round(visits * by.ER_PHYSICIAN_MIN / 60 / hours / by.ER_PHYSICIAN_LOAD, 2))
    source = (
        f"{visits:.0f} visits expected a year x {by.ER_PHYSICIAN_MIN} min (SVC.ed_physician_min_*, as the care model)"
        f" / {hours:.0f} h / load {by.ER_PHYSICIAN_LOAD}, fitted to the wait in Västra Götaland; mean of a week"
    )
    calendar = day.physicians if day else "er_physicians"
    pool = r.pool(site, "er_physician", on_duty, source, "X", calendar=calendar)
    ages = {"ages": r.ages_of(site)}
    r.offer(site, "er_physician", pool, r.level_of(site), "at every emergency room", "A", **ages)
    r.offer(site, "er_alarm", places, r.level_of(site), "called to the place where the patient is", "A", **ages)
    for part in ("er_workup", "admission"):
        r.offer(site, part, places, r.level_of(site), "in the place where the patient is", "A", **ages)


def _clinics(r: Region, sites: Rows) -> None:
    """Specialist clinics at every hospital, larger ones pulling more."""
    pull = np.array([by.CLINIC_PULL[_class(r, s)] for s in sites])
    groups, drive = r.groups(sites, by.CLINIC_BY_AGE.weight), r.minutes(sites)
    drawn = np.sum(by.spread(groups, drive, by.PLANNED_PER_MIN, pull), axis=0)
    drawn *= r.residents(by.CLINIC_BY_AGE) / drawn.sum()
    for site, n, p in zip(sites, drawn, pull, strict=True):
        source = f"{by.CLINIC.source_text(n)}; residents drawn at {by.PLANNED_PER_MIN}/min and pull, by age"
        more: dict[str, Any] = {"calendar": "clinics"}
        pool = r.pool(site, "clinic_room", by.CLINIC.units(n), source, by.CLINIC.quality, **more)
        more = {"calendar": "weekdays_08_17", "ages": r.ages_of(site), "pull": float(p)}
        r.offer(site, "clinic", pool, r.level_of(site), "assumption: pull by kind of hospital", **more)


def _class(r: Region, site: Row) -> str:
    found = r.hospitals[site["site"]]
    if site["site"] in r.facts.concentrated:
        return "concentrated"
    return "er" if found["ed_24h"] == "yes" else "beds" if int(found["beds_model_2025"]) else "none"


def _rare_care(r: Region, sites: Rows) -> None:
    """Rare clinics and rare wards."""
    total, level = rare_beds(r), "concentrated_hospital"
    weighted, residents = people(r.zones, by.RARE_BY_AGE.weight), r.residents(by.RARE_BY_AGE)
    drawn = weighted / weighted.sum() * residents @ by.shares(r.minutes(sites), by.PLANNED_PER_MIN)
    for site, n, beds in zip(sites, drawn, by.whole(drawn, total), strict=True):
        more: dict[str, Any] = {"calendar": "weekdays_08_17"}
        pool = r.pool(site, "rare_clinic_room", by.RARE_CLINIC.units(n), by.RARE_CLINIC.source_text(n), "D", **more)
        r.offer(site, "rare_clinic", pool, level, r.facts.rare_source, **more)
        source = (
            f"assumption: {by.RARE_STAYS} rare stays per resident-year x {residents:.0f} x {by.RARE_DAYS} days"
            f" / 365 / load {by.RARE_LOAD} = {total} beds, by residents drawn"
        )
        pool = r.pool(site, "rare_bed", beds, source, "D", surge=round(by.RARE_SURGE * beds))
        r.offer(site, "rare_ward", pool, level, r.facts.rare_source)
