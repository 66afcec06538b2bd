"""Who has no bed where they should lie: outliers, transfers to other hospitals, planned admissions that are put off."""

from __future__ import annotations

import numpy as np

from sim.measures.columns import Mask
from sim.measures.definition import SITES, Definition
from sim.measures.hospital import NO_BEDS, Wards
from sim.measures.intervals import counts, levels_at, places_at, sums, time_between_marks
from sim.measures.rows import MeasureRows, ratio
from sim.measures.stationarity import Drift
from sim.measures.view import NOBODY, ObservedRun, View
from sim.model.codes import Ints, Kind, Origin, Outcome

HOUR_S, DAY_H = 3600, 24
MORNING = 6  # o'clock: when hospitals report to SKR's database (Läkartidningen 2013-11, on figures of single hospitals)
NO_MORNING = "no bed is open at six on a morning of the window"


def measure_ward_places(run: ObservedRun, wards: Wards, drift: Drift, rows: MeasureRows) -> None:
    """Outliers and overbeds of the morning, ward_transfer_share, planned_admission_cancelled_share."""
    _outliers(wards, drift, rows)
    _mornings(wards, rows)
    _transfers(run, wards.sites, rows)
    _cancellations(run, wards.sites, rows)


def _outliers(wards: Wards, drift: Drift, rows: MeasureRows) -> None:
    run, inside = wards.run, wards.inside
    away = _on_another_ward(run, inside)
    out, at = inside.where(away), wards.inside_at[away]
    places = sums(wards.pool_at, wards.places, len(wards.sites))
    for by, groups, home, beds in (
        ("all", ("",), np.zeros(len(at), dtype=np.int64), np.array([places.sum()])),
        ("site", wards.names, at, places),
    ):
        there = time_between_marks(home, out.start, out.out, len(groups), drift.marks)
        values = ratio(there.sum(axis=1), beds, 100)
        rows.add("outliers_per_100_places", by, groups, values, drift.behind(there), NO_BEDS)


def _mornings(wards: Wards, rows: MeasureRows) -> None:
    """Overbeds and outliers as registers count them: once a day, at six in the morning."""
    model, inside, sites = wards.run.model, wards.inside, len(wards.sites)
    second = np.flatnonzero(model.hour_of_week % DAY_H == MORNING) * HOUR_S
    mornings = second[(second >= wards.run.low) & (second < wards.run.high)]
    there = levels_at(np.searchsorted(wards.pools, inside.pool), inside.start, inside.out, len(wards.pools), mornings)
    pool = np.repeat(wards.pools, len(mornings))
    open_places = places_at(model, pool, np.tile(mornings, len(wards.pools))).reshape(there.shape)
    at_six = [np.zeros((sites, len(mornings)), dtype=np.int64) for _ in range(2)]
    for total, each in zip(at_six, (np.maximum(there - open_places, 0), open_places), strict=True):
        np.add.at(total, wards.pool_at, each)
    over, beds = at_six
    out, at = inside.where(away := _on_another_ward(wards.run, inside)), wards.inside_at[away]
    outliers = levels_at(at, out.start, out.out, sites, mornings)
    for name, number in (("morning_overbeds_per_100_places", over), ("morning_outliers_per_100_places", outliers)):
        rows.add(name, "all", ("",), ratio([number.sum()], [beds.sum()], 100), missing=NO_MORNING)
        rows.add(name, "site", wards.names, ratio(number.sum(axis=1), beds.sum(axis=1), 100), missing=NO_MORNING)


def _on_another_ward(run: ObservedRun, inside: View) -> Mask:
    """Who lies in a pool that takes their service's patients only after some time, or stays on there afterwards."""
    m = run.model
    first = m.offer_pools_ptr[:-1]
    later = np.maximum.reduceat(m.offer_spill_s, first) > 0 if len(first) else np.zeros(0, dtype=bool)
    offer = m.offer[inside.site, inside.service]
    away: Mask = later[offer] & (inside.pool != m.offer_pool[offer])
    before = run.previous_row[inside.index]
    same = (before != NOBODY) & (run.contacts.pool[np.maximum(before, 0)] == inside.pool)
    same &= run.contacts.origin[inside.index] != Origin.FOLLOWED
    row_away = np.zeros(len(run.contacts.pool) + 1, dtype=bool)
    row_away[inside.rows[away]] = True
    stays_away: Mask = away | (same & row_away[before])
    return stays_away


def _transfers(run: ObservedRun, sites: Ints, rows: MeasureRows) -> None:
    """Of patients admitted from emergency rooms in the window, those whose bed is at another hospital."""
    ward = run.of_kind(Kind.WARD)
    ward = ward.where(ward.came & np.isin(ward.origin, (Origin.REFERRED, Origin.FELL_BACK, Origin.LEFT)))
    sent_from = _deciding_site(run, ward)
    admitted = ward.where(sent_from >= 0)
    sent_from = sent_from[sent_from >= 0]
    moved = admitted.site != sent_from
    total = ratio([int(moved.sum())], [len(admitted)])
    rows.add("ward_transfer_share", "all", ("",), total, missing="nobody was admitted")
    at = np.searchsorted(sites, sent_from)
    known = (at < len(sites)) & (sites[np.minimum(at, len(sites) - 1)] == sent_from)
    values = ratio(sums(at[known], moved[known], len(sites)), counts(at[known], len(sites)))
    rows.add("ward_transfer_share", "site", tuple(run.model.sites[t] for t in sites), values)


def _deciding_site(run: ObservedRun, ward: View) -> Ints:
    """Site of the emergency room that decided on an admission, -1 where none did."""
    row = run.previous_row[ward.index]
    left_queue = run.contacts.outcome[np.maximum(row, 0)] != Outcome.DONE
    waited = (run.kind[row] == Kind.WARD) & left_queue
    row = np.where(waited, run.previous_row[np.maximum(row, 0)], row)
    decided = np.isin(run.kind[row], (Kind.EMERGENCY_WORKUP, Kind.EMERGENCY))
    site: Ints = np.where(decided, run.contacts.site[np.maximum(row, 0)], -1).astype(np.int64)
    return site


def _cancellations(run: ObservedRun, sites: Ints, rows: MeasureRows) -> None:
    """Of requests for planned admission in the window, those that a full ward refused."""
    refuses = (run.model.refuse_row >= 0).any(axis=(0, 2)) & (run.model.kind == Kind.WARD)
    planned = run.of_kind(Kind.WARD)
    planned = planned.where(refuses[planned.service])
    for cut in (planned.cut("all"), planned.by_site(sites)):
        off = ratio(counts(cut.code[planned.outcome == Outcome.TURNED_AWAY], cut.size), counts(cut.code, cut.size))
        rows.add("planned_admission_cancelled_share", cut.by, cut.groups, off, missing="none was asked for")


WARD_PLACES: dict[str, Definition] = {
    "outliers_per_100_places": Definition(
        "patients/100 places",
        "Patients in a bed of another ward of the hospital than their own, since that was full, per 100 places; "
        "time-weighted.",
        "time of the window",
        SITES,
    ),
    "morning_overbeds_per_100_places": Definition(
        "patients/100 places",
        "Patients on wards beyond the places of their pool at 06:00, over all mornings, per 100 places open then, as "
        "hospitals report to SKR; who waits in an emergency room is not on a ward.",
        "mornings of the window",
        SITES,
        fed_by=("bed_occupancy", "overbeds_per_100_places"),
    ),
    "morning_outliers_per_100_places": Definition(
        "patients/100 places",
        "Patients in a bed of another ward of the hospital than their own at 06:00, over all mornings, per 100 places "
        "open then.",
        "mornings of the window",
        SITES,
        fed_by=("bed_occupancy", "outliers_per_100_places"),
    ),
    "ward_transfer_share": Definition(
        "share",
        "Share whose bed is at another hospital than the emergency room that admitted them (by site: of the latter).",
        "ward contacts after a visit to an emergency room, requested in the window, that started",
        SITES,
    ),
    "planned_admission_cancelled_share": Definition(
        "share",
        "Share of planned admissions that are put off since the ward is full; who is put off twice counts twice.",
        "contacts with wards that may refuse, requested in the window",
        SITES,
    ),
}


__all__ = ["WARD_PLACES", "measure_ward_places"]
