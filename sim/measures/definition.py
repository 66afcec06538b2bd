"""What is said of a measure, and the words that several definitions share."""

from __future__ import annotations

from typing import NamedTuple


class Definition(NamedTuple):
    """Unit, definition and population of a measure, and the cuts (column ``by``) in which it is given.

    ``fed_by``: measures of queues that this one hangs on; it is not settled where one of them is not.
    """

    unit: str
    text: str
    population: str
    cuts: tuple[str, ...] = ("all",)
    fed_by: tuple[str, ...] = ()


KAPLAN_MEIER = "by Kaplan-Meier, leaving, being turned away and the end of the run as censoring"
ASKED = (
    "contacts requested in the window, the unserved not among them; what happens within a visit to an emergency room "
    "is part of it, and counted by service alone"
)
RESIDENTS = "residents"
PEOPLE = ("all", "municipality", "age_group")
SITES = ("all", "site")

__all__ = ["ASKED", "KAPLAN_MEIER", "PEOPLE", "RESIDENTS", "SITES", "Definition"]
