"""Experiments on a baseline: what is changed, and how a change is held against the evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config.load import load_study
from sim.config.world import World
from sim.credibility.validation.behaviour import Behaviour, behave
from sim.credibility.validation.experiments import PublishedEffect, experiments
from sim.report.markdown import heading
from sim.report.pages.behaviour_page import TITLE, behaviour_part
from sim.report.pages.validation_page import write_part

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
READING = "er_arrivals_per_day", "all", ""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return load_study([f"results={tmp_path_factory.mktemp('results')}"], root=TINY)


def behaviour(
    change: float, half_width: float = 0.01, low: float | None = -0.1, high: float | None = -0.05
) -> Behaviour:
    return Behaviour(
        "x", READING, 100, 100 * (1 + change), change, half_width, PublishedEffect(-1, "a trial", low, high)
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (-0.07, "sign and size"),
        (-0.02, "sign, weaker"),
        (-0.2, "sign, stronger"),
        (0.07, "**against the sign**"),
        (-0.008, "no effect seen"),
    ],
)
def test_a_change_is_held_against_sign_and_size(change: float, said: str) -> None:
    assert behaviour(change).agreement == said


def test_where_the_evidence_has_no_size_the_sign_decides() -> None:
    assert behaviour(-0.2, low=None, high=None).agreement == "sign"


def test_each_experiment_changes_one_thing(world: World) -> None:
    made = {e.title: e for e in experiments(world)}
    beds, rooms = made["5 % fewer beds"], made["10 % fewer rooms in primary care"]
    ratio = beds.after.region.pools["capacity"] / beds.before.region.pools["capacity"]
    assert dict(zip(world.region.pools["resource"], ratio.round(6), strict=True))["bed"] == 0.95
    assert dict(zip(world.region.pools["resource"], ratio.round(6), strict=True))["room"] == 1
    ratio = rooms.after.region.pools["capacity"] / rooms.before.region.pools["capacity"]
    assert dict(zip(world.region.pools["resource"], ratio.round(6), strict=True))["room"] == 0.9


def test_a_longer_way_foretells_fewer_visits(world: World) -> None:
    closed = next(e for e in experiments(world) if "closes" in e.title)
    evidence = next(found for found in closed.readings.values() if found is not None)
    assert evidence.low is not None and evidence.high is not None
    assert -1 < evidence.low < evidence.high < 0


def test_the_part_tells_every_reading_and_what_has_no_mechanism(world: World, tmp_path: Path) -> None:
    made = behave(world, progress=False)
    assert len(made) == sum(len(e.readings) for e in experiments(world))
    winter = [one for one in made if one.title == "January against July"]
    assert winter[0].reading == READING
    part = behaviour_part("tiny", made)
    assert heading(part) == TITLE and "### No mechanism" in part
    write_part(part, tmp_path / "page.md")
    assert part.strip() in (tmp_path / "page.md").read_text(encoding="utf-8")
