"""Runs of the cases: files are written, read and compiled, demand drawn, the engine run, the measures read."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.config.errors import Problem
from sim.config.schema.study_design import Execution
from sim.credibility.verification.all_cases import cases
from sim.credibility.verification.case import Case
from sim.credibility.verification.gates import Verdict, judge
from sim.credibility.verification.quantities import Seen
from sim.engines.select import Engine
from sim.model.tables import Model
from sim.simulation import Simulation, simulate
from sim.study.evaluate import evaluate
from sim.study.progress import Listener
from sim.study.progress_bar import watch


def simulate_case(case: Case, model: Model, replication: int, engine: Engine = "simpy") -> list[float]:
    """Each quantity of a case in one replication."""
    return _values(case, simulate(model, case.seed, replication, engine))


def _values(case: Case, run: Simulation) -> list[float]:
    seen = Seen(run)
    return [quantity.read(seen) for quantity in case.quantities]


def compile_case(case: Case) -> Model:
    """The model of a case, by way of the files of a study in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        return case.compile(Path(folder))


@dataclass(frozen=True)
class Quantities:
    """All quantities of a case."""

    name: str  # of the case

    def of(self, run: Simulation) -> pd.DataFrame:
        """As ``Extract`` says."""
        case = cases()[self.name]
        values = zip(case.quantities, _values(case, run), strict=True)
        rows = [(quantity.name, "", "all", "", value, "") for quantity, value in values]
        return pd.DataFrame(rows, columns=["measure", "unit", "by", "group", "value", "note"])


@dataclass(frozen=True)
class CasePoint:
    """A case as what can be evaluated."""

    name: str
    seed: int
    replications: int
    extract: Quantities

    def model(self) -> Model:
        """As ``Point`` says."""
        return compile_case(cases()[self.name])

    def problem(self, text: str) -> Problem:
        """As ``Point`` says."""
        return Problem(f"case {self.name}", "", "", text)


def verify(names: Sequence[str] = (), workers: int = 0, progress: bool | Listener = True) -> list[Verdict]:
    """The verdict on every quantity of the cases (all, or those of some names), in the order of the cases.

    ``workers`` 0: as many as there are cores. ``progress``: as ``run_study``'s. Raises KeyError for a name that no case
    has, NothingDone if a run fails.
    """
    chosen = [cases()[name] for name in names] if names else list(cases().values())
    points = [CasePoint(case.name, case.seed, case.replications, Quantities(case.name)) for case in chosen]
    with tempfile.TemporaryDirectory() as folder, watch(progress) as listener:  # nothing is kept: all is seen anew
        execution = Execution(workers=workers, results=folder)
        table = evaluate(points, execution, listener).table()
    values = table.set_index(["point", "measure"])["value"].groupby(level=[0, 1]).agg(list)
    return [
        judge(case.name, quantity.name, values[case.name, quantity.name], quantity.exact)
        for case in chosen
        for quantity in case.quantities
    ]


__all__ = ["compile_case", "simulate_case", "verify"]
