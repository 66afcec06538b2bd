"""Points x replications: one table, every run simulated once, under a key of all that determines it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sim.compile import compile_scenario
from sim.compile.offered_load import overloaded
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.world import World
from sim.simulation import simulate
from sim.study import evaluate as module
from sim.study.evaluate import EvaluatedRun, evaluate
from sim.study.points import CELL, MEASURES, Cells, Extract, ScenarioPoint
from sim.study.progress import Event, Finished, JobDone, Message, Started
from sim.study.store import NothingDone, model_hash, run_key

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
ARRIVALS = ("er_arrivals_per_day", "all", "")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return load_study([f"results={tmp_path}", "workers=1", "engine=simpy", "end=2027-10-05"], root=TINY)


def points(world: World, *scenarios: str, replications: int = 2, extract: Extract = MEASURES) -> list[ScenarioPoint]:
    return [ScenarioPoint(s, world, s, world.study.seed, replications, extract=extract) for s in scenarios]


def computed(runs: Sequence[EvaluatedRun]) -> list[tuple[str, int]]:
    return [(run.point.name, run.replication) for run in runs if run.seconds is not None]


def test_the_table_has_what_each_run_alone_has(world: World) -> None:
    table = evaluate(points(world, "near_care", "baseline"), world.execution).table()
    assert list(table.groupby(["point", "replication"], sort=False).groups) == [
        *(("near_care", 0), ("near_care", 1), ("baseline", 0), ("baseline", 1))
    ]
    alone = simulate(compile_scenario(world, "near_care"), world.study.seed, 1, "simpy").measures
    here = table[(table["point"] == "near_care") & (table["replication"] == 1)].drop(columns=["point", "replication"])
    pd.testing.assert_frame_equal(here.reset_index(drop=True), alone, check_exact=True, check_dtype=False)


def test_a_run_is_kept_under_the_hash_of_model_seed_replication_and_program(world: World) -> None:
    (run,) = evaluate(points(world, "near_care", replications=1), world.execution).runs
    assert run.key == run_key(model_hash(compile_scenario(world, "near_care")), world.study.seed, 0)
    assert run.file.path == Path(world.execution.results) / "runs" / f"{run.key}.parquet"


def test_what_is_there_is_not_simulated_again(world: World) -> None:
    first = evaluate(points(world, "baseline"), world.execution)
    more = evaluate(points(world, "baseline", "near_care", replications=3), world.execution)
    assert computed(first.runs) == [("baseline", 0), ("baseline", 1)]
    assert computed(more.runs) == [("baseline", 2), *(("near_care", r) for r in range(3))]
    again = evaluate(points(world, "near_care", "baseline", replications=3), world.execution)
    assert not computed(again.runs)
    assert len(again.table()) == len(more.table()) == 3 * len(first.table())


def test_two_points_of_one_model_share_their_runs(world: World) -> None:
    one, other = points(world, "baseline"), points(world, "baseline")[0]
    heard: list[Event] = []
    found = evaluate([*one, replace(other, name="again")], world.execution, heard.append)
    assert [e.name for e in heard if isinstance(e, JobDone)] == ["baseline 0", "baseline 1"]
    assert len({run.key for run in found.runs}) == 2 and len(found.runs) == 4
    assert len(list((Path(world.execution.results) / "runs").iterdir())) == 2


def test_what_is_kept_of_a_run_is_a_part_of_its_key(world: World) -> None:
    cells = Cells((ARRIVALS, ("no_such_measure", "all", "")))
    whole, part = (
        evaluate(points(world, "baseline", replications=1, extract=extract), world.execution)
        for extract in (MEASURES, cells)
    )
    assert whole.runs[0].key != part.runs[0].key
    assert part.table()[CELL].to_numpy().tolist() == [list(ARRIVALS)]
    table = whole.table().set_index("measure")
    assert part.table()["value"].tolist() == [table[table["by"] == "all"].loc[ARRIVALS[0], "value"]]
    assert Cells((ARRIVALS,)).name != cells.name


def test_all_that_cannot_be_compiled_is_told_before_anything_runs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(self: ScenarioPoint) -> None:
        if self.scenario != "baseline":
            raise ValueError(f"{self.scenario} makes no sense")
        return compile_scenario(self.world, self.scenario)

    monkeypatch.setattr(ScenarioPoint, "model", refuses)
    with pytest.raises(ConfigErrors) as caught:
        evaluate(points(world, "baseline", "near_care", "closed_er"), world.execution)
    assert [p.file for p in caught.value.problems] == ["scenario near_care", "scenario closed_er"]
    assert not (Path(world.execution.results) / "runs").exists()


def test_a_run_that_fails_is_told_and_the_others_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = simulate

    def breaks(model: object, seed: int, replication: int, engine: str) -> object:
        if replication == 1:
            raise MemoryError("no room")
        return real(model, seed, replication, engine)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(module, "simulate", breaks)
        found = evaluate(points(world, "baseline", replications=3), world.execution)
    assert [(run.replication, "no room" in run.error) for run in found.failed] == [(1, True)]
    with pytest.raises(NothingDone, match=r"baseline 1 failed: [\s\S]*no room"):
        found.table()
    assert computed(evaluate(points(world, "baseline", replications=3), world.execution).runs) == [("baseline", 1)]


def test_events_count_runs_also_those_that_are_there_already(world: World) -> None:
    evaluate(points(world, "baseline", replications=1), world.execution)
    heard: list[Event] = []
    evaluate(points(world, "baseline", "near_care"), world.execution, heard.append)
    assert {e.total for e in heard} == {4}
    assert [e.text for e in heard if isinstance(e, Message)][1:] == [
        *("compiled 1 of 2 models", "compiled 2 of 2 models", "making the engine ready")
    ]
    assert [e.name for e in heard if isinstance(e, JobDone)] == ["baseline 1", "near_care 0", "near_care 1"]
    assert [e.done for e in heard if isinstance(e, Started)] == [0, 1]
    assert isinstance(heard[-1], Finished) and heard[-1].done == 4


def test_more_points_than_models_that_can_be_held_are_all_evaluated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = evaluate(points(world, "baseline", "near_care", "closed_er"), world.execution)
    monkeypatch.setattr(module, "AT_A_TIME", 2)
    other = world.execution.model_copy(update={"results": f"{world.execution.results}/elsewhere"})
    heard: list[Event] = []
    found = evaluate(points(world, "baseline", "near_care", "closed_er"), other, heard.append)
    pd.testing.assert_frame_equal(found.table(), whole.table())
    assert [(e.done, e.total) for e in heard if isinstance(e, JobDone)] == [(n, 6) for n in range(1, 7)]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_whatever_the_number_of_workers(world: World, workers: int, tmp_path: Path) -> None:
    execution = world.execution.model_copy(update={"results": f"{tmp_path / 'mine'}", "workers": workers})
    names = "baseline", "near_care"
    found = evaluate(points(world, *names), execution, loads_of=names)
    alone = evaluate(points(world, *names), world.execution, loads_of=names)
    assert [run.key for run in found.runs] == [run.key for run in alone.runs]
    assert found.overloaded == alone.overloaded
    pd.testing.assert_frame_equal(found.table(), alone.table(), check_exact=True)


def test_loads_are_those_of_the_points_that_they_are_asked_of(world: World) -> None:
    found = evaluate(points(world, "baseline", "near_care", replications=1), world.execution, loads_of=["near_care"])
    assert found.overloaded == {"near_care": overloaded(compile_scenario(world, "near_care"))}
