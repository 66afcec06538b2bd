"""Configuration to model: names become indices, hours become seconds, distributions become tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from sim.compile.addresses import addressed
from sim.compile.calendars import Clock
from sim.compile.draft import Draft, reference
from sim.compile.levers import TRIPS, Applier, Variant
from sim.compile.model_arrays import assemble
from sim.compile.travel_matrix import matrix
from sim.config.reading.matrix import read_matrix
from sim.config.schema.scenario import Lever, Scenario
from sim.config.world import World
from sim.model.codes import LONG_AGO, Ints
from sim.model.tables import Model


def compile_scenario(world: World, name: str, variant: Variant = "value") -> Model:
    """The model of a scenario, with its effect sizes, or all trips, at ``variant``.

    Everything random, and everything that an engine decides, is in whole numbers from here on. Raises ConfigErrors,
    each with its address, for what only the numbers of a scenario show.
    """
    if variant in TRIPS:
        travel = world.region.travel.with_trips(TRIPS[variant])
        world = replace(world, region=world.region.model_copy(update={"travel": travel}))
    study = world.study
    clock = Clock(
        world.region.file.timezone,
        world.region.file.holidays,
        study.start - timedelta(days=study.warm_up_days),
        study.end,
        study.start,
    )
    base = reference(world.care, world.region)
    with addressed(f"care model {study.care}, scenario {name}", ""):
        phases = _phases(world, world.scenarios[name], base, clock, variant)
        return assemble(world.care, world.region, clock, base, phases, travel_matrix(world))


def _phases(world: World, scenario: Scenario, base: Draft, clock: Clock, variant: Variant) -> list[tuple[int, Draft]]:
    """(start, draft) for each stretch of time in which no ramp changes."""
    levers = scenario.levers
    days = {day for lever in levers.values() for day in (lever.ramp or {})}
    changes = sorted(s for day in days if 0 < (s := clock.seconds(day)) < clock.horizon_s)
    applier = Applier(world.care, world.region, variant)
    phases = []
    for start in [LONG_AGO, *changes]:
        draft = base.copy()
        for key, lever in levers.items():
            with addressed("", f"levers.{key}"):
                applier.apply(draft, lever, _share(lever, max(start, 0), clock))
        phases.append((start, draft))
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


__all__ = ["compile_scenario", "travel_matrix"]
