"""Measures of how long a run takes to forget its start."""

from __future__ import annotations

from sim.measures.definitions.definition import Definition

PRESENT = "patients from the first second of the run, the warm-up included"
STATIONS = ("service", "er_site", "ward_site")

WARM_UP: dict[str, Definition] = {
    "warm_up_needed_days": Definition(
        "days",
        "Days from the start of the run after which the number present is best kept, by MSER-5 on hourly averages less "
        "the median of their hour of the week; empty if that is not within the first half of the run.",
        PRESENT,
        STATIONS,
    ),
    "warm_up_bias": Definition(
        "patients",
        "Mean number present in the window less the mean after warm_up_needed_days (after the first half, if that is "
        "empty), season taken out; 0 where the warm-up is long enough, empty where nothing later is left to tell.",
        PRESENT,
        STATIONS,
    ),
    "present_mean": Definition(
        "patients",
        "Time average of patients present: waiting, in service or keeping their unit.",
        "patients during the window, whenever they came",
        STATIONS,
    ),
}

__all__ = ["WARM_UP"]
