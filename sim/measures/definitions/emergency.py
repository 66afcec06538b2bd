"""Measures of the emergency rooms."""

from __future__ import annotations

from sim.measures.definitions.definition import KAPLAN_MEIER, PEOPLE, SITES, Definition

ER = "contacts at emergency rooms requested in the window"
ER_TIME = "patients at emergency rooms during the window, whenever they came"
PATIENTS = ("all", "site", "age_group", "age")
HOURS = ("all", "site", "hour_of_week", "site_hour_of_week")

EMERGENCY: dict[str, Definition] = {
    "er_arrivals_per_day": Definition(
        "contacts/day",
        "Arrivals at emergency rooms per day; by hour of the week the rate in that hour, per day.",
        ER,
        ("all", "origin", "age_group", "municipality", "site", "hour_of_week"),
    ),
    "er_visits_per_1000_year": Definition(
        "contacts/1000/year",
        "Arrivals at emergency rooms per 1,000 residents of the group, scaled to a year by the window's length (not by "
        "the season).",
        ER,
        PEOPLE,
    ),
    "er_present_mean": Definition(
        "patients", "Time average of patients present: waiting, in service or boarding.", ER_TIME, HOURS
    ),
    "er_present_p95": Definition(
        "patients", "The number present that is not exceeded during 95 % of the time.", ER_TIME, HOURS
    ),
    "er_places": Definition(
        "places",
        "Places without surge, averaged over the open part of the window; over all sites their sum.",
        "pools of emergency rooms",
        SITES,
    ),
    "er_share_time_above_places": Definition(
        "share",
        "Share of time with more patients present than the site's er_places; over all sites, the sites' mean.",
        ER_TIME,
        SITES,
    ),
    "er_boarding_h_per_day": Definition(
        "h/day",
        "Hours during which treated patients keep a place while they wait for a bed or other care, per day.",
        ER_TIME,
        SITES,
    ),
    "er_wait_median_min": Definition(
        "min", f"Median of minutes from request to start, {KAPLAN_MEIER}.", ER, (*PATIENTS, "acuity")
    ),
    "er_wait_p90_min": Definition(
        "min", f"90th percentile of minutes from request to start, {KAPLAN_MEIER}.", ER, (*PATIENTS, "acuity")
    ),
    "er_left_share": Definition("share", "Share who left before service started.", ER, PATIENTS),
    "er_stay_median_min": Definition(
        "min",
        "Median of minutes from request until the patient is out, treated or not, boarding counted; the end of the run "
        "censors.",
        ER,
        PATIENTS,
    ),
    "er_stay_p90_min": Definition(
        "min",
        "90th percentile of minutes from request until the patient is out, treated or not; the end of the run censors.",
        ER,
        PATIENTS,
    ),
    "er_share_within_4h": Definition(
        "share",
        "Share who are out within four hours, treated or not, of those who came at least four hours before the end of "
        "the run.",
        ER,
        PATIENTS,
    ),
    "er_share_admitted": Definition(
        "share",
        "Share who went on to a ward at once, of contacts that are over before the end of the run, those who left "
        "among them.",
        ER,
        PATIENTS,
    ),
    "er_share_treatable_in_primary_care": Definition(
        "share", "Share that primary care could have treated, by the care model's share for need and acuity.", ER, SITES
    ),
    "er_ambulance_share": Definition(
        "share", "Share who come by ambulance, by the care model's share for each acuity.", ER, SITES
    ),
    "er_referred_by_telephone_share": Definition(
        "share",
        "Share whose contact before in the episode was answered telephone advice.",
        ER,
        ("all", "age_group"),
    ),
    "er_referred_by_primary_care_share": Definition(
        "share",
        "Share whose contact before in the episode was a visit in primary care, out-of-hours care among it.",
        ER,
        ("all", "age_group"),
    ),
    "er_acuity_share": Definition("share", "Share of each acuity among all; 1 is the most urgent.", ER, ("acuity",)),
}

__all__ = ["EMERGENCY"]
