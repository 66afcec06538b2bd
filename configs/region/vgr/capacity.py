"""Pools and offers of the region: what care is given where, and how much of it. Used by ``build.py``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import sizing as by
import yaml

from sim.config.travel import TravelConfig
from sim.travel import matrix

Row = dict[str, object]
Rows = list[Row]
AGES = ("0_17", "18_64", "65_79", "80plus")
ADULTS = "18_64 65_79 80plus"
SU_ADULT = ("su_sahlgrenska", "su_ostra", "su_molndal")
CONCENTRATED = (*SU_ADULT, "su_dsbus")
RARE = ("su_sahlgrenska", "sas_boras", "nu_nal", "skas_skovde")
TRAVEL = TravelConfig.model_validate(
    yaml.safe_load((Path(__file__).resolve().parent / "travel.yaml").read_text(encoding="utf-8"))
)


def minutes(rows: Rows, sites: Rows) -> by.Floats:
    """Minutes by car [row, site], door to door."""
    here, there = ([[r[k] for r in part] for k in ("lat", "lon", "crossing")] for part in (rows, sites))
    return matrix(*here, *there, TRAVEL)[1] / 60


def people(zones: Rows, weight: dict[str, float] | None = None) -> by.Floats:
    """People of each zone, by age if weights are given."""
    return np.array(
        [sum((weight or {}).get(a, 0 if weight else 1) * z[f"people_{a}"] for a in AGES) for z in zones]
    )


class Region:
    """Pools and offers as they are made, and what their sizes are made from."""

    def __init__(self, zones: Rows, sites: Rows) -> None:
        self.zones, self.sites = zones, sites
        self.pools: Rows = []
        self.offers: Rows = []
        self.total = float(people(zones).sum())

    def kind(self, kind: str) -> Rows:
        return [s for s in self.sites if s["kind"] == kind]

    def pool(self, site: Row, resource: str, capacity: float, source: str, quality: str, calendar: str = "always",
             surge: int = 0, overtime_h: float = 0) -> str:  # fmt: skip
        name = f"{site['site']}_{resource}"
        end = "overtime" if overtime_h else "finish"
        self.pools.append(
            {"pool": name, "resource": resource, "site": site["site"], "capacity": capacity, "surge": surge,
             "calendar": calendar, "shift_end": end, "overtime_h": overtime_h, "source": source, "quality": quality}
        )  # fmt: skip
        return name

    def offer(self, site: Row, service: str, pool: str, level: str, source: str, quality: str = "D", ages: str = "all",
              calendar: str = "always", pull: float = 0, serves: str = "region") -> None:  # fmt: skip
        self.offers.append(
            {"site": site["site"], "service": service, "pool": pool, "level": level, "ages": ages, "needs": "all",
             "calendar": calendar, "pull": pull, "serves": serves, "source": source, "quality": quality}
        )  # fmt: skip


def near_care(r: Region) -> None:
    """Vårdcentraler, out-of-hours clinics, telephone and digital centre."""
    centres, evening, weekday = r.kind("primary_care_centre"), "evenings_weekends", "weekdays_08_17"
    visits = people(r.zones, by.AGE_WEIGHT) / people(r.zones, by.AGE_WEIGHT).sum() * r.total
    load = visits @ by.shares(minutes(r.zones, centres), by.PRIMARY_CARE_PER_MIN)
    for site, n in zip(centres, load, strict=True):
        for role, per, length, full in (
            ("physician", by.PHYSICIAN_VISITS, by.PHYSICIAN_MIN, by.PHYSICIAN_LOAD),
            ("nurse", by.NURSE_VISITS, by.NURSE_MIN, by.NURSE_LOAD),
        ):
            source = (f"{per:.2f} visits per resident-year (PC.*_visits_per_inh_vgr) x {n:.0f} residents weighted by age "
                      f"(logit {by.PRIMARY_CARE_PER_MIN}/min) x {length} min / {by.WEEKDAY_H} h / load {full}")  # fmt: skip
            pool = r.pool(
                site, f"{role}_room", by.units(per * n, length, by.WEEKDAY_H, full), source, "X", weekday
            )
            r.offer(site, f"primary_care_{role}", pool, "primary_care", "opening hours: vårdcentraler close at 17 (1177.se)",
                    "B", calendar=weekday)  # fmt: skip
    clinics = r.kind("out_of_hours_clinic")
    load = people(r.zones) @ by.shares(minutes(r.zones, clinics), by.OUT_OF_HOURS_PER_MIN)
    for site, n in zip(clinics, load, strict=True):
        calendar, hours = (
            ("dagson", by.DAGSON_H) if site["site"] == "ooh_dagson_uddevalla" else (evening, by.EVENING_H)
        )
        source = (f"assumption: {by.OUT_OF_HOURS_VISITS} visits per resident-year x {n:.0f} residents x "
                  f"{by.OUT_OF_HOURS_MIN} min / {hours} h / load {by.OUT_OF_HOURS_LOAD}, at least 1")  # fmt: skip
        size = max(
            1.0, by.units(by.OUT_OF_HOURS_VISITS * n, by.OUT_OF_HOURS_MIN, hours, by.OUT_OF_HOURS_LOAD)
        )
        pool = r.pool(site, "out_of_hours_room", size, source, "D", calendar, overtime_h=1)
        r.offer(
            site,
            "out_of_hours_clinic",
            pool,
            "primary_care",
            f"hours: {site['source']}",
            site["quality"],
            calendar=calendar,
        )
    for kind, service, resource, per, length, full, hours, calendar, quality, evidence in (
        ("telephone_centre", "telephone_1177", "telephone_line", by.CALLS, by.CALL_MIN, by.CALL_LOAD, by.YEAR_H,
         "telephone_lines", "X", "TEL.calls_per_inh"),
        ("digital_centre", "digital_consultation", "digital_doctor", by.DIGITAL_VISITS, by.DIGITAL_MIN, by.DIGITAL_LOAD,
         by.DIGITAL_H, "every_day_07_22", "X", "DIG.per_1000_low_high"),
    ):  # fmt: skip
        site = r.kind(kind)[0]
        source = (
            f"{per} per resident-year ({evidence}) x {r.total:.0f} x {length} min / {hours} h / load {full}"
        )
        pool = r.pool(site, resource, by.units(per * r.total, length, hours, full), source, quality, calendar)
        opens = calendar if service == "digital_consultation" else "always"
        r.offer(site, service, pool, "primary_care", f"assumption: hours {opens}", calendar=opens)


def home_care(r: Region) -> None:
    """Mobile teams and municipal health care."""
    bases, old = r.kind("team_base"), people(r.zones, {"65_79": 1, "80plus": 1})
    crews = round(by.MOBILE_VISITS * r.total / 250 / by.CREW_VISITS_PER_DAY / by.CREW_LOAD)
    load = old @ by.shares(minutes(r.zones, bases), by.PRIMARY_CARE_PER_MIN)
    source = (f"{by.MOBILE_VISITS * 1000:.1f} visits per 1,000 (MOB.team_visits_skane_per_1000) x {r.total:.0f} / 250 days / "
              f"{by.CREW_VISITS_PER_DAY} a crew-day / load {by.CREW_LOAD} = {crews} crews, by people 65+")  # fmt: skip
    for site, n in zip(bases, by.whole(load, crews, least=1), strict=True):
        pool = r.pool(site, "mobile_team", n, source, "X", "weekdays_08_17")
        r.offer(site, "mobile_team_visit", pool, "mobile_team", "hours: weekdays 8-17 (MOB.visits_per_team_day)", "X",
                calendar="weekdays_08_17")  # fmt: skip
    towns = r.kind("municipality")
    old_by = Counter({t["municipality"]: 0.0 for t in towns})
    for z, n in zip(r.zones, old, strict=True):
        old_by[z["municipality"]] += n
    share = np.array([old_by[t["municipality"]] for t in towns]) / old.sum()
    sizes = by.places(by.DISCHARGES * share * by.MUNICIPAL_DAYS / 365, by.MUNICIPAL_LOAD)
    for site, s, size in zip(towns, share, sizes, strict=True):
        source = (f"assumption: {by.DISCHARGES * s:.0f} discharges a year (share of people 65+) x {by.MUNICIPAL_DAYS} days; "
                  f"square-root staffing to load {by.MUNICIPAL_LOAD} in the region")  # fmt: skip
        pool = r.pool(site, "municipal_place", size, source, "D")
        r.offer(site, "municipal_care", pool, "primary_care", "municipal health care serves its own residents (law)",
                "A", serves="municipality")  # fmt: skip


def hospital_care(r: Region, evidence: dict[str, dict[str, str]]) -> None:
    """Emergency rooms, wards, clinics and rare care; ``evidence`` by site, from source/hospitals.csv."""
    stays = emergency(r, [s for s in r.kind("hospital") if evidence[s["site"]]["ed_24h"] == "yes"], evidence)
    wards(r, [s for s in r.kind("hospital") if int(evidence[s["site"]]["beds_model_2025"])], evidence, stays)
    clinics(r, evidence)


def ages_of(site: Row) -> str:
    """Age groups that a hospital takes: the children's hospital and the adult hospitals of SU share them."""
    return "0_17" if site["site"] == "su_dsbus" else ADULTS if site["site"] in SU_ADULT else "all"


def level_of(site: Row) -> str:
    return "concentrated_hospital" if site["site"] in CONCENTRATED else "local_hospital"


def by_age(r: Region, sites: Rows, weight: dict[str, float]) -> dict[str, tuple[by.Floats, by.Floats]]:
    """For each age group: weighted people by zone, and which sites (1, 0) take the group."""
    taken = [ages_of(s) for s in sites]
    return {
        a: (people(r.zones, {a: weight[a]}), np.array([float(t == "all" or a in t.split()) for t in taken]))
        for a in AGES
    }


def emergency(r: Region, sites: Rows, evidence: dict[str, dict[str, str]]) -> dict[str, float]:
    """Emergency rooms with pull fitted to published visits; returns expected admissions a year by site."""
    wanted = np.array([float(evidence[s["site"]]["ed_visits_per_year"]) for s in sites])
    groups, drive = by_age(r, sites, by.ER_VISITS), minutes(r.zones, sites)
    young = sum(float(groups[a][0].sum()) for a in AGES[:3])
    scale = (wanted.sum() - float(groups["80plus"][0].sum())) / young
    groups = {a: (n * (1 if a == "80plus" else scale), allowed) for a, (n, allowed) in groups.items()}
    pull = by.fit_pull(list(groups.values()), drive, by.ER_PER_MIN, wanted, by.ER_PULL_LIMIT)
    made = {a: n @ by.shares(drive, by.ER_PER_MIN, pull, allowed) for a, (n, allowed) in groups.items()}
    total = sum(made.values())
    for site, n, p, published in zip(sites, total, pull, wanted, strict=True):
        source = (f"assumption (no figure exists): {n:.0f} expected visits a year x {by.ER_PLACE_H} h / {by.YEAR_H} h / load "
                  f"{by.ER_LOAD} / mean of shifts {by.ER_SHIFT_MEAN:.3f}")  # fmt: skip
        size = max(4, round(n * by.ER_PLACE_H / by.YEAR_H / by.ER_LOAD / by.ER_SHIFT_MEAN))
        pool = r.pool(site, "er_place", size, source, "D", "er_places")
        h = evidence[site["site"]]
        source = (f"24-hour emergency room: {h['ed_source']}; pull fitted to {published:.0f} visits a year at "
                  f"{by.ER_PER_MIN}/min, within +-{by.ER_PULL_LIMIT}")  # fmt: skip
        r.offer(site, "er", pool, level_of(site), source, h["ed_quality"], ages_of(site), pull=float(p))
    admitted = sum(made[a] * by.ER_ADMITTED[a] for a in AGES)
    return {s["site"]: float(n) for s, n in zip(sites, admitted, strict=True)}


def wards(r: Region, sites: Rows, evidence: dict[str, dict[str, str]], stays: dict[str, float]) -> None:
    """Beds, shared by ward and planned ward; rare beds taken from the beds of four hospitals."""
    given = np.array([float(evidence[s["site"]]["beds_model_2025"]) for s in sites])
    total = round(given.sum() * (1 - by.NOT_MODELLED_BEDS))
    emergency_days = np.array([stays.get(s["site"], 0) * by.EMERGENCY_DAYS for s in sites])
    rare = round(by.RARE_STAYS * r.total * by.RARE_DAYS / 365 / by.RARE_LOAD)
    rare_at = dict(zip(RARE, by.whole(np.array([3.0, 1, 1, 1]), rare), strict=True))
    sizes = by.beds(given, emergency_days, total - rare)
    slack = np.maximum(np.array(sizes) * 365 * 0.9 - emergency_days, np.array(sizes) * 365 * 0.05)
    groups = by_age(r, sites, dict.fromkeys(AGES, 1.0))
    pull = by.fit_pull(
        list(groups.values()), minutes(r.zones, sites), by.PLANNED_PER_MIN, slack, by.PLANNED_PULL_LIMIT
    )
    for site, n, old, p, days in zip(sites, sizes, given, pull, emergency_days, strict=True):
        source = (f"beds_model_2025 {old:.0f} (total A: IP.disposable_beds_per_1000.vgr, split D) x {1 - by.NOT_MODELLED_BEDS:.2f} "
                  f"without psychiatry and obstetrics, less rare beds, raised where {days:.0f} emergency bed days need more")  # fmt: skip
        pool = r.pool(site, "bed", n, source, "D", surge=round(by.SURGE * n))
        common = {"level": level_of(site), "ages": ages_of(site)}
        r.offer(site, "ward", pool, source="somatic ward of the hospital", quality="B", **common)
        source = f"assumption: pull fitted so that planned care goes where beds are left, at {by.PLANNED_PER_MIN}/min"
        r.offer(site, "planned_ward", pool, source=source, pull=float(p), **common)
        if extra := rare_at.get(site["site"]):
            source = (f"assumption: {by.RARE_STAYS} rare stays per resident-year x {by.RARE_DAYS} days / load {by.RARE_LOAD} = "
                      f"{rare} beds, half of them at Sahlgrenska")  # fmt: skip
            pool = r.pool(site, "rare_bed", extra, source, "D", surge=round(by.SURGE * extra))
            r.offer(
                site,
                "rare_ward",
                pool,
                "concentrated_hospital",
                "assumption: rare care is spread over four hospitals",
            )


def clinics(r: Region, evidence: dict[str, dict[str, str]]) -> None:
    """Specialist clinics at all hospitals, rare clinics at four."""
    sites, calendar = r.kind("hospital"), "weekdays_08_17"
    pull = np.array([by.CLINIC_PULL[_class(s, evidence)] for s in sites])
    groups = by_age(r, sites, dict.fromkeys(AGES, 1.0))
    drive = minutes(r.zones, sites)
    load = sum(n @ by.shares(drive, by.PLANNED_PER_MIN, pull, allowed) for n, allowed in groups.values())
    for site, n, p in zip(sites, load, pull, strict=True):
        source = (f"assumption: {by.CLINIC_VISITS} visits per resident-year x {n:.0f} residents (logit {by.PLANNED_PER_MIN}/min and "
                  f"pull) x {by.CLINIC_MIN} min / {by.WEEKDAY_H} h / load {by.CLINIC_LOAD}")  # fmt: skip
        size = by.units(by.CLINIC_VISITS * n, by.CLINIC_MIN, by.WEEKDAY_H, by.CLINIC_LOAD)
        pool = r.pool(site, "clinic_room", size, source, "D", calendar)
        r.offer(site, "clinic", pool, level_of(site), "assumption: pull by kind of hospital", ages=ages_of(site),
                calendar=calendar, pull=float(p))  # fmt: skip
    rare = [s for s in sites if s["site"] in RARE]
    load = people(r.zones) @ by.shares(minutes(r.zones, rare), by.PLANNED_PER_MIN)
    for site, n in zip(rare, load, strict=True):
        source = (f"assumption: {by.RARE_VISITS} visits per resident-year x {n:.0f} residents x {by.RARE_MIN} min / "
                  f"{by.WEEKDAY_H} h / load {by.RARE_LOAD}")  # fmt: skip
        size = by.units(by.RARE_VISITS * n, by.RARE_MIN, by.WEEKDAY_H, by.RARE_LOAD)
        pool = r.pool(site, "rare_clinic_room", size, source, "D", calendar)
        r.offer(site, "rare_clinic", pool, "concentrated_hospital", "assumption: rare care is spread over four hospitals",
                calendar=calendar)  # fmt: skip


def _class(site: Row, evidence: dict[str, dict[str, str]]) -> str:
    h = evidence[site["site"]]
    if site["site"] in CONCENTRATED:
        return "concentrated"
    return "er" if h["ed_24h"] == "yes" else "beds" if int(h["beds_model_2025"]) else "none"
