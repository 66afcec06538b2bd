"""Configuration to model: names become indices, hours become seconds, distributions become tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from sim.compile.calendars import Clock
from sim.compile.draft import Draft, reference
from sim.compile.levers import Applier, Variant
from sim.compile.model import Assembler
from sim.compile.start import start_arrays
from sim.config.scenario import Lever, Scenario
from sim.config.world import World
from sim.tables import LONG_AGO, Discrete, Ints, Model
from sim.travel import matrix, read_matrix

NOTHING = Discrete(*(np.zeros(n, dtype=np.int64) for n in (1, 0, 0)))
NO_START: dict[str, object] = {
    "start_cum": np.zeros(0, dtype=np.uint64),
    "start_cell": np.zeros((0, 5), dtype=np.int64),
    "start_zone": NOTHING,
    "start_count": np.zeros(0, dtype=np.uint64),
    "start_base": 0,
    "start_span": np.zeros(0, dtype=np.int64),
    "start_queue": np.zeros(0, dtype=np.int64),
}


def compile_scenario(world: World, name: str, variant: Variant = "value") -> Model:
    """The model of a scenario, with its effect sizes at ``variant``.

    Everything random, and everything that an engine decides, is in whole numbers from here on.
    """
    study = world.study
    clock = Clock(
        world.region.file.timezone,
        world.region.file.holidays,
        study.start - timedelta(days=study.warm_up_days),
        study.end,
        study.start,
    )
    base = reference(world.care, world.region)
    phases = _phases(world, world.scenarios[name], base, clock, variant)
    travel_m, travel_s = travel_matrix(world)
    maker = Assembler(world.care, world.region, clock, phases)
    parts: dict[str, object] = {
        **maker.names(),
        **maker.time(),
        **maker.demand(),
        **maker.factors(),
        **maker.first(),
        **maker.journey(),
        **maker.distance(base, travel_s, travel_m),
        **maker.weights(),
        **maker.places(travel_s),
        **maker.tables(),
        "travel_s": travel_s,
        "travel_m": travel_m,
    }
    model = Model(**parts, **NO_START)  # type: ignore[arg-type]
    return replace(model, **start_arrays(world.care, model))


def _phases(world: World, scenario: Scenario, base: Draft, clock: Clock, variant: Variant) -> list[tuple[int, Draft]]:
    """(start, draft) for each stretch of time in which no ramp changes."""
    levers = scenario.levers.values()
    days = {day for lever in levers for day in (lever.ramp or {})}
    changes = sorted(s for day in days if 0 < (s := clock.seconds(day)) < clock.horizon_s)
    applier = Applier(world.care, world.region, variant)
    phases = []
    for start in [LONG_AGO, *changes]:
        draft = base.copy()
        for lever in levers:
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
        places = [*region.zones["zone"], *region.sites["site"]]
        metres, seconds = read_matrix(Path(region.travel.matrix_file), places, list(region.sites["site"]))
    else:
        lat, lon, crossing = (
            np.concatenate([region.zones[k].to_numpy(), region.sites[k].to_numpy()]) for k in ("lat", "lon", "crossing")
        )
        to = [region.sites[k].to_numpy() for k in ("lat", "lon", "crossing")]
        metres, seconds = matrix(lat, lon, crossing, *to, region.travel)
    return metres.astype(np.int64), seconds.astype(np.int64)


__all__ = ["compile_scenario", "travel_matrix"]
