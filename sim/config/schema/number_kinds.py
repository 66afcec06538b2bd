"""The kinds of numbers that a configuration has, each with its unit, what can be and what usually is.

Hard ranges are what arithmetic, physics or the program's own arrays allow. Usual ranges are judgement (quality D): wide
enough for every region and study that comes with the program, narrow enough that the common slips of unit, per person
for per 1,000, minutes for days, per cent for shares, fall outside.
"""

from __future__ import annotations

from sim.config.schema.number_ranges import Mistake, NumberKind, Range, TimeKind
from sim.config.sentence import N_, Sentence

MIN_S, HOUR_S, DAY_S = 60.0, 3600.0, 86400.0
YEARS_S = 20 * 365 * DAY_S
PER_CENT = Mistake(Sentence(N_("%")), 0.01, least=1.0)
HOURS = Mistake(Sentence(N_("hours")), 60.0)
SECONDS = Mistake(Sentence(N_("seconds")), 1 / 60)
METRES = Mistake(Sentence(N_("m")), 0.001)

SHARE = NumberKind("", Range(0, 1), Range(0, 1), (PER_CENT,))
SHARE_BUT_ALL = NumberKind("", Range(0, 0.9), Range(0, 0.9), (PER_CENT,))
RELATIVE = NumberKind("", Range(-1, 1000), Range(-0.9, 2), (PER_CENT,))
REDUCTION = NumberKind("", Range(-10, 1), Range(-0.5, 0.9), (PER_CENT,))
INDUCED = NumberKind("", Range(0, 1000), Range(0, 3), (PER_CENT,))
PUBLISHED_CHANGE = NumberKind("", Range(-1, 1000), Range(-1, 3), (PER_CENT,))
WEIGHT = NumberKind("", Range(0, 1e9), Range(0, 10_000))
FACTOR = NumberKind("", Range(1e-6, 1e6), Range(0.05, 20), (PER_CENT,))
CAPACITY_FACTOR = NumberKind("", Range(0, 1000), Range(0, 5), (PER_CENT,))
ODDS = NumberKind("", Range(0, 1000), Range(0.02, 50), (PER_CENT,))
SLOPE = NumberKind(N_("a km"), Range(-1000, 0), Range(-1, 0))
UTILITY = NumberKind("", Range(-4, 0), Range(-4, 0))
PULL = NumberKind("", Range(-1000, 1000), Range(-4, 4))
DISUTILITY = NumberKind(N_("a minute"), Range(0, 1000), Range(0, 1))
VARIATION = NumberKind("", Range(0, 1), Range(0, 0.6), (PER_CENT,))

RATE = NumberKind(
    N_("per 1,000 residents and year"), Range(0, 1e7), Range(2, 60_000),
    (Mistake(Sentence(N_("per resident")), 1000.0), Mistake(Sentence(N_("per 100,000")), 0.01)),
)  # fmt: skip
PEOPLE = NumberKind(N_("people"), Range(0, 50_000_000), Range(0, 500_000))
PEOPLE_OF_A_MUNICIPALITY = NumberKind(N_("people"), Range(0, 50_000_000), Range(1, 2_000_000))
GROUP = NumberKind(N_("people"), Range(0, 50_000_000), Range(0, 2_000_000))
ELIGIBLE = NumberKind(N_("people"), Range(1, 50_000_000), Range(1, 2_000_000))

SPEED = NumberKind(
    N_("km/h"), Range(0.1, 300), Range(10, 130),
    (Mistake(Sentence(N_("m/min")), 0.06), Mistake(Sentence(N_("m/s")), 3.6)),
)  # fmt: skip
DETOUR = NumberKind(N_("road km per km"), Range(1, 100), Range(1, 2), (PER_CENT,))
BAND_KM = NumberKind(N_("km"), Range(0.001, 40_000), Range(0.5, 2000), (METRES,))
SHORT_KM = NumberKind(N_("km"), Range(0, 1000), Range(0, 10), (METRES,))
FERRY_KM = NumberKind(N_("km"), Range(0, 10_000), Range(0, 200), (METRES,))
TRIP_MIN = NumberKind(N_("min"), Range(0, 1440), Range(0, 30), (SECONDS,))
FERRY_MIN = NumberKind(N_("min"), Range(0, 10_080), Range(0, 360), (SECONDS,))
REACH_MIN = NumberKind(N_("min"), Range(0, 10_080), Range(5, 600), (HOURS, SECONDS))
TARGET_MIN = NumberKind(N_("min"), Range(0, 5_256_000), Range(0, 1_051_200), (SECONDS,))
LATITUDE = NumberKind(N_("degrees"), Range(-90, 90), Range(55, 69.1))
LONGITUDE = NumberKind(N_("degrees"), Range(-180, 180), Range(10.5, 24.2))

UNITS = NumberKind(N_("units"), Range(0, 100_000), Range(0, 2000))
ADDED_UNITS = NumberKind(N_("units"), Range(-100_000, 100_000), Range(-2000, 2000))
WAITING = NumberKind(N_("requests"), Range(0, 1_000_000), Range(0, 1000))
SURGE = NumberKind(N_("units"), Range(0, 100_000), Range(0, 500))
OVERTIME_H = NumberKind(N_("h"), Range(0, 168), Range(0, 12), (Mistake(Sentence(N_("minutes")), 1 / 60),))
SPILL_H = NumberKind(N_("h"), Range(0, 8760), Range(0, 720), (Mistake(Sentence(N_("minutes")), 1 / 60),))
STAFF_H = NumberKind(N_("staff hours an hour"), Range(0, 1000), Range(0, 15))
SEK_PER_H = NumberKind(
    N_("SEK an hour"), Range(0, 1e6), Range(0, 3000), (Mistake(Sentence(N_("SEK a month")), 1 / 165),)
)
SEK_PER_YEAR = NumberKind(N_("SEK a year"), Range(0, 1e9), Range(0, 300_000))
BUDGET = NumberKind(
    N_("SEK a year"), Range(-1e12, 1e12), Range(-2e9, 2e9), (Mistake(Sentence(N_("SEK a year in thousands")), 1000),)
)
STAFF_MIN = NumberKind(N_("min a week"), Range(0, 10_080), Range(0, 600), (SECONDS,))
CO2 = NumberKind(N_("g/km"), Range(0, 10_000), Range(0, 400), (Mistake(Sentence(N_("mg/km")), 0.001),))
TOUR = NumberKind("", Range(1, 100), Range(1, 3), (PER_CENT,))

BACK_DAYS = NumberKind(N_("days"), Range(0, 36_500), Range(0, 1500), (Mistake(Sentence(N_("hours")), 1 / 24),))
OVER_H = NumberKind(N_("h"), Range(0, 168), Range(0, 168))
THRESHOLD = NumberKind(N_("as `what` says"), Range(0, 1e9), Range(0, 1e6))
REDRAWS = NumberKind(N_("times"), Range(0, 20), Range(0, 20))
STAGES = NumberKind(N_("stages"), Range(1, 1000), Range(1, 50))
OWN_UNIT = NumberKind(N_("of its `unit`"), Range(0, 1e7), Range(0, 100_000))
SIGNED_UNIT = NumberKind(N_("of its `unit`"), Range(-1e7, 1e7), Range(-100_000, 100_000))
LOG_OF_UNIT = NumberKind(N_("logarithm of its `unit`"), Range(-30, 30), Range(-10, 12))
LOG_SPREAD = NumberKind("", Range(0, 20), Range(0.01, 3))

DURATION = TimeKind("", Range(0, YEARS_S), Range(5, 365 * DAY_S))
PATIENCE = TimeKind("", Range(0, YEARS_S), Range(MIN_S, 1500 * DAY_S))
DELAY = TimeKind("", Range(0, YEARS_S), Range(5, 1500 * DAY_S))
DURATION_OF: dict[str, TimeKind] = {  # by the kind of service
    kind: TimeKind("", DURATION.hard, usual)
    for kind, usual in {
        "self_care": Range(MIN_S, 30 * DAY_S),
        "telephone": Range(MIN_S, 4 * HOUR_S),
        "digital": Range(MIN_S, 4 * HOUR_S),
        "primary_care": Range(MIN_S, 8 * HOUR_S),
        "out_of_hours": Range(MIN_S, 12 * HOUR_S),
        "mobile_team": Range(5 * MIN_S, 12 * HOUR_S),
        "municipal": Range(5 * MIN_S, 365 * DAY_S),
        "emergency": Range(3 * MIN_S, 24 * HOUR_S),
        "emergency_physician": Range(MIN_S, 24 * HOUR_S),
        "emergency_workup": Range(MIN_S, 24 * HOUR_S),
        "ward": Range(15 * MIN_S, 90 * DAY_S),
        "clinic": Range(5 * MIN_S, 8 * HOUR_S),
        "ambulance": Range(5 * MIN_S, 12 * HOUR_S),
        "operation": Range(5 * MIN_S, 24 * HOUR_S),
    }.items()
}
UNITS_OF: dict[str, NumberKind] = {  # units of a pool by the kind of a service that it is for
    kind: NumberKind(UNITS.unit, UNITS.hard, Range(0, most))
    for kind, most in {
        "telephone": 500, "digital": 500, "primary_care": 100, "out_of_hours": 60, "mobile_team": 60, "municipal": 1000,
        "emergency": 200, "emergency_physician": 100, "emergency_workup": 200, "ward": 600, "clinic": 200,
        "ambulance": 60, "operation": 80,
    }.items()
}  # fmt: skip

REPLICATIONS = NumberKind(N_("replications"), Range(1, 10_000), Range(1, 500))
DAYS_BEFORE = NumberKind(N_("days"), Range(0, 3650), Range(0, 800), (Mistake(Sentence(N_("hours")), 1 / 24),))
SEED = NumberKind("", Range(0, 2**63), Range(0, 2**63))
WORLDS = NumberKind(N_("worlds"), Range(0, 1000), Range(0, 200))
WORKERS = NumberKind(N_("processes"), Range(0, 512), Range(0, 256))
YEAR = NumberKind("", Range(1900, 2200), Range(2000, 2100))
CONTACTS = NumberKind(N_("contacts"), Range(0, 1e12), Range(1000, 1e9))
STALL_S = NumberKind(N_("s"), Range(2, 86_400), Range(30, 7200))
RUN_LIMIT_S = NumberKind(N_("s"), Range(0, 1e7), Range(0, 1e6))
SLURM_H = NumberKind(N_("h"), Range(1, 720), Range(1, 168))
HOURS_OF_WORK = NumberKind(N_("h"), Range(0, 1e6), Range(0, 1000))
MEGABYTES = NumberKind(N_("MB"), Range(0, 1e12), Range(0, 1e7))
ROUNDS = NumberKind(N_("rounds"), Range(1, 1_000_000), Range(1, 100))
RESULT = NumberKind(N_("as the measure's"), Range(-1e12, 1e12), Range(-1e9, 1e9))
TOLERANCE = NumberKind("", Range(0, 1000), Range(0, 1), (PER_CENT,))
