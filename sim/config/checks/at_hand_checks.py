"""Services at hand: in no reference, with sites, and turned to where somebody chooses."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.errors import Problem, unknown
from sim.config.schema.care import Care
from sim.config.schema.pathway_rules import Step, WaysRule
from sim.config.sentence import Sentence

EXIT = "exit"


def check_at_hand(care: Care, file: str) -> Iterator[Problem]:
    """Every problem of the services at hand of first contacts and of ways on."""
    for name, need in care.needs.items():
        for rule, first in need.first.items():
            for service in first.at_hand:
                key = f"needs.{name}.first.{rule}.at_hand.{service}"
                if service in care.services:  # else told with the other names of first contacts
                    yield from _service(care, service, file, key)
    for name, one in care.services.items():
        parts: tuple[tuple[str, dict[str, WaysRule]], ...] = (("next", {**one.next}), ("patience", {**one.patience}))
        for part, rules in parts:
            for rule, ways in rules.items():
                yield from _ways(care, name, ways, file, f"services.{name}.{part}.{rule}")


def _ways(care: Care, name: str, rule: WaysRule, file: str, key: str) -> Iterator[Problem]:
    """Those of a rule of ways on."""
    for service in rule.at_hand:
        if service in care.services:
            yield from _service(care, service, file, f"{key}.at_hand.{service}")
        else:
            yield unknown(file, f"{key}.at_hand", service, "service", care.services)
    if rule.at_hand and name not in care.service_choice.ways_on:
        message = Sentence("nobody chooses here: list {name} in service_choice.ways_on", name=name)
        yield Problem(file, f"{key}.at_hand", "", message, "", ", ".join(care.service_choice.ways_on))
    elif rule.at_hand and not any(_is_choice(step) for step in rule.then.values()):
        message = Sentence(
            "nobody chooses here: no way on is at_once or to exit, and from the others nobody turns elsewhere"
        )
        yield Problem(file, f"{key}.at_hand", "", message)


def _is_choice(step: Step) -> bool:
    return step.probability > 0 and (step.to == EXIT or step.how == "at_once")


def _service(care: Care, service: str, file: str, key: str) -> Iterator[Problem]:
    """Services at hand that are in a reference as well, or everywhere."""
    if listed := next((where for where, to in _references(care) if to == service), None):
        message = Sentence(
            "is in {listed} too: what is at hand is in no reference, so say it in one of the two", listed=listed
        )
        yield Problem(file, key, service, message)
    if care.services[service].unlimited_at is not None:
        yield Problem(file, key, service, "a service with unlimited_at is everywhere; what is at hand has sites")
    elif service not in care.service_choice.nearness:
        message = Sentence("nothing says how far anybody goes to it: list it in service_choice.nearness")
        yield Problem(file, key, service, message, "", ", ".join(care.service_choice.nearness))


def _references(care: Care) -> Iterator[tuple[str, str]]:
    """Where a choice has a service in its reference."""
    for name, need in care.needs.items():
        yield from ((f"needs.{name}.first.{rule}.to", to) for rule, first in need.first.items() for to in first.to)
    for name in care.service_choice.ways_on:
        service = care.services.get(name)
        for part, rules in (("next", service.next), ("patience", service.patience)) if service else ():
            for rule, ways in rules.items():
                key = f"services.{name}.{part}.{rule}.then"
                yield from ((f"{key}.{k}", step.to) for k, step in ways.then.items() if _is_choice(step))


__all__ = ["check_at_hand"]
