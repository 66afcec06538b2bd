"""What is believed of a region's free parameters before a fit: how each may vary, and how far it is from its value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.config.errors import ConfigErrors, Problem
from sim.config.factors import factor_changes
from sim.config.paths import Changes
from sim.config.reading.free_parameter_files import FREE
from sim.config.schema.free_parameters import FreeParameter
from sim.config.uncertain_figures import round_off
from sim.config.world import World
from sim.credibility.simulated_figures import Floats, SimulatedFigures, Values
from sim.study.progress import Listener

FIRST_SEED = 2**62  # seeds from here on are those of calibration; a study's are smaller
SPREADS = 4  # a range holds 95 % of a log-normal belief: four standard deviations


@dataclass(frozen=True)
class Beliefs:
    """Each parameter's logarithm is normal around that of its value, its range holding 95 %.

    ``world`` is without factors (``load_study(..., fitted=False)``). ``z`` counts standard deviations from the value.
    """

    world: World

    @cached_property
    def parameters(self) -> dict[str, FreeParameter]:
        """What may vary, by name."""
        assert self.world.region.free is not None
        return self.world.region.free.parameters

    @cached_property
    def names(self) -> list[str]:
        """The parameters' names, in the order of every vector."""
        return list(self.parameters)

    @cached_property
    def centre(self) -> Floats:
        """[n] best guess of each factor."""
        return np.array([p.factor.value for p in self.parameters.values()])

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """[n] lowest and highest z."""
        ends = [(p.factor.low, p.factor.high) for p in self.parameters.values()]
        low, high = np.log(np.array(ends).T / self.centre) / self.widths
        return low, high

    @cached_property
    def widths(self) -> Floats:
        """[n] standard deviation of the belief about each logarithm."""
        spans = [np.log(p.factor.high / p.factor.low) for p in self.parameters.values()]
        return np.array(spans) / SPREADS

    def start(self) -> Floats:
        """[n] z where the search begins: what is fitted already, else the best guess."""
        fitted = self.world.region.fitted.factors() if self.world.region.fitted is not None else {}
        factors = np.array([fitted.get(name, c) for name, c in zip(self.names, self.centre, strict=True)])
        return np.clip(np.log(factors / self.centre) / self.widths, *self.bounds)

    def factors(self, z: Floats) -> dict[str, float]:
        """The factors at a point, rounded so that a point has one name."""
        values = self.centre * np.exp(self.widths * z)
        return {name: round_off(value) for name, value in zip(self.names, values, strict=True)}

    def changes(self, factors: Values) -> Changes:
        """What puts factors in force."""
        return factor_changes(self.world.care, self.world.region, self.parameters, factors)


def beliefs(world: World) -> Beliefs:
    """What a fit of a world without factors begins with. Raises ConfigErrors if the region lacks what a fit needs."""
    where = f"configs/region/{world.region.name}"
    problems = []
    if world.region.free is None:
        problems.append(Problem(f"{where}/{FREE}", "", "", "is missing: it says what may vary"))
    elif world.region.free.care != world.study.care:
        message = f"says what may vary of another care model than that of the study, {world.study.care}"
        problems.append(Problem(f"{where}/{FREE}", "care", world.region.free.care, message))
    if fit_targets(world).empty:
        problems.append(Problem(f"{where}/targets.csv", "column use", "", "no figure is marked fit"))
    if problems:
        raise ConfigErrors(problems)
    return Beliefs(world)


def fit_targets(world: World) -> pd.DataFrame:
    """The figures to fit to, one row each, numbered from 0."""
    table = world.region.targets
    return table[table["use"] == "fit"].reset_index(drop=True)


def fit_figures(believed: Beliefs, listener: Listener) -> SimulatedFigures:
    """The figures to fit to, by factors, with a luck that no study can have."""
    world = believed.world
    where = f"configs/region/{world.region.name}/targets.csv"
    seed = FIRST_SEED + world.study.seed
    return SimulatedFigures(world, fit_targets(world), believed.changes, seed, where, listener)


__all__ = ["FIRST_SEED", "Beliefs", "beliefs", "fit_figures", "fit_targets"]
