"""How a baseline behaves when one thing changes, beside the sign and size that the evidence says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.config.world import World
from sim.credibility.validation.experiments import (
    Experiment,
    PublishedEffect,
    Reading,
    experiments,
)
from sim.credibility.validation.validation import fitted_world, measures_of
from sim.results.statistics import t_half_width
from sim.study.progress import Listener
from sim.study.progress_bar import watched

NO_EFFECT = 0.002  # a relative change within +- this is none


@dataclass(frozen=True)
class Behaviour:
    """One reading of one experiment: means, paired relative change with its half-width, what the evidence says."""

    title: str
    reading: Reading
    before: float
    after: float
    change: float
    half_width: float
    evidence: PublishedEffect | None

    @property
    def agreement(self) -> str:
        """Sign, and size where the evidence has one."""
        if self.evidence is None:
            return ""
        if abs(self.change) <= max(self.half_width, NO_EFFECT):
            return "no effect seen"
        if np.sign(self.change) != self.evidence.sign:
            return "**against the sign**"
        if self.evidence.low is None or self.evidence.high is None:
            return "sign"
        if self.evidence.low <= self.change <= self.evidence.high:
            return "sign and size"
        ends = abs(self.evidence.low), abs(self.evidence.high)
        return "sign, weaker" if abs(self.change) < min(ends) else "sign, stronger"


def behave(plain: World, progress: bool | Listener = True) -> list[Behaviour]:
    """Simulates the experiments on a region that was loaded without factors, its own fit in force."""
    world = fitted_world(plain)
    made = experiments(world)
    worlds = {f"{e.title}: {part}": getattr(e, part) for e in made for part in ("before", "after")}
    with watched(progress) as listener:
        measures = measures_of(worlds, listener)
    return [
        _behaviour(e, reading, measures[f"{e.title}: before"], measures[f"{e.title}: after"])
        for e in made
        for reading in e.readings
    ]


def _behaviour(experiment: Experiment, reading: Reading, before: pd.DataFrame, after: pd.DataFrame) -> Behaviour:
    ends = [_values(table, reading) for table in (before, after)]
    changes = (ends[1] - ends[0]) / ends[0].mean()
    runs = len(changes)
    half = t_half_width(changes.std(ddof=1), runs) if runs > 1 else np.nan
    means = float(ends[0].mean()), float(ends[1].mean())
    return Behaviour(
        experiment.title, reading, *means, float(changes.mean()), float(half), experiment.readings[reading]
    )


def _values(table: pd.DataFrame, reading: Reading) -> np.ndarray:
    measure, by, group = reading
    chosen = table[(table["measure"] == measure) & (table["by"] == by) & (table["group"].replace("all", "") == group)]
    values: np.ndarray = chosen.sort_values("replication")["value"].to_numpy(dtype=np.float64)
    return values


__all__ = ["Behaviour", "behave"]
