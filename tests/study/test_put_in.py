"""How much of an effect is put in, and how much comes out of the model: counted by hand in a town of one hospital."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from worlds import SAID, Offer, Sketch, at_variant, figure, need, service

from sim.compile import compile_scenario
from sim.config.changes import vary
from sim.config.world import World
from sim.results.decomposition import Finding
from sim.results.read import Results
from sim.simulation import simulate
from sim.study.patient_frames import contacts_frame
from sim.study.plan import plan
from sim.study.store import model_hash
from sim.study.study import run_study

DAY = 24 * 60
TO_CLINIC = {
    "kind": "shift", "when": {"needs": ["ill"]}, "from_service": "er", "to_service": "clinic",
    "share": figure(1, 1, 1), "ramp": {"2020-01-01": 1.0},
}  # fmt: skip
FEWER = {"kind": "demand", "when": {"needs": ["ill"]}, "change": figure(-0.5, -0.5, -0.5)}
ROOMS = {"kind": "capacity", "pools": {"where": {"sites": ["b"]}}, "add_units": figure(1000, 1000, 1000)}


def town(folder: Path, replications: int = 3, **study: Any) -> World:
    """Half go to the emergency room, half to a clinic with one room for the whole day: all but its first go on.

    With a thousand rooms more nobody is turned away; and with the shift nobody begins at the emergency room.
    """
    sketch = Sketch(
        {
            "er": service(10, kind="emergency"),
            "clinic": service(DAY, fallback="er", queue_limit={"waiting": 0, "when_full": "fallback", **SAID}),
        },
        {"a": {"er": Offer(1000)}, "b": {"clinic": Offer(1)}},
        {"ill": need({"er": 0.5, "clinic": 0.5}, 7300)},
        scenarios={
            "both": {"to_clinic": TO_CLINIC, "rooms": ROOMS},
            "only_put_in": {"fewer": FEWER},
            "only_rooms": {"rooms": ROOMS},
            "nothing": {},
        },
    )
    said = {"study.replications": replications, **{f"study.{key}": value for key, value in study.items()}}
    world = vary(sketch.load(folder), said)
    return replace(world, execution=world.execution.model_copy(update={"results": str(folder / "results")}))


def arrivals(world: World, replication: int) -> tuple[int, int]:
    """Of today's visits to the emergency room, those that begin there, and those whom the clinic turned away."""
    model = compile_scenario(world, "baseline")
    contacts = contacts_frame(simulate(model, world.study.seed, replication), world)
    at_er = contacts[contacts["service"] == "er"]
    first = int((at_er["origin"] == "first").sum())
    return first, len(at_er) - first


def visits(results: Results) -> pd.DataFrame:
    table = results.decomposition
    return table[table["measure"] == "er_arrivals_per_day"].set_index("scenario")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def results(world: World) -> Results:
    return run_study(world, progress=False)


def test_what_is_put_in_are_those_who_are_moved_and_what_comes_out_are_those_who_find_room(
    world: World, results: Results
) -> None:
    counted = [arrivals(world, r) for r in range(3)]
    first, turned_away = (sum(n) / 3 for n in zip(*counted, strict=True))
    assert min(first, turned_away) > 1
    row = visits(results).loc["both"]
    assert row["effect"] == pytest.approx(-(first + turned_away), rel=1e-12)
    assert row["came_out"] == pytest.approx(-turned_away, rel=1e-12)
    assert row["put_in"] == pytest.approx(-first, rel=1e-12)
    assert row["low"] < row["came_out"] < row["high"]
    assert row["n"] == 3


def test_levers_of_one_kind_put_in_all_or_nothing_and_take_no_run(world: World, results: Results) -> None:
    rows = visits(results)
    assert rows.loc["only_put_in", "finding"] == Finding.ALL_PUT_IN
    assert rows.loc["only_put_in", "came_out"] == 0
    assert rows.loc["only_put_in", "put_in"] == rows.loc["only_put_in", "effect"] != 0
    assert rows.loc["only_rooms", "finding"] == Finding.ALL_CAME_OUT
    assert rows.loc["only_rooms", "came_out"] == rows.loc["only_rooms", "effect"] != 0
    assert rows.loc["only_rooms", "put_in"] == 0
    assert rows.loc["nothing", "finding"] == Finding.NO_CHANGE
    assert {p.scenario for p in plan(world) if p.variant == "mechanism"} == {"both"}


def test_without_its_assumptions_a_scenario_is_the_one_that_has_only_the_other_levers(world: World) -> None:
    parted = compile_scenario(at_variant(world, "both", "mechanism"), "both")
    assert model_hash(parted) == model_hash(compile_scenario(world, "only_rooms"))
    assert model_hash(parted) != model_hash(compile_scenario(world, "both"))


def test_an_assumption_is_off_from_the_first_day_of_the_warm_up_whatever_its_ramp(tmp_path: Path) -> None:
    world = town(tmp_path, warm_up_days=2)
    parted = compile_scenario(at_variant(world, "both", "mechanism"), "both")
    assert model_hash(parted) == model_hash(compile_scenario(world, "only_rooms"))


def test_the_first_three_replications_are_run_without_the_assumptions(tmp_path: Path) -> None:
    runs = {n: town(tmp_path / str(n), n) for n in (1, 2, 7)}
    without = {n: [p.replications for p in plan(w) if p.variant == "mechanism"] for n, w in runs.items()}
    assert without == {1: [1], 2: [2], 7: [3]}


def test_a_quick_study_tries_it_once_and_says_that_once_tells_nothing_of_luck(tmp_path: Path) -> None:
    results = run_study(town(tmp_path, assumption_runs=False), progress=False)
    row = visits(results).loc["both"]
    assert (row["n"], row["finding"]) == (1, Finding.UNKNOWN)
    assert row["note"] == "one replication: no interval"
    assert row[["low", "high"]].isna().all()


def test_a_baseline_with_levers_leaves_untested_what_is_put_in(tmp_path: Path) -> None:
    world = town(tmp_path)
    others = vary(world, {"study.scenarios": ["only_rooms", "both"]})
    assert {p.variant for p in plan(others)} == {"value", "low", "high"}
    row = visits(run_study(others, progress=False)).loc["both"]
    assert row["finding"] == Finding.NOT_TESTED
    assert row[["came_out", "put_in"]].isna().all()


def test_runs_without_assumptions_change_no_cell_of_the_comparison(results: Results) -> None:
    """The whole effect is that of the scenario; its range of assumptions is that of its effect sizes, here none."""
    rows = results.comparison[results.comparison["by"] == "all"].set_index(["measure", "scenario"])
    row = rows.loc["er_arrivals_per_day", "both"]
    first = results.measures.query("measure == 'er_arrivals_per_day' and by == 'all' and replication == 0")
    value = first.set_index(["scenario", "variant"])["value"]
    assert value["both", "mechanism"] > value["both", "value"]
    assert (row["low_assumption"], row["high_assumption"]) == (row["change"], row["change"])  # nothing shifts it
    assert row["robust"]
