"""A study in many worlds: baselines first, each brought back to the totals of the fitted one, then the scenarios.

What is drawn at random misses the totals that the baseline is fitted to. So a world's baseline is held against the
baseline as it stands, in the same weeks with the same luck. Where its emergency visits are off, all need rates are
scaled by what is missing, once; a world that is still off then, or whose other totals are far off, is rejected: it is
no world that we could live in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sim.config.world import World
from sim.config.world_draws import WorldDraws, draw_worlds, world_variant
from sim.study.evaluate import EvaluatedRun, evaluate
from sim.study.points import ScenarioPoint
from sim.study.progress import Listener
from sim.study.store import last_line

ANCHOR = "er_visits_per_year"
TOTALS = {  # of the whole region, that a world must meet where they are published and fitted: how far off they may be
    ANCHOR: 0.05,
    "admissions_per_1000_year_adjusted": 0.15,
    "primary_care_visits_per_1000_year_adjusted": 0.15,
}
Totals = Mapping[str, float]


@dataclass
class WorldRuns:
    """The runs in the worlds that were kept, what was drawn in all of them, and what became of each."""

    runs: list[EvaluatedRun] = field(default_factory=list)
    draws: pd.DataFrame = field(default_factory=pd.DataFrame)
    scales: dict[int, float] = field(default_factory=dict)  # of need rates, by world that was kept
    rejected: dict[int, str] = field(default_factory=dict)  # by world: why
    anchors: list[str] = field(default_factory=list)  # totals that worlds were held against

    def table(self) -> pd.DataFrame:
        """What was drawn, with the variant of each world's runs, whether it was kept, and its scale of needs."""
        numbers = self.draws["world"] - 1
        kept = numbers.isin(list(self.scales))
        return self.draws.assign(variant=numbers.map(world_variant), kept=kept, need_rates=numbers.map(self.scales))

    def report(self) -> dict[str, Any]:
        """What a manifest keeps of it."""
        return {
            "kept": [world_variant(number) for number in self.scales],
            "need_rates": {world_variant(number): scale for number, scale in self.scales.items()},
            "rejected": {world_variant(number): why for number, why in self.rejected.items()},
            "anchors": self.anchors,
        }


def run_worlds(world: World, usual: pd.DataFrame, listener: Listener) -> WorldRuns:
    """Every scenario in each world that can be anchored, one run each, with the luck of replication 0.

    ``usual``: measures of the baseline as it stands, of the same luck. Raises ConfigErrors if nothing has a range.
    """
    draws = draw_worlds(world)
    anchors = published_totals(world)
    out = WorldRuns(draws=draws.table(), anchors=anchors)
    wanted = _totals(usual, anchors)
    numbers = dict.fromkeys(range(world.study.worlds), 1.0)
    first = _baselines(draws, numbers, listener, out)
    off = {number: scale for number, run in first.items() if (scale := _scale(run, wanted)) != 1.0}
    runs = {**first, **_baselines(draws, off, listener, out)}
    for number in sorted(set(runs) - set(out.rejected)):
        if why := _miss(_totals(runs[number].measures(), anchors), wanted):
            out.rejected[number] = why
        else:
            out.scales[number] = off.get(number, 1.0)
            out.runs.append(runs[number])
    points = [
        _point(draws, s, number, scale) for s in world.study.scenarios[1:] for number, scale in out.scales.items()
    ]
    out.runs += evaluate(points, world.execution, listener).runs if points else []
    return out


def published_totals(world: World) -> list[str]:
    """The totals of the whole region that are published and that the baseline is fitted to."""
    targets = world.region.targets
    whole = targets[(targets["by"] == "all") & (targets["use"] == "fit")]
    return [measure for measure in TOTALS if measure in set(whole["measure"])]


def _baselines(
    draws: WorldDraws, scales: Mapping[int, float], listener: Listener, out: WorldRuns
) -> dict[int, EvaluatedRun]:
    """The baseline's run in each world; one whose run fails is rejected."""
    baseline = draws.world.study.scenarios[0]
    if not scales:
        return {}
    points = [_point(draws, baseline, number, scale) for number, scale in scales.items()]
    runs = dict(zip(scales, evaluate(points, draws.world.execution, listener).runs, strict=True))
    failed = {number: last_line(run.error) for number, run in runs.items() if run.error}
    out.rejected |= {number: f"its baseline failed: {why}" for number, why in failed.items()}
    return {number: run for number, run in runs.items() if number not in failed}


def _point(draws: WorldDraws, scenario: str, number: int, scale: float) -> ScenarioPoint:
    changes = {**draws.changes(number, scale), **draws.scenario_changes(scenario, number)}
    variant, world = world_variant(number), draws.world
    return ScenarioPoint(f"{scenario} {variant}", world, scenario, world.study.seed, 1, variant, changes)


def _totals(measures: pd.DataFrame, anchors: list[str]) -> Totals:
    rows = measures[(measures["by"] == "all") & measures["measure"].isin(anchors)]
    return dict(zip(rows["measure"], rows["value"].astype(float), strict=True))


def _scale(run: EvaluatedRun, wanted: Totals) -> float:
    """What all need rates are to be multiplied by; 1 where emergency visits are near enough, or nothing tells."""
    there = _totals(run.measures(), list(wanted)).get(ANCHOR, 0.0)
    aim = wanted.get(ANCHOR, 0.0)
    if not (there > 0 and aim > 0) or abs(there / aim - 1) <= TOTALS[ANCHOR]:
        return 1.0
    return aim / there


def _miss(there: Totals, wanted: Totals) -> str:
    """Which total a world misses by more than it may, and by how much; empty if none."""
    return "; ".join(_misses(there, wanted))


def _misses(there: Totals, wanted: Totals) -> Iterator[str]:
    for measure, aim in wanted.items():
        value = there.get(measure, float("nan"))
        if not (aim > 0 and abs(value / aim - 1) <= TOTALS[measure]):
            yield f"{measure} is {value:.4g}, in the baseline {aim:.4g}; {TOTALS[measure]:.0%} off at most"


__all__ = ["ANCHOR", "TOTALS", "WorldRuns", "published_totals", "run_worlds"]
