"""Configuration to model: names become indices, hours become seconds, distributions become tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from sim.compile.addresses import with_address
from sim.compile.areas import Areas
from sim.compile.calendars import Clock, Shifts
from sim.compile.dated import changing_days, on_day
from sim.compile.draft import Phase, reference
from sim.compile.kept_units import check_kept_free
from sim.compile.levers import Applier
from sim.compile.model_arrays import assemble
from sim.compile.travel_matrix import matrix
from sim.config.reading.matrix import read_matrix
from sim.config.schema.scenario import Lever
from sim.config.world import World
from sim.model.codes import LONG_AGO, Ints
from sim.model.tables import Model


def compile_scenario(world: World, name: str) -> Model:
    """The model of a scenario of a world.

    Everything random, and everything that an engine decides, is in whole numbers from here on. Raises ConfigErrors,
    each with its address, for what only the numbers of a scenario show.
    """
    clock, travel = clock_of(world), travel_matrix(world)
    with with_address(f"care model {world.study.care}, scenario {name}", ""):
        levers = world.scenarios[name].levers
        areas = Areas(world.region, levers, lambda: travel[1])
        phases = _phases(world, levers, areas, clock)
        return assemble(world.care, world.region, clock, phases, travel, areas.zone_area, world.given)


def check_phases(world: World, name: str) -> None:
    """Raises ConfigErrors for what the levers of a scenario do that cannot be; in a part of the time of compiling."""
    with with_address(f"care model {world.study.care}, scenario {name}", ""):
        levers = world.scenarios[name].levers
        _phases(world, levers, areas_of(world, levers), clock_of(world))


def areas_of(world: World, levers: Mapping[str, Lever]) -> Areas:
    """The areas that some levers of a world tell apart.

    Raises ConfigErrors with the lever's key where nobody lives in its place.
    """
    return Areas(world.region, levers, lambda: travel_matrix(world)[1])


def clock_of(world: World) -> Clock:
    """Seconds of the runs of a world, and the local days that they are."""
    study, region = world.study, world.region.file
    first = study.start - timedelta(days=study.warm_up_days)
    return Clock(region.timezone, region.holidays, first, study.end, study.start)


def _phases(world: World, levers: Mapping[str, Lever], areas: Areas, clock: Clock) -> list[Phase]:
    """The stretches of time in which no ramp and no dated row changes."""
    base = reference(world.care, world.region, areas.number)
    days = {day for lever in levers.values() for day in (lever.ramp or {})} | changing_days(world.region)
    changes = {clock.seconds(day): day for day in sorted(days) if clock.first < day <= clock.last}
    applier, shifts = Applier(world.care, world.region, areas), Shifts(world.region.calendars, clock)
    phases = []
    for start, day in [(LONG_AGO, clock.first), *changes.items()]:
        as_configured = on_day(base, world.region, day)
        draft = as_configured.copy()
        for key, lever in levers.items():
            with with_address("", f"levers.{key}"):
                applier.apply(draft, lever, _share(lever, max(start, 0), clock))
        phases.append(Phase(start, as_configured, draft))
        check_kept_free(world.care, draft, shifts, day)
    return phases


def _share(lever: Lever, second: int, clock: Clock) -> float:
    """How much of a lever is in force at a second of the run."""
    if lever.ramp is None:
        return 1.0
    begun = [day for day in sorted(lever.ramp) if clock.seconds(day) <= second]
    return lever.ramp[begun[-1]] if begun else 0.0


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


__all__ = ["areas_of", "check_phases", "clock_of", "compile_scenario", "travel_matrix"]
