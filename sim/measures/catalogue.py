"""What each measure is: unit, definition in one sentence, who or what is counted, and by what it is cut."""

from __future__ import annotations

from sim.measures.access import ACCESS
from sim.measures.ambulance import AMBULANCE
from sim.measures.balance import BALANCE
from sim.measures.definition import Definition
from sim.measures.emergency import EMERGENCY
from sim.measures.er_physicians import ER_PHYSICIANS
from sim.measures.every_station import EVERY_STATION
from sim.measures.first_contact_ratio import FIRST_CONTACTS
from sim.measures.hospital import HOSPITAL
from sim.measures.initial_transient import WARM_UP
from sim.measures.season import SEASON
from sim.measures.travel import TRAVEL
from sim.measures.ward_places import WARD_PLACES

CHAPTERS = {
    "Emergency rooms": EMERGENCY | ER_PHYSICIANS,
    "Ambulances": AMBULANCE,
    "Travel and nearness": TRAVEL,
    "Access": ACCESS,
    "Beds and rare care": HOSPITAL | WARD_PLACES,
    "The ledger and the queues": BALANCE | FIRST_CONTACTS,
    "Every service as a station": EVERY_STATION,
    "Yearly figures without the season": SEASON,
    "The start of the run": WARM_UP,
}
DEFINITIONS: dict[str, Definition] = {name: one for chapter in CHAPTERS.values() for name, one in chapter.items()}

__all__ = ["CHAPTERS", "DEFINITIONS", "Definition"]
