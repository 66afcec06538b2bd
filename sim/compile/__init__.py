"""Configuration to model: names become indices, hours become seconds, distributions become tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from sim.compile.addresses import with_address
from sim.compile.areas import Areas
from sim.compile.model_arrays import assemble
from sim.compile.phases import clock_of, phases_of
from sim.compile.travel_matrix import matrix
from sim.config.errors import ConfigErrors
from sim.config.named_places import names_of_region
from sim.config.reading.matrix import read_matrix
from sim.config.schema.scenario import Lever
from sim.config.world import World
from sim.model.codes import Ints
from sim.model.tables import Model


def compile_scenario(world: World, name: str) -> Model:
    """The model of a scenario of a world.

    Everything random, and everything that an engine decides, is in whole numbers from here on. Raises ConfigErrors,
    each with its address, for what only the numbers of a scenario show.
    """
    clock, travel = clock_of(world), travel_matrix(world)
    with _problems_of(world, name):
        levers = world.scenarios[name].levers
        areas = Areas(world.region, levers, lambda: travel[1])
        phases = phases_of(world, levers, areas)
        return assemble(world.care, world.region, clock, phases, travel, areas.zone_area, world.given)


def check_phases(world: World, name: str) -> None:
    """Raises ConfigErrors for what the levers of a scenario do that cannot be; in a part of the time of compiling."""
    with _problems_of(world, name):
        levers = world.scenarios[name].levers
        phases_of(world, levers, areas_of(world, levers))


@contextmanager
def _problems_of(world: World, name: str) -> Iterator[None]:
    """Every problem within has its place, and the names of the sites that it tells of."""
    try:
        with with_address(f"care model {world.study.care}, scenario {name}", ""):
            yield
    except ConfigErrors as errors:
        names = names_of_region(world.region)
        raise ConfigErrors(problem.with_names(names) for problem in errors.problems) from None


def areas_of(world: World, levers: Mapping[str, Lever]) -> Areas:
    """The areas that some levers of a world tell apart.

    Raises ConfigErrors with the lever's key where nobody lives in its place.
    """
    return Areas(world.region, levers, lambda: travel_matrix(world)[1])


def run_origin(world: World) -> datetime:
    """When the second 0 of a world's runs is, in UTC: local midnight before the warm-up."""
    return clock_of(world).origin


def travel_matrix(world: World) -> tuple[Ints, Ints]:
    """[places, sites] metres and seconds; places are zones, then sites."""
    region = world.region
    if region.travel.matrix_file:
        names = [*region.zones["zone"], *region.sites["site"]]
        metres, seconds = read_matrix(Path(region.travel.matrix_file), names, list(region.sites["site"]))
    else:
        sites = region.sites[["lat", "lon", "crossing"]]
        places = pd.concat([region.zones[["lat", "lon", "crossing"]], sites])
        metres, seconds = matrix(
            places["lat"].to_numpy(), places["lon"].to_numpy(), list(places["crossing"]),
            sites["lat"].to_numpy(), sites["lon"].to_numpy(), list(sites["crossing"]), region.travel,
        )  # fmt: skip
    return metres.astype(np.int64), seconds.astype(np.int64)


__all__ = ["areas_of", "check_phases", "clock_of", "compile_scenario", "run_origin", "travel_matrix"]
