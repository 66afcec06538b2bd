"""What a study will run, and what that will take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from sim.compile.offered_load import PoolLoad
from sim.compile.traffic import expected_contacts
from sim.config.variants import TRIPS, Variant, trips_vary, variant_changes
from sim.config.world import World
from sim.model.tables import Model
from sim.study.points import ScenarioPoint


def plan(world: World) -> list[ScenarioPoint]:
    """The points of a study, in the order of its results: a study with its scenarios shuffled has the same.

    Low and high, and trips short and long where travel has a range, are run once, with the first luck.
    """
    study = world.study
    others = study.scenarios[1:]
    points = [_point(world, s, "value", study.replications) for s in study.scenarios]
    if study.assumption_runs:
        ends: tuple[Variant, ...] = ("low", "high")
        points += [_point(world, s, end, 1) for s in others for end in ends]
        if trips_vary(world.region.travel):
            points += [_point(world, s, trips, 1) for s in study.scenarios for trips in TRIPS]
    return sorted(points, key=lambda p: (p.scenario, _VARIANTS.index(p.variant)))


def runs_of(points: Sequence[ScenarioPoint]) -> int:
    """How many runs some points are."""
    return sum(point.replications for point in points)


def _point(world: World, scenario: str, variant: Variant, replications: int) -> ScenarioPoint:
    changes = variant_changes(world, scenario, variant)
    return ScenarioPoint(f"{scenario} {variant}", world, scenario, world.study.seed, replications, variant, changes)


_VARIANTS: tuple[Variant, ...] = get_args(Variant)


def overloads(found: Mapping[str, list[PoolLoad]]) -> list[dict[str, Any]]:
    """Pools that are asked for as much as they have open, or more, with scenario, site, services and load."""
    return [{"scenario": name, **asdict(one)} for name, loads in found.items() for one in loads]


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
    """Runs, contacts and memory of a study, from the compiled baseline."""
    contacts = expected_contacts(model)
    per_s, mb_per_run, bytes_each = PACE[world.execution.engine]
    return Estimate(runs_of(plan(world)), contacts, per_s, mb_per_run + contacts * bytes_each / 1e6)
