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
    for read in files:
        for i, region in enumerate(read.experiment.regions):
            if region not in regions:
                yield unknown(read.file, f"regions[{i}]", region, "region", regions)


def check_experiments(world: World, files: Sequence[ExperimentFile]) -> Iterator[Problem]:
    """What experiments that are run on this region name that it, or its care model, lacks."""
    yield from _levers(world, files)
    for read in files:
        for i, reading in enumerate(read.experiment.readings):
            yield from _groups(world, reading, read.file, f"readings[{i}]")
            if reading.per is not None:
                yield from _groups(world, reading.per, read.file, f"readings[{i}].per")


def _levers(world: World, files: Sequence[ExperimentFile]) -> Iterator[Problem]:
    """The problems that the same levers would have in scenario files."""
    sides = {
        f"{read.name} {part}": ScenarioFile(read.name, f"{read.file}: {part}", _scenario(read, part))
        for read in files
        for part in read.experiment.sides
    }
    scenarios = {name: side.scenario for name, side in sides.items()}
    statements = list(world.statements.statements) if world.statements is not None else None
    region, care = as_read(world.region), world.care
    found = check_world(world.study, "study", region, care, "care", sides, scenarios, statements)
    places = {side.file for side in sides.values()}
    yield from (problem for problem in found if problem.file in places)


def _scenario(read: ExperimentFile, part: str) -> Scenario:
    label = read.experiment.label
    return Scenario(label=label, description=label, levers=read.experiment.sides[part].levers)


def _groups(world: World, cell: MeasuredCell, file: str, key: str) -> Iterator[Problem]:
    """Groups of the cuts whose groups a file of the configuration lists."""
    region = world.region
    known = {
        "municipality": region.municipalities["municipality"].tolist(),
        "site": region.sites["site"].tolist(),
        "service": list(world.care.services),
    }
    for i, group in enumerate(cell.groups):
        if cell.by in known and group not in known[cell.by]:
            yield unknown(file, f"{key}.groups[{i}]", group, cell.by, known[cell.by])


__all__ = ["check_experiments", "check_regions"]
