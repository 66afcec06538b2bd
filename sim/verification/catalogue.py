"""All cases, by name, in the order of the table."""

from __future__ import annotations

from functools import cache

from sim.verification import regions, shifts, stations
from sim.verification.case import Case

MADE = (
    stations.mm1,
    stations.mmc,
    stations.mmc_busy,
    stations.mg1,
    stations.md1,
    stations.priority,
    stations.impatient,
    stations.patient,
    stations.limited,
    stations.lost_exponential,
    stations.lost_lognormal,
    stations.lost_deterministic,
    stations.unlimited,
    stations.transient,
    stations.varying,
    shifts.finish,
    shifts.overtime,
    shifts.night,
    regions.jackson,
    regions.boarding,
    regions.apart,
    regions.pooled,
    regions.nearest,
    regions.logit,
    regions.halves,
)


@cache
def cases() -> dict[str, Case]:
    """Cases by name; the exact values of all take about a second."""
    made = [make() for make in MADE]
    return {case.name: case for case in made}


__all__ = ["cases"]
