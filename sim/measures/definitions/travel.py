"""Measures of travel and of how near care is."""

from __future__ import annotations

from sim.measures.definitions.definition import PEOPLE, RESIDENTS, Definition

JOURNEYS = (
    "contacts requested in the window to which the patient travels from another place: walk-in contacts, and booked "
    "ones (from home, if they were waited for) that started"
)
FROM_HOME = "contacts at emergency rooms, requested in the window, of those who came from home"
URGENT = "contacts of acuity 1 and 2 at emergency rooms, requested in the window, of those who came from home"
TOWNS = "municipalities, each counting once"
CUTS = (*PEOPLE, "need", "level")

TRAVEL: dict[str, Definition] = {
    "travel_km_per_contact": Definition("km", "Mean road distance one way.", JOURNEYS, CUTS),
    "travel_min_per_contact": Definition("min", "Mean travel time one way.", JOURNEYS, CUTS),
    "travel_km_per_resident_year": Definition(
        "km/resident/year",
        "Patients' road distance one way, per resident of the group (by need and level: of the region), scaled to a "
        "year.",
        JOURNEYS,
        CUTS,
    ),
    "travel_min_per_resident_year": Definition(
        "min/resident/year",
        "Patients' travel time one way, per resident of the group (by need and level: of the region), scaled to a "
        "year.",
        JOURNEYS,
        CUTS,
    ),
    "travel_median_min": Definition("min", "Median travel time one way (nearest rank).", JOURNEYS, CUTS),
    "travel_p90_min": Definition("min", "90th percentile of travel time one way (nearest rank).", JOURNEYS, CUTS),
    "people_share_within_30_min_er": Definition(
        "share",
        "Share of people who live within 30 minutes of an open emergency room for their age group, averaged over the "
        "window's time.",
        RESIDENTS,
        (*PEOPLE, "hour_of_week"),
    ),
    "people_share_within_15_min_er": Definition(
        "share",
        "Share of people who live within 15 minutes of an open emergency room for their age group, averaged over the "
        "window's time.",
        RESIDENTS,
        (*PEOPLE, "hour_of_week"),
    ),
    "nearest_er_min": Definition(
        "min",
        "Mean minutes from home to the nearest emergency room for the age group, open at noon of the window's first "
        "day.",
        RESIDENTS,
        PEOPLE,
    ),
    "urgent_min_to_er_median": Definition(
        "min", "Median minutes from home to the emergency room reached, by ambulance or own car.", URGENT, PEOPLE
    ),
    "urgent_min_to_er_p90": Definition(
        "min", "90th percentile of minutes from home to the emergency room reached.", URGENT, PEOPLE
    ),
    "urgent_share_over_30_min": Definition(
        "share", "Share with more than 30 minutes to the emergency room reached.", URGENT, PEOPLE
    ),
    "urgent_share_over_60_min": Definition(
        "share", "Share with more than 60 minutes to the emergency room reached.", URGENT, PEOPLE
    ),
    "ambulance_min_per_day": Definition(
        "min/day",
        "Minutes one way from home to emergency rooms by ambulance, by the care model's share for each acuity.",
        FROM_HOME,
    ),
    "transfer_km_per_day": Definition("km/day", "Patients' road distance from one site to another.", JOURNEYS),
    "outreach_km_per_day": Definition(
        "km/day",
        "Teams' road distance from base to home and back.",
        "outreach contacts requested in the window that started",
    ),
    "co2_t_per_year": Definition(
        "t/year",
        "CO2 of patients' travel from home and back, of transfers one way and of teams, scaled to a year.",
        "journeys of contacts requested in the window",
    ),
    "spread_travel_min_p90_p10": Definition(
        "min/resident/year", "90th less 10th percentile of the municipalities' travel_min_per_resident_year.", TOWNS
    ),
    "spread_nearest_er_min_p90_p10": Definition(
        "min", "90th less 10th percentile of the municipalities' nearest_er_min.", TOWNS
    ),
    "spread_urgent_min_p90_p10": Definition(
        "min", "90th less 10th percentile of the municipalities' urgent_min_to_er_median.", TOWNS
    ),
    "spread_er_visits_p90_p10": Definition(
        "contacts/1000/year", "90th less 10th percentile of the municipalities' er_visits_per_1000_year.", TOWNS
    ),
    "spread_primary_care_wait_h_p90_p10": Definition(
        "h", "90th less 10th percentile of the municipalities' primary_care_wait_median_h.", TOWNS
    ),
}

__all__ = ["TRAVEL"]
