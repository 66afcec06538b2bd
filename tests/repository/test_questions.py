"""The questions that strategists ask: each file of the page is there, is judged right, and does something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.compile.lever_effects import levers_without_effect
from sim.config.load import load_study
from sim.study.plan import ends, plan, refuse_impossible

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "questions.md"
FILES = sorted((ROOT / "docs" / "examples" / "questions").glob("*.yaml"))
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_has_sixteen_questions_and_names_every_file() -> None:
    assert [int(n) for n in re.findall(r"^\| (\d+) \| [A-Z0-9]", TEXT, flags=re.MULTILINE)][:16] == list(range(1, 17))
    assert {f"{path.name}" for path in FILES} <= set(re.findall(r"`(?:[\w/]+/)?(\w+\.yaml)`", TEXT))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_scenario_of_a_question_can_be_run_and_every_lever_of_it_acts(path: Path) -> None:
    world = load_study(["study=vgr_quick", "scenarios=[baseline]"], files=[path])
    refuse_impossible([*plan(world), *ends(world)])
    assert levers_without_effect(world, path.stem) == {}


SHOCKS = {  # with a window in which each comes, and most go
    "influenza": ["start=2028-01-10", "end=2028-02-27"],
    "er_closed_for_a_summer": ["start=2027-06-07", "end=2027-08-29"],
    "nurses_away_two_weeks": ["end=2027-10-31"],
    "ten_per_cent_more_people": [],
    "telephone_down_for_a_day": ["end=2027-10-17"],
}


def test_every_shock_has_a_file_and_the_guide_tells_of_it() -> None:
    there = {path.stem for path in (ROOT / "docs" / "examples" / "shocks").glob("*.yaml")}
    told = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8").partition("## Shocks")[2].partition("\n## ")[0]
    assert there == set(SHOCKS) == {name for name in SHOCKS if f"`{name}.yaml`" in told}


@pytest.mark.parametrize("name", SHOCKS)
def test_a_shock_acts_in_its_window_and_is_gone_at_the_end(name: str) -> None:
    path = ROOT / "docs" / "examples" / "shocks" / f"{name}.yaml"
    world = load_study(["study=vgr_quick", "scenarios=[baseline]", *SHOCKS[name]], files=[path])
    refuse_impossible([*plan(world), *ends(world)])
    assert levers_without_effect(world, name) == {}
    ramps = [lever.ramp for lever in world.scenarios[name].levers.values() if lever.ramp is not None]
    assert all(list(ramp.values())[-1] == 0 and max(ramp) <= world.study.end for ramp in ramps)
    assert bool(ramps) is (name != "ten_per_cent_more_people")


def test_every_override_that_the_page_types_is_one_of_the_program() -> None:
    commands = re.findall(r"^(?:careshift run|python -m sim -m) (.*)$", TEXT, flags=re.MULTILINE)
    assert len(commands) >= 7
    for command in commands:
        words = [word.replace("=4,6,9", "=4") for word in command.split() if "=" in word]
        words += ["scenarios=[baseline,mobile_teams]"] if "mobile_teams." in command else []
        files = [ROOT / word for word in command.split() if word.endswith(".yaml")]
        assert load_study(words, files=files).study.scenarios[0] == "baseline"
