"""What a study will run, and what that will take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, get_args

from sim.compile.levers import TRIPS, Variant
from sim.compile.offered_load import PoolLoad
from sim.compile.traffic import expected_contacts
from sim.config.world import World
from sim.model.tables import Model


@dataclass(frozen=True)
class Run:
    """One scenario with its effect sizes or all trips at one end, in one replication."""

    scenario: str
    variant: Variant
    replication: int

    @property
    def name(self) -> str:
        """What people read."""
        return f"{self.scenario} {self.variant} {self.replication}"


def plan(world: World) -> list[Run]:
    """The runs of a study, in the order of its results: a study with its scenarios shuffled has the same.

    Low and high, and trips short and long where travel has a range, are run once, with the first luck.
    """
    study = world.study
    others = study.scenarios[1:]
    runs = [Run(s, "value", r) for s in study.scenarios for r in range(study.replications)]
    if study.assumption_runs:
        ends: tuple[Variant, ...] = ("low", "high")
        runs += [Run(s, end, 0) for s in others for end in ends]
        if world.region.travel.has_range:
            runs += [Run(s, trips, 0) for s in study.scenarios for trips in TRIPS]
    return sorted(runs, key=lambda r: (r.scenario, _VARIANTS.index(r.variant), r.replication))


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
    return Estimate(len(plan(world)), contacts, per_s, mb_per_run + contacts * bytes_each / 1e6)
