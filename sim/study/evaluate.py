"""Evaluations: simulated figures at a point, averaged over replications, each stored as it is done."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from sim.compile import compile_scenario
from sim.config.errors import ConfigErrors, Problem
from sim.config.world import World
from sim.engines.select import Engine, choose
from sim.simulation import simulate
from sim.study.processes import die_with, keep_memory
from sim.study.progress import Progress
from sim.study.store import RunFile, StudyFolder

Factors = dict[str, float]


class Evaluated(Protocol):
    """What figures are simulated for: a fit, or a screening. Everything but the factors is fixed."""

    @property
    def world(self) -> World:
        """The world that factors are put into."""

    @property
    def targets(self) -> pd.DataFrame:
        """The figures, one row each: target, measure, by, group."""

    @property
    def seed(self) -> int:
        """Of all evaluations."""

    @property
    def replications(self) -> int:
        """How many runs a figure has."""

    @property
    def workers(self) -> int:
        """Processes."""

    @property
    def folder(self) -> str:
        """Name of the folder of the evaluations, among the results."""

    @property
    def digest(self) -> str:
        """Hash of all that determines an evaluation but the factors and the replication."""

    def factors(self, z: Floats) -> Factors:
        """What is varied at a point, by name."""

    def world_at(self, factors: Factors) -> World:
        """The world with factors in force."""

    def absent(self, target: str, note: str) -> Problem:
        """That no run has a value of a figure."""


E = TypeVar("E", bound=Evaluated)


@dataclass(frozen=True)
class Evaluator(Generic[E]):
    """Simulates a setting's figures; what is on disk is not simulated again."""

    setting: E
    shown: bool = True

    @property
    def folder(self) -> StudyFolder:
        """Where evaluations lie."""
        return StudyFolder(Path(self.setting.world.execution.results), self.setting.folder)

    @cached_property
    def engine(self) -> Engine:
        """What simulates, made ready once for all processes."""
        world = self.setting.world
        return choose(world.execution.engine, compile_scenario(world, world.study.scenarios[0]))

    def file(self, factors: Factors, replication: int) -> RunFile:
        """Where the figures of one run are or will be."""
        told = f"{self.setting.digest} {sorted(factors.items())} {replication}"
        key = hashlib.sha256(told.encode()).hexdigest()[:32]
        return RunFile(self.folder.path / "evaluations" / f"{key}.parquet")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps every other calibration of the region out. Raises StudyLocked if one is at work."""
        with self.folder.locked():
            yield

    def figures(self, points: Sequence[Floats], told: str, replications: int | None = None) -> Floats:
        """[points, targets, replications] simulated figures, in the order of the setting's targets.

        ``told``: what is going on, for who watches. ``replications``: the first ones alone; nothing: all. Raises
        ConfigErrors if no run has a value of some figure.
        """
        wanted = [self.setting.factors(z) for z in points]
        runs = range(replications or self.setting.replications)
        jobs = self._jobs(wanted, runs)
        with Progress(len(jobs), self.setting.workers, self.shown) as progress:
            progress.tell(told)
            self._compute(jobs, progress, told)
        return np.stack([self._read(factors, runs) for factors in wanted])

    def _jobs(self, wanted: list[Factors], runs: range) -> list[tuple[Factors, list[int]]]:
        """Points with the replications that are missing; split where fewer points than workers are left."""
        unique = list({tuple(f.items()): f for f in wanted}.values())
        missing = [(f, [r for r in runs if not self.file(f, r).exists()]) for f in unique]
        missing = [(f, rs) for f, rs in missing if rs]
        if len(missing) < self.setting.workers:
            return [(f, [r]) for f, rs in missing for r in rs]
        return missing

    def _compute(self, jobs: list[tuple[Factors, list[int]]], progress: Progress, told: str) -> None:
        engine = self.engine if jobs else "simpy"
        calls = (
            delayed(_evaluate)(self.setting, factors, [(r, self.file(factors, r)) for r in rs], os.getpid(), engine)
            for factors, rs in jobs
        )
        workers = min(self.setting.workers, max(len(jobs), 1))
        pool = Parallel(n_jobs=workers, return_as="generator_unordered", pre_dispatch="n_jobs + 1", batch_size=1)
        for seconds in pool(calls):
            progress.advance(told, seconds, failed=False)

    def _read(self, factors: Factors, replications: range) -> Floats:
        """[targets, replications]."""
        runs = [self.file(factors, r).read()[0] for r in replications]
        columns = [self.setting.targets[CELL].merge(run, on=CELL, how="left") for run in runs]
        values = np.stack([column["value"].to_numpy(dtype=np.float64) for column in columns], axis=1)
        absent = np.isnan(values).any(axis=1)
        if absent.any():
            raise ConfigErrors(self._absent(name, columns[0]) for name in self.setting.targets["target"][absent])
        return values

    def _absent(self, target: str, run: pd.DataFrame) -> Problem:
        row = run[self.setting.targets["target"] == target].iloc[0]
        note = row["note"] if isinstance(row["note"], str) else "no run has this measure and group"
        return self.setting.absent(target, note)


def _evaluate(
    setting: Evaluated, factors: Factors, runs: list[tuple[int, RunFile]], parent: int, engine: Engine
) -> float:
    """Simulates one point in some replications, and stores the figures of each; returns the seconds it took."""
    die_with(parent)
    keep_memory(parent)
    started = time.perf_counter()
    model = compile_scenario(setting.world_at(factors), setting.world.study.scenarios[0])
    for replication, file in runs:
        run = simulate(model, setting.seed, replication, engine)
        measures = run.measures.assign(group=lambda table: table["group"].replace("all", ""))
        figures = setting.targets[CELL].drop_duplicates().merge(measures, on=CELL)
        file.write(figures, len(run.episodes.time), len(run.contacts.episode))
    return time.perf_counter() - started


Floats = NDArray[np.float64]
CELL = ["measure", "by", "group"]


__all__ = ["CELL", "Evaluated", "Evaluator", "Factors", "Floats"]
