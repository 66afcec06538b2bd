"""Load of the emergency rooms: arrivals, presence, places, boarding."""

from __future__ import annotations

import numpy as np

from sim.measures.definition import KAPLAN_MEIER, PEOPLE, SITES, Definition
from sim.measures.er_contacts import PRESENT, Emergencies
from sim.measures.intervals import counts, steps, sums, time_between_marks, time_quantile
from sim.measures.rows import Behind, MeasureRows, ratio
from sim.measures.stationarity import Drift
from sim.measures.view import Cut, ObservedRun, View
from sim.model.codes import Ints, Kind
from sim.model.tables import Model

DAY_S = 24 * 3600
HOUR_S = 3600
WEEK_H = 7 * 24
PLACE = 1_000_000  # er_places counts millionths
NO_PLACES = "no places in the window"
NOT_IN_WINDOW = "hour not in the window"


def measure_emergency(run: ObservedRun, emergencies: Emergencies, drift: Drift, rows: MeasureRows) -> None:
    """How many come to the emergency rooms, are there, and board."""
    sites, there = emergencies.sites, emergencies.ever
    _arrivals(run, emergencies.requests, sites, rows)
    _presence(run, emergencies, rows)
    board = there.where(there.ended & (there.kept_until > there.end))
    for cut in (board.cut("all"), board.by_site(sites)):
        pieces = time_between_marks(cut.code, board.end, board.kept_until, cut.size, drift.marks)
        values = ratio(pieces.sum(axis=1), [run.seconds] * cut.size, DAY_S, HOUR_S)
        rows.add("er_boarding_h_per_day", cut.by, cut.groups, values, drift.behind(pieces))


def hours_of_window(run: ObservedRun) -> tuple[Ints, Ints, Ints]:
    """Seconds that bound the hours of the window, and each hour's length [s] and hour of the week."""
    first, last = run.low // HOUR_S, -(-run.high // HOUR_S)
    marks = np.clip(np.arange(first, last + 1) * HOUR_S, run.low, run.high)
    return marks, np.diff(marks), run.model.hour_of_week[first:last]


def _arrivals(run: ObservedRun, requests: View, sites: Ints, rows: MeasureRows) -> None:
    cuts = [requests.cut(by) for by in ("all", "origin", "age_group", "municipality")]
    for cut in (*cuts, requests.by_site(sites), _from_homes(requests, sites)):
        values = ratio(counts(cut.code, cut.size), [run.seconds] * cut.size, DAY_S)
        rows.add("er_arrivals_per_day", cut.by, cut.groups, values)
    for cut in (requests.cut("age_group"), requests.cut("municipality"), requests.cut("all")):
        values = ratio(counts(cut.code, cut.size), cut.people, 1000 * run.model.year_s, run.seconds)
        rows.add("er_visits_per_1000_year", cut.by, cut.groups, values, missing="no residents")
    _, length, hour = hours_of_window(run)
    number = counts(run.model.hour_of_week[requests.request // HOUR_S], WEEK_H)
    values = ratio(number, sums(hour, length, WEEK_H), DAY_S)
    rows.add("er_arrivals_per_day", "hour_of_week", _names(WEEK_H), values, missing=NOT_IN_WINDOW)


def _from_homes(requests: View, sites: Ints) -> Cut:
    """Visits by the municipality where the patient lives and the site, in one."""
    at, towns = requests.by_site(sites), requests.run.model.municipalities
    names = tuple(f"{town}|{site}" for town in towns for site in at.groups)
    code = requests.town * np.int64(at.size) + at.code
    return Cut("municipality_site", names, code, np.full(len(names), requests.run.total_people))


def _names(size: int) -> list[str]:
    return [str(i) for i in range(size)]


def _presence(run: ObservedRun, emergencies: Emergencies, rows: MeasureRows) -> None:
    """Patients present (waiting, in service, boarding) over time, by site and hour of the week, and beyond places."""
    marks, _, _ = hours_of_window(run)
    there = emergencies.ever
    for cut in (there.cut("all"), there.by_site(emergencies.sites)):
        behind = emergencies.behind(PRESENT, cut.by)
        who, time, seconds, level = steps(cut.code, there.request, there.out, cut.size, marks)
        hour = run.model.hour_of_week[time // HOUR_S]
        _level_rows(cut.by, list(cut.groups), who, level, seconds, rows, behind)
        by = "hour_of_week" if cut.by == "all" else "site_hour_of_week"
        names = [f"{site}|{h}".lstrip("|") for site in cut.groups for h in range(WEEK_H)]
        _level_rows(by, names, who * WEEK_H + hour, level, seconds, rows, behind.repeat(WEEK_H))
    _places(run, emergencies, (who, level, seconds), rows)


def _level_rows(
    by: str, names: list[str], group: Ints, level: Ints, seconds: Ints, rows: MeasureRows, behind: Behind
) -> None:
    size = len(names)
    mean = ratio(sums(group, level * seconds, size), sums(group, seconds, size))
    high, known = time_quantile(group, level, seconds, size, 95)
    rows.add("er_present_mean", by, names, mean, behind, missing=NOT_IN_WINDOW)
    p95 = np.where(known, high, np.nan)
    rows.add("er_present_p95", by, names, p95, behind, missing=NOT_IN_WINDOW)


def er_places(model: Model, sites: Ints, low: int, high: int) -> Ints:
    """Millionths of ER places by site: the places of its ER pools, averaged over the part of [low, high) when open."""
    micro = np.zeros(len(sites), dtype=np.int64)
    offers = np.repeat(np.arange(len(model.offer_pool)), np.diff(model.offer_pools_ptr))
    is_er = (model.kind[model.offer_service[offers]] == Kind.EMERGENCY) & (model.offer_pools >= 0)
    for p in np.unique(model.offer_pools[is_er]).tolist():
        of_pool = offers[is_er & (model.offer_pools == p)]
        unit_s, open_s = _open_places(model, of_pool, p, low, high)
        if open_s:
            micro[np.searchsorted(sites, model.offer_site[of_pool[0]])] += (2 * PLACE * unit_s + open_s) // (2 * open_s)
    return micro


def _open_places(model: Model, offers: Ints, pool: int, low: int, high: int) -> tuple[int, int]:
    """Unit seconds of a pool, and seconds with units, while any of its offers is open."""
    toggles = [model.open_time[model.open_ptr[g] : model.open_ptr[g + 1]] for g in offers.tolist()]
    first, last = model.capacity_ptr[pool], model.capacity_ptr[pool + 1]
    changes = model.capacity_time[first:last]
    cuts = np.unique(np.clip(np.concatenate([*toggles, changes, [low, high]]), low, high))
    begin, length = cuts[:-1], np.diff(cuts)
    is_open = np.array([np.searchsorted(t, begin, side="right") % 2 == 1 for t in toggles]).any(axis=0)
    units = model.places_value[first:last][np.searchsorted(changes, begin, side="right") - 1]
    used = is_open & (units > 0)
    return int((units * length)[used].sum()), int(length[used].sum())


def _places(run: ObservedRun, emergencies: Emergencies, present: tuple[Ints, Ints, Ints], rows: MeasureRows) -> None:
    """er_places, and the share of time with more patients present than places, from the steps of those present."""
    sites = emergencies.sites
    micro = er_places(run.model, sites, run.low, run.high)
    who, level, seconds = present
    above = sums(who, np.where(level * PLACE > micro[who], seconds, 0), len(sites))
    names = tuple(run.model.sites[t] for t in sites)
    rows.add("er_places", "site", names, micro / PLACE)
    rows.add("er_places", "all", ("",), ratio([int(micro.sum())], [PLACE]))
    looked = np.where(micro > 0, run.seconds, 0)
    name = "er_share_time_above_places"
    behind = emergencies.behind(PRESENT, "site")
    rows.add(name, "site", names, ratio(above, looked), behind, missing=NO_PLACES)
    total = ratio([int(above[micro > 0].sum())], [int(looked.sum())])
    rows.add(name, "all", ("",), total, emergencies.behind(PRESENT, "all"), missing=NO_PLACES)


ER = "visits to emergency rooms requested in the window"
ER_TIME = "patients at emergency rooms during the window, whenever they came"
PATIENTS = ("all", "site", "age_group", "age")
BOARDING = ("er_boarding_h_per_day",)  # keeps the places that others wait for
BEDS = ("bed_occupancy", "discharge_ready_bed_days_per_day")  # whom those who board wait for
HOURS = ("all", "site", "hour_of_week", "site_hour_of_week")
EMERGENCY: dict[str, Definition] = {
    "er_arrivals_per_day": Definition(
        "contacts/day",
        "Arrivals at emergency rooms per day; by hour of the week the rate in that hour, per day. By origin, who comes "
        "by ambulance is referred: their first contact was with the ambulance.",
        ER,
        ("all", "origin", "age_group", "municipality", "site", "municipality_site", "hour_of_week"),
    ),
    "er_visits_per_1000_year": Definition(
        "contacts/1000/year",
        "Arrivals at emergency rooms per 1,000 residents of the group, scaled to a year by the window's length (not by "
        "the season).",
        ER,
        PEOPLE,
    ),
    "er_present_mean": Definition(
        "patients",
        "Time average of patients present: waiting, in service or boarding.",
        ER_TIME,
        HOURS,
        fed_by=BOARDING,
    ),
    "er_present_p95": Definition(
        "patients",
        "The number present that is not exceeded during 95 % of the time.",
        ER_TIME,
        HOURS,
        fed_by=BOARDING,
    ),
    "er_places": Definition(
        "places",
        "Places without surge, averaged over the open part of the window; over all sites their sum.",
        "pools of emergency rooms",
        SITES,
    ),
    "er_share_time_above_places": Definition(
        "share",
        "Share of time with more patients present than the site's er_places; over all sites, the sites' mean.",
        ER_TIME,
        SITES,
        fed_by=BOARDING,
    ),
    "er_boarding_h_per_day": Definition(
        "h/day",
        "Hours during which treated patients keep a place while they wait for a bed or other care, per day.",
        ER_TIME,
        SITES,
        fed_by=BEDS,
    ),
    "er_wait_median_min": Definition(
        "min", f"Median of minutes from request to a place, {KAPLAN_MEIER}.", ER, (*PATIENTS, "acuity"), fed_by=BOARDING
    ),
    "er_wait_p90_min": Definition(
        "min",
        f"90th percentile of minutes from request to a place, {KAPLAN_MEIER}.",
        ER,
        (*PATIENTS, "acuity"),
        fed_by=BOARDING,
    ),
    "er_left_share": Definition(
        "share",
        "Share who left before they were seen: while they waited for a place or for the physician.",
        ER,
        PATIENTS,
        fed_by=BOARDING,
    ),
    "er_stay_median_min": Definition(
        "min",
        "Median of minutes from request until the patient is out, treated or not, boarding counted; the end of the run "
        "censors.",
        ER,
        PATIENTS,
        fed_by=BOARDING,
    ),
    "er_stay_p90_min": Definition(
        "min",
        "90th percentile of minutes from request until the patient is out, treated or not; the end of the run censors.",
        ER,
        PATIENTS,
        fed_by=BOARDING,
    ),
    "er_stay_admitted_median_min": Definition(
        "min",
        "Median of minutes from request until a bed is taken, of those who go on to a ward.",
        "visits to emergency rooms requested in the window whose patient is in a bed before the end of the run",
        PATIENTS,
        fed_by=BOARDING,
    ),
    "er_share_within_4h": Definition(
        "share",
        "Share who are out within four hours, treated or not, of those who came at least four hours before the end of "
        "the run.",
        ER,
        PATIENTS,
        fed_by=BOARDING,
    ),
    "er_share_admitted": Definition(
        "share",
        "Share who went on to a ward at once, of visits that are over before the end of the run, those who left "
        "among them.",
        ER,
        PATIENTS,
        fed_by=("er_left_share",),
    ),
    "er_share_treatable_in_primary_care": Definition(
        "share", "Share that primary care could have treated, by the care model's share for need and acuity.", ER, SITES
    ),
    "er_referred_by_telephone_share": Definition(
        "share",
        "Share whom answered telephone advice sent at once, not those who come later, against advice.",
        ER,
        ("all", "age_group"),
    ),
    "er_referred_by_primary_care_share": Definition(
        "share",
        "Share whose contact before in the episode was a visit in primary care, out-of-hours care among it.",
        ER,
        ("all", "age_group"),
    ),
    "er_acuity_share": Definition("share", "Share of each acuity among all; 1 is the most urgent.", ER, ("acuity",)),
}


__all__ = [
    "DAY_S",
    "EMERGENCY",
    "ER",
    "ER_TIME",
    "HOURS",
    "HOUR_S",
    "PATIENTS",
    "WEEK_H",
    "er_places",
    "hours_of_window",
    "measure_emergency",
]
