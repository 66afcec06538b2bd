"""What a fit is made of: the world without factors, what may vary, the figures, and the luck."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sim.compile import compile_scenario
from sim.config import factors as transform
from sim.config.errors import ConfigErrors, Problem
from sim.config.factors import with_factors
from sim.config.reading.free_parameter_files import FITTED, FREE
from sim.config.schema.free_parameters import FreeParameter
from sim.config.world import World
from sim.study.evaluate import CELL, Floats
from sim.study.processes import cores
from sim.study.store import code_hash, model_hash

FIRST_SEED = 2**62  # seeds from here on are those of calibration; a study's are smaller
SPREADS = 4  # a range holds 95 % of a log-normal belief: four standard deviations
DIGITS = 6  # of a factor: what is closer is the same evaluation


@dataclass(frozen=True)
class Setting:
    """A fit of one region; everything but the factors is fixed.

    ``world`` is without factors (``load_study(..., fitted=False)``). Beliefs: each parameter's logarithm is normal
    around that of its value, its range holding 95 %; ``z`` counts standard deviations from there.
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
    def targets(self) -> pd.DataFrame:
        """The figures to fit to, one row each, numbered from 0."""
        table = self.world.region.targets
        return table[table["use"] == "fit"].reset_index(drop=True)

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

    @property
    def seed(self) -> int:
        """A seed that no study can have."""
        return FIRST_SEED + self.world.study.seed

    @property
    def replications(self) -> int:
        """How many runs are averaged."""
        return self.world.study.replications

    @property
    def workers(self) -> int:
        """Processes."""
        return self.world.execution.workers or cores()

    @property
    def folder(self) -> str:
        """Name of the folder of the evaluations, among the results."""
        return f"calibration_{self.world.region.name}"

    def start(self) -> Floats:
        """[n] z where the search begins: what is fitted already, else the best guess."""
        known = self.world.region.fitted.factors() if self.world.region.fitted is not None else {}
        factors = np.array([known.get(name, c) for name, c in zip(self.names, self.centre, strict=True)])
        return np.clip(np.log(factors / self.centre) / self.widths, *self.bounds)

    def factors(self, z: Floats) -> dict[str, float]:
        """The factors at a point, rounded so that a point has one name."""
        found = self.centre * np.exp(self.widths * z)
        return {name: float(f"{value:.{DIGITS}g}") for name, value in zip(self.names, found, strict=True)}

    def world_at(self, factors: dict[str, float]) -> World:
        """The world with factors in force."""
        care, region = with_factors(self.world.care, self.world.region, self.parameters, factors)
        return replace(self.world, care=care, region=region)

    def absent(self, target: str, note: str) -> Problem:
        """That a figure cannot be fitted to."""
        file = f"configs/region/{self.world.region.name}/targets.csv"
        return Problem(file, target, "", f"cannot be fitted to, the runs have no value: {note}")

    @cached_property
    def digest(self) -> str:
        """Hash of all that determines an evaluation but the factors and the replication."""
        acts = {name: p.acts_on.model_dump(mode="json") for name, p in self.parameters.items()}
        source = Path(transform.__file__).read_bytes()
        cells = self.targets[CELL].to_csv(index=False)
        model = model_hash(compile_scenario(self.world, self.world.study.scenarios[0]))
        told = f"{model} {sorted(acts.items())} {cells} {self.seed} {code_hash()} {hashlib.sha256(source).hexdigest()}"
        return hashlib.sha256(told.encode()).hexdigest()


def setting(world: World) -> Setting:
    """The fit of a world that was loaded without factors. Raises ConfigErrors if it lacks what a fit needs."""
    where = f"configs/region/{world.region.name}"
    problems = []
    if world.region.free is None:
        problems.append(Problem(f"{where}/{FREE}", "", "", "is missing: it says what may vary"))
    elif world.region.free.care != world.study.care:
        said = f"says what may vary of another care model than that of the study, {world.study.care}"
        problems.append(Problem(f"{where}/{FREE}", "care", world.region.free.care, said))
    if not (world.region.targets["use"] == "fit").any():
        problems.append(Problem(f"{where}/targets.csv", "column use", "", "no figure is marked fit"))
    if problems:
        raise ConfigErrors(problems)
    return Setting(world)


__all__ = ["FIRST_SEED", "FITTED", "Setting", "setting"]
