"""Who travels, how far and how long: patients one way, teams there and back."""

from __future__ import annotations

import numpy as np

from sim.measures.definition import PEOPLE, RESIDENTS, Definition
from sim.measures.emergency import DAY_S
from sim.measures.er_contacts import Emergencies
from sim.measures.intervals import add, counted_quantile, counts, quantile
from sim.measures.rows import MeasureRows, ratio
from sim.measures.view import Mask, ObservedRun, View
from sim.model.codes import Ints, Mode

CUTS = ("all", "municipality", "age_group", "need", "level")
URGENT = 2  # acuity 1 and 2 are codes below this
NO_JOURNEY = "nobody travelled"
G_PER_T = 1_000_000


def travels(view: View) -> Mask:
    """Contacts to which the patient travels from another place: walk-in always, booked if it started and they came.

    A booked contact is waited for at home: its journey begins there, wherever the patient was when it was booked.
    """
    model = view.run.model
    mode = model.mode.take(view.service)
    goes = (mode == Mode.WALK_IN) | ((mode == Mode.BOOKED) & view.came)
    elsewhere = view.departure != view.site + len(model.zones)
    there: Mask = goes & elsewhere & (view.site >= 0)
    return there


class Journeys:
    """Journeys to contacts requested in the window: how many take each number of seconds, and metres, by each cut."""

    def __init__(self, run: ObservedRun) -> None:
        self.run = run
        self.span = int(run.model.travel_s.max()) + 1
        sizes = {by: len(run.groups(by)) for by in CUTS[1:]}
        self._numbers = {by: np.zeros(size * self.span, dtype=np.int64) for by, size in sizes.items()}
        self._metres = {by: np.zeros(size, dtype=np.int64) for by, size in sizes.items()}
        self.transfer_m = self.outreach_m = 0

    def add(self, requests: View) -> None:
        """More contacts requested in the window."""
        model, journeys = self.run.model, np.flatnonzero(travels(requests))
        way = (requests.departure * np.int64(len(model.sites)) + requests.site).take(journeys)
        metres, seconds = model.travel_m.take(way), model.travel_s.take(way)
        for by, numbers in self._numbers.items():
            code = requests.cut(by).code.take(journeys)
            add(numbers, code * np.int64(self.span) + seconds)
            add(self._metres[by], code, metres)
        transfers = np.flatnonzero(way >= len(model.zones) * len(model.sites))
        self.transfer_m += int(metres.take(transfers).sum())
        self.outreach_m += _outreach_m(requests)

    def numbers(self, by: str) -> Ints:
        """[groups, seconds] journeys that take so long."""
        if by == "all":
            return np.atleast_2d(self.numbers("age_group").sum(axis=0))
        return self._numbers[by].reshape(-1, self.span)

    def metres(self, by: str) -> Ints:
        """[groups] metres."""
        return np.atleast_1d(self._metres["age_group"].sum()) if by == "all" else self._metres[by]


def measure_travel(run: ObservedRun, journeys: Journeys, emergencies: Emergencies, rows: MeasureRows) -> None:
    """Patients' and teams' travel, the way to the ER in an emergency, and CO2."""
    for by in CUTS:
        _patients(run, journeys, by, rows)
    transfer, outreach = journeys.transfer_m, journeys.outreach_m
    day = [run.seconds]
    rows.add("transfer_km_per_day", "all", ("",), ratio([transfer], day, DAY_S, 1000))
    rows.add("outreach_km_per_day", "all", ("",), ratio([outreach], day, DAY_S, 1000))
    # from home there and back; a transfer one way, since the way home is that of the journey before it
    total_m = 2 * int(journeys.metres("all")[0]) - transfer + outreach
    grams = total_m * run.model.co2_g_per_km
    rows.add("co2_t_per_year", "all", ("",), ratio([grams], day, run.model.year_s, 1000 * G_PER_T))
    _urgent(run, emergencies.requests, rows)


def _patients(run: ObservedRun, journeys: Journeys, by: str, rows: MeasureRows) -> None:
    groups, people = run.groups(by), run.people(by)
    numbers = journeys.numbers(by)
    total = numbers.sum(axis=1)
    seconds = (numbers * np.arange(journeys.span)).sum(axis=1)
    for name, values, unit in (("travel_km", journeys.metres(by), 1000), ("travel_min", seconds, 60)):
        rows.add(f"{name}_per_contact", by, groups, ratio(values, total, 1, unit), missing=NO_JOURNEY)
        yearly = ratio(values, people, run.model.year_s, unit * run.seconds)
        rows.add(f"{name}_per_resident_year", by, groups, yearly, missing="no residents")
    for suffix, percent in (("median", 50), ("p90", 90)):
        quantile_s, known = counted_quantile(numbers, percent)
        rows.add(f"travel_{suffix}_min", by, groups, np.where(known, quantile_s / 60, np.nan), missing=NO_JOURNEY)


def _outreach_m(requests: View) -> int:
    """Metres of teams from base to home and back, by the site to which they carried the patient if they did.

    Of contacts requested in the window that started.
    """
    model = requests.run.model
    team = requests.where(
        (model.mode.take(requests.service) == Mode.OUTREACH) & requests.started & (requests.pool >= 0)
    )
    base = model.pool_site[team.pool]
    out = model.travel_m[team.zone, base]
    if not model.carries.any():
        return 2 * int(out.sum())
    back, site = out.copy(), _carried_to(team)
    some = np.flatnonzero(site >= 0)
    zone, place = team.zone[some], len(model.zones) + site[some].astype(np.int64)
    back[some] = model.travel_m[zone, site[some]] + model.travel_m[place, base[some]]
    return int((out + back).sum())


def _carried_to(team: View) -> Ints:
    """Site to which each team carried its patient, -1 where it did not: it comes back from there, or will."""
    run, model = team.run, team.run.model
    row = run.next_row[team.rows]
    site = np.where(row >= 0, run.contacts.site[row], -1).astype(np.int64)
    walks = (site >= 0) & (model.mode[run.contacts.service[row]] == Mode.WALK_IN) & (model.carries[team.service] == 1)
    home = model.travel_s[len(model.zones) + np.maximum(site, 0), model.pool_site[team.pool]]
    back = run.contacts.request[row] + home * model.tour_milli[team.pool] // 1000
    return np.where(walks & (team.out == np.minimum(back, run.high)), site, -1)


def _urgent(run: ObservedRun, er: View, rows: MeasureRows) -> None:
    """The way from home to the ER that was reached, by ambulance or not, for acuity 1 and 2."""
    model = run.model
    urgent = er.where((er.place < len(model.zones)) & (er.acuity < URGENT))
    seconds = model.travel_s[urgent.place, urgent.site]
    for by in ("all", "municipality", "age_group"):
        cut = urgent.cut(by)
        number = counts(cut.code, cut.size)
        for suffix, percent in (("median", 50), ("p90", 90)):
            quantile_s, known = quantile(cut.code, seconds, cut.size, percent)
            rows.add(f"urgent_min_to_er_{suffix}", by, cut.groups, np.where(known, quantile_s / 60, np.nan))
        for limit in (30, 60):
            over = counts(cut.code[seconds > limit * 60], cut.size)
            rows.add(f"urgent_share_over_{limit}_min", by, cut.groups, ratio(over, number))


JOURNEYS = (
    "contacts requested in the window to which the patient travels from another place: walk-in contacts, and booked "
    "ones (from home, if they were waited for) that started"
)
URGENT_FROM_HOME = "contacts of acuity 1 and 2 at emergency rooms, requested in the window, of those who came from home"
TOWNS = "municipalities, each counting once"
TRAVEL: dict[str, Definition] = {
    "travel_km_per_contact": Definition("km", "Mean road distance one way.", JOURNEYS, CUTS),
    "travel_min_per_contact": Definition("min", "Mean travel time one way.", JOURNEYS, CUTS),
    "travel_km_per_resident_year": Definition(
        "km/resident/year",
        "Patients' road distance one way, per resident of the group (by need and level: of the region), scaled to a "
        "year.",
        JOURNEYS,
        CUTS,
    ),
    "travel_min_per_resident_year": Definition(
        "min/resident/year",
        "Patients' travel time one way, per resident of the group (by need and level: of the region), scaled to a "
        "year.",
        JOURNEYS,
        CUTS,
    ),
    "travel_median_min": Definition("min", "Median travel time one way (nearest rank).", JOURNEYS, CUTS),
    "travel_p90_min": Definition("min", "90th percentile of travel time one way (nearest rank).", JOURNEYS, CUTS),
    "people_share_within_30_min_er": Definition(
        "share",
        "Share of people who live within 30 minutes of an open emergency room for their age group, averaged over the "
        "window's time.",
        RESIDENTS,
        (*PEOPLE, "hour_of_week"),
    ),
    "people_share_within_15_min_er": Definition(
        "share",
        "Share of people who live within 15 minutes of an open emergency room for their age group, averaged over the "
        "window's time.",
        RESIDENTS,
        (*PEOPLE, "hour_of_week"),
    ),
    "nearest_er_min": Definition(
        "min",
        "Mean minutes from home to the nearest emergency room for the age group, open at noon of the window's first "
        "day.",
        RESIDENTS,
        PEOPLE,
    ),
    "urgent_min_to_er_median": Definition(
        "min",
        "Median minutes from home to the emergency room reached, by ambulance or own car.",
        URGENT_FROM_HOME,
        PEOPLE,
    ),
    "urgent_min_to_er_p90": Definition(
        "min", "90th percentile of minutes from home to the emergency room reached.", URGENT_FROM_HOME, PEOPLE
    ),
    "urgent_share_over_30_min": Definition(
        "share", "Share with more than 30 minutes to the emergency room reached.", URGENT_FROM_HOME, PEOPLE
    ),
    "urgent_share_over_60_min": Definition(
        "share", "Share with more than 60 minutes to the emergency room reached.", URGENT_FROM_HOME, PEOPLE
    ),
    "transfer_km_per_day": Definition("km/day", "Patients' road distance from one site to another.", JOURNEYS),
    "outreach_km_per_day": Definition(
        "km/day",
        "Teams' road distance from base to home and back, by the site to which they carry the patient if they do.",
        "outreach contacts requested in the window that started",
    ),
    "co2_t_per_year": Definition(
        "t/year",
        "CO2 of patients' travel from home and back, of transfers one way and of teams, scaled to a year.",
        "journeys of contacts requested in the window",
    ),
    "spread_travel_min_p90_p10": Definition(
        "min/resident/year", "90th less 10th percentile of the municipalities' travel_min_per_resident_year.", TOWNS
    ),
    "spread_nearest_er_min_p90_p10": Definition(
        "min", "90th less 10th percentile of the municipalities' nearest_er_min.", TOWNS
    ),
    "spread_urgent_min_p90_p10": Definition(
        "min", "90th less 10th percentile of the municipalities' urgent_min_to_er_median.", TOWNS
    ),
    "spread_er_visits_p90_p10": Definition(
        "contacts/1000/year", "90th less 10th percentile of the municipalities' er_visits_per_1000_year.", TOWNS
    ),
    "spread_primary_care_wait_h_p90_p10": Definition(
        "h", "90th less 10th percentile of the municipalities' primary_care_wait_median_h.", TOWNS
    ),
}


__all__ = ["JOURNEYS", "TOWNS", "TRAVEL", "URGENT_FROM_HOME", "Journeys", "measure_travel", "travels"]
