"""One run of a study's baseline in this process: ``python bench/region_run.py ENGINE KEY=VALUE ...``.

Prints CPU seconds of each step as JSON, with the part that the identities take, and the peak of memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar, cast

from network import model

from sim import simulation
from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.demand import draw_episodes
from sim.engines.select import Engine
from sim.measures import measure
from sim.study.processes import keep_memory

T = TypeVar("T")


class Watch:
    """CPU seconds by name."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    def of(self, name: str, call: Callable[[], T]) -> T:
        """What a call returns, its time noted."""
        begun = time.process_time()
        value = call()
        self.took[name] = self.took.get(name, 0.0) + time.process_time() - begun
        return value


def watched_identities(watch: Watch) -> None:
    """From now on the check of identities of every run is timed, apart from its engine."""
    check = simulation.check_identities
    simulation.check_identities = lambda *what: watch.of("identities_s", lambda: check(*what))


def main(engine: Engine, keys: list[str]) -> None:
    """Runs, and prints."""
    keep_memory()  # as a study's worker does
    small = model(2000)
    simulation.simulate(small, 1, engine=engine)  # loads what is compiled before the clock is read
    watch = Watch()
    watched_identities(watch)
    world = watch.of("load_s", lambda: load_study(keys))
    compiled = watch.of("compile_s", lambda: compile_scenario(world, world.study.scenarios[0]))
    episodes = watch.of("demand_s", lambda: draw_episodes(compiled, world.study.seed, 0))
    contacts = watch.of("cpu_s", lambda: simulation.simulate_episodes(compiled, episodes, engine))
    watch.of("measures_s", lambda: measure(compiled, episodes, contacts))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**watch.took, "contacts": len(contacts.episode), "peak_mb": peak}))


if __name__ == "__main__":
    main(cast(Engine, sys.argv[1]), sys.argv[2:])
