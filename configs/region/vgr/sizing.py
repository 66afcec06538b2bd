"""Sizing of the region's capacity: the constants that may be calibrated, and the formulas.

Used by ``build.py``. Every constant has its unit and source beside it: names such as PC.visits_per_inh_vgr
are rows of ``source/parameters.csv``; where nothing is named it is an assumption (quality D).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Open hours in a year: about 250 working days and 115 other days
WEEKDAY_H = 250 * 9  # weekdays 08-17
EVENING_H = 250 * 5 + 115 * 8  # weekdays 17-22, other days 09-17
DAGSON_H = 250 * 7 + 115 * 6  # weekdays 17-24, other days 10-16
DAYTIME_H = 365 * 15  # every day 07-22
YEAR_H = 8766
ER_SHIFT_MEAN = (8 * 0.6 + 16 * 1.0) / 24  # mean of the calendar er_places

# How people choose: disutility of a minute of travel. The care model's choice rules must say the same.
PRIMARY_CARE_PER_MIN = 0.25
OUT_OF_HOURS_PER_MIN = 0.15
ER_PER_MIN = 0.15
PLANNED_PER_MIN = 0.05  # planned wards, clinics, rare care
ER_PULL_LIMIT, PLANNED_PULL_LIMIT = 1.5, 2.5  # a fitted pull lies within +- these; places lead planned care
CLINIC_PULL = {"concentrated": 1.0, "er": 0.5, "beds": 0.0, "none": -0.5}

# People
PEOPLE_80PLUS = 86_000 + 6 / 22 * (142_000 - 86_000)  # end of 2024; VGR: 86,000 in 2018, forecast 142,000 in 2040
SURVIVAL_60_74 = 0.945  # share of those aged 60-74 in 2019 who are 65-79 in 2024
RESIDENTS_PER_CENTRE = 8_800  # Sweden: 1,190 vårdcentraler (ekonomifakta.se); PC.vc_total_vgr about 200


class Volume(NamedTuple):
    """Contacts per resident-year, minutes each, and open hours a year and load of what serves them."""

    per_resident: float
    minutes: float
    hours: float
    load: float
    evidence: str
    quality: str

    def units(self, residents: float) -> float:
        """Average parallel units while open, to hundredths, at least one."""
        needed = self.per_resident * residents * self.minutes / 60 / self.hours / self.load
        return max(1.0, round(needed, 2))

    def told(self, residents: float) -> str:
        """The formula, as the source of a pool's capacity."""
        return (
            f"{self.per_resident:.4g} per resident-year ({self.evidence}) x {residents:.0f} residents"
            f" x {self.minutes:g} min / {self.hours:g} h / load {self.load:g}"
        )


# Primary care. Visits per resident-year: physicians 1.29, all 3.86 (X)
PHYSICIAN = Volume(1.29, 30, WEEKDAY_H, 0.92, "PC.physician_visits_per_inh_vgr", "X")
NURSE = Volume(3.86 - 1.29, 30, WEEKDAY_H, 0.90, "PC.visits_per_inh_vgr less physicians", "X")
VISITS_BY_AGE = {"0_17": 0.75, "18_64": 0.85, "65_79": 1.5, "80plus": 1.9}  # relative to each other
OUT_OF_HOURS = Volume(0.15, 25, EVENING_H, 0.70, "assumption", "D")
TELEPHONE = Volume(0.62, 8, YEAR_H, 0.75, "TEL.calls_per_inh; TEL.talk_time_min and 1 min of notes", "X")
DIGITAL = Volume(0.20, 15, DAYTIME_H, 0.75, "DIG.per_1000_low_high", "X")

# Care at home
MOBILE_VISITS = 0.0133  # per resident-year, MOB.team_visits_skane_per_1000 (X)
CREW_VISITS_PER_DAY, CREW_LOAD = 5, 0.80  # MOB.visits_per_crew_day (D)
DISCHARGES, MUNICIPAL_DAYS, MUNICIPAL_LOAD = (
    8_700,
    7,
    0.80,
)  # a year in the region; days each; load in the region

# Hospital
ER_VISITS = {
    "0_17": 0.27,
    "18_64": 0.165,
    "65_79": 0.28,
    "80plus": 0.5088,
}  # per resident-year, before scaling
ER_ADMITTED = {"0_17": 0.10, "18_64": 0.22, "65_79": 0.42, "80plus": 0.55}  # adults 0.33 (ED.share_admitted)
ER_PLACE_H, ER_LOAD = 3.7, 0.75  # hours that a patient holds a place, boarding counted
NOT_MODELLED_BEDS = 0.18  # psychiatric and obstetric share of places
EMERGENCY_DAYS = 5.0  # mean emergency stay; all inpatient care in Sweden 5.5 (IP.alos_days)
EMERGENCY_LOAD = 0.80  # a hospital has places for its emergency stays at this load
BED_LOAD = 0.90  # what planned care may fill a hospital to; IP.nu_occupancy 0.876
SURGE = 0.10  # overbeds per place at most; mean 8.4 per 100 (IP.overbeds_per_100.vgr)
CLINIC = Volume(0.50, 40, WEEKDAY_H, 0.95, "assumption: of about 1.6 outpatient visits at NU and SkaS", "D")
RARE_CLINIC = Volume(0.02, 60, WEEKDAY_H, 0.85, "assumption", "D")
RARE_STAYS, RARE_DAYS, RARE_LOAD = 0.002, 6, 0.85  # admissions per resident-year; days; load


def shares(minutes: Floats, per_min: float, pull: Floats | float = 0.0, allowed: Floats | None = None) -> Floats:
    """Logit share of each site [zone, site] for minutes of travel; ``allowed`` 0: the site may not serve."""
    utility = pull - per_min * minutes
    if allowed is not None:
        utility = np.where(allowed > 0, utility, -np.inf)
    weight = np.exp(utility - utility.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


class Group(NamedTuple):
    """People of one age, as contacts by zone, and the sites that take them (1, else 0)."""

    contacts: Floats
    allowed: Floats


def spread(groups: list[Group], minutes: Floats, per_min: float, pull: Floats) -> list[Floats]:
    """Contacts at each site, for each group."""
    return [g.contacts @ shares(minutes, per_min, pull, g.allowed) for g in groups]


def fit_pull(groups: list[Group], minutes: Floats, per_min: float, wanted: Floats, limit: float) -> Floats:
    """Pull of each site so that contacts approach ``wanted``; two decimals, about mean 0, within ``limit``.

    Where distance decides, contacts stay what distance makes them.
    """
    pull = np.zeros(len(wanted))
    for _ in range(200):
        made = np.sum(spread(groups, minutes, per_min, pull), axis=0)
        pull = pull + 0.5 * np.log(wanted / wanted.sum() * made.sum() / made)
        pull = np.clip(pull - pull.mean(), -limit, limit)
    return np.round(pull, 2)


def whole(amounts: Floats, total: int, least: int = 0) -> list[int]:
    """Whole numbers, ``least`` or more, with sum ``total``, as ``amounts`` are (largest remainder)."""
    free = total - least * len(amounts)
    scaled = amounts / amounts.sum() * free
    floor = np.floor(scaled).astype(int)
    order = np.argsort(-(scaled - floor), kind="stable")
    floor[order[: free - int(floor.sum())]] += 1
    return [int(n) + least for n in floor]


def highest_averages(people: list[int], seats: int) -> list[int]:
    """Centres at each place: the next one goes where most people per centre live (D'Hondt)."""
    given = [0] * len(people)
    for _ in range(seats):
        best = max(range(len(people)), key=lambda i: (people[i] / (given[i] + 1), -i))
        given[best] += 1
    return given


def municipal_places(patients: Floats) -> list[float]:
    """Places for mean numbers of ``patients``: a + b sqrt(a), b so that the region has MUNICIPAL_LOAD.

    Square-root staffing: a small municipality needs relatively more spare places for the same wait.
    """
    root = np.sqrt(patients)
    spare = patients.sum() * (1 / MUNICIPAL_LOAD - 1) / root.sum()
    return [round(max(1.0, float(a + spare * r)), 1) for a, r in zip(patients, root, strict=True)]


def beds(evidence: Floats, emergency_days: Floats, total: int) -> list[int]:
    """Beds per hospital: the evidence's split, raised where emergency stays need more; sum ``total``."""
    least = np.ceil(emergency_days / 365 / EMERGENCY_LOAD)
    raised = np.zeros(len(evidence), dtype=bool)
    while True:
        rest = total - least[raised].sum()
        split = np.where(raised, least, evidence / evidence[~raised].sum() * rest)
        if not np.any(split < least - 1e-9):
            return whole(split, total)
        raised |= split < least
