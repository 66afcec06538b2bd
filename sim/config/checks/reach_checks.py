"""Wards to which nobody is ever sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.config.checks.held_checks import network
from sim.config.errors import Problem
from sim.config.schema.care import Care
from sim.config.schema.scenario import Scenario
from sim.config.sentence import Sentence


def check_wards_reached(care: Care, file: str, scenarios: Mapping[str, Scenario]) -> Iterator[Problem]:
    """Services of the kind ward that no class comes to, through whatever services and with any scenario's levers."""
    wards = {name for name, service in care.services.items() if service.kind == "ward"}
    levers = [lever for scenario in scenarios.values() for lever in scenario.levers.values()]
    with_levers = network(care, [], levers)
    for who in with_levers.classes if wards else []:
        wards -= with_levers.reached(who)
    for name in sorted(wards):
        message = Sentence("no need leads to this ward: add a way on to it (next, fallback or first), or leave it out")
        yield Problem(file, f"services.{name}", "", message)


__all__ = ["check_wards_reached"]
