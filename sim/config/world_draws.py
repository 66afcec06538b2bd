"""Worlds: what is uncertain, drawn within its ranges, all of it at once.

Drawn are the region's free parameters, each within what calibration left undetermined, every figure of the care model
and of travel with a range and quality C, D or X, the odds of every way on from a service (``sim.config.way_factors``),
and every effect size of the scenarios. Each is a dimension of a Latin hypercube (McKay, Beckman & Conover 1979,
Technometrics 21, 239-245): its range is cut into as many parts as there are worlds, and each part is used once. A
dimension has luck of its own, so that the worlds stay the same whichever scenarios a study compares, and two scenarios
that share a lever share its strength.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.config.errors import ConfigErrors, Problem
from sim.config.factors import factor_changes
from sim.config.paths import with_changes
from sim.config.schema.base import EffectSize
from sim.config.schema.free_parameters import FreeParameter
from sim.config.sentence import Sentence
from sim.config.uncertain_figures import UncertainFigure, round_off, uncertain_figures, value_changes
from sim.config.variants import effect_sizes
from sim.config.way_factors import way_factors
from sim.config.world import World

Floats = NDArray[np.float64]
WEAK = frozenset("CDX")  # qualities of a figure that is drawn
WORLD = "world_"  # what the variants of the runs in worlds begin with
DRAW_COLUMNS = ("world", "parameter", "kind", "sv", "en", "quality", "low", "high", "share", "value")


@dataclass(frozen=True)
class Dimension:
    """One figure, or one effect size of a scenario's lever, and the share of its range at which each world has it."""

    figure: UncertainFigure | EffectSize
    parameter: str
    shares: Floats

    def value(self, number: int) -> float:
        """What it is in a world, with the digits that count."""
        share = float(self.shares[number])
        if isinstance(self.figure, UncertainFigure):
            return round_off(self.figure.at(share))
        return round_off(self.figure.low + share * (self.figure.high - self.figure.low))

    def row(self, number: int) -> dict[str, Any]:
        """What is kept of it in a table of worlds."""
        one = self.figure
        known = isinstance(one, UncertainFigure)
        return {
            "world": number + 1,
            "parameter": self.parameter,
            "kind": one.kind if isinstance(one, UncertainFigure) else "lever",
            "sv": one.label.sv if isinstance(one, UncertainFigure) else "",
            "en": one.label.en if isinstance(one, UncertainFigure) else "",
            "quality": one.quality,
            "low": one.low,
            "high": one.high,
            "share": round_off(float(self.shares[number])) if known else float(self.shares[number]),
            "value": self.value(number),
        }


@dataclass(frozen=True)
class WorldDraws:
    """The worlds of a study: figures of the region and the care model, and each scenario's effect sizes."""

    world: World
    figures: list[Dimension]
    ways: list[Dimension]
    sizes: dict[str, list[Dimension]]  # by scenario
    parameters: dict[str, FreeParameter]  # of the ways, by name
    known: dict[tuple[int, float], dict[str, Any]] = field(default_factory=dict, compare=False)

    def changes(self, number: int, scale: float = 1.0) -> dict[str, Any]:
        """What makes a world of the study's own; ``scale``: of all need rates, which anchors it."""
        if (number, scale) not in self.known:
            self.known[number, scale] = self._changes(number, scale)
        return self.known[number, scale]

    def _changes(self, number: int, scale: float) -> dict[str, Any]:
        varied = [one.figure for one in self.figures if isinstance(one.figure, UncertainFigure)]
        changes = value_changes(self.world, varied, {one.parameter: one.value(number) for one in self.figures})
        changed = with_changes(self.world, changes)
        odds = {one.parameter: one.value(number) for one in self.ways}
        changes |= factor_changes(changed.care, changed.region, self.parameters, odds)
        return changes | _rate_changes(changed, scale) if scale != 1 else changes

    def scenario_changes(self, scenario: str, number: int) -> dict[str, float]:
        """The scenario's effect sizes in a world."""
        return {f"{one.parameter}.value": one.value(number) for one in self.sizes[scenario]}

    def table(self) -> pd.DataFrame:
        """One row a world and dimension; columns: ``DRAW_COLUMNS``."""
        all_of_them = [*self.figures, *self.ways, *(one for sizes in self.sizes.values() for one in sizes)]
        rows = [one.row(number) for number in range(self.world.study.worlds) for one in all_of_them]
        return pd.DataFrame(rows, columns=list(DRAW_COLUMNS))


def draw_worlds(world: World) -> WorldDraws:
    """The worlds of a study. Raises ConfigErrors if nothing of it has a range."""
    number, seed = world.study.worlds, world.study.seed
    drawn = [one for one in uncertain_figures(world) if one.kind == "factor" or one.quality in WEAK]
    figures = [Dimension(one, one.name, _shares(one.name, number, seed)) for one in drawn]
    parameters = way_factors(world)
    ways = [Dimension(_way(name, one), name, _shares(name, number, seed)) for name, one in parameters.items()]
    sizes = {name: list(_sizes(world, name, number, seed)) for name in world.study.scenarios}
    if not figures and not ways and not any(sizes.values()):
        message = Sentence(
            "no worlds can be drawn: nothing of the care model, of travel or of the scenarios has a range"
        )
        raise ConfigErrors([Problem("study", "worlds", str(number), message, allowed="0")])
    return WorldDraws(world, figures, ways, sizes, parameters)


def world_variant(number: int) -> str:
    """The variant of the runs in a world, counted from 0."""
    return f"{WORLD}{number + 1:02d}"


def _way(name: str, one: FreeParameter) -> UncertainFigure:
    """The factor of a way on, drawn by its logarithm, so that half is as likely as double."""
    span = one.factor
    return UncertainFigure(name, "factor", (), one.label, span.value, span.low, span.high, span.source, span.quality)


def _sizes(world: World, scenario: str, number: int, seed: int) -> Iterable[Dimension]:
    for lever, name, size in effect_sizes(world.scenarios[scenario]):
        if size.low < size.high:
            key = f"{lever}.{name} {size.low!r} {size.high!r}"
            yield Dimension(size, f"scenarios.{scenario}.levers.{lever}.{name}", _shares(key, number, seed))


def _shares(key: str, number: int, seed: int) -> Floats:
    """[number] shares of a range, one in each of as many equal parts, in an order of the key's own."""
    own = int.from_bytes(hashlib.sha256(f"{seed} {key}".encode()).digest()[:8], "big")
    shares: Floats = qmc.LatinHypercube(d=1, rng=own).random(number)[:, 0]
    return shares


def _rate_changes(world: World, scale: float) -> dict[str, float]:
    return {
        f"care.needs.{need}.rate_per_1000_year.{age}.value": rate.value * scale
        for need, one in world.care.needs.items()
        for age, rate in one.rate_per_1000_year.items()
    }


__all__ = ["DRAW_COLUMNS", "WORLD", "WorldDraws", "draw_worlds", "world_variant"]
