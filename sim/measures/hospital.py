"""Beds: how full, who waits for one, who waits to leave one, who comes back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from sim.measures.definition import PEOPLE, SITES, Definition
from sim.measures.emergency import DAY_S, WEEK_H, hours_of_window
from sim.measures.intervals import (
    counts,
    overlap,
    place_seconds,
    place_seconds_between,
    places_at,
    steps,
    sums,
    time_between_marks,
)
from sim.measures.rows import MeasureRows, ratio
from sim.measures.stationarity import Drift
from sim.measures.view import Codes, Cut, Mask, ObservedRun, View
from sim.model.codes import Ints, Kind, Origin

RETURN_S = 30 * DAY_S
NO_BEDS = "no beds open in the window"
OLDER = "65plus"


def measure_hospital(wards: Wards, drift: Drift, rows: MeasureRows) -> None:
    """Occupancy, overbeds, admissions, discharge-ready beds and readmissions."""
    run = wards.run
    for by, groups in (("all", ("",)), ("site", wards.names)):
        _beds(wards, drift, by, groups, rows)
    _by_hour(wards, drift, rows)
    _ready(wards, drift, rows)
    _admissions(run, wards.sites, rows)
    _readmissions(run, wards.sites, rows)


class Wards:
    """The ward pools, and the stretches of time that patients spend in them and before them."""

    def __init__(self, run: ObservedRun) -> None:
        self.run, model = run, run.model
        offered = np.repeat(model.offer_service, np.diff(model.offer_pools_ptr))
        pools = model.offer_pools[model.kind[offered] == Kind.WARD]
        self.pools = np.unique(pools[pools >= 0])
        self.sites = np.union1d(run.sites_of(run.services_of(Kind.WARD)), model.pool_site[self.pools])
        self.names = tuple(model.sites[t] for t in self.sites)
        self.pool_at = np.searchsorted(self.sites, model.pool_site[self.pools])
        self.places = place_seconds(model, run.low, run.high)[self.pools]

    def group(self, by: str, at: Codes) -> Codes:
        """Groups of the cut ``by`` from indices into ``sites``."""
        return np.zeros(len(at), dtype=np.int64) if by == "all" else at

    @cached_property
    def inside(self) -> View:
        """Everybody in a bed."""
        ward = np.isin(np.arange(-1, len(self.run.model.pools)), self.pools)  # the first is no pool
        return self.run.those(lambda block: ward.take(block.pool + 1) & block.started)

    @cached_property
    def inside_at(self) -> Ints:
        """Site of the bed."""
        return np.searchsorted(self.sites, self.run.model.pool_site[self.inside.pool])

    @cached_property
    def boarding(self) -> View:
        """Those admitted who keep another kind of unit while they wait for a bed."""
        run = self.run
        before = run.previous_row[run.ever(Kind.WARD).rows]
        rest = View(run, before[before >= 0])
        return rest.where(rest.ended & (rest.kept_until > rest.end) & (rest.kind != Kind.WARD))

    @cached_property
    def boarding_at(self) -> Ints:
        """Site of the bed that is waited for."""
        run = self.run
        return np.searchsorted(self.sites, run.contacts.site[run.next_row[self.boarding.index]])

    @cached_property
    def ready(self) -> View:
        """Those who keep a bed after their ward care has ended, until care elsewhere starts."""
        ward = self.run.ever(Kind.WARD)
        return ward.where(ward.ended & (ward.next_kind != Kind.WARD) & (ward.kept_until > ward.end))

    def above(self, bounds: Ints) -> Ints:
        """[sites, pieces] patient seconds beyond a pool's places, between one bound of the window and the next."""
        run, inside = self.run, self.inside
        changes = np.unique(np.clip(run.model.capacity_time, run.low, run.high))
        marks = np.unique(np.concatenate([changes, bounds]))
        which = np.searchsorted(self.pools, inside.pool)
        who, time, seconds, level = steps(which, inside.start, inside.out, len(self.pools), marks)
        beyond = np.maximum(level - places_at(run.model, self.pools[who], time), 0)
        pieces = len(bounds) - 1
        piece = np.searchsorted(bounds, time, side="right") - 1
        shape = len(self.sites), pieces
        return sums(self.pool_at[who] * pieces + piece, beyond * seconds, len(self.sites) * pieces).reshape(shape)


def _beds(wards: Wards, drift: Drift, by: str, groups: tuple[str, ...], rows: MeasureRows) -> None:
    """Time-weighted use of beds, and overbeds."""
    run, size = wards.run, len(groups)
    inside, board = wards.inside, wards.boarding
    home, home_board = wards.group(by, wards.inside_at), wards.group(by, wards.boarding_at)
    places = sums(wards.group(by, wards.pool_at), wards.places, size)
    used = sums(home, overlap(inside.start, inside.out, run.low, run.high), size)
    above = wards.above(drift.marks)
    over = above.sum(axis=0, keepdims=True) if by == "all" else above
    over = over + time_between_marks(home_board, board.end, board.kept_until, size, drift.marks)
    full = drift.behind_stretches(home, inside.start, inside.out, size)
    rows.add("bed_occupancy", by, groups, ratio(used, places), full, NO_BEDS)
    rows.add("overbeds_per_100_places", by, groups, ratio(over.sum(axis=1), places, 100), drift.behind(over), NO_BEDS)


def _by_hour(wards: Wards, drift: Drift, rows: MeasureRows) -> None:
    """Bed occupancy of all wards together by hour of the week."""
    run, inside = wards.run, wards.inside
    marks, _, hour = hours_of_window(run)
    all_in_one = np.zeros(len(inside), dtype=np.int64)
    used = time_between_marks(all_in_one, inside.start, inside.out, 1, marks)[0]
    behind = drift.behind_stretches(all_in_one, inside.start, inside.out, 1).repeat(WEEK_H)
    places = place_seconds_between(run.model, wards.pools, marks).sum(axis=0)
    share = ratio(sums(hour, used, WEEK_H), sums(hour, places, WEEK_H))
    rows.add("bed_occupancy", "hour_of_week", [str(h) for h in range(WEEK_H)], share, behind, NO_BEDS)


def _ready(wards: Wards, drift: Drift, rows: MeasureRows) -> None:
    """Beds kept by patients who are ready for discharge, and how long each keeps one."""
    run, ready = wards.run, wards.ready
    stays = run.ever(Kind.WARD)
    stays = stays.where(stays.ended & (stays.end >= run.low))
    sent = stays.where((stays.next_kind != Kind.WARD) & (stays.went_on | (stays.out > stays.end)))
    kept_s = overlap(ready.end, ready.kept_until, run.low, run.high)
    places = sums(np.searchsorted(wards.sites, run.model.pool_site[wards.pools]), wards.places, len(wards.sites))
    for cut, became in zip(_all_and_sites(ready, wards.sites), _all_and_sites(sent, wards.sites), strict=True):
        total = sums(cut.code, kept_s, cut.size)
        behind = drift.behind_stretches(cut.code, ready.end, ready.kept_until, cut.size)
        beds = places if cut.by == "site" else np.array([places.sum()])
        rows.add("discharge_ready_share_of_beds", cut.by, cut.groups, ratio(total, beds), behind, NO_BEDS)
        window = [run.seconds] * cut.size
        rows.add("discharge_ready_bed_days_per_day", cut.by, cut.groups, ratio(total, window), behind)
        waits = ratio(total, counts(became.code, cut.size), 1, DAY_S)
        rows.add("discharge_ready_wait_mean_days", cut.by, cut.groups, waits, behind, "nobody became ready")
    older = ready.of_age(OLDER)
    cut = older.cut(OLDER)
    total = sums(cut.code, overlap(older.end, older.kept_until, run.low, run.high), cut.size)
    yearly = ratio(total, cut.people, 1000 * run.model.year_s, DAY_S * run.seconds)
    behind = drift.behind_stretches(cut.code, older.end, older.kept_until, cut.size)
    rows.add("discharge_ready_days_per_1000_year", cut.by, cut.groups, yearly, behind, "no residents")


def _all_and_sites(view: View, sites: Ints) -> Iterator[Cut]:
    yield view.cut("all")
    yield view.by_site(sites)


def _admissions(run: ObservedRun, sites: Ints, rows: MeasureRows) -> None:
    """Ward contacts that started, not counting moves from ward to ward, per 1,000 residents and year."""
    new = new_admissions(run)
    cuts: list[Cut] = [new.cut(by) for by in ("all", "municipality", "age_group")]
    for cut in (*cuts, new.by_site(sites)):
        values = ratio(counts(cut.code, cut.size), cut.people, 1000 * run.model.year_s, run.seconds)
        rows.add("admissions_per_1000_year", cut.by, cut.groups, values, missing="no residents")


def new_admissions(run: ObservedRun) -> View:
    """Ward contacts requested in the window that started, moves from ward to ward not among them."""
    ward = run.of_kind(Kind.WARD)
    return ward.where(ward.came & ~_transfers(run, ward))


def _transfers(run: ObservedRun, ward: View) -> Mask:
    """Ward contacts that follow at once on a stay on another ward."""
    before = run.previous_row[ward.index]
    rest = View(run, before)
    stayed = (ward.previous_kind == Kind.WARD) & rest.ended & rest.came
    transfers: Mask = stayed & (ward.origin != Origin.FOLLOWED)
    return transfers


def _readmissions(run: ObservedRun, sites: Ints, rows: MeasureRows) -> None:
    """Of ward stays that ended in the window 30 days before the horizon, the share with a new one within 30 days."""
    ward = run.ever(Kind.WARD)
    order = np.argsort(ward.episode, kind="stable")  # rows of an episode stay in the order in which they were made
    ward = View(run, ward.rows[order])
    same = np.append(ward.episode[1:] == ward.episode[:-1], False)
    gap = np.append(ward.request[1:], 0) - ward.end
    moved_on = (ward.next_kind == Kind.WARD) & ward.went_on
    base = ward.ended & ward.came & (ward.end >= run.low) & (ward.end + RETURN_S <= run.high) & ~moved_on
    again = base & same & (gap <= RETURN_S)
    _readmission_rows(ward.cut("all"), base, again, rows)
    _readmission_rows(ward.by_site(sites), base, again, rows)
    _readmission_rows(ward.cut("age_group"), base, again, rows)
    older = ward.of_age(OLDER)
    inside = np.isin(ward.rows, older.rows)
    _readmission_rows(older.cut(OLDER), base[inside], again[inside], rows)


def _readmission_rows(cut: Cut, base: Mask, again: Mask, rows: MeasureRows) -> None:
    share = ratio(counts(cut.code[again], cut.size), counts(cut.code[base], cut.size))
    missing = "no ward stay ended 30 days before the end of the run"
    rows.add("readmission_30_days_share", cut.by, cut.groups, share, missing=missing)


BEDS = "beds of ward pools during the window"
READY = "patients whose ward care has ended and who keep the bed until care elsewhere starts"
HOSPITAL: dict[str, Definition] = {
    "bed_occupancy": Definition(
        "share", "Bed hours used over hours of places without surge.", BEDS, (*SITES, "hour_of_week")
    ),
    "overbeds_per_100_places": Definition(
        "patients/100 places",
        "Time average of patients beyond the places, and of admitted patients who keep a unit elsewhere while they "
        "wait for a bed.",
        BEDS,
        SITES,
        fed_by=("bed_occupancy", "discharge_ready_bed_days_per_day"),
    ),
    "admissions_per_1000_year": Definition(
        "admissions/1000/year",
        "Ward stays begun (moves between wards not counted) per 1,000 residents of the group, scaled to a year; by "
        "site, of the whole region.",
        "ward contacts requested in the window that started",
        (*PEOPLE, "site"),
    ),
    "discharge_ready_share_of_beds": Definition("share", "Bed hours kept, over hours of places.", READY, SITES),
    "discharge_ready_bed_days_per_day": Definition("bed days/day", "Beds kept, on average.", READY, SITES),
    "discharge_ready_wait_mean_days": Definition(
        "days",
        "Bed days kept in the window over the number who became ready in it (Little's law), those who left at once "
        "among them.",
        READY,
        SITES,
    ),
    "discharge_ready_days_per_1000_year": Definition(
        "bed days/1000/year", "Bed days kept per 1,000 residents of the group, scaled to a year.", READY, ("age",)
    ),
    "readmission_30_days_share": Definition(
        "share",
        "Share with a new ward contact of the same episode within 30 days of the end of the stay.",
        "ward stays that ended in the window, at least 30 days before the end of the run",
        ("all", "site", "age_group", "age"),
    ),
    "rare_cases_per_year": Definition(
        "cases/year",
        "Episodes with a first started contact with rare care (at the site), scaled to a year.",
        "contacts with rare care requested in the window",
        SITES,
    ),
}


__all__ = ["BEDS", "HOSPITAL", "NO_BEDS", "READY", "Wards", "measure_hospital", "new_admissions"]
