"""The study that is about to run, as it was understood."""

from __future__ import annotations

from sim.config.world import World
from sim.study.console import own_console


def print_study(world: World) -> None:
    """Name, window and scenarios of a study, and what differs from the files that it names."""
    study, execution = world.study, world.execution
    first, *others = study.scenarios
    lines = [
        f"{study.name}: {study.label.en}",
        f"{study.start} to {study.end} after {study.warm_up_days} days of warm-up; {study.region}, care model "
        f"{study.care}; {study.replications} replications, seed {study.seed}; results in {execution.results}.",
        f"Baseline {first}" + (f"; against it {', '.join(others)}." if others else ", and nothing against it."),
        *(f"Differs: {one}." for one in world.differences),
    ]
    for line in lines:
        own_console().print(line, soft_wrap=True)


__all__ = ["print_study"]
