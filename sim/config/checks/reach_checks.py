"""Wards to which nobody is ever sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.config.checks.care_checks import turned_to
from sim.config.errors import Problem
from sim.config.schema.care import Care, NextRule, PatienceRule, Service
from sim.config.schema.scenario import PathwayLever, Scenario, ShiftLever


def check_wards_reached(care: Care, file: str, scenarios: Mapping[str, Scenario]) -> Iterator[Problem]:
    """Services of the kind ward that no need and no lever of any scenario leads to, through whatever services."""
    reached = _reachable(care, scenarios)
    for name, service in care.services.items():
        if service.kind == "ward" and name not in reached:
            message = "no need leads to this ward: add a way on to it (next, fallback or first), or leave it out"
            yield Problem(file, f"services.{name}", "", message)


def _reachable(care: Care, scenarios: Mapping[str, Scenario]) -> set[str]:
    levers = [lever for scenario in scenarios.values() for lever in scenario.levers.values()]
    todo = {service for need in care.needs.values() for rule in need.first.values() for service in turned_to(rule)}
    todo |= {lever.to_service for lever in levers if isinstance(lever, ShiftLever)}
    more = {(lever.service, lever.to_step) for lever in levers if isinstance(lever, PathwayLever)}
    reached: set[str] = set()
    while todo:
        name = todo.pop()
        if name in care.services and name not in reached:
            reached.add(name)
            todo |= _onward(care.services[name]) | {to for service, to in more if service == name}
    return reached


def _onward(service: Service) -> set[str]:
    """Every service that may be asked for after this one, or in its place."""
    ways: list[NextRule | PatienceRule] = [*service.next.values(), *service.patience.values()]
    listed = [*(rule.then for rule in ways), *(rule.then for rule in service.no_show.values())]
    steps = {step.to for then in listed for step in then.values() if step.probability > 0}
    return steps | {to for rule in ways for to in rule.at_hand} | {str(service.fallback)}


__all__ = ["check_wards_reached"]
