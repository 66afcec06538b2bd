"""What a study will run, and what that will take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from sim.compile.offered_load import PoolLoad
from sim.compile.traffic import expected_contacts
from sim.config.errors import ConfigErrors, Problem
from sim.config.variants import TRIPS, Variant, basis, effect_sizes, trips_vary, variant_changes
from sim.config.world import World
from sim.config.world_draws import draw_worlds
from sim.model.tables import Model
from sim.study.points import ScenarioPoint

MECHANISM_REPLICATIONS = 3  # the first ones; one where a study leaves out the runs of the assumptions, and worlds


def plan(world: World) -> list[ScenarioPoint]:
    """The points of a study, in the order of its results: a study with its scenarios shuffled has the same.

    Low and high, and trips short and long where travel has a range, are run once, with the first luck. A scenario
    that has assumptions and other levers is run without its assumptions too, in a few of its replications. Runs in
    worlds are no part of it. Raises ConfigErrors if worlds are wanted and nothing has a range.
    """
    study = world.study
    others = study.scenarios[1:]
    if study.worlds and others:
        draw_worlds(world)  # what runs in them depends on the baselines there (``sim.study.world_runs``)
    points = [_point(world, s, "value", study.replications) for s in study.scenarios]
    if study.assumption_runs:
        ends: tuple[Variant, ...] = ("low", "high")
        points += [_point(world, s, end, 1) for s in others for end in ends]
        if trips_vary(world.region.travel):
            points += [_point(world, s, trips, 1) for s in study.scenarios for trips in TRIPS]
    tried = min(MECHANISM_REPLICATIONS, study.replications) if study.assumption_runs or study.worlds else 1
    points += [_point(world, s, "mechanism", tried) for s in others if _is_parted(world, s)]
    return sorted(points, key=lambda p: (p.scenario, _VARIANTS.index(p.variant)))


def _is_parted(world: World, scenario: str) -> bool:
    """Whether a run can part what is assumed from what follows; not against a baseline with levers of its own."""
    return basis(world.scenarios[scenario]) == "both" and not world.scenarios[world.study.scenarios[0]].levers


def refuse_impossible(points: Sequence[ScenarioPoint]) -> None:
    """Raises ConfigErrors with all that the levers of some points do that cannot be, at each end of the assumptions."""
    problems: list[Problem] = []
    for point in points:
        try:
            point.check()
        except ConfigErrors as errors:
            problems += errors.problems
    if problems:
        raise ConfigErrors(problems)


def ends(world: World) -> list[ScenarioPoint]:
    """Every scenario with its effect sizes at their weaker and at their stronger end, whether it is run so or not."""
    sizes = {s: [size for _, _, size in effect_sizes(world.scenarios[s])] for s in world.study.scenarios}
    varied = [s for s, listed in sizes.items() if any(size.low < size.high for size in listed)]
    return [_point(world, s, end, 1) for s in varied for end in ("low", "high")]


def runs_of(points: Sequence[ScenarioPoint]) -> int:
    """How many runs some points are."""
    return sum(point.replications for point in points)


def runs_in_worlds(world: World) -> int:
    """How many runs the worlds of a study take at most: as if each had to be anchored."""
    study = world.study
    return study.worlds * (len(study.scenarios) + 1) if len(study.scenarios) > 1 else 0


def _point(world: World, scenario: str, variant: Variant, replications: int) -> ScenarioPoint:
    changes = variant_changes(world, scenario, variant)
    return ScenarioPoint(f"{scenario} {variant}", world, scenario, world.study.seed, replications, variant, changes)


_VARIANTS: tuple[str, ...] = get_args(Variant)


def overloads(loads_of: Mapping[str, list[PoolLoad]]) -> list[dict[str, Any]]:
    """Pools that are asked for as much as they have open, or more, with scenario, site, services and load."""
    return [{"scenario": name, **asdict(one)} for name, loads in loads_of.items() for one in loads]


# with demand and measures, one core: contacts a second, MB of a run and bytes of a contact; docs/performance.md
PACE = {"simpy": (48_000, 300, 600), "compiled": (800_000, 500, 170), "auto": (800_000, 500, 170)}


@dataclass(frozen=True)
class Estimate:
    """What a study will take."""

    runs: int
    contacts: float  # a run
    contacts_per_s: float  # one core
    mb_per_run: float


def estimate(world: World, model: Model) -> Estimate:
    """Runs, contacts and memory of a study, from the compiled baseline; as if each world had to be anchored."""
    contacts = expected_contacts(model)
    per_s, mb_per_run, bytes_each = PACE[world.execution.engine]
    runs = runs_of(plan(world)) + runs_in_worlds(world)
    return Estimate(runs, contacts, per_s, mb_per_run + contacts * bytes_each / 1e6)
