"""Pools and offers of the region: what care is given where, and how much of it. Used by ``build.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import sizing as by
import yaml

from sim.config.travel import TravelConfig
from sim.travel import matrix

Row = dict[str, Any]
Rows = list[Row]
AGES = ("0_17", "18_64", "65_79", "80plus")
SU_ADULT = ("su_sahlgrenska", "su_ostra", "su_molndal")
CONCENTRATED = (*SU_ADULT, "su_dsbus")
RARE = ("su_sahlgrenska", "sas_boras", "nu_nal", "skas_skovde")
SPREAD = "assumption: rare care is spread over four hospitals"
TRAVEL = TravelConfig.model_validate(
    yaml.safe_load((Path(__file__).resolve().parent / "travel.yaml").read_text(encoding="utf-8"))
)


def minutes(rows: Rows, sites: Rows) -> by.Floats:
    """Minutes by car [row, site], door to door."""
    here, there = ([[r[k] for r in part] for k in ("lat", "lon", "crossing")] for part in (rows, sites))
    return matrix(*here, *there, TRAVEL)[1] / 60


def people(zones: Rows, weight: dict[str, float] | None = None) -> by.Floats:
    """People of each zone, by age if weights are given."""
    weight = weight or dict.fromkeys(AGES, 1.0)
    return np.array([sum(w * z[f"people_{age}"] for age, w in weight.items()) for z in zones], dtype=float)


class Region:
    """Zones and sites, and the pools and offers as they are made."""

    def __init__(self, zones: Rows, sites: Rows, hospitals: dict[str, dict[str, str]]) -> None:
        self.zones, self.sites, self.hospitals = zones, sites, hospitals
        self.pools: Rows = []
        self.offers: Rows = []
        self.total = float(people(zones).sum())

    def kind(self, kind: str) -> Rows:
        return [s for s in self.sites if s["kind"] == kind]

    def drawn(self, sites: Rows, per_min: float) -> by.Floats:
        """Residents that each site draws by distance alone."""
        return people(self.zones) @ by.shares(minutes(self.zones, sites), per_min)

    def groups(self, sites: Rows, weight: dict[str, float]) -> list[by.Group]:
        """The age groups at hospitals: weighted people by zone, and which sites take them."""
        taken = [ages_of(s) for s in sites]
        allowed = {a: np.array([float(t == "all" or a in t.split()) for t in taken]) for a in AGES}
        return [by.Group(people(self.zones, {a: weight[a]}), allowed[a]) for a in AGES]

    def pool(self, site: Row, resource: str, capacity: float, source: str, quality: str, **more: object) -> str:
        """Adds a pool; returns its name."""
        name = f"{site['site']}_{resource}"
        row = {"pool": name, "resource": resource, "site": site["site"], "capacity": capacity, "surge": 0}
        row |= {"calendar": "always", "shift_end": "finish", "overtime_h": 0}
        self.pools.append(row | more | {"source": source, "quality": quality})
        return name

    def offer(
        self, site: Row, service: str, pool: str, level: str, source: str, quality: str = "D", **more: object
    ) -> None:
        """Adds an offer."""
        row = {
            "site": site["site"],
            "service": service,
            "pool": pool,
            "level": level,
            "ages": "all",
            "needs": "all",
        }
        row |= {"calendar": "always", "pull": 0, "serves": "region"}
        self.offers.append(row | more | {"source": source, "quality": quality})


def near_care(r: Region) -> None:
    """Vårdcentraler, out-of-hours clinics, telephone and digital centre."""
    _primary_care_centres(r, r.kind("primary_care_centre"))
    clinics = r.kind("out_of_hours_clinic")
    for site, n in zip(clinics, r.drawn(clinics, by.OUT_OF_HOURS_PER_MIN), strict=True):
        calendar, size = "evenings_weekends", by.OUT_OF_HOURS
        more = {"calendar": calendar, "shift_end": "overtime", "overtime_h": 1}
        pool = r.pool(site, "out_of_hours_room", size.units(n), f"{size.told(n)}, at least 1", size.quality, **more)
        source = f"hours: {site['source']}"
        r.offer(site, "out_of_hours_clinic", pool, "primary_care", source, site["quality"], calendar=calendar)
    centre, size = r.kind("telephone_centre")[0], by.TELEPHONE
    more = {"calendar": "telephone_lines"}
    pool = r.pool(centre, "telephone_line", size.units(r.total), size.told(r.total), size.quality, **more)
    r.offer(centre, "telephone_1177", pool, "primary_care", "1177 answers round the clock (1177.se)", "B")
    centre, size = r.kind("digital_centre")[0], by.DIGITAL
    more = {"calendar": "every_day_07_22"}
    pool = r.pool(centre, "digital_doctor", size.units(r.total), size.told(r.total), size.quality, **more)
    r.offer(centre, "digital_consultation", pool, "primary_care", "assumption: hours", **more)


def _primary_care_centres(r: Region, centres: Rows) -> None:
    """Rooms by the residents that each vårdcentral draws, weighted by age."""
    weighted = people(r.zones, by.VISITS_BY_AGE)
    drawn = weighted / weighted.sum() * r.total @ by.shares(minutes(r.zones, centres), by.PRIMARY_CARE_PER_MIN)
    more = {"calendar": "weekdays_08_17"}
    for site, n in zip(centres, drawn, strict=True):
        for role, size in (("physician", by.PHYSICIAN), ("nurse", by.NURSE)):
            source = f"{size.told(n)}; residents drawn at {by.PRIMARY_CARE_PER_MIN}/min, weighted by age"
            pool = r.pool(site, f"{role}_room", size.units(n), source, size.quality, **more)
            source = "hours: vårdcentraler close at 17 (PC.vc_close_hour_vml)"
            r.offer(site, f"primary_care_{role}", pool, "primary_care", source, "B", **more)


def home_care(r: Region) -> None:
    """Mobile teams at their bases, and the municipalities' health care."""
    bases, old = r.kind("team_base"), people(r.zones, {"65_79": 1, "80plus": 1})
    crews = round(by.MOBILE_VISITS * r.total / 250 / by.CREW_VISITS_PER_DAY / by.CREW_LOAD)
    near = people(r.zones, by.MOBILE_BY_AGE) @ by.shares(minutes(r.zones, bases), by.PRIMARY_CARE_PER_MIN)
    source = (
        f"{by.MOBILE_VISITS * 1000:.1f} per 1000 (MOB.team_visits_skane_per_1000) x {r.total:.0f} people"
        f" / 250 days / {by.CREW_VISITS_PER_DAY} per crew-day / load {by.CREW_LOAD} = {crews} crews; one each,"
        " then where most work per crew lies"
    )
    more = {"calendar": "weekdays_08_17"}
    for site, n in zip(bases, by.least_busy(near, crews), strict=True):
        pool = r.pool(site, "mobile_team", n, source, "X", **more)
        hours = "hours: weekdays 8-17 (MOB.visits_per_team_day)"
        r.offer(site, "mobile_team_visit", pool, "mobile_team", hours, "X", **more)
    towns = r.kind("municipality")
    own = np.array([[z["municipality"] == t["municipality"] for t in towns] for z in r.zones], dtype=float)
    discharges = by.DISCHARGES * (old @ own) / old.sum()
    sizes = by.municipal_places(discharges * by.MUNICIPAL_DAYS / 365)
    for site, n, size in zip(towns, discharges, sizes, strict=True):
        source = (
            f"assumption: {n:.0f} discharges a year (by people 65+) x {by.MUNICIPAL_DAYS} days,"
            f" square-root staffing, fitted to a mean wait of {by.MUNICIPAL_WAIT_DAYS} days in the region"
        )
        pool = r.pool(site, "municipal_place", size, source, "D")
        source = "a municipality cares for its own residents (Health and Medical Services Act)"
        r.offer(site, "municipal_care", pool, "primary_care", source, "A", serves="municipality")


def hospital_care(r: Region) -> None:
    """Emergency rooms, wards, clinics and rare care."""
    days = _emergency_rooms(r, [s for s in r.kind("hospital") if r.hospitals[s["site"]]["ed_24h"] == "yes"])
    _wards(r, [s for s in r.kind("hospital") if int(r.hospitals[s["site"]]["beds_model_2025"])], days)
    _clinics(r, r.kind("hospital"))
    _rare_care(r, [s for s in r.kind("hospital") if s["site"] in RARE])


def ages_of(site: Row) -> str:
    """Age groups that a hospital takes: the children's hospital and the adult hospitals of SU share them."""
    return "0_17" if site["site"] == "su_dsbus" else " ".join(AGES[1:]) if site["site"] in SU_ADULT else "all"


def level_of(site: Row) -> str:
    return "concentrated_hospital" if site["site"] in CONCENTRATED else "local_hospital"


def _emergency_rooms(r: Region, sites: Rows) -> dict[str, float]:
    """Emergency rooms, pull fitted to published visits; returns expected emergency bed days a year by site."""
    wanted = np.array([float(r.hospitals[s["site"]]["ed_visits_per_year"]) for s in sites])
    *young, oldest = r.groups(sites, by.ER_VISITS)
    scale = (wanted.sum() - oldest.contacts.sum()) / sum(g.contacts.sum() for g in young)
    groups = [*(g._replace(contacts=g.contacts * scale) for g in young), oldest]
    drive = minutes(r.zones, sites)
    pull = by.fit_pull(groups, drive, by.ER_PER_MIN, wanted, by.ER_PULL_LIMIT)
    visits = np.array(by.spread(groups, drive, by.ER_PER_MIN, pull))
    hours = np.array([by.ER_PLACE_H[a] for a in AGES]) @ visits
    for site, n, h, p, published in zip(sites, visits.sum(axis=0), hours, pull, wanted, strict=True):
        source = (
            f"assumption, no figure exists: {n:.0f} visits expected a year x {h / n:.2f} h by age / {by.YEAR_H}"
            f" / load {by.ER_LOAD} / mean of shifts {by.ER_SHIFT_MEAN:.3f}"
        )
        places = round(h / by.YEAR_H / by.ER_LOAD / by.ER_SHIFT_MEAN)
        pool = r.pool(site, "er_place", places, source, "D", calendar="er_places")
        found = r.hospitals[site["site"]]
        source = f"{found['ed_source']}; pull fitted to {published:.0f} visits a year at {by.ER_PER_MIN}/min"
        more = {"ages": ages_of(site), "pull": float(p)}
        r.offer(site, "er", pool, level_of(site), source, found["ed_quality"], **more)
    days = np.array([by.ER_ADMITTED[a] * by.EMERGENCY_DAYS[a] for a in AGES]) @ visits
    return {s["site"]: float(n) for s, n in zip(sites, days, strict=True)}


def _wards(r: Region, sites: Rows, emergency_days: dict[str, float]) -> None:
    """Beds, shared by ward and planned ward; planned care is pulled to where emergency stays leave beds."""
    given = np.array([float(r.hospitals[s["site"]]["beds_model_2025"]) for s in sites])
    emergency = np.array([emergency_days.get(s["site"], 0.0) for s in sites])
    total = round(given.sum() * (1 - by.NOT_MODELLED_BEDS)) - rare_beds(r)
    left = np.array(by.beds(given, emergency, total)) * 365 * by.BED_LOAD - emergency
    groups, drive = r.groups(sites, by.PLANNED_STAYS), minutes(r.zones, sites)
    pull = by.fit_pull(groups, drive, by.PLANNED_PER_MIN, left, by.PLANNED_PULL_LIMIT)
    planned = np.sum(by.spread(groups, drive, by.PLANNED_PER_MIN, pull), axis=0) * by.PLANNED_DAYS
    sizes, load = by.whole(emergency + planned, total), (emergency + planned).sum() / 365 / total
    for site, n, published, p, days, more in zip(sites, sizes, given, pull, emergency, planned, strict=True):
        source = (
            f"of {total} beds (IP.disposable_beds_per_1000.vgr less {by.NOT_MODELLED_BEDS:.0%} psychiatry and"
            f" obstetrics and less rare beds), as the bed days expected: {days:.0f} emergency, {more:.0f} planned;"
            f" load {load:.2f} everywhere (evidence's split, D: {published:.0f} with all care)"
        )
        pool = r.pool(site, "bed", n, source, "D", surge=round(by.SURGE * n))
        level, ages = level_of(site), ages_of(site)
        r.offer(site, "ward", pool, level, "somatic wards of the hospital", "B", ages=ages)
        source = f"assumption: pull fitted, planned care goes where beds are left, at {by.PLANNED_PER_MIN}/min"
        r.offer(site, "planned_ward", pool, level, source, ages=ages, pull=float(p))


def rare_beds(r: Region) -> int:
    """Beds for rare care in the region."""
    return round(by.RARE_STAYS * r.total * by.RARE_DAYS / 365 / by.RARE_LOAD)


def _clinics(r: Region, sites: Rows) -> None:
    """Specialist clinics at every hospital, larger ones pulling more."""
    pull = np.array([by.CLINIC_PULL[_class(s, r.hospitals[s["site"]])] for s in sites])
    groups, drive = r.groups(sites, by.CLINIC_BY_AGE), minutes(r.zones, sites)
    drawn = np.sum(by.spread(groups, drive, by.PLANNED_PER_MIN, pull), axis=0)
    drawn *= r.total / drawn.sum()
    for site, n, p in zip(sites, drawn, pull, strict=True):
        source = f"{by.CLINIC.told(n)}; residents drawn at {by.PLANNED_PER_MIN}/min and pull, by age"
        more = {"calendar": "weekdays_08_17"}
        pool = r.pool(site, "clinic_room", by.CLINIC.units(n), source, by.CLINIC.quality, **more)
        more |= {"ages": ages_of(site), "pull": float(p)}
        r.offer(site, "clinic", pool, level_of(site), "assumption: pull by kind of hospital", **more)


def _class(site: Row, found: dict[str, str]) -> str:
    if site["site"] in CONCENTRATED:
        return "concentrated"
    return "er" if found["ed_24h"] == "yes" else "beds" if int(found["beds_model_2025"]) else "none"


def _rare_care(r: Region, sites: Rows) -> None:
    """Rare clinics and rare wards, at four hospitals in the baseline."""
    total, level = rare_beds(r), "concentrated_hospital"
    weighted = people(r.zones, by.RARE_BY_AGE)
    drawn = weighted / weighted.sum() * r.total @ by.shares(minutes(r.zones, sites), by.PLANNED_PER_MIN)
    for site, n, beds in zip(sites, drawn, by.whole(drawn, total), strict=True):
        more = {"calendar": "weekdays_08_17"}
        pool = r.pool(site, "rare_clinic_room", by.RARE_CLINIC.units(n), by.RARE_CLINIC.told(n), "D", **more)
        r.offer(site, "rare_clinic", pool, level, SPREAD, **more)
        source = (
            f"assumption: {by.RARE_STAYS} rare stays per resident-year x {r.total:.0f} x {by.RARE_DAYS} days"
            f" / 365 / load {by.RARE_LOAD} = {total} beds, by residents drawn"
        )
        pool = r.pool(site, "rare_bed", beds, source, "D", surge=round(by.SURGE * beds))
        r.offer(site, "rare_ward", pool, level, SPREAD)
