"""Sizing of the region's capacity: the constants that may be calibrated, and the formulas.

Used by ``build.py``. Every constant says its unit and its source; names such as PC.visits_per_inh_vgr are rows
of ``source/parameters.csv``. Quality D (an assumption) unless a source is named.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Opening hours in a year (about 250 working days, 115 other days)
WEEKDAY_H = 250 * 9  # weekdays 08-17
EVENING_H = 250 * 5 + 115 * 8  # weekdays 17-22, other days 09-17
DAGSON_H = 250 * 7 + 115 * 6  # weekdays 17-24, other days 10-16
DIGITAL_H = 365 * 15  # every day 07-22
YEAR_H = 8766
ER_SHIFT_MEAN = (8 * 0.6 + 16 * 1.0) / 24  # mean of the calendar er_places

# How people choose: disutility of a minute of travel. The care model must say the same.
PRIMARY_CARE_PER_MIN = 0.25
OUT_OF_HOURS_PER_MIN = 0.15
ER_PER_MIN = 0.15
PLANNED_PER_MIN = 0.05  # planned wards, clinics, rare care
ER_PULL_LIMIT, PLANNED_PULL_LIMIT = 1.5, 2.5  # a fitted pull lies within these; planned care is led by places

# Ageing from 2019 to 2024 (region as a whole)
PEOPLE_80PLUS_2024 = 86_000 + 6 / 22 * (142_000 - 86_000)  # VGR: 86,000 in 2018, forecast 142,000 in 2040
SURVIVAL_60_74 = 0.945  # those aged 60-74 in 2019 who are 65-79 in 2024

# Primary care
RESIDENTS_PER_CENTRE = 8_800  # Sweden: 1,190 vårdcentraler (ekonomifakta.se), one per about 8,800
AGE_WEIGHT = {"0_17": 0.75, "18_64": 0.85, "65_79": 1.5, "80plus": 1.9}  # visits relative to each other
PHYSICIAN_VISITS = 1.29  # per resident and year, PC.physician_visits_per_inh_vgr (X)
PHYSICIAN_MIN, PHYSICIAN_LOAD = 30, 0.92
NURSE_VISITS = 3.86 - 1.29  # per resident and year, PC.visits_per_inh_vgr less the physicians' (X)
NURSE_MIN, NURSE_LOAD = 30, 0.90
OUT_OF_HOURS_VISITS, OUT_OF_HOURS_MIN, OUT_OF_HOURS_LOAD = 0.15, 25, 0.70
CALLS, CALL_MIN, CALL_LOAD = (
    0.62,
    8,
    0.75,
)  # TEL.calls_per_inh (X); talk 7 min (TEL.talk_time_min) and notes 1 min
DIGITAL_VISITS, DIGITAL_MIN, DIGITAL_LOAD = 0.20, 15, 0.75  # DIG.per_1000_low_high (A, Sweden 2020)
MOBILE_VISITS, CREW_VISITS_PER_DAY, CREW_LOAD = (
    0.0133,
    5,
    0.80,
)  # MOB.team_visits_skane_per_1000, MOB.visits_per_crew_day
DISCHARGES, MUNICIPAL_DAYS, MUNICIPAL_LOAD = 8_700, 7, 0.80  # a year, region; days each; load of the region

# Hospital
ER_VISITS = {
    "0_17": 0.27,
    "18_64": 0.165,
    "65_79": 0.28,
    "80plus": 0.5088,
}  # per resident and year, before scaling
ER_PLACE_H, ER_LOAD = 3.7, 0.75  # hours that a patient holds a place, boarding counted
ER_ADMITTED = {"0_17": 0.10, "18_64": 0.22, "65_79": 0.42, "80plus": 0.55}  # adults 0.33 (ED.share_admitted)
NOT_MODELLED_BEDS = 0.18  # psychiatric and obstetric share of places
EMERGENCY_DAYS, PLANNED_DAYS = 5.0, 3.2  # mean stay; all inpatient care in Sweden 5.5 (IP.alos_days)
PLANNED_STAYS = 0.033  # planned admissions per resident and year: modelled admissions less those from the ER
EMERGENCY_LOAD = 0.80  # an ER hospital has places for its emergency stays at this load
SURGE = 0.10  # overbeds per place at most; mean 8.4 per 100 (IP.overbeds_per_100.vgr)
CLINIC_VISITS, CLINIC_MIN, CLINIC_LOAD = 0.5, 40, 0.95  # specialist visits of the modelled kind
CLINIC_PULL = {"concentrated": 1.0, "er": 0.5, "beds": 0.0, "none": -0.5}
RARE_VISITS, RARE_MIN, RARE_LOAD = 0.02, 60, 0.85
RARE_STAYS, RARE_DAYS = 0.002, 6  # rare admissions per resident and year; days


def units(contacts: float, minutes: float, hours: float, load: float) -> float:
    """Average parallel units that a year's ``contacts`` need at ``load``, rounded to hundredths."""
    return round(contacts * minutes / 60 / hours / load, 2)


def shares(
    minutes: Floats, per_min: float, pull: Floats | None = None, allowed: Floats | None = None
) -> Floats:
    """Logit share of each site [zone, site] for minutes of travel; ``allowed`` is 0 where a site may not serve."""
    utility = -per_min * minutes + (0 if pull is None else pull)
    if allowed is not None:
        utility = np.where(allowed > 0, utility, -np.inf)
    weight = np.exp(utility - utility.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def fit_pull(
    groups: list[tuple[Floats, Floats]], minutes: Floats, per_min: float, wanted: Floats, limit: float
) -> Floats:
    """Pull of each site so that visits approach ``wanted``; groups are (visits by zone, sites allowed).

    About mean 0 and within ``limit``, two decimals: where distance decides, the visits stay what distance makes them.
    """
    pull = np.zeros(len(wanted))
    for _ in range(200):
        made = sum(visits @ shares(minutes, per_min, pull, allowed) for visits, allowed in groups)
        pull = pull + 0.5 * np.log(wanted / wanted.sum() * made.sum() / made)
        pull = np.clip(pull - pull.mean(), -limit, limit)
    return np.round(pull, 2)


def whole(amounts: Floats, total: int, least: int = 0) -> list[int]:
    """Whole numbers that sum to ``total``, nearest to ``amounts`` scaled to it (largest remainder), ``least`` each."""
    free = total - least * len(amounts)
    scaled = np.asarray(amounts, float) / np.sum(amounts) * free
    floor = np.floor(scaled).astype(int)
    order = np.argsort(-(scaled - floor), kind="stable")
    floor[order[: free - int(floor.sum())]] += 1
    return [int(n) + least for n in floor]


def highest_averages(people: list[int], seats: int) -> list[int]:
    """Number of centres at each place: each next one goes where most people per centre live (D'Hondt)."""
    given = [0] * len(people)
    for _ in range(seats):
        best = max(range(len(people)), key=lambda i: (people[i] / (given[i] + 1), -i))
        given[best] += 1
    return given


def places(patients: Floats, load: float) -> list[float]:
    """Places per municipality for mean numbers of ``patients``: a + b sqrt(a), with b so that the total has ``load``.

    Square-root staffing: a small municipality needs relatively more spare places for the same wait.
    """
    root = np.sqrt(patients)
    spare = patients.sum() * (1 / load - 1) / root.sum()
    return [round(max(1.0, float(a + spare * r)), 1) for a, r in zip(patients, root, strict=True)]


def beds(evidence: Floats, emergency_days: Floats, total: int) -> list[int]:
    """Beds per hospital: the evidence's split, raised where emergency stays need more; whole, sum ``total``."""
    least = np.ceil(emergency_days / 365 / EMERGENCY_LOAD)
    raised = np.zeros(len(evidence), dtype=bool)
    while True:
        rest = total - least[raised].sum()
        split = np.where(raised, least, evidence / evidence[~raised].sum() * rest)
        if not np.any(split < least - 1e-9):
            return whole(split, total)
        raised |= split < least
