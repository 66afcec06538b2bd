"""Figures of a baseline at points where something else is varied: what a calibration and a screening both ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.config.errors import ConfigErrors, Problem
from sim.config.paths import Changes
from sim.config.world import World
from sim.study.evaluate import evaluate
from sim.study.points import CELL, Cells, ScenarioPoint
from sim.study.progress import Listener
from sim.study.store import StudyFolder

Floats = NDArray[np.float64]
Values = Mapping[str, float]  # of what is varied, by name


@dataclass(frozen=True)
class SimulatedFigures:
    """Figures of the baseline of a world, by what is varied in it. The luck is the same at every point.

    ``targets``: the figures, one row each: target, measure, by, group. ``changes``: what puts values in force.
    ``asked_by``: what asks for the figures, for messages.
    """

    world: World
    targets: pd.DataFrame
    changes: Callable[[Values], Changes]
    seed: int
    asked_by: str
    listener: Listener
    known: dict[tuple[tuple[str, float], ...], Floats] = field(default_factory=dict)  # the longest seen of each point

    @property
    def replications(self) -> int:
        """How many runs a figure has where nothing else is said."""
        return self.world.study.replications

    def locked(self, purpose: str) -> AbstractContextManager[None]:
        """Keeps others out who do the same with the region. Raises StudyLocked if one is at work."""
        return StudyFolder(Path(self.world.execution.results), f"{purpose}_{self.world.region.name}").locked()

    def at(self, points: Sequence[Values], purpose: str, replications: int | None = None) -> Floats:
        """[points, targets, replications] of the figures, in the order of the targets.

        ``purpose``: what is going on, for who watches. ``replications``: the first ones alone; nothing: all. Raises
        ConfigErrors if some run has no value of a figure, NothingDone if a run fails.
        """
        number = replications or self.replications
        new = {point_key(p): p for p in points if self._figures_of(p).shape[1] < number}
        if new:
            self._simulate(new, purpose, number)
        return np.stack([self._figures_of(p)[:, :number] for p in points])

    def _figures_of(self, point: Values) -> Floats:
        return self.known.get(point_key(point), np.empty((len(self.targets), 0)))

    def _simulate(self, new: Mapping[tuple[tuple[str, float], ...], Values], purpose: str, replications: int) -> None:
        cells = Cells(tuple(self.targets[CELL].itertuples(index=False, name=None)))
        baseline = self.world.study.scenarios[0]
        points = [
            ScenarioPoint(
                f"{purpose} {i}", self.world, baseline, self.seed, replications, changes=self.changes(p), extract=cells
            )
            for i, p in enumerate(new.values(), 1)
        ]
        table = evaluate(points, self.world.execution, self.listener).table()
        for name, point in zip(new, points, strict=True):
            self.known[name] = self._figures(table[table["point"] == point.name], replications)

    def _figures(self, runs: pd.DataFrame, replications: int) -> Floats:
        """[targets, replications] of a point."""
        columns = [
            self.targets[CELL].merge(runs[runs["replication"] == r], on=CELL, how="left") for r in range(replications)
        ]
        values = np.stack([column["value"].to_numpy(dtype=np.float64) for column in columns], axis=1)
        absent = np.isnan(values).any(axis=1)
        if absent.any():
            raise ConfigErrors(self._absent(target, columns[0]) for target in self.targets["target"][absent])
        return values

    def _absent(self, target: str, run: pd.DataFrame) -> Problem:
        row = run[self.targets["target"] == target].iloc[0]
        note = row["note"] if isinstance(row["note"], str) else "no run has this measure and group"
        return Problem(self.asked_by, target, "", f"the runs have no value: {note}")


def point_key(point: Values) -> tuple[tuple[str, float], ...]:
    """A point by its values."""
    return tuple(sorted(point.items()))


__all__ = ["Floats", "SimulatedFigures", "Values", "point_key"]
