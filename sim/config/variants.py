"""Variants of a scenario as changes: effect sizes at an end of their ranges, trips short or long, nothing put in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any, Literal

from sim.config.schema.base import EffectSize, Figure
from sim.config.schema.scenario import ADVERSE, Scenario
from sim.config.schema.travel_rules import TravelConfig
from sim.config.world import World

Variant = Literal["value", "low", "high", "short_trips", "long_trips", "mechanism"]  # mechanism: no assumptions
Basis = Literal["mechanism", "assumption", "both", "nothing"]  # which kinds of levers a scenario has
End = Literal["low", "high"]
Trips = Literal["short", "long"]
TRIPS: dict[Variant, Trips] = {"short_trips": "short", "long_trips": "long"}
OTHER_END: dict[End, End] = {"low": "high", "high": "low"}
VARIED = ("detour", "speed", "access_min")  # what makes all trips short or long


def variant_changes(world: World, scenario: str, variant: Variant) -> dict[str, Any]:
    """What a variant of a scenario changes in a world; nothing at ``value``."""
    if variant == "mechanism":
        return _nothing_put_in(world, scenario)
    if variant in TRIPS:
        changes = trip_changes(world.region.travel, TRIPS[variant])
        return {f"region.travel.{path}": value for path, value in changes.items()}
    if variant == "value":
        return {}
    end: End = "low" if variant == "low" else "high"
    changes = size_changes(world.scenarios[scenario], end)
    return {f"scenarios.{scenario}.{path}": value for path, value in changes.items()}


def _nothing_put_in(world: World, scenario: str) -> dict[str, Any]:
    """Every lever whose effect is assumed is not in force on any day of the run; the others are as they are."""
    first = world.study.start - timedelta(days=world.study.warm_up_days)
    levers = world.scenarios[scenario].levers.items()
    return {f"scenarios.{scenario}.levers.{name}.ramp": {first: 0.0} for name, lever in levers if lever.put_in}


def basis(scenario: Scenario) -> Basis:
    """Whether a scenario's levers are assumptions (``Lever.put_in``), act by mechanism, or are of both kinds."""
    kinds = {lever.put_in for lever in scenario.levers.values()}
    if len(kinds) == 2:
        return "both"
    return "nothing" if not kinds else "assumption" if True in kinds else "mechanism"


def size_changes(scenario: Scenario, end: End) -> dict[str, float]:
    """Every effect size at an end: at low, levers do little, at high much.

    So an adverse one (``ADVERSE``), and one below zero, are taken at their other ends. Paths are from the scenario.
    """
    return {
        f"levers.{lever}.{name}.value": getattr(size, _end(name, size, end))
        for lever, name, size in effect_sizes(scenario)
    }


def effect_sizes(scenario: Scenario) -> Iterator[tuple[str, str, EffectSize]]:
    """Every effect size of a scenario, with its lever's name and its own."""
    for lever, model in scenario.levers.items():
        for name, size in model:
            if isinstance(size, EffectSize):
                yield lever, name, size


def _end(name: str, size: EffectSize, end: End) -> End:
    return OTHER_END[end] if (name in ADVERSE) != (size.value < 0) else end


def is_uncertain(scenario: Scenario) -> bool:
    """Whether any effect size has a range."""
    return any(size.low < size.high for _, _, size in effect_sizes(scenario))


def trip_changes(travel: TravelConfig, trips: Trips, parts: Collection[str] = VARIED) -> dict[str, float]:
    """``parts`` at the ends of their ranges where trips are shortest or longest; what is there already is no change.

    Detours and access are at one end, speeds at the other. What has no range stays as it is, and so do crossings and
    the shortest distance. Paths are from the travel.
    """
    longer = trips == "long"
    figures: list[tuple[str, Figure, bool]] = []
    if "detour" in parts:
        figures += [(f"detour.{name}.factor", band.factor, longer) for name, band in travel.detour.items()]
    if "speed" in parts:
        figures += [(f"speed.{name}.speed_kmh", band.speed_kmh, not longer) for name, band in travel.speed.items()]
    if "access_min" in parts:
        figures.append(("access_min", travel.access_min, longer))
    ends = [(path, figure, figure.high if high else figure.low) for path, figure, high in figures]
    return {f"{path}.value": end for path, figure, end in ends if end is not None and end != figure.value}


def trips_vary(travel: TravelConfig) -> bool:
    """Whether trips may be shorter or longer than said; not where a matrix tells them."""
    return travel.matrix_file is None and any(trip_changes(travel, trips) for trips in TRIPS.values())


__all__ = [
    "TRIPS",
    "VARIED",
    "Basis",
    "Trips",
    "Variant",
    "basis",
    "effect_sizes",
    "is_uncertain",
    "size_changes",
    "trip_changes",
    "trips_vary",
    "variant_changes",
]
