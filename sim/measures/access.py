"""Waits for primary care, clinics and the telephone, and where calls lead."""

from __future__ import annotations

import numpy as np

from sim.measures.er_patients import not_reached
from sim.measures.rows import Rows, ratio
from sim.measures.settled import Drift
from sim.measures.spells import counts, quantile
from sim.measures.survival import survival_quantiles
from sim.measures.window import Mask, Run, View
from sim.tables import Kind, Outcome

CUTS = ("all", "municipality", "age_group")
MIN_S, HOUR_S, DAY_S = 60, 3600, 24 * 3600
CLINIC_LIMIT_S = 90 * DAY_S  # the care guarantee
PLANS = (
    (Kind.PRIMARY_CARE, {"primary_care_wait_median_h": (50, HOUR_S)}, "primary_care_share_within_3_days", 3 * DAY_S),
    (Kind.CLINIC, {"clinic_wait_median_days": (50, DAY_S)}, "clinic_share_within_90_days", CLINIC_LIMIT_S),
    (
        Kind.TELEPHONE,
        {"telephone_wait_median_min": (50, MIN_S), "telephone_wait_p90_min": (90, MIN_S)},
        "telephone_share_within_10_min",
        10 * MIN_S,
    ),
)


def measure_access(run: Run, drift: Drift, rows: Rows) -> None:
    """Wait from request to start and the share started in time; clinics also by start and by who waits."""
    notes = {kind: _queue_notes(run.all.of_kind(kind), drift) for kind, *_ in PLANS}
    for kind, waits, share, limit in PLANS:
        asked = run.asked.of_kind(kind)
        _waits(asked, waits, rows, notes[kind])
        _within(run, asked, share, limit, rows, notes[kind])
    clinic = run.all.of_kind(Kind.CLINIC)
    _started_clinic(run, clinic, rows, notes[Kind.CLINIC])
    _waiting_clinic(run, clinic, rows, notes[Kind.CLINIC])
    _calls(run.asked.of_kind(Kind.TELEPHONE), rows)


def _queue_notes(ever: View, drift: Drift) -> dict[str, list[str]]:
    """Whether the queue of each group stands still, by cut."""
    cuts = {by: ever.cut(by) for by in CUTS}
    return {by: drift.notes(cut.code, ever.request, ever.wait_end, cut.size) for by, cut in cuts.items()}


def _waits(asked: View, waits: dict[str, tuple[int, int]], rows: Rows, notes: dict[str, list[str]]) -> None:
    time = asked.wait_end - asked.request
    percents = tuple(percent for percent, _ in waits.values())
    for by in CUTS:
        cut = asked.cut(by)
        found = survival_quantiles(cut.code, time, asked.started, cut.size, percents)
        for (name, (_, unit)), seconds in zip(waits.items(), found, strict=True):
            rows.add(name, by, cut.groups, seconds / unit, notes[by], not_reached(cut))


def _within(run: Run, asked: View, name: str, limit: int, rows: Rows, notes: dict[str, list[str]]) -> None:
    """Of those requested at least ``limit`` before the horizon, the share who started within it."""
    early = asked.where(asked.request + limit <= run.high)
    in_time = early.started & (early.start - early.request <= limit)
    missing = "no contacts so long before the end of the run"
    _shares(name, early, in_time, rows, notes, missing)


def _shares(name: str, view: View, those: Mask, rows: Rows, notes: dict[str, list[str]], missing: str) -> None:
    for by in CUTS:
        cut = view.cut(by)
        share = ratio(counts(cut.code[those], cut.size), counts(cut.code, cut.size))
        rows.add(name, by, cut.groups, share, notes[by], missing)


def _started_clinic(run: Run, clinic: View, rows: Rows, notes: dict[str, list[str]]) -> None:
    """Waits of an episode's first started contact with a clinic, of those that started in the window."""
    started = clinic.where(clinic.started)
    first = np.zeros(len(started), dtype=bool)
    first[np.unique(started.episode, return_index=True)[1]] = True
    seen = started.where(first & (started.start >= run.low))
    wait = seen.start - seen.request
    missing = "no first contact started in the window"
    for by in CUTS:
        cut = seen.cut(by)
        found, known = quantile(cut.code, wait, cut.size, 50)
        days = np.where(known, found / DAY_S, np.nan)
        rows.add("clinic_started_wait_median_days", by, cut.groups, days, notes[by], missing)
    in_time = wait <= CLINIC_LIMIT_S
    _shares("clinic_started_share_within_90_days", seen, in_time, rows, notes, missing)


def _waiting_clinic(run: Run, clinic: View, rows: Rows, notes: dict[str, list[str]]) -> None:
    """Of those who wait when the run ends, the share who have waited for 90 days at most."""
    waiting = clinic.where((clinic.outcome == Outcome.OPEN) & ~clinic.started)
    short = run.high - waiting.request <= CLINIC_LIMIT_S
    _shares("clinic_waiting_share_within_90_days", waiting, short, rows, notes, "nobody waits")


def _calls(asked: View, rows: Rows) -> None:
    """Where answered calls lead next."""
    answered = asked.where(asked.outcome == Outcome.DONE)
    for name, kind in (("telephone_to_er_share", Kind.EMERGENCY), ("telephone_to_self_care_share", Kind.SELF_CARE)):
        for by in ("all", "age_group"):
            cut = answered.cut(by)
            number = counts(cut.code[answered.next_kind == kind], cut.size)
            rows.add(name, by, cut.groups, ratio(number, counts(cut.code, cut.size)))


__all__ = ["measure_access"]
