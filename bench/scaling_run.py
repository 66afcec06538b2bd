"""The region with a share of its people and units: ``python bench/scaling_run.py ENGINE SHARE``.

Prints episodes, contacts and the engine's CPU seconds as JSON; a short run is repeated, and its median told.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from typing import cast

import pandas as pd
from network import model as five_stations

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.config.world import World
from sim.demand import draw_episodes
from sim.engines.select import Engine
from sim.model.codes import AGE_GROUPS
from sim.model.tables import Model
from sim.simulation import simulate, simulate_episodes
from sim.study.processes import keep_memory

STUDY = ("study=vgr_quick", "scenarios=[baseline]")
ENOUGH_S, MOST = 1.0, 9  # a run is repeated until so many seconds, or so many times


def scaled(world: World, share: float) -> World:
    """The same places with ``share`` times the people and units, at least one unit a pool."""
    zones, pools = world.region.zones.copy(), world.region.pools.copy()
    for age in AGE_GROUPS:
        zones[f"people_{age}"] = (zones[f"people_{age}"] * share).round().astype("int64")
    for column, least in (("capacity", 1.0), ("surge", 0.0)):
        pools[column] = pd.Series(pools[column] * share).clip(lower=least)
    region = world.region.model_copy(update={"zones": zones, "pools": pools})
    return type(world)(**{**vars(world), "region": region})


def main(engine: Engine, share: float) -> None:
    """Runs, and prints."""
    keep_memory()  # as a study's worker does
    simulate(five_stations(2000), 1, engine=engine)
    world = load_study(list(STUDY))
    model: Model = compile_scenario(scaled(world, share), "baseline")
    episodes = draw_episodes(model, world.study.seed, 0)
    took: list[float] = []
    while len(took) < MOST and sum(took) < ENOUGH_S:
        begun = time.process_time()
        contacts = simulate_episodes(model, episodes, engine)
        took.append(time.process_time() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    people = int(model.people.sum())
    rows = len(contacts.episode)
    print(json.dumps({"people": people, "contacts": rows, "cpu_s": statistics.median(took), "peak_mb": peak}))


if __name__ == "__main__":
    main(cast(Engine, sys.argv[1]), float(sys.argv[2]))
