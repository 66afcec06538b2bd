"""Measures of waits for primary care, clinics and the telephone."""

from __future__ import annotations

from sim.measures.definitions.definition import KAPLAN_MEIER, PEOPLE, Definition

PRIMARY = "contacts with primary care requested in the window"
CLINIC = "contacts with clinics requested in the window"
CLINIC_STARTED = "first started contact of an episode with a clinic, started in the window, whenever it was requested"
TELEPHONE = "contacts with telephone advice requested in the window"
ANSWERED = "telephone advice requested in the window that was given before the end of the run"

ACCESS: dict[str, Definition] = {
    "primary_care_wait_median_h": Definition(
        "h", f"Median hours from request to start, {KAPLAN_MEIER}.", PRIMARY, PEOPLE
    ),
    "primary_care_share_within_3_days": Definition(
        "share",
        "Share started within three days, of those who asked at least three days before the end of the run.",
        PRIMARY,
        PEOPLE,
    ),
    "clinic_wait_median_days": Definition(
        "days", f"Median days from request to start, {KAPLAN_MEIER}.", CLINIC, PEOPLE
    ),
    "clinic_share_within_90_days": Definition(
        "share",
        "Share started within 90 days, of those who asked at least 90 days before the end of the run.",
        CLINIC,
        PEOPLE,
    ),
    "clinic_started_wait_median_days": Definition(
        "days", "Median days from request to start (nearest rank).", CLINIC_STARTED, PEOPLE
    ),
    "clinic_started_share_within_90_days": Definition(
        "share", "Share started within 90 days of the request.", CLINIC_STARTED, PEOPLE
    ),
    "clinic_waiting_share_within_90_days": Definition(
        "share",
        "Share who have waited for 90 days at most.",
        "contacts with clinics that wait when the run ends, whenever they were requested",
        PEOPLE,
    ),
    "telephone_wait_median_min": Definition("min", f"Median minutes to an answer, {KAPLAN_MEIER}.", TELEPHONE, PEOPLE),
    "telephone_wait_p90_min": Definition(
        "min", f"90th percentile of minutes to an answer, {KAPLAN_MEIER}.", TELEPHONE, PEOPLE
    ),
    "telephone_share_within_10_min": Definition(
        "share",
        "Share answered within ten minutes, of those who called at least ten minutes before the end of the run.",
        TELEPHONE,
        PEOPLE,
    ),
    "telephone_to_er_share": Definition(
        "share", "Share whose next contact in the episode is with an emergency room.", ANSWERED, ("all", "age_group")
    ),
    "telephone_to_self_care_share": Definition(
        "share", "Share whose next contact in the episode is self-care.", ANSWERED, ("all", "age_group")
    ),
}

__all__ = ["ACCESS"]
