"""Beds: how full, who waits for one, who waits to leave one, who comes back."""

from __future__ import annotations

import numpy as np

from sim.measures.emergency import DAY_S
from sim.measures.rows import Rows, ratio
from sim.measures.settled import Queues
from sim.measures.spells import counts, overlap, place_seconds, places_at, steps, sums
from sim.measures.window import Cut, Mask, Run, View
from sim.tables import Ints, Kind

RETURN_S = 30 * DAY_S
NO_BEDS = "no beds open in the window"


def measure_hospital(run: Run, queues: Queues, rows: Rows) -> None:
    """Occupancy, overbeds, admissions, discharge-ready beds and readmissions."""
    note = queues.note(Kind.WARD)
    sites = run.sites_of(run.services_of(Kind.WARD))
    _beds(run, sites, rows, note)
    _admissions(run, sites, rows)
    _readmissions(run, sites, rows)


def _ward_pools(run: Run) -> Ints:
    model = run.model
    pools = model.offer_pool[model.kind[model.offer_service] == Kind.WARD]
    return np.unique(pools[pools >= 0])


def _beds(run: Run, sites: Ints, rows: Rows, note: str) -> None:
    """Time-weighted use of beds, by all and by site."""
    model = run.model
    pools = _ward_pools(run)
    at = np.searchsorted(sites, model.pool_site[pools])
    beds = sums(at, place_seconds(model, run.low, run.high)[pools], len(sites))
    inside = run.all.where(np.isin(run.all.pool, pools) & run.all.started)
    used = _bed_seconds(run, inside, sites)
    over = _above_places(run, inside, pools, at, len(sites)) + _waiting_elsewhere(run, sites)
    ready = _ready_seconds(run, sites)
    for by, groups, part in (("all", ("",), _whole), ("site", _names(run, sites), _each)):
        places = part(beds)
        rows.add("bed_occupancy", by, groups, ratio(part(used), places), note, missing=NO_BEDS)
        rows.add("overbeds_per_100_places", by, groups, ratio(part(over), places, 100), note, missing=NO_BEDS)
        rows.add("discharge_ready_share_of_beds", by, groups, ratio(part(ready), places), missing=NO_BEDS)
        window = [run.seconds] * len(groups)
        rows.add("discharge_ready_bed_days_per_day", by, groups, ratio(part(ready), window))


def _whole(values: Ints) -> Ints:
    return np.array([values.sum()])


def _each(values: Ints) -> Ints:
    return values


def _names(run: Run, sites: Ints) -> tuple[str, ...]:
    return tuple(run.model.sites[t] for t in sites)


def _bed_seconds(run: Run, inside: View, sites: Ints) -> Ints:
    home = np.searchsorted(sites, run.model.pool_site[inside.pool])
    return sums(home, overlap(inside.start, inside.out, run.low, run.high), len(sites))


def _above_places(run: Run, inside: View, pools: Ints, at: Ints, size: int) -> Ints:
    """Patient seconds beyond a pool's places, by site."""
    changes = np.unique(np.clip(run.model.capacity_time, run.low, run.high))
    marks = np.unique(np.concatenate([changes, [run.low, run.high]]))
    which = np.searchsorted(pools, inside.pool)
    who, time, seconds, level = steps(which, inside.start, inside.out, len(pools), marks)
    beyond = np.maximum(level - places_at(run.model, pools[who], time), 0)
    return sums(at[who], beyond * seconds, size)


def _waiting_elsewhere(run: Run, sites: Ints) -> Ints:
    """Patient seconds of those admitted who wait for a bed while they hold another kind of unit, by the ward's site."""
    rest = run.all.where(run.all.ended & (run.kind[run.all.index] != Kind.WARD))
    boards = rest.where((rest.next_kind == Kind.WARD) & (rest.out > rest.end))
    to = run.contacts.site[run.next_row[boards.index]]
    known = to >= 0
    held = overlap(boards.end, boards.out, run.low, run.high)
    return sums(np.searchsorted(sites, to[known]), held[known], len(sites))


def _ready_seconds(run: Run, sites: Ints) -> Ints:
    """Bed seconds of those whose ward care has ended and who keep the bed until care elsewhere starts, by site."""
    ward = run.all.of_kind(Kind.WARD)
    ready = ward.where(ward.ended & (ward.next_kind != Kind.WARD) & (ward.out > ward.end))
    return sums(ready.by_site(sites).code, overlap(ready.end, ready.out, run.low, run.high), len(sites))


def _admissions(run: Run, sites: Ints, rows: Rows) -> None:
    """Ward contacts that started, not counting moves from ward to ward, per 1,000 residents and year."""
    ward = run.asked.of_kind(Kind.WARD)
    new = ward.where(ward.started & ~_moved(run, ward))
    cuts: list[Cut] = [new.cut(by) for by in ("all", "municipality", "age_group")]
    for cut in (*cuts, new.by_site(sites)):
        values = ratio(counts(cut.code, cut.size), cut.people, 1000 * run.model.year_s, run.seconds)
        rows.add("admissions_per_1000_year", cut.by, cut.groups, values, missing="no residents")


def _moved(run: Run, ward: View) -> Mask:
    """Ward contacts that go on at once from another ward contact of the episode."""
    before = np.maximum(run.previous_row[ward.index], 0)
    moved: Mask = (ward.previous_kind == Kind.WARD) & (run.contacts.end[before] == ward.request)
    return moved


def _readmissions(run: Run, sites: Ints, rows: Rows) -> None:
    """Of ward stays that ended in the window 30 days before the horizon, the share with a new one within 30 days."""
    ward = run.all.of_kind(Kind.WARD)
    order = np.argsort(ward.episode, kind="stable")  # rows of an episode stay in the order in which they were made
    ward = View(run, ward.index[order])
    same = np.append(ward.episode[1:] == ward.episode[:-1], False)
    gap = np.append(ward.request[1:], 0) - ward.end
    moved_on = same & (gap == 0)
    base = ward.ended & (ward.end >= run.low) & (ward.end + RETURN_S <= run.high) & ~moved_on
    again = base & same & (gap <= RETURN_S)
    missing = "no ward stay ended 30 days before the end of the run"
    for cut in (ward.cut("all"), ward.by_site(sites)):
        share = ratio(counts(cut.code[again], cut.size), counts(cut.code[base], cut.size))
        rows.add("readmission_30_days_share", cut.by, cut.groups, share, missing=missing)


__all__ = ["measure_hospital"]
