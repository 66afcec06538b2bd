"""Which measures are about something that a model has: no emergency room, no row about emergency rooms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

FEW_SERVICES = 8  # so many are each told in an overview
# beginnings of measures' names, and the kinds of service of which one must be there
ABOUT: dict[str, str] = {
    "er_|nearest_er|people_share_within_|urgent_|spread_(nearest_er|er_visits|urgent)": "emergency",
    "primary_care_|spread_primary_care": "primary_care",
    "telephone_": "telephone",
    "clinic_": "clinic",
    "operation_": "operation",
    "ambulance_": "ambulance",
    "bed_|overbeds_|outliers_|morning_|ward_|planned_admission|admissions_|discharge_ready_|readmission_": "ward",
}
TRAVELLED = "travel_|spread_travel|transfer_km|co2_t"  # for which somebody must travel
DRIVEN = "outreach_km"
TRIPS = {"walk_in", "booked"}
OUTREACH = "outreach"


def is_about_model(measure: str, services: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a model has what a measure is about; ``services`` as in the resolved configuration's ``care``."""
    modes = {str(service["mode"]) for service in services.values()}
    if re.match(TRAVELLED, measure):
        return not modes.isdisjoint({*TRIPS, OUTREACH})
    if re.match(DRIVEN, measure):
        return OUTREACH in modes
    kinds = {str(service["kind"]) for service in services.values()}
    return all(kind in kinds for names, kind in ABOUT.items() if re.match(names, measure))


def those_about_model(measures: Iterable[str], services: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The measures that are about something that a model has."""
    return [measure for measure in measures if is_about_model(measure, services)]


__all__ = ["FEW_SERVICES", "is_about_model", "those_about_model"]
