"""Runs of the cases: files are written, read and compiled, demand drawn, the engine run, the measures read."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from joblib import Parallel, delayed

from sim.credibility.verification.all_cases import cases
from sim.credibility.verification.case import Case
from sim.credibility.verification.gates import Verdict, judge
from sim.credibility.verification.quantities import Seen
from sim.engines.select import Engine, choose
from sim.model.tables import Model
from sim.simulation import simulate
from sim.study.processes import cores, die_with
from sim.study.progress import Progress

Found = tuple[str, int, list[float], float]


def simulated(case: Case, model: Model, replication: int, engine: Engine = "simpy") -> list[float]:
    """Each quantity of a case in one replication."""
    seen = Seen(simulate(model, case.seed, replication, engine))
    return [quantity.read(seen) for quantity in case.quantities]


def compiled(case: Case) -> Model:
    """The model of a case, by way of the files of a study in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        return case.compile(Path(folder))


def verify(names: Sequence[str] = (), workers: int = 0, shown: bool = True) -> list[Verdict]:
    """The verdict on every quantity of the cases (all, or those of some names), in the order of the cases.

    ``workers`` 0: as many as there are cores. Raises KeyError for a name that no case has.
    """
    chosen = [cases()[name] for name in names] if names else list(cases().values())
    workers = workers or cores()
    found: dict[str, dict[int, list[float]]] = {case.name: {} for case in chosen}
    spent = dict.fromkeys(found, 0.0)
    with Progress(len(chosen), workers, shown) as progress:
        for name, replication, values, seconds in _runs(chosen, workers):
            found[name][replication] = values
            spent[name] += seconds
            if len(found[name]) == cases()[name].replications:
                progress.advance(name, spent[name], failed=False)
    return [verdict for case in chosen for verdict in _verdicts(case, found[case.name])]


def _runs(chosen: Sequence[Case], workers: int) -> Iterator[Found]:
    """Every replication of every case, as they are done."""
    models = {case.name: compiled(case) for case in chosen}
    engine = choose("auto", next(iter(models.values())))
    jobs = [(case.name, r) for case in chosen for r in range(case.replications)]
    parallel = Parallel(n_jobs=workers, return_as="generator_unordered")
    yield from parallel(delayed(_one)(name, models[name], r, engine, os.getpid()) for name, r in jobs)


def _one(name: str, model: Model, replication: int, engine: Engine, parent: int) -> Found:
    die_with(parent)
    started = time.perf_counter()
    values = simulated(cases()[name], model, replication, engine)
    return name, replication, values, time.perf_counter() - started


def _verdicts(case: Case, found: dict[int, list[float]]) -> list[Verdict]:
    columns = zip(*(found[r] for r in sorted(found)), strict=True)
    pairs = zip(case.quantities, columns, strict=True)
    return [judge(case.name, quantity.name, values, quantity.exact) for quantity, values in pairs]


__all__ = ["compiled", "simulated", "verify"]
