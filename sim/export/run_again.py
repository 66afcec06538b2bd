"""One run of a stored study, simulated again: the contacts that the study did not keep."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sim.compile import compile_scenario
from sim.config.errors import Problem, unknown
from sim.config.sentence import Sentence
from sim.config.world import World
from sim.export.nothing_written import NothingWritten
from sim.results.read import Results
from sim.simulation import Simulation, simulate
from sim.study.stored_world import stored_world

CELL = ["measure", "unit", "by", "group"]


def run_again(results: Results, scenario: str, replication: int, root: Path | None = None) -> tuple[World, Simulation]:
    """The world of a study, and one of its runs with every effect size at its value: the same contacts as then.

    Its measures are held against the stored ones, to the last bit. Raises NothingWritten if the study has no such run,
    or if a measure differs (then the program that simulates has changed), and what ``stored_world`` raises.
    """
    stored = _stored_measures(results, scenario, replication)
    world = stored_world(results, root)
    run = simulate(compile_scenario(world, scenario), world.study.seed, replication, world.execution.engine)
    _require_same(run.measures.reset_index(drop=True), stored, str(results.folder))
    return world, run


def _stored_measures(results: Results, scenario: str, replication: int) -> pd.DataFrame:
    """The measures of the run. Raises NothingWritten if there is none."""
    table = results.measures[results.measures["variant"] == "value"]
    scenarios = list(dict.fromkeys(table["scenario"]))
    if scenario not in scenarios:
        raise NothingWritten([unknown(str(results.folder), "--scenario", scenario, "scenario", scenarios)])
    table = table[table["scenario"] == scenario]
    replications = sorted(set(table["replication"].tolist()))
    if replication not in replications:
        allowed = [str(one) for one in replications]
        raise NothingWritten([unknown(str(results.folder), "--replication", str(replication), "replication", allowed)])
    return table[table["replication"] == replication].reset_index(drop=True)


def _require_same(now: pd.DataFrame, stored: pd.DataFrame, folder: str) -> None:
    """Raises NothingWritten if a measure of the run is not what was stored."""
    if now[CELL].equals(stored[CELL]):
        values, before = now["value"].to_numpy(), stored["value"].to_numpy()
        differs = ~((values == before) | (np.isnan(values) & np.isnan(before)))
        if not differs.any():
            return
        first = " ".join(str(now[name].iloc[int(np.argmax(differs))]) for name in CELL)
        what = Sentence(
            "{count} of {all} measures differ, the first: {first}", count=int(differs.sum()), all=len(now), first=first
        )
    else:
        what = Sentence("the measures are not the same ones")
    message = Sentence(
        "a run that is simulated again is not the stored one: {what}; the program that simulates has changed since; "
        "run the study again, under another name=",
        what=what,
    )
    raise NothingWritten([Problem(folder, "", "", message)])


__all__ = ["run_again"]
