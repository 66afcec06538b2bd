"""Measures of beds and of rare care."""

from __future__ import annotations

from sim.measures.definitions.definition import PEOPLE, SITES, Definition

BEDS = "beds of ward pools during the window"
READY = "patients whose ward care has ended and who keep the bed until care elsewhere starts"

HOSPITAL: dict[str, Definition] = {
    "bed_occupancy": Definition("share", "Bed hours used over hours of places without surge.", BEDS, SITES),
    "overbeds_per_100_places": Definition(
        "patients/100 places",
        "Time average of patients beyond the places, and of admitted patients who keep a unit elsewhere while they "
        "wait for a bed.",
        BEDS,
        SITES,
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

__all__ = ["HOSPITAL"]
