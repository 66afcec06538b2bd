"""What each measure is: unit, definition in one sentence, who or what is counted, and by what it is cut."""

from __future__ import annotations

from sim.measures.definitions.access import ACCESS
from sim.measures.definitions.balance import BALANCE
from sim.measures.definitions.definition import Definition
from sim.measures.definitions.emergency import EMERGENCY
from sim.measures.definitions.hospital import HOSPITAL
from sim.measures.definitions.season import SEASON
from sim.measures.definitions.travel import TRAVEL
from sim.measures.definitions.warm_up import WARM_UP

CHAPTERS = {
    "Emergency rooms": EMERGENCY,
    "Travel and nearness": TRAVEL,
    "Access": ACCESS,
    "Beds and rare care": HOSPITAL,
    "The ledger and the queues": BALANCE,
    "Yearly figures without the season": SEASON,
    "The start of the run": WARM_UP,
}
DEFINITIONS: dict[str, Definition] = {name: one for chapter in CHAPTERS.values() for name, one in chapter.items()}

__all__ = ["CHAPTERS", "DEFINITIONS", "Definition"]
