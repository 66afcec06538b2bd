"""Sizing of a region's capacity: the constants that regions share and that may be calibrated, and the formulas.

Every constant has its unit and source beside it: names such as PC.visits_per_inh_vgr are rows of
``source/parameters.csv``; where nothing is named it is an assumption (quality D). What differs between regions
is in ``facts.py``.
"""

from __future__ import annotations

import hashlib
from math import ceil, exp
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Open hours in a year of weeks without holidays
WEEK_A_YEAR = 365 / 7
WEEKDAY_H = 5 * 9 * WEEK_A_YEAR  # weekdays 08-17
EVENING_H = (5 * 5 + 2 * 8) * WEEK_A_YEAR  # weekdays 17-22, weekends 09-17
DAYTIME_H = 365 * 15  # every day 07-22
YEAR_H = 8766
ER_SHIFT_MEAN = (7 * 0.7 + 17 * 1.0) / 24  # mean of the calendar er_places
# Of clinics, as the calendar clinics has them: 250.7 weekdays that are no holidays (mean of 2026 to 2031), 22.3 of them
# in July with 0.62 of the rooms, 6 about Christmas with 0.7
CLINIC_H = 9 * (250.7 - 22.3 * (1 - 0.62) - 6 * (1 - 0.7))
# Contacts in four October weeks over the year's mean: the profiles of the care model (office 1.14, acute 1.00)
OFFICE_SEASON = 1.14

# How people choose: disutility of a minute of travel. The care model's choice rules must say the same.
PRIMARY_CARE_PER_MIN = 0.25
OUT_OF_HOURS_PER_MIN = 0.15
ER_PER_MIN = 0.15
PLANNED_PER_MIN = 0.05  # planned wards, clinics, rare care
ER_PULL_LIMIT, PLANNED_PULL_LIMIT = 1.5, 2.5  # a fitted pull lies within +- these; places lead planned care
CLINIC_PULL = {"concentrated": 1.0, "er": 0.5, "beds": 0.0, "none": -0.5}

# People
SURVIVAL_60_74 = 0.945  # share of those aged 60-74 in 2019 who are 65-79 in 2024
SURVIVAL_75PLUS = 0.647  # share of those aged 75 and over in 2019 who are 80 and over in 2024: as VGR's forecast says


class ByAge(NamedTuple):
    """Relative use by age, and its mean over the people of Västra Götaland, whom the rates per resident are of."""

    weight: dict[str, float]
    mean: float


class Volume(NamedTuple):
    """Contacts per resident-year, minutes each, and open hours a year and load in October of what serves them."""

    per_resident: float
    minutes: float
    hours: float
    load: float
    evidence: str
    quality: str
    season: float = 1.0

    def units(self, residents: float, staffed: float = 1.0, least: float = 1.0) -> float:
        """Average parallel units while open, to hundredths, no fewer than ``least``.

        ``staffed``: share of the need that is.
        """
        needed = self.per_resident * self.season * residents * self.minutes / 60 / self.hours / self.load
        return max(least, round(needed * staffed, 2))

    def source_text(self, residents: float) -> str:
        """The formula, as the source of a pool's capacity."""
        return (
            f"{self.per_resident:.4g} per resident-year ({self.evidence}) x {residents:.0f} residents"
            f" x {self.minutes:g} min x season {self.season:g} / {self.hours:.0f} h / load {self.load:g}"
        )


# Primary care. Visits per resident-year: physicians 1.29, all 3.86 (X)
PHYSICIAN = Volume(1.29, 30, WEEKDAY_H, 0.87, "PC.physician_visits_per_inh_vgr", "X", 1.06)
NURSE = Volume(2.45, 30, WEEKDAY_H, 0.87, "PC.visits_per_inh_vgr less physicians and out-of-hours", "X", 1.12)
# By age, relative: as the care model
VISITS_BY_AGE = ByAge({"0_17": 0.95, "18_64": 1.07, "65_79": 1.79, "80plus": 2.56}, 1.2354)
OUT_OF_HOURS = Volume(0.13, 25, EVENING_H, 0.68, "assumption", "D")
URGENT_CARE_ROOMS = 3  # of an urgent care centre
TELEPHONE = Volume(0.62, 8, YEAR_H, 0.75, "TEL.calls_per_inh; TEL.talk_time_min and 1 min of notes", "X")
DIGITAL = Volume(0.20, 15, DAYTIME_H, 0.75, "DIG.per_1000_low_high", "X")

# Care at home
MOBILE_VISITS = 0.0133  # per resident-year, MOB.team_visits_skane_per_1000 (X)
CREW_VISITS_PER_DAY, CREW_LOAD = 5, 0.63  # MOB.visits_per_crew_day (D); most bases have one crew, which must cope
MOBILE_BY_AGE = ByAge({"65_79": 0.1, "80plus": 1.0}, 0.07177)
PLACE_SHARE = 0.35  # of those who go from a ward to the municipality, to a short-term place: as the care model
# Days of a stay there, and days after which one who waits goes home with visits instead: as the care model
PLACE_DAYS, PLACE_DAYS_SD, PLACE_PATIENCE_DAYS = 21, 15, 35
# Visits of one who goes home with home care, minutes each with the way, open hours a year (every day 07-22), and load
HOME_VISITS, HOME_VISIT_MIN, HOME_CARE_LOAD = 21, 60, 0.75

# Hospital
# Visits per resident-year, before scaling to the sum of the sites; 80 and over: the region's own
ER_VISITS = {"0_17": 0.281, "18_64": 0.170, "65_79": 0.269}
ER_ADMITTED = {"0_17": 0.10, "18_64": 0.22, "65_79": 0.42, "80plus": 0.55}  # adults 0.33 (ED.share_admitted)
# Hours that a patient holds a place, as in the care model, boarding counted; mean load, fitted to
# ED.share_time_occupancy_gt1
ER_PLACE_H, ER_LOAD = {"0_17": 2.5, "18_64": 4.65, "65_79": 4.75, "80plus": 5.2}, 0.68
# Physician's minutes of a visit, as in the care model by RETTS shares of visits (ED.retts_share_*); the load if nobody
# worked quicker where many wait, fitted to ED.median_to_physician_min.vgr
ER_PHYSICIAN_MIN, ER_PHYSICIAN_LOAD = 86, 1.06
ER_OVERTIME_H = 2  # where an emergency room closes for the night, those who wait are still seen
NOT_MODELLED_BEDS = 0.18  # psychiatric and obstetric share of places
EMERGENCY_LOAD = 0.80  # a hospital has places for its emergency stays at this load
BED_LOAD = 0.95  # what planned care may fill a hospital to
# Planned stays per resident-year, by age, in October; days each
PLANNED_STAYS, PLANNED_DAYS = {"0_17": 0.020, "18_64": 0.024, "65_79": 0.066, "80plus": 0.057}, 3.1
RARE_SURGE = 0.10  # overbeds per place of rare care at most
# A year's visits: with more than come the queue of months would melt, with fewer it would grow without end. The load is
# above 1 since the last visit of a day is finished after closing (25 of 540 minutes more), and since CLINIC_LEAVES
# leave the queue (the care model's patience at the waits that are published)
CLINIC_LEAVES = 0.06
CLINIC = Volume(
    *(0.49, 40, CLINIC_H, round((1 + 25 / 540) / (1 - CLINIC_LEAVES), 3)),
    *("assumption: of about 1.6 outpatient visits at NU and SkaS", "D"),
)
# Operations with a stay: of the clinics' visits those that lead to one (the care model's ways on, by acuity); as many
# leave the list as a clinic's. The last operation of a day is finished after it (94 of 540 minutes more)
OPERATION_SHARE = 0.073
OPERATION = Volume(
    *(0.49 * (1 - CLINIC_LEAVES) * OPERATION_SHARE, 150, CLINIC_H, round((1 + 94 / 540) / (1 - CLINIC_LEAVES), 3)),
    *("CLINIC x the care model's ways on", "D"),
)
CLINIC_BY_AGE = ByAge({"0_17": 0.214, "18_64": 0.260, "65_79": 0.718, "80plus": 0.615}, 0.3377)
RARE_BY_AGE = ByAge({"0_17": 15.4, "18_64": 16.4, "65_79": 35.7, "80plus": 20.5}, 19.2507)
RARE_CLINIC = Volume(0.0195, 60, WEEKDAY_H, 0.85, "assumption", "D", OFFICE_SEASON)
RARE_STAYS, RARE_DAYS, RARE_LOAD = 0.0022, 6, 0.78  # admissions per resident-year in October; days; load


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
        visits = np.sum(spread(groups, minutes, per_min, pull), axis=0)
        pull = pull + 0.5 * np.log(wanted / wanted.sum() * visits.sum() / visits)
        pull = np.clip(pull - pull.mean(), -limit, limit)
    return np.round(pull, 2)


def whole(amounts: Floats, total: int) -> list[int]:
    """Whole numbers with sum ``total``, as ``amounts`` are (largest remainder)."""
    scaled = amounts / amounts.sum() * total
    floor = np.floor(scaled).astype(int)
    order = np.argsort(-(scaled - floor), kind="stable")
    floor[order[: total - int(floor.sum())]] += 1
    return [int(n) for n in floor]


def least_busy(work: Floats, teams: int) -> list[int]:
    """Teams at each base, at least one: the next one goes where most work per team lies."""
    given = np.ones(len(work), dtype=np.int64)
    for _ in range(teams - len(work)):
        given[int(np.argmax(work / given))] += 1
    return [int(n) for n in given]


def highest_averages(people: list[int], seats: int) -> list[int]:
    """Centres at each place: the next one goes where most people per centre live (D'Hondt)."""
    given = [0] * len(people)
    for _ in range(seats):
        best = max(range(len(people)), key=lambda i: (people[i] / (given[i] + 1), -i))
        given[best] += 1
    return given


def place_wait(patients: float, places: int, patience: float) -> float:
    """Mean wait for a place, in mean stays: M/M/c with exponential patience (Erlang A; Palm 1957)."""
    weight = whole = 1.0
    waiting, n = 0.0, 0
    while n < places or weight > 1e-12 * whole:
        n += 1
        weight *= patients / (min(n, places) + max(n - places, 0) / patience)
        whole += weight
        waiting += max(n - places, 0) * weight
    return waiting / whole / patients


def municipal_places(patients: Floats, staffed: Floats, wanted_days: float) -> list[int]:
    """Whole places for mean numbers of ``patients``: (a + b sqrt(a)) x what a municipality has of it, at least a.

    b is such that the mean wait over the region's patients is about ``wanted_days`` (Allen and Cunneen's approximation
    for stays that are not exponential). Square-root staffing: a small municipality needs relatively more spare places.
    """
    spread = (1 + (PLACE_DAYS_SD / PLACE_DAYS) ** 2) / 2

    def places(b: float) -> list[int]:
        return [max(ceil(a), round((a + b * np.sqrt(a)) * s)) for a, s in zip(patients, staffed, strict=True)]

    def wait_days(b: float) -> float:
        waits = [place_wait(a, n, PLACE_PATIENCE_DAYS / PLACE_DAYS) for a, n in zip(patients, places(b), strict=True)]
        return float(patients @ np.array(waits) / patients.sum() * PLACE_DAYS * spread)

    tried = np.arange(-1, 3, 0.01)
    return places(min(tried, key=lambda b: abs(wait_days(b) - wanted_days)))


def home_care_crews(discharges: float) -> float:
    """Crews on the road, to hundredths, at least one, for so many who go home with home care a year."""
    return max(1.0, round(discharges * HOME_VISITS * HOME_VISIT_MIN / 60 / DAYTIME_H / HOME_CARE_LOAD, 2))


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


def staffing(name: str, sd: float) -> float:
    """Staff of a centre, or places of a municipality, over what its residents need; log-normal about 1.

    Vacancies, and lists that grew: no register of them was found. The same at every build.
    """
    word = int.from_bytes(hashlib.blake2b(f"staffing {name}".encode(), digest_size=8).digest(), "big")
    z = NormalDist().inv_cdf((word + 0.5) / 2**64)
    return round(exp(sd * z - sd**2 / 2), 3)
