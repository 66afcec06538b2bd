"""A visit to an emergency room: its parts are at the same site, and somebody is on duty while it is open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sim.config.errors import Problem
from sim.config.named_places import NamedPlaces
from sim.config.reading.region_tables import Table
from sim.config.schema.care import Care
from sim.config.schema.region import Calendar
from sim.config.schema.scenario import CloseLever, Scenario
from sim.config.sentence import Sentence

PHYSICIAN = "emergency_physician"
PARTS = (PHYSICIAN, "emergency_workup")


def check_emergency_rooms(
    care: Care, pools: Table, offers: Table, calendars: Mapping[str, Calendar]
) -> Iterator[Problem]:
    """Emergency rooms whose site lacks a part of the visit, or has no physician on duty at some open hour."""
    found = {(str(row["site"]), str(row["service"])): row for row in offers.rows}
    staffed = {str(row["pool"]): calendars.get(str(row["calendar"])) for row in pools.rows}
    for line, row in offers.numbered():
        site, service = str(row["site"]), str(row["service"])
        for part in _parts(care, service):
            other, opened = found.get((site, part)), calendars.get(str(row["calendar"]))
            if other is None:
                message = Sentence(
                    "{service} leads to {part} in the same visit, which {site} does not offer: add a row for it",
                    service=service,
                    part=part,
                    site=site,
                )
                yield Problem(offers.file, f"row {line}, service", service, message)
                continue
            duty = [calendar for pool in str(other["pool"]).split() if (calendar := staffed.get(pool)) is not None]
            gap = next(iter(opened.hours_without(duty)), None) if opened is not None and duty else None
            if care.services[part].kind == PHYSICIAN and gap is not None:
                message = Sentence(
                    "nobody of {part} at {site} is on duty {gap}, while it is open: say other hours of the pool",
                    part=part,
                    site=site,
                    gap=gap,
                )
                yield Problem(offers.file, f"row {line}, calendar", str(row["calendar"]), message)


def check_closed_rooms(
    care: Care, file: str, scenario: Scenario, offers: Collection[tuple[str, str]], places: NamedPlaces
) -> Iterator[Problem]:
    """Emergency rooms that a scenario closes in part: the door, and not what is done behind it with the same places."""
    levers = [(name, lever) for name, lever in scenario.levers.items() if isinstance(lever, CloseLever)]
    sites = {name: places.sites_of(lever.where) for name, lever in levers}
    closed = {(site, service) for name, lever in levers for site in sites[name] for service in lever.services}
    parts = [name for name, service in care.services.items() if service.kind in PARTS]
    for name, lever in levers:
        doors = [s for s in lever.services if s in care.services and care.services[s].kind == "emergency"]
        left = {p for p in parts for site in sites[name] if (site, p) in offers and (site, p) not in closed}
        if doors and left:
            message = Sentence(
                "closes {doors} and leaves its places and staff to {names}: name these too",
                doors=doors[0],
                names=", ".join(sorted(left)),
            )
            yield Problem(file, f"levers.{name}.services", ", ".join(lever.services), message)


def _parts(care: Care, service: str) -> list[str]:
    """Services to which an emergency service leads at once, as parts of the visit."""
    if service not in care.services or care.services[service].kind != "emergency":
        return []
    steps = [step for rule in care.services[service].next.values() for step in rule.then.values()]
    asked = dict.fromkeys(step.to for step in steps if step.how != "follow_up" and step.probability > 0)
    return [name for name in asked if name in care.services and care.services[name].kind in PARTS]


__all__ = ["check_closed_rooms", "check_emergency_rooms"]
