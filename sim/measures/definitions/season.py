"""Yearly figures that are free of the season, to be held against published ones."""

from __future__ import annotations

from sim.measures.definitions.definition import SITES, Definition

ADJUSTED = (
    "each counts as one over the share of a year's episodes of its need that falls in the window, so that a window in "
    "a busy month gives no busy year"
)
KEPT = "contacts requested in the window whose patient did not leave and was not turned away"

SEASON: dict[str, Definition] = {
    "er_visits_per_year": Definition(
        "contacts/year", f"Arrivals at emergency rooms in a year: {ADJUSTED}.", "contacts at emergency rooms", SITES
    ),
    "er_visits_per_1000_year_adjusted": Definition(
        "contacts/1000/year",
        f"Arrivals at emergency rooms per 1,000 residents of the group and year: {ADJUSTED}.",
        "contacts at emergency rooms",
        ("all", "age_group"),
    ),
    "admissions_per_1000_year_adjusted": Definition(
        "admissions/1000/year",
        f"Ward stays begun per 1,000 residents and year: {ADJUSTED}.",
        "ward contacts requested in the window that started, moves between wards not counted",
    ),
    "contacts_per_1000_year_adjusted": Definition(
        "contacts/1000/year", f"Contacts per 1,000 residents and year: {ADJUSTED}.", KEPT, ("service",)
    ),
    "primary_care_visits_per_1000_year_adjusted": Definition(
        "contacts/1000/year",
        f"Visits to vårdcentraler and out-of-hours clinics per 1,000 residents and year: {ADJUSTED}.",
        KEPT,
    ),
}

__all__ = ["SEASON"]
