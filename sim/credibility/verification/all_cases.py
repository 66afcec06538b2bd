"""All cases, by name, in the order of the table."""

from __future__ import annotations

from functools import cache

from sim.credibility.verification import (
    calendar_cases,
    held_cases,
    hours_cases,
    network_cases,
    overflow_cases,
    response_cases,
    station_cases,
    vehicle_cases,
)
from sim.credibility.verification.case import Case

MADE = (
    station_cases.mm1,
    station_cases.mmc,
    station_cases.mmc_busy,
    station_cases.mg1,
    station_cases.md1,
    station_cases.priority,
    station_cases.impatient,
    station_cases.patient,
    station_cases.limited,
    station_cases.lost_exponential,
    station_cases.lost_lognormal,
    station_cases.lost_deterministic,
    station_cases.unlimited,
    station_cases.transient,
    station_cases.varying,
    station_cases.unlike_weeks,
    calendar_cases.finish,
    calendar_cases.overtime,
    calendar_cases.night,
    network_cases.jackson,
    network_cases.boarding,
    network_cases.apart,
    network_cases.pooled,
    network_cases.nearest,
    network_cases.logit,
    network_cases.halves,
    held_cases.doctor_within,
    held_cases.impatient_within,
    held_cases.nurse_and_doctor_within,
    held_cases.boarding_after_within,
    held_cases.swapped,
    held_cases.swapped_past_queues,
    hours_cases.ward_rounds,
    hours_cases.full_rounds,
    hours_cases.planned_mornings,
    hours_cases.finish_plan,
    hours_cases.overtime_plan,
    hours_cases.fresh_plan,
    hours_cases.hand_over_plan,
    hours_cases.not_before,
    hours_cases.no_show,
    response_cases.balking,
    response_cases.diversion,
    response_cases.admission,
    response_cases.haste,
    response_cases.yesterday,
    response_cases.gently,
    overflow_cases.next_site,
    overflow_cases.outliers,
    overflow_cases.kept_free,
    overflow_cases.spill,
    overflow_cases.leave,
    vehicle_cases.carried,
    vehicle_cases.nearest_idle,
)


@cache
def cases() -> dict[str, Case]:
    """Cases by name; the exact values of all take about two seconds."""
    all_cases = [make() for make in MADE]
    return {case.name: case for case in all_cases}


__all__ = ["cases"]
