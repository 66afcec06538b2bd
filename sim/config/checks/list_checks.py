"""Lists of people at sites: services of one list are given at the same sites, to the same people, chosen alike."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.errors import Problem
from sim.config.reading.region_tables import Table
from sim.config.schema.care import Care, Choice
from sim.config.sentence import Sentence

ALIKE = ("rule", "per_min", "reach_min", "detour_min")
OFFERED = ("site", "ages", "needs", "pull", "serves")


def check_lists(care: Care, file: str) -> Iterator[Problem]:
    """Services that are listed though nobody could be, or otherwise than the first of their list."""
    for name, service in care.services.items():
        choice, key = service.choice, f"services.{name}.choice"
        if choice is None or choice.listed is None:
            continue
        if service.unlimited_at is not None:
            yield Problem(file, f"{key}.listed", choice.listed, "a service with unlimited_at has no site to belong to")
        elif choice.rule == "nearest_idle":
            message = Sentence("who belongs to a site does not choose by who is idle")
            yield Problem(file, f"{key}.rule", choice.rule, message, "", "logit, nearest")
        first = services_of(care, choice.listed)[0]
        for part in ALIKE:
            there, here = getattr(care.services[first].choice, part), getattr(choice, part)
            if here != there:
                message = Sentence(
                    "one list is one choice: {first}, of the same list, has {there}", first=first, there=there
                )
                yield Problem(file, f"{key}.{part}", str(here), message, "", str(there))


def services_of(care: Care, name: str) -> list[str]:
    """The services of a list, in order."""
    choices: dict[str, Choice | None] = {service: one.choice for service, one in care.services.items()}
    return [service for service, choice in choices.items() if choice is not None and choice.listed == name]


def check_listed_sites(care: Care, offers: Table) -> Iterator[Problem]:
    """Services of one list that are not offered at the same sites to the same people."""
    rows: dict[str, dict[tuple[str, ...], int]] = {}
    for line, row in offers.numbered():
        rows.setdefault(str(row["service"]), {})[tuple(str(row[column]) for column in OFFERED)] = line
    for name in dict.fromkeys(s.choice.listed for s in care.services.values() if s.choice is not None):
        first, *others = services_of(care, name) if name is not None else [""]
        for other in others:
            here, there = rows.get(first, {}), rows.get(other, {})
            for offered in [*(here.keys() - there.keys()), *(there.keys() - here.keys())][:1]:
                line = here.get(offered) or there[offered]
                message = Sentence(
                    "{first} and {other} are of one list ({name}): each needs a row for the same site, with the same "
                    "ages, needs, pull and serves",
                    first=first,
                    other=other,
                    name=name,
                )
                yield Problem(offers.file, f"row {line}", offered[0], message)


__all__ = ["check_listed_sites", "check_lists"]
