"""Changes as data: each part of a world can be changed by a path, and is judged as its file would be."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim import run_study, vary
from sim.app.cli import app
from sim.compile import compile_scenario
from sim.config.errors import ConfigErrors, Problem
from sim.config.load import load_study
from sim.config.paths import Finder, UnknownPath, child, with_changes
from sim.config.schema.base import Empirical
from sim.config.world import World, resolved
from sim.study.store import model_hash

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny"
SHARE = "scenarios.near_care.levers.less_er.share"


@pytest.fixture(scope="module")
def world() -> World:
    return load_study(root=TINY)


def at(world: World, path: str) -> Any:
    found: Any = world
    for key in Finder(world).keys(path):
        found = child(found, key)
    return found


def refused(world: World, changes: dict[str, Any]) -> list[Problem]:
    with pytest.raises(ConfigErrors) as caught:
        vary(world, changes)
    return caught.value.problems


CHANGES: list[tuple[str, Any]] = [
    ("care.needs.minor.rate_per_1000_year.18_64.value", 33.0),
    ("care.services.er.duration.all.time", {"dist": "exponential", "unit": "h", "mean": 3.0}),
    (f"{SHARE}.value", 0.4),
    ("scenarios.near_care.levers.less_er.when.needs", ["acute"]),
    ("region.pools.beds_south.capacity", 12.0),
    ("region.offers.hospital_south.er.pull", 0.1),
    ("region.travel.speed.all.speed_kmh.value", 50.0),
    ("region.file.holidays", "none"),
    ("study.replications", 5),
    ("study.seed", 8),
]


def paths(world: World) -> list[str]:
    return [path for path, _ in CHANGES]


@pytest.mark.parametrize(("path", "value"), CHANGES)
def test_each_part_of_a_world_can_be_changed_and_the_world_itself_is_not(world: World, path: str, value: Any) -> None:
    before = json.dumps(resolved(world))
    varied = vary(world, {path: value})
    found = at(varied, path)
    assert (found.model_dump() if hasattr(found, "model_dump") else found) == value
    assert at(world, path) != value
    assert json.dumps(resolved(world)) == before


@pytest.mark.parametrize(("path", "value"), CHANGES[:-2])
def test_a_change_is_a_change_of_the_model(world: World, path: str, value: Any) -> None:
    plain = model_hash(compile_scenario(world, "near_care"))
    assert model_hash(compile_scenario(vary(world, {path: value}), "near_care")) != plain


def test_what_is_said_once_more_changes_nothing_but_the_sources(world: World) -> None:
    varied = vary(world, {path: at(world, path) for path, _ in CHANGES})
    for name in world.study.scenarios:
        assert model_hash(compile_scenario(varied, name)) == model_hash(compile_scenario(world, name))
    assert varied.study == world.study and varied.region.calendars == world.region.calendars


@pytest.mark.parametrize("path", ["near_care.less_er.share", "near_care.levers.less_er.share.value", f"{SHARE}.value"])
def test_a_path_may_leave_out_what_says_nothing(world: World, path: str) -> None:
    varied = world.vary({path: 0.4})
    assert varied == vary(world, {f"{SHARE}.value": 0.4})
    assert varied.differences == ("near_care.levers.less_er.share.value 0.4 (before: 0.5)",)
    assert load_study([f"{path}=0.4"], root=TINY).differences == varied.differences


@pytest.mark.parametrize("off", ["off", False])
def test_a_lever_can_be_switched_off(world: World, off: Any) -> None:
    varied = world.vary({"near_care.less_er": off})
    assert list(varied.scenarios["near_care"].levers) == ["more_rooms"]
    assert varied.differences == ("near_care.levers.less_er off",)
    assert load_study(["near_care.levers.less_er=off"], root=TINY).differences == varied.differences
    (problem,) = refused(varied, {"near_care.less_er": off})
    assert "has no less_er" in problem.message and "more_rooms" in problem.allowed
    (problem,) = refused(world, {"near_care.less_or": off})
    assert problem.nearest == "scenarios.near_care.less_er"


def test_a_scenario_that_was_put_together_by_hand_is_judged_before_it_runs(world: World) -> None:
    scenario = world.scenarios["near_care"]
    lever = scenario.levers["more_rooms"]
    for size, message in (({"value": -5.0}, "low 1.0 is above value -5.0"), ({"quality": "Z"}, "unknown value")):
        wrong = lever.model_copy(update={"add_units": lever.add_units.model_copy(update=size)})
        levers = {**scenario.levers, "more_rooms": wrong}
        hand_made = replace(
            world, scenarios={**world.scenarios, "near_care": scenario.model_copy(update={"levers": levers})}
        )
        with pytest.raises(ConfigErrors, match=f"scenarios.near_care: levers.more_rooms.add_units.*{message}"):
            run_study(hand_made, progress=False)


@pytest.mark.parametrize("region", ["vgr", "teaching"])
def test_reading_a_whole_part_once_more_loses_nothing(region: str) -> None:
    shipped = load_study([f"study={'vgr_quick' if region == 'vgr' else region}"], root=ROOT)
    parts: dict[str, Any] = {"care": shipped.care, "region.travel": shipped.region.travel, "study": shipped.study}
    parts |= {f"region.calendars.{name}": one for name, one in shipped.region.calendars.items()}
    parts |= {f"scenarios.{name}": one for name, one in shipped.scenarios.items()}
    varied = vary(shipped, {path: part.model_dump(exclude_none=True) for path, part in parts.items()})
    assert all(at(varied, path) == part for path, part in parts.items())


def test_several_changes_of_one_record_are_judged_together(world: World) -> None:
    changes = {f"{SHARE}.low": 0.8, f"{SHARE}.value": 0.85, f"{SHARE}.high": 0.9}
    share = vary(world, changes).scenarios["near_care"].levers["less_er"].share
    assert (share.low, share.value, share.high) == (0.8, 0.85, 0.9)


def test_a_source_tells_what_was_changed(world: World) -> None:
    before = at(world, f"{SHARE}.source")
    changes = {f"{SHARE}.value": 0.6, f"{SHARE}.high": 0.9, "region.pools.beds_south.capacity": 12}
    varied = vary(world, changes)
    said = f"{before}; value changed from 0.5; high changed from 0.75"
    assert at(varied, f"{SHARE}.source") == said
    assert at(varied, "region.pools.beds_south.source").endswith("; capacity changed from 10.0")
    assert at(vary(world, {f"{SHARE}.value": 0.6, f"{SHARE}.source": "trial"}), f"{SHARE}.source") == "trial"


def test_a_text_is_read_as_in_a_file(world: World) -> None:
    varied = vary(world, {"study.end": "2027-10-05", f"{SHARE}.value": "0.4", "study.assumption_runs": "false"})
    assert varied == vary(world, {"study.end": varied.study.end, f"{SHARE}.value": 0.4, "study.assumption_runs": False})
    assert str(varied.study.end) == "2027-10-05"


def test_scenarios_can_be_left_out_and_put_in_another_order(world: World) -> None:
    varied = vary(world, {"study.scenarios": ["baseline", "closed_er"]})
    assert list(varied.scenarios) == varied.study.scenarios == ["baseline", "closed_er"]
    (problem,) = refused(world, {"study.scenarios": ["baseline", "closed_err"]})
    assert (problem.key, problem.nearest) == ("study.scenarios", "closed_er")


WRONG: list[tuple[str, Any, str, str, str]] = [
    ("care.needs.mino.first", 1, "care.needs.mino.first", "unknown path: care.needs has no mino", "care.needs.minor"),
    ("carre.needs", 1, "carre.needs", "unknown path: a world has no carre", "care"),
    (
        "region.pools.bed_south.capacity",
        1,
        "region.pools.bed_south.capacity",
        "no bed_south",
        "region.pools.beds_south",
    ),
    ("region.pools.beds_south.capcity", 1, "region.pools.beds_south.capcity", "no capcity", "beds_south.capacity"),
    ("region.name", "x", "region.name", "unknown path: region has no name", ""),
    (f"{SHARE}.value.more", 1, f"{SHARE}.value.more", "has no more", ""),
    (f"{SHARE}.value", -5, SHARE, "low 0.25 is above value -5", ""),
    (f"{SHARE}.value", "much", f"{SHARE}.value", "must be a number", ""),
    (f"{SHARE}.value", float("nan"), f"{SHARE}.value", "finite", ""),
    (f"{SHARE}.high", 1.5, f"{SHARE}.high", "out of range", ""),
    ("region.pools.beds_south.capacity", -1, "region.pools.beds_south.capacity", "must not be negative", ""),
    ("region.pools.beds_south.calendar", "alwys", "region.pools.beds_south.calendar", "unknown calendar", "always"),
    ("region.pools.beds_south.shift_end", "fin", "region.pools.beds_south.shift_end", "unknown value", ""),
    ("region.travel.speed.all.speed_kmh.value", 0, "region.travel.speed.all.speed_kmh.value", "out of range", ""),
    ("care.needs.minor.first.all.to.er", 0.9, "care.needs.minor.first.all.to", "sum", ""),
    ("study.replications", 0, "study.replications", "greater than or equal to 1", ""),
    ("study.replications", 2.5, "study.replications", "must be a whole number", ""),
    ("study.warm_up_days", 400, "study.warm_up_days", "longer than a year", ""),
    ("study.end", "2020-01-01", "study", "is before start", ""),
    ("study.region", "vgr", "study.region", "when a study is loaded", ""),
    ("scenarios.near_care.inherits", ["baseline"], "scenarios.near_care.inherits", "when a study is loaded", ""),
    ("region.pools.beds_south", {"capacity": 1}, "region.pools.beds_south", "something within it", ""),
    ("scenarios.near_care", 5, "scenarios.near_care", "must be keys and values", ""),
]


@pytest.mark.parametrize(("path", "value", "key", "message", "nearest"), WRONG)
def test_a_change_that_a_file_may_not_have_is_refused_by_its_path(
    world: World, path: str, value: Any, key: str, message: str, nearest: str
) -> None:
    problems = refused(world, {path: value})
    assert {p.file for p in problems} == {"change"}
    (found,) = (p for p in problems if p.key.startswith(key) and message in p.message)
    assert nearest in found.nearest


def test_all_that_is_wrong_is_told_at_once(world: World) -> None:
    changes = {
        "care.needs.mino.first": 1,
        f"{SHARE}.value": "much",
        "region.pools.beds_south.capacity": -1,
        "region.offers.hospital_south.er.calendar": "alwys",
        "study.replications": 0,
    }
    assert {p.key for p in refused(world, changes)} == set(changes)


def test_two_changes_of_the_same_are_refused(world: World) -> None:
    (problem,) = refused(world, {f"{SHARE}.value": 0.4, SHARE: {"value": 0.5}})
    assert problem.key == SHARE and "another change" in problem.message


def test_keys_with_dots_are_found() -> None:
    table = Empirical(dist="empirical", unit="h", quantile={"0": 1, "0.5": 2, "1": 4})
    assert with_changes(table, {"quantile.0.5": 3}).quantile == {"0": 1, "0.5": 3, "1": 4}
    with pytest.raises(UnknownPath):
        with_changes(table, {"quantile.0.6": 3})


def test_the_command_takes_a_change_of_a_scenario_and_refuses_what_a_file_may_not_have(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(TINY)
    key = "near_care.levers.less_er.share.value"
    varied = load_study([f"{key}=0.4", "region.pools.beds_south.capacity=12", "replications=3"], root=TINY)
    assert at(varied, f"scenarios.{key}") == 0.4 and varied.study.replications == 3
    assert at(varied, "region.pools.beds_south.capacity") == 12
    listed = load_study(["near_care.levers.less_er.when.needs=[minor, acute]"], root=TINY)
    assert listed.scenarios["near_care"].levers["less_er"].when.needs == ["minor", "acute"]
    bad = [f"{key}=-5", "near_care.levers.lessr.share.value=1", "closed_er.levers.close=&x 1"]
    done = CliRunner().invoke(app, ["run", f"results={tmp_path}", *bad[:2]])
    assert done.exit_code == 2, done.output
    assert "command line: scenarios.near_care.levers.less_er.share" in done.output
    assert "did you mean scenarios.near_care.levers.less_er?" in done.output
    assert not list(tmp_path.iterdir())
    done = CliRunner().invoke(app, ["run", bad[2]])
    assert done.exit_code == 2 and "anchors" in done.output
