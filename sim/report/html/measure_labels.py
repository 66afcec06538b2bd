"""How a person reads each measure: its name, its unit, and whether more of it is better."""

from __future__ import annotations

from typing import Literal, NamedTuple

from sim.report.language import N_

Better = Literal["more", "less", "neither"]


class Reading(NamedTuple):
    """Name and unit of a measure (English, to be translated). A share is shown as per cent."""

    name: str
    unit: str
    better: Better
    share: bool = False


def _share(name: str, better: Better) -> Reading:
    return Reading(name, "%", better, share=True)


READINGS: dict[str, Reading] = {
    "er_arrivals_per_day": Reading(N_("Visits to emergency rooms"), N_("per day"), "less"),
    "er_visits_per_1000_year": Reading(N_("Emergency room visits"), N_("per 1,000 residents and year"), "less"),
    "er_present_mean": Reading(N_("Patients in the emergency rooms at once, on average"), N_("patients"), "less"),
    "er_present_p95": Reading(N_("Patients in the emergency rooms in the busiest hours"), N_("patients"), "less"),
    "er_places": Reading(N_("Places in emergency rooms"), N_("places"), "neither"),
    "er_share_time_above_places": _share(N_("Time with more patients than places in the emergency room"), "less"),
    "er_wait_median_min": Reading(
        N_("Wait for a place in the emergency room, half wait longer"), N_("minutes"), "less"
    ),
    "er_wait_p90_min": Reading(
        N_("Wait for a place in the emergency room, one in ten waits longer"), N_("minutes"), "less"
    ),
    "er_physician_wait_median_min": Reading(
        N_("Time to a physician in the emergency room, half wait longer"), N_("minutes"), "less"
    ),
    "er_physician_wait_p90_min": Reading(
        N_("Time to a physician in the emergency room, one in ten waits longer"), N_("minutes"), "less"
    ),
    "er_physician_within_60_min_share": _share(N_("Seen by a physician in the emergency room within an hour"), "more"),
    "er_patients_per_physician": Reading(
        N_("Patients in the emergency room per physician on duty"), N_("patients per physician"), "less"
    ),
    "er_left_share": _share(N_("Leave the emergency room without being seen"), "less"),
    "er_stay_median_min": Reading(N_("Stay in the emergency room, half stay longer"), N_("minutes"), "less"),
    "er_stay_p90_min": Reading(N_("Stay in the emergency room, one in ten stays longer"), N_("minutes"), "less"),
    "er_stay_admitted_median_min": Reading(
        N_("Stay in the emergency room of those admitted, half stay longer"), N_("minutes"), "less"
    ),
    "er_share_within_4h": _share(N_("Out of the emergency room within four hours"), "more"),
    "er_boarding_h_per_day": Reading(
        N_("Treated patients who keep a place in the emergency room for want of a bed"), N_("hours per day"), "less"
    ),
    "er_share_treatable_in_primary_care": _share(
        N_("Emergency room visits that primary care could have treated"), "less"
    ),
    "er_share_admitted": _share(N_("Emergency room visits that lead to a hospital bed"), "neither"),
    "travel_km_per_contact": Reading(N_("Distance to a visit, one way"), N_("km"), "less"),
    "travel_min_per_contact": Reading(N_("Travel time to a visit, one way"), N_("minutes"), "less"),
    "travel_km_per_resident_year": Reading(
        N_("Distance travelled to care, one way"), N_("km per resident and year"), "less"
    ),
    "travel_min_per_resident_year": Reading(
        N_("Time travelled to care, one way"), N_("minutes per resident and year"), "less"
    ),
    "travel_median_min": Reading(N_("Travel time to a visit, half travel longer"), N_("minutes"), "less"),
    "travel_p90_min": Reading(N_("Travel time to a visit, one in ten travels longer"), N_("minutes"), "less"),
    "spread_travel_min_p90_p10": Reading(
        N_("Difference in travel between municipalities"), N_("minutes per resident and year"), "less"
    ),
    "people_share_within_30_min_er": _share(N_("Adults within 30 minutes of an open emergency room"), "more"),
    "nearest_er_min": Reading(N_("Way to the nearest emergency room"), N_("minutes"), "less"),
    "urgent_min_to_er_median": Reading(
        N_("Way to the emergency room for the most urgent, half have longer"), N_("minutes"), "less"
    ),
    "urgent_min_to_er_p90": Reading(
        N_("Way to the emergency room for the most urgent, one in ten has longer"), N_("minutes"), "less"
    ),
    "urgent_share_over_30_min": _share(N_("The most urgent with more than 30 minutes to the emergency room"), "less"),
    "urgent_share_over_60_min": _share(N_("The most urgent with more than 60 minutes to the emergency room"), "less"),
    "ambulance_per_day": Reading(N_("Patients whom an ambulance is sent to"), N_("per day"), "neither"),
    "ambulance_left_at_home_share": _share(N_("Left at home by the ambulance"), "neither"),
    "ambulance_min_per_day": Reading(N_("Ambulance journeys to emergency rooms"), N_("minutes per day"), "less"),
    "transfer_km_per_day": Reading(
        N_("Journeys of patients from one place of care to another"), N_("km per day"), "less"
    ),
    "outreach_km_per_day": Reading(N_("Journeys of mobile teams"), N_("km per day"), "neither"),
    "co2_t_per_year": Reading(N_("Carbon dioxide of journeys"), N_("tonnes per year"), "less"),
    "primary_care_wait_median_h": Reading(N_("Wait for primary care, half wait longer"), N_("hours"), "less"),
    "primary_care_share_within_3_days": _share(N_("Seen in primary care within three days"), "more"),
    "clinic_wait_median_days": Reading(N_("Wait for a specialist clinic, half wait longer"), N_("days"), "less"),
    "clinic_share_within_90_days": _share(N_("Seen at a specialist clinic within 90 days"), "more"),
    "telephone_wait_median_min": Reading(
        N_("Wait for an answer by telephone, half wait longer"), N_("minutes"), "less"
    ),
    "telephone_wait_p90_min": Reading(
        N_("Wait for an answer by telephone, one in ten waits longer"), N_("minutes"), "less"
    ),
    "telephone_share_within_10_min": _share(N_("Answered by telephone within ten minutes"), "more"),
    "bed_occupancy": _share(N_("Occupied hospital beds"), "less"),
    "overbeds_per_100_places": Reading(N_("Patients without a bed of their own"), N_("per 100 beds"), "less"),
    "outliers_per_100_places": Reading(N_("Patients on another ward than their own"), N_("per 100 beds"), "less"),
    "morning_overbeds_per_100_places": Reading(
        N_("Patients without a bed of their own at six in the morning"), N_("per 100 beds"), "less"
    ),
    "morning_outliers_per_100_places": Reading(
        N_("Patients on another ward than their own at six in the morning"), N_("per 100 beds"), "less"
    ),
    "ward_transfer_share": _share(N_("Admitted to another hospital than the one that decided"), "less"),
    "planned_admission_cancelled_share": _share(N_("Planned admissions put off since the ward is full"), "less"),
    "admissions_per_1000_year": Reading(N_("Hospital stays"), N_("per 1,000 residents and year"), "less"),
    "discharge_ready_share_of_beds": _share(N_("Beds kept by patients who are ready to leave"), "less"),
    "discharge_ready_bed_days_per_day": Reading(N_("Beds kept by patients who are ready to leave"), N_("beds"), "less"),
    "readmission_30_days_share": _share(N_("Back in hospital within 30 days"), "less"),
    "contacts_per_1000_year": Reading(N_("Contacts with care"), N_("per 1,000 residents and year"), "neither"),
    "flow_contacts_per_1000_year": Reading(
        N_("Contacts by the level they came from"), N_("per 1,000 residents and year"), "neither"
    ),
    "right_level_share": _share(N_("Contacts at the right level of care"), "more"),
    "unserved_per_day": Reading(N_("Contacts that no one could take care of"), N_("per day"), "less"),
    "left_per_day": Reading(N_("Patients who gave up waiting"), N_("per day"), "less"),
    "turned_away_per_day": Reading(N_("Patients turned away"), N_("per day"), "less"),
    "staff_h_per_week": Reading(N_("Staff hours put in"), N_("hours per week"), "neither"),
    "cost_msek_per_year": Reading(N_("Cost of what was put in"), N_("SEK million per year"), "neither"),
    "rare_cases_per_year": Reading(N_("Cases of rare care"), N_("per year"), "neither"),
    "pool_utilisation": _share(N_("Use of open rooms, places and teams"), "neither"),
    "waiting_mean": Reading(N_("Patients who wait, on average"), N_("patients"), "less"),
    "wait_mean_h": Reading(N_("Wait for a service, on average"), N_("hours"), "less"),
    "waited_share": _share(N_("Those who have to wait"), "less"),
    "wait_over_10_min_share": _share(N_("Wait longer than ten minutes"), "less"),
    "wait_over_1_h_share": _share(N_("Wait longer than an hour"), "less"),
    "wait_over_24_h_share": _share(N_("Wait longer than 24 hours"), "less"),
    "wait_over_30_days_share": _share(N_("Wait longer than 30 days"), "less"),
    "waiting_p50": Reading(N_("Patients who wait, half of the time more"), N_("patients"), "less"),
    "waiting_p95": Reading(N_("Patients who wait in the busiest hours"), N_("patients"), "less"),
    "present_p50": Reading(N_("Patients present at a service, half of the time more"), N_("patients"), "neither"),
    "present_p95": Reading(N_("Patients present at a service in the busiest hours"), N_("patients"), "neither"),
    "balked_per_day": Reading(N_("Patients turned away at once"), N_("per day"), "less"),
    "first_contact_ratio": Reading(N_("First contacts over those of the care model"), N_("ratio"), "neither"),
    "settled": Reading(N_("The queue stands still"), N_("1 is yes"), "neither"),
    "er_ambulance_share": _share(N_("Come to the emergency room by ambulance"), "neither"),
    "er_referred_by_telephone_share": _share(N_("Sent to the emergency room by telephone advice"), "neither"),
    "er_referred_by_primary_care_share": _share(N_("Sent to the emergency room by primary care"), "neither"),
    "er_acuity_share": _share(N_("Emergency room visits by urgency"), "neither"),
    "people_share_within_15_min_er": _share(N_("People within 15 minutes of an open emergency room"), "more"),
    "spread_nearest_er_min_p90_p10": Reading(
        N_("Difference between municipalities in the way to the nearest emergency room"), N_("minutes"), "less"
    ),
    "spread_urgent_min_p90_p10": Reading(
        N_("Difference between municipalities in the way of the most urgent"), N_("minutes"), "less"
    ),
    "spread_er_visits_p90_p10": Reading(
        N_("Difference between municipalities in emergency room visits"), N_("per 1,000 residents and year"), "less"
    ),
    "spread_primary_care_wait_h_p90_p10": Reading(
        N_("Difference between municipalities in the wait for primary care"), N_("hours"), "less"
    ),
    "clinic_started_wait_median_days": Reading(
        N_("Wait for a specialist clinic of those who were seen, half waited longer"), N_("days"), "less"
    ),
    "clinic_started_share_within_90_days": _share(N_("Of those seen at a specialist clinic, within 90 days"), "more"),
    "clinic_waiting_share_within_90_days": _share(
        N_("Of those who wait for a specialist clinic, 90 days at most"), "more"
    ),
    "operation_started_share_within_90_days": _share(N_("Of those operated on, within 90 days"), "more"),
    "operation_waiting_share_within_90_days": _share(N_("Of those who wait for an operation, 90 days at most"), "more"),
    "telephone_to_er_share": _share(N_("Telephone advice that leads to the emergency room"), "neither"),
    "telephone_to_self_care_share": _share(N_("Telephone advice that leads to self-care"), "neither"),
    "discharge_ready_wait_mean_days": Reading(
        N_("Days in a hospital bed for want of care elsewhere, on average"), N_("days"), "less"
    ),
    "discharge_ready_days_per_1000_year": Reading(
        N_("Bed days for want of care elsewhere"), N_("per 1,000 residents and year"), "less"
    ),
    "er_visits_per_year": Reading(N_("Emergency room visits in a year"), N_("per year"), "less"),
    "er_visits_per_1000_year_adjusted": Reading(
        N_("Emergency room visits, adjusted for season"), N_("per 1,000 residents and year"), "less"
    ),
    "admissions_per_1000_year_adjusted": Reading(
        N_("Hospital stays, adjusted for season"), N_("per 1,000 residents and year"), "less"
    ),
    "contacts_per_1000_year_adjusted": Reading(
        N_("Contacts with care, adjusted for season"), N_("per 1,000 residents and year"), "neither"
    ),
    "primary_care_visits_per_1000_year_adjusted": Reading(
        N_("Visits to primary care, adjusted for season"), N_("per 1,000 residents and year"), "neither"
    ),
    "warm_up_needed_days": Reading(N_("Warm-up needed"), N_("days"), "neither"),
    "warm_up_bias": Reading(N_("What the start of the run still adds"), N_("patients"), "neither"),
    "present_mean": Reading(N_("Patients present at a service, on average"), N_("patients"), "neither"),
    "episodes_per_1000_year": Reading(
        N_("Occasions when someone needs care"), N_("per 1,000 residents and year"), "neither"
    ),
}

# These look better too when people get less care: no gain where an emergency room closes.
OF_THOSE_WHO_COME = frozenset({
    "er_arrivals_per_day", "er_visits_per_1000_year", "er_visits_per_1000_year_adjusted", "er_visits_per_year",
    "er_present_mean", "er_present_p95", "er_share_treatable_in_primary_care", "right_level_share",
    "admissions_per_1000_year", "admissions_per_1000_year_adjusted", "travel_min_per_resident_year",
    "travel_km_per_resident_year", "co2_t_per_year",
})  # fmt: skip

__all__ = ["OF_THOSE_WHO_COME", "READINGS", "Reading"]
