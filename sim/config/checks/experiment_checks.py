"""Natural experiments against the region on which they are run: their levers as those of scenarios, their groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.config.changes import as_read
from sim.config.checks.world_checks import check_world
from sim.config.errors import Problem, unknown
from sim.config.reading.experiment_files import ExperimentFile
from sim.config.reading.parts import ScenarioFile
from sim.config.schema.natural_experiment import MeasuredCell
from sim.config.schema.scenario import Scenario
from sim.config.world import World


def check_regions(files: Sequence[ExperimentFile], regions: Sequence[str]) -> Iterator[Problem]:
    """Regions that are not there."""
    for one in files:
        for i, region in enumerate(one.experiment.regions):
            if region not in regions:
                yield unknown(one.file, f"regions[{i}]", region, "region", regions)


def check_experiments(world: World, files: Sequence[ExperimentFile]) -> Iterator[Problem]:
    """What experiments that are run on this region name that it, or its care model, lacks."""
    yield from _levers(world, files)
    for one in files:
        for i, reading in enumerate(one.experiment.readings):
            yield from _groups(world, reading, one.file, f"readings[{i}]")
            if reading.per is not None:
                yield from _groups(world, reading.per, one.file, f"readings[{i}].per")


def _levers(world: World, files: Sequence[ExperimentFile]) -> Iterator[Problem]:
    """The problems that the same levers would have in scenario files."""
    sides = {
        f"{one.name} {part}": ScenarioFile(one.name, f"{one.file}: {part}", _scenario(one, part))
        for one in files
        for part in one.experiment.sides
    }
    scenarios = {name: side.scenario for name, side in sides.items()}
    statements = list(world.statements.statements) if world.statements is not None else None
    region, care = as_read(world.region), world.care
    faults = check_world(world.study, "study", region, care, "care", sides, scenarios, statements)
    places = {side.file for side in sides.values()}
    yield from (problem for problem in faults if problem.file in places)


def _scenario(one: ExperimentFile, part: str) -> Scenario:
    label = one.experiment.label
    return Scenario(label=label, description=label, levers=one.experiment.sides[part].levers)


def _groups(world: World, cell: MeasuredCell, file: str, key: str) -> Iterator[Problem]:
    """Groups of the cuts whose groups a file of the configuration lists."""
    region = world.region
    groups = {
        "municipality": region.municipalities["municipality"].tolist(),
        "site": region.sites["site"].tolist(),
        "service": list(world.care.services),
    }
    for i, group in enumerate(cell.groups):
        if cell.by in groups and group not in groups[cell.by]:
            yield unknown(file, f"{key}.groups[{i}]", group, cell.by, groups[cell.by])


__all__ = ["check_experiments", "check_regions"]
