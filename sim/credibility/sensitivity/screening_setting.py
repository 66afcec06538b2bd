"""What a screening is made of: the world without factors, what is varied, the outcomes, the luck."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sim.compile import compile_scenario
from sim.config import factors as transform
from sim.config.errors import ConfigErrors, Problem
from sim.config.world import World
from sim.credibility.calibration.fit_setting import DIGITS
from sim.credibility.sensitivity import uncertain_figures
from sim.credibility.sensitivity.uncertain_figures import UncertainFigure, ranged, with_values
from sim.study.evaluate import Floats
from sim.study.processes import cores
from sim.study.store import code_hash, model_hash

OUTCOMES = {  # of the whole region, by what they tell of
    "er_arrivals_per_day": "er",
    "er_present_mean": "er",
    "er_stay_median_min": "er",
    "travel_min_per_resident_year": "travel",
    "travel_km_per_resident_year": "travel",
}


@dataclass(frozen=True)
class Setting:
    """A screening of one region's baseline; everything but the varied figures is fixed.

    ``world`` is without factors (``load_study(..., fitted=False)``). A point is the share of its range at which each
    varied figure lies, in the order of ``varied``.
    """

    world: World

    @cached_property
    def varied(self) -> list[UncertainFigure]:
        """What is varied."""
        return ranged(self.world)

    @cached_property
    def targets(self) -> pd.DataFrame:
        """The outcomes, named by their measure."""
        return pd.DataFrame({"target": list(OUTCOMES), "measure": list(OUTCOMES), "by": "all", "group": ""})

    @property
    def seed(self) -> int:
        """The study's."""
        return self.world.study.seed

    @property
    def replications(self) -> int:
        """How many runs are averaged at a point."""
        return self.world.study.replications

    @property
    def workers(self) -> int:
        """Processes."""
        return self.world.execution.workers or cores()

    @property
    def folder(self) -> str:
        """Name of the folder of the evaluations, among the results."""
        return f"sensitivity_{self.world.region.name}"

    def factors(self, z: Floats) -> dict[str, float]:
        """The varied figures at a point; NaN stands for the value in force. Rounded, so that a point has one name."""
        return {
            one.name: float(f"{one.value if np.isnan(share) else one.at(float(share)):.{DIGITS}g}")
            for one, share in zip(self.varied, z, strict=True)
        }

    def world_at(self, factors: dict[str, float]) -> World:
        """The world with the varied figures at their values."""
        return with_values(self.world, self.varied, factors)

    def absent(self, target: str, note: str) -> Problem:
        """That an outcome cannot be told."""
        return Problem(f"region {self.world.region.name}", target, "", f"the runs have no value: {note}")

    @cached_property
    def digest(self) -> str:
        """Hash of all that determines an evaluation but the varied figures and the replication."""
        free = self.world.region.free
        acts = free.model_dump_json(include={"parameters": {"__all__": {"acts_on"}}}) if free is not None else ""
        parts = [
            model_hash(compile_scenario(self.world, self.world.study.scenarios[0])),
            self.world.care.model_dump_json(),
            self.world.region.travel.model_dump_json(),
            acts,
            *OUTCOMES,
            str(self.seed),
            code_hash(),
            *(hashlib.sha256(Path(m.__file__ or "").read_bytes()).hexdigest() for m in (transform, uncertain_figures)),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def setting(plain: World) -> Setting:
    """The screening of a world that was loaded without factors. Raises ConfigErrors if nothing has a range."""
    made = Setting(plain)
    if len(made.varied) < 2:
        where = f"region {plain.region.name}"
        raise ConfigErrors([Problem(where, "", "", "fewer than two of its figures have a range that can be varied")])
    return made


__all__ = ["OUTCOMES", "Setting", "setting"]
