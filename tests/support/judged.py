"""What the program makes of damaged files: refused, broken, or accepted with figures and remarks."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.compile import compile_scenario
from sim.compile.arrivals import silent_needs
from sim.compile.idle_pools import idle_pools
from sim.compile.lever_effects import levers_without_effect
from sim.compile.lever_sizes import questions
from sim.compile.offered_load import offered_work, open_seconds, overloaded
from sim.compile.traffic import flows
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.notes import notes
from sim.config.world import World
from sim.demand import try_demand
from sim.model.tables import Model
from sim.study.plan import ends, plan, refuse_impossible

CHANGED = 0.2  # from here on a headline figure that nobody was told of is a silent change


@dataclass(frozen=True)
class Judgement:
    """How a configuration ended at the door of ``check``."""

    refused: str = ""
    broken: str = ""  # a traceback
    figures: Mapping[str, float] = field(default_factory=dict)
    remarks: frozenset[str] = frozenset()

    def silent_changes(self, before: Judgement) -> dict[str, tuple[float, float]]:
        """Figures that are more than a fifth off, without an error or a remark that was not there before."""
        if self.refused or self.broken or self.remarks - before.remarks:
            return {}
        pairs = {name: (value, self.figures.get(name, 0.0)) for name, value in before.figures.items()}
        return {name: (old, new) for name, (old, new) in pairs.items() if abs(new - old) > CHANGED * abs(old) + 1e-9}


def judge(root: Path | None, overrides: list[str]) -> Judgement:
    """What ``check`` would say: all that it reads, compiles and tries, without its words."""
    try:
        world = load_study(overrides, root=root)
        refuse_impossible([*plan(world), *ends(world)])
        models = {name: compile_scenario(world, name) for name in world.study.scenarios}
        for model in models.values():
            try_demand(model, world.study.seed)
        return Judgement(figures=figures(models), remarks=frozenset(remarks(world, models)))
    except ConfigErrors as errors:
        return Judgement(refused=str(errors))
    except Exception:
        return Judgement(broken=traceback.format_exc())


def figures(models: Mapping[str, Model]) -> dict[str, float]:
    """Headline figures that need no run: people, first contacts, load and places by service, travel to them."""
    found: dict[str, float] = {}
    for scenario, model in models.items():
        phase = len(model.phase_start) - 1
        expected = flows(model, phase)
        days = model.horizon / 86_400
        visits = expected.episodes @ expected.visits / days
        work, units = offered_work(model).sum(axis=0) / days, open_seconds(model) / days
        found[f"{scenario} people"] = float(model.people.sum())
        for s, service in enumerate(model.services):
            found[f"{scenario} contacts {service}"] = float(visits[s])
            found[f"{scenario} work {service}"] = float(work[s])
        for r, resource in enumerate(model.resources):
            found[f"{scenario} units {resource}"] = float(units[model.pool_resource == r].sum())
        found[f"{scenario} travel"] = float(model.travel_s.mean())
    return found


def remarks(world: World, models: Mapping[str, Model]) -> list[str]:
    """What ``check`` warns of."""
    silent = [f"{need} is silent" for model in models.values() for need in silent_needs(model)]
    loads = [f"{name}: {one.pool} has too much" for name, model in models.items() for one in overloaded(model)]
    units = [f"{one.pool} is idle" for one in idle_pools(models[world.study.scenarios[0]])]
    idle = [f"{name}: {lever} does nothing" for name in models for lever in levers_without_effect(world, name)]
    return [*silent, *loads, *idle, *units, *map(str, notes(world)), *map(str, questions(world))]


__all__ = ["Judgement", "judge"]
