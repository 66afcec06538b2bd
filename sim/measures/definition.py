"""What is said of a measure, and the words that several definitions share."""

from __future__ import annotations

from typing import NamedTuple


class Definition(NamedTuple):
    """Unit, definition and population of a measure, and the cuts (column ``by``) in which it is given."""

    unit: str
    text: str
    population: str
    cuts: tuple[str, ...] = ("all",)


KAPLAN_MEIER = "by Kaplan-Meier, leaving, being turned away and the end of the run as censoring"
ASKED = (
    "contacts requested in the window, the unserved not among them; what happens within a visit to an emergency room "
    "is part of it, and counted by service alone"
)
RESIDENTS = "residents"
PEOPLE = ("all", "municipality", "age_group")
SITES = ("all", "site")

__all__ = ["ASKED", "KAPLAN_MEIER", "PEOPLE", "RESIDENTS", "SITES", "Definition"]
