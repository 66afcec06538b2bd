"""Load of the emergency rooms: arrivals, presence, waits, stays, boarding."""

from __future__ import annotations

import numpy as np

from sim.measures.rows import Floats, Rows, ratio
from sim.measures.settled import Queues
from sim.measures.spells import counts, overlap, steps, sums, time_quantile
from sim.measures.survival import survival_quantiles
from sim.measures.window import Cut, Run, View
from sim.tables import ABSENT, Ints, Kind, Model, Outcome

DAY_S = 24 * 3600
HOUR_S = 3600
WEEK_H = 7 * 24
PLACE = 1_000_000  # er_places counts millionths
FOUR_HOURS_S = 4 * HOUR_S
NOT_REACHED = "not reached before leaving or the end of the run"
NO_PLACES = "no places in the window"


def measure_emergency(run: Run, queues: Queues, rows: Rows) -> None:
    """Every er_* measure of one run."""
    sites = run.sites_of(run.services_of(Kind.EMERGENCY))
    there = run.all.of_kind(Kind.EMERGENCY)
    asked = run.asked.of_kind(Kind.EMERGENCY)
    note = queues.note(Kind.EMERGENCY)
    _arrivals(run, asked, sites, rows)
    _presence(run, there, sites, rows, note)
    _places(run, there, sites, rows, note)
    for cut in (asked.cut("all"), asked.by_site(sites)):
        _waits(run, asked, cut, rows, note)
        _shares(run, asked, cut, rows)
    for cut in (there.cut("all"), there.by_site(sites)):
        boarding = np.where(there.ended, overlap(there.end, there.out, run.low, run.high), 0)
        total = sums(cut.code, boarding, cut.size)
        rows.add("er_boarding_h_per_day", cut.by, cut.groups, ratio(total, [run.seconds] * cut.size, DAY_S, HOUR_S))


def hours_of_window(run: Run) -> tuple[Ints, Ints, Ints]:
    """Seconds that bound the hours of the window, and each hour's length [s] and hour of the week."""
    first, last = run.low // HOUR_S, -(-run.high // HOUR_S)
    marks = np.clip(np.arange(first, last + 1) * HOUR_S, run.low, run.high)
    return marks, np.diff(marks), run.model.hour_of_week[first:last]


def _arrivals(run: Run, asked: View, sites: Ints, rows: Rows) -> None:
    cuts = [asked.cut(by) for by in ("all", "origin", "age_group", "municipality")]
    for cut in (*cuts, asked.by_site(sites)):
        values = ratio(counts(cut.code, cut.size), [run.seconds] * cut.size, DAY_S)
        rows.add("er_arrivals_per_day", cut.by, cut.groups, values)
    for cut in (asked.cut("age_group"), asked.cut("municipality"), asked.cut("all")):
        values = ratio(counts(cut.code, cut.size), cut.people, 1000 * run.model.year_s, run.seconds)
        rows.add("er_visits_per_1000_year", cut.by, cut.groups, values, missing="no residents")
    _, length, hour = hours_of_window(run)
    number = counts(run.model.hour_of_week[asked.request // HOUR_S], WEEK_H)
    values = ratio(number, sums(hour, length, WEEK_H), DAY_S)
    rows.add("er_arrivals_per_day", "hour_of_week", _names(WEEK_H), values, missing="hour not in the window")


def _names(size: int) -> list[str]:
    return [str(i) for i in range(size)]


def _presence(run: Run, there: View, sites: Ints, rows: Rows, note: str) -> None:
    """Patients present (waiting, in service, boarding) over time, by site and hour of the week."""
    marks, _, _ = hours_of_window(run)
    for cut in (there.cut("all"), there.by_site(sites)):
        who, time, seconds, level = steps(cut.code, there.request, there.out, cut.size, marks)
        hour = run.model.hour_of_week[time // HOUR_S]
        _level_rows(cut.by, list(cut.groups), who, level, seconds, rows, note)
        by = "hour_of_week" if cut.by == "all" else "site_hour_of_week"
        names = [f"{site}|{h}".lstrip("|") for site in cut.groups for h in range(WEEK_H)]
        _level_rows(by, names, who * WEEK_H + hour, level, seconds, rows, note)


def _level_rows(by: str, names: list[str], group: Ints, level: Ints, seconds: Ints, rows: Rows, note: str) -> None:
    size = len(names)
    mean = ratio(sums(group, level * seconds, size), sums(group, seconds, size))
    high, known = time_quantile(group, level, seconds, size, 95)
    rows.add("er_present_mean", by, names, mean, note, missing="hour not in the window")
    p95 = np.where(known, high, np.nan)
    rows.add("er_present_p95", by, names, p95, note, missing="hour not in the window")


def er_places(model: Model, sites: Ints, low: int, high: int) -> Ints:
    """Millionths of ER places by site: the places of its ER pools, averaged over the part of [low, high) when open."""
    micro = np.zeros(len(sites), dtype=np.int64)
    offers = np.flatnonzero((model.kind[model.offer_service] == Kind.EMERGENCY) & (model.offer_pool >= 0))
    for p in np.unique(model.offer_pool[offers]).tolist():
        of_pool = offers[model.offer_pool[offers] == p]
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


def _places(run: Run, there: View, sites: Ints, rows: Rows, note: str) -> None:
    """er_places, and the share of time with more patients present than places."""
    micro = er_places(run.model, sites, run.low, run.high)
    cut = there.by_site(sites)
    who, _, seconds, level = steps(cut.code, there.request, there.out, cut.size, np.array([run.low, run.high]))
    above = sums(who, np.where(level * PLACE > micro[who], seconds, 0), cut.size)
    rows.add("er_places", "site", cut.groups, micro / PLACE)
    rows.add("er_places", "all", ("",), ratio([int(micro.sum())], [PLACE]))
    looked = np.where(micro > 0, run.seconds, 0)
    name = "er_share_time_above_places"
    rows.add(name, "site", cut.groups, ratio(above, looked), note, missing=NO_PLACES)
    total = ratio([int(above[micro > 0].sum())], [int(looked.sum())])
    rows.add(name, "all", ("",), total, note, missing=NO_PLACES)


def _waits(run: Run, asked: View, cut: Cut, rows: Rows, note: str) -> None:
    """Wait to start and stay, median and p90."""
    wait = survival_quantiles(cut.code, asked.wait_end - asked.request, asked.started, cut.size, (50, 90))
    released = asked.release != ABSENT
    stay = survival_quantiles(cut.code, asked.out - asked.request, released, cut.size, (50, 90))
    for name, values in (("er_wait", wait), ("er_stay", stay)):
        for suffix, seconds in zip(("median_min", "p90_min"), values, strict=True):
            minutes: Floats = seconds / 60
            rows.add(f"{name}_{suffix}", cut.by, cut.groups, minutes, note, missing=NOT_REACHED)
    early = asked.request + FOUR_HOURS_S <= run.high
    within = early & released & (asked.out - asked.request <= FOUR_HOURS_S)
    share = ratio(counts(cut.code[within], cut.size), counts(cut.code[early], cut.size))
    rows.add("er_share_within_4h", cut.by, cut.groups, share, note, missing="no contacts four hours before the end")


def _shares(run: Run, asked: View, cut: Cut, rows: Rows) -> None:
    """Who left, who primary care could have treated, who was admitted."""
    number = counts(cut.code, cut.size)
    left = counts(cut.code[asked.outcome == Outcome.LEFT], cut.size)
    rows.add("er_left_share", cut.by, cut.groups, ratio(left, number))
    ppm = sums(cut.code, run.model.treatable_ppm[asked.need, asked.acuity], cut.size)
    values = ratio(ppm, number, down=1_000_000)
    rows.add("er_share_treatable_in_primary_care", cut.by, cut.groups, values)
    over = asked.outcome != Outcome.OPEN
    admitted = over & (asked.next_kind == Kind.WARD)
    values = ratio(counts(cut.code[admitted], cut.size), counts(cut.code[over], cut.size))
    rows.add("er_share_admitted", cut.by, cut.groups, values)


__all__ = ["DAY_S", "HOUR_S", "WEEK_H", "er_places", "hours_of_window", "measure_emergency"]
