"""What each measure is: unit, definition in one sentence, and who or what is counted."""

from __future__ import annotations

from typing import NamedTuple


class Definition(NamedTuple):
    """Unit, definition and population of a measure."""

    unit: str
    text: str
    population: str


ER = "contacts at emergency rooms requested in the window"
ER_TIME = "patients at emergency rooms during the window, whenever they came"
JOURNEYS = "contacts requested in the window to which the patient travels from another place"
ASKED = "contacts requested in the window, the unserved not among them"
BEDS = "beds of ward pools during the window"
OPEN_POOLS = "pools during the window"
RESIDENTS = "residents"
URGENT = "contacts of acuity 1 and 2 at emergency rooms, requested in the window, that came from home"
PRIMARY = "contacts with primary care requested in the window"
CLINIC = "contacts with clinics requested in the window"
TELEPHONE = "contacts with telephone advice requested in the window"
KAPLAN_MEIER = "by Kaplan-Meier, leaving and the end of the run as censoring"

DEFINITIONS: dict[str, Definition] = {
    "er_arrivals_per_day": Definition(
        "contacts/day",
        "Arrivals at emergency rooms per day; by hour of the week the rate in that hour, per day.",
        ER,
    ),
    "er_visits_per_1000_year": Definition(
        "contacts/1000/year",
        "Arrivals at emergency rooms per 1,000 residents of the group, scaled to a year.",
        ER,
    ),
    "er_present_mean": Definition(
        "patients", "Time average of patients present: waiting, in service or boarding.", ER_TIME
    ),
    "er_present_p95": Definition(
        "patients", "The number present that is not exceeded during 95 % of the time.", ER_TIME
    ),
    "er_places": Definition(
        "places",
        "Places without surge, averaged over the open part of the window.",
        "pools of emergency rooms",
    ),
    "er_share_time_above_places": Definition(
        "share",
        "Share of time with more patients present than places; over all sites, the sites' mean.",
        ER_TIME,
    ),
    "er_wait_median_min": Definition("min", f"Median of minutes from request to start, {KAPLAN_MEIER}.", ER),
    "er_wait_p90_min": Definition("min", f"90th percentile of minutes from request to start, {KAPLAN_MEIER}.", ER),
    "er_left_share": Definition("share", "Share who left before service started.", ER),
    "er_stay_median_min": Definition(
        "min",
        "Median of minutes from request until the patient is out, boarding counted; the end of the run censors.",
        ER,
    ),
    "er_stay_p90_min": Definition(
        "min",
        "90th percentile of minutes from request until the patient is out; the end of the run censors.",
        ER,
    ),
    "er_share_within_4h": Definition(
        "share",
        "Share who are out within four hours, of those who came at least four hours before the end of the run.",
        ER,
    ),
    "er_boarding_h_per_day": Definition(
        "h/day",
        "Hours during which treated patients keep a place while they wait for a bed, per day.",
        ER_TIME,
    ),
    "er_share_treatable_in_primary_care": Definition(
        "share", "Share that primary care could have treated, by need and acuity.", ER
    ),
    "er_share_admitted": Definition(
        "share",
        "Share whose next contact is with a ward, of contacts that are over before the end of the run.",
        ER,
    ),
    "travel_km_per_contact": Definition("km", "Mean road distance one way.", JOURNEYS),
    "travel_min_per_contact": Definition("min", "Mean travel time one way.", JOURNEYS),
    "travel_km_per_resident_year": Definition(
        "km/resident/year",
        "Patients' road distance one way, per resident of the group, scaled to a year.",
        JOURNEYS,
    ),
    "travel_min_per_resident_year": Definition(
        "min/resident/year",
        "Patients' travel time one way, per resident of the group, scaled to a year.",
        JOURNEYS,
    ),
    "travel_median_min": Definition("min", "Median travel time one way (nearest rank).", JOURNEYS),
    "travel_p90_min": Definition("min", "90th percentile of travel time one way (nearest rank).", JOURNEYS),
    "spread_travel_min_p90_p10": Definition(
        "min/resident/year",
        "90th less 10th percentile of the municipalities' travel minutes per resident and year.",
        "municipalities, each counting once",
    ),
    "people_share_within_30_min_er": Definition(
        "share",
        "Share of adults, over the window's time, who live within 30 minutes of an open emergency room for adults.",
        "residents of 18 and older",
    ),
    "nearest_er_min": Definition(
        "min",
        "Mean minutes from home to the nearest emergency room for the age group, open at noon of the first day.",
        RESIDENTS,
    ),
    "urgent_min_to_er_median": Definition("min", "Median minutes from home to the emergency room reached.", URGENT),
    "urgent_min_to_er_p90": Definition("min", "90th percentile of minutes from home to the emergency room.", URGENT),
    "urgent_share_over_30_min": Definition("share", "Share with more than 30 minutes to the emergency room.", URGENT),
    "urgent_share_over_60_min": Definition("share", "Share with more than 60 minutes to the emergency room.", URGENT),
    "ambulance_min_per_day": Definition(
        "min/day",
        "Minutes one way from home to emergency rooms by ambulance, by the share of each acuity.",
        ER,
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
    "primary_care_wait_median_h": Definition("h", f"Median hours from request to start, {KAPLAN_MEIER}.", PRIMARY),
    "primary_care_share_within_3_days": Definition(
        "share",
        "Share started within three days, of those who asked at least three days before the end.",
        PRIMARY,
    ),
    "clinic_wait_median_days": Definition("days", f"Median days from request to start, {KAPLAN_MEIER}.", CLINIC),
    "clinic_share_within_90_days": Definition(
        "share", "Share started within 90 days, of those who asked at least 90 days before the end.", CLINIC
    ),
    "telephone_wait_median_min": Definition("min", f"Median minutes to an answer, {KAPLAN_MEIER}.", TELEPHONE),
    "telephone_wait_p90_min": Definition("min", f"90th percentile of minutes to an answer, {KAPLAN_MEIER}.", TELEPHONE),
    "telephone_share_within_10_min": Definition(
        "share",
        "Share answered within ten minutes, of those who called at least ten minutes before the end.",
        TELEPHONE,
    ),
    "bed_occupancy": Definition("share", "Bed hours used over hours of places without surge.", BEDS),
    "overbeds_per_100_places": Definition(
        "patients/100 places",
        "Time average of patients beyond the places and of admitted patients who wait for a bed elsewhere.",
        BEDS,
    ),
    "admissions_per_1000_year": Definition(
        "admissions/1000/year",
        "Ward stays begun (moves between wards not counted) per 1,000 residents; by site, of the whole region.",
        "ward contacts requested in the window that started",
    ),
    "discharge_ready_share_of_beds": Definition(
        "share",
        "Bed hours of patients whose ward care has ended and who wait for care elsewhere, over places.",
        BEDS,
    ),
    "discharge_ready_bed_days_per_day": Definition(
        "bed days/day", "Beds kept, on average, by patients who are ready for discharge.", BEDS
    ),
    "readmission_30_days_share": Definition(
        "share",
        "Share with a new ward contact of the same episode within 30 days of the end of the stay.",
        "ward stays that ended in the window, at least 30 days before the end of the run",
    ),
    "contacts_per_1000_year": Definition(
        "contacts/1000/year", "Contacts per 1,000 residents, scaled to a year.", ASKED
    ),
    "flow_contacts_per_1000_year": Definition(
        "contacts/1000/year",
        "Contacts by the level that the episode came from and the level asked for.",
        ASKED,
    ),
    "right_level_share": Definition(
        "share",
        "Share at a level where the need and acuity belong.",
        "contacts requested in the window that started",
    ),
    "unserved_per_day": Definition(
        "contacts/day",
        "Contacts for which no site was open and no other service stood in.",
        "requests in the window",
    ),
    "left_per_day": Definition("contacts/day", "Contacts whose patient left before service started.", ASKED),
    "staff_h_per_week": Definition(
        "h/week", "Staff hours of open units and of what is put in beside the pools, per week.", OPEN_POOLS
    ),
    "cost_msek_per_year": Definition(
        "MSEK/year",
        "Cost of staff hours and of what is put in beside the pools, scaled to a year.",
        OPEN_POOLS,
    ),
    "rare_cases_per_year": Definition(
        "cases/year",
        "Episodes with a first started contact with rare care at the site, scaled to a year.",
        ASKED,
    ),
    "pool_utilisation": Definition(
        "share", "Used over open unit time, holding counted, surge units not open.", OPEN_POOLS
    ),
    "waiting_mean": Definition(
        "patients", "Time average of patients who wait for service to start.", "queues during the window"
    ),
    "settled": Definition(
        "1/0",
        "1 if the number waiting differs between the window's ends by at most 20 %, or by less than chance explains.",
        "queues during the window",
    ),
    "episodes_per_1000_year": Definition(
        "episodes/1000/year",
        "Episodes per 1,000 residents, scaled to a year.",
        "episodes that begin in the window",
    ),
}

__all__ = ["DEFINITIONS", "Definition"]
