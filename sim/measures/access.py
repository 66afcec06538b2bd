"""Waits for primary care, clinics and the telephone."""

from __future__ import annotations

from sim.measures.rows import Rows, ratio
from sim.measures.settled import Queues
from sim.measures.spells import counts
from sim.measures.survival import survival_quantiles
from sim.measures.window import Run, View
from sim.tables import Kind

CUTS = ("all", "municipality", "age_group")
MIN_S, HOUR_S, DAY_S = 60, 3600, 24 * 3600
NOT_REACHED = "not reached before leaving or the end of the run"


def measure_access(run: Run, queues: Queues, rows: Rows) -> None:
    """Wait from request to start, and the share started in time, of three kinds of service."""
    plans = (
        (
            Kind.PRIMARY_CARE,
            {"primary_care_wait_median_h": (50, HOUR_S)},
            "primary_care_share_within_3_days",
            3 * DAY_S,
        ),
        (Kind.CLINIC, {"clinic_wait_median_days": (50, DAY_S)}, "clinic_share_within_90_days", 90 * DAY_S),
        (
            Kind.TELEPHONE,
            {"telephone_wait_median_min": (50, MIN_S), "telephone_wait_p90_min": (90, MIN_S)},
            "telephone_share_within_10_min",
            10 * MIN_S,
        ),
    )
    for kind, waits, share, limit in plans:
        asked = run.asked.of_kind(kind)
        note = queues.note(kind)
        _waits(asked, waits, rows, note)
        _within(run, asked, share, limit, rows, note)


def _waits(asked: View, waits: dict[str, tuple[int, int]], rows: Rows, note: str) -> None:
    time = asked.wait_end - asked.request
    percents = tuple(percent for percent, _ in waits.values())
    for by in CUTS:
        cut = asked.cut(by)
        found = survival_quantiles(cut.code, time, asked.started, cut.size, percents)
        for (name, (_, unit)), seconds in zip(waits.items(), found, strict=True):
            rows.add(name, by, cut.groups, seconds / unit, note, missing=NOT_REACHED)


def _within(run: Run, asked: View, name: str, limit: int, rows: Rows, note: str) -> None:
    """Of those requested at least ``limit`` before the horizon, the share who started within it."""
    early = asked.where(asked.request + limit <= run.high)
    in_time = early.started & (early.start - early.request <= limit)
    for by in CUTS:
        cut = early.cut(by)
        share = ratio(counts(cut.code[in_time], cut.size), counts(cut.code, cut.size))
        rows.add(name, by, cut.groups, share, note, missing="no contacts so long before the end of the run")


__all__ = ["measure_access"]
