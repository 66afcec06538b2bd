"""Whom a scenario acts on, told before it is run: people, where units stand, and what is asked where these differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.config.load import load_study
from sim.report.language import Language
from sim.report.names import Names
from sim.report.scenario_reach import reach_lines
from sim.report.terminal_overloads import overload_lines, overloads_apart

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
LABEL = {"sv": "-", "en": "-"}
SIZE = {"value": 0.5, "low": 0.5, "high": 0.5, "source": "assumption", "quality": "D"}
ROOMS = {"kind": "capacity", "pools": {"resource": "room", "where": {"sites": ["vc_norrby"]}}, "scale": SIZE}
SHIFT: dict[str, Any] = {
    "kind": "shift", "when": {}, "from_service": "er", "to_service": "primary_care", "share": SIZE,
}  # fmt: skip
QUESTION = (
    "Question: mine: home acts on 10,000 people, and rooms stands in North, 4,000 people. Are only they meant? "
    "Then give home a place: where: {subregions: [North]}."
)


def lines(folder: Path, **levers: dict[str, Any]) -> list[str]:
    path = folder / "mine.yaml"
    path.write_text(json.dumps({"label": LABEL, "description": LABEL, "levers": levers}), encoding="utf-8")
    return reach_lines(load_study(["scenarios=[baseline]"], root=TINY, files=[path]), "mine")


def test_a_shift_of_the_whole_region_to_units_that_stand_in_a_part_of_it_is_asked_about(tmp_path: Path) -> None:
    """In the north live 3,000 + 1,000, in the south 6,000."""
    assert lines(tmp_path, rooms=ROOMS, home=SHIFT) == [
        "mine: rooms stands in North, where 4,000 people live.",
        "mine: home: this shift acts on 10,000 people in the whole region.",
        QUESTION,
    ]


@pytest.mark.parametrize("place", [{"subregions": ["North"]}, {"municipalities": ["Norrby"]}])
def test_a_shift_of_those_who_live_there_is_not_asked_about(place: dict[str, Any], tmp_path: Path) -> None:
    found = lines(tmp_path, rooms=ROOMS, home={**SHIFT, "where": place})
    assert found[1] == "mine: home: this shift acts on 4,000 people in North."
    assert len(found) == 2


def test_who_lives_near_a_site_is_counted_by_age_and_need(tmp_path: Path) -> None:
    """Within ten minutes of the south are the 300 of the south who are 80 or older."""
    near = {"within": {"minutes": 10, "sites": ["hospital_south"]}}
    when = {"ages": ["80plus"], "needs": ["frailty"]}
    (line,) = lines(tmp_path, home={**SHIFT, "from_service": "er", "when": {**when, "needs": ["minor"]}, "where": near})
    assert line == (
        "mine: home: this shift acts on 300 people aged 80plus in South, "
        "within 10 minutes of hospital_south (Södra sjukhuset) (those with minor illness)."
    )


def test_units_that_a_shift_does_not_lead_to_ask_nothing(tmp_path: Path) -> None:
    beds = {"kind": "capacity", "pools": {"resource": "bed", "where": {"sites": ["hospital_south"]}}, "scale": SIZE}
    assert not [line for line in lines(tmp_path, beds=beds, home=SHIFT) if line.startswith("Question")]


def test_units_that_are_taken_away_stand_nowhere(tmp_path: Path) -> None:
    fewer = {**ROOMS, "scale": {**SIZE, "value": -0.5, "low": -0.5, "high": -0.5}}
    assert lines(tmp_path, rooms=fewer) == []


def test_fewer_hours_with_the_same_unit_hours_are_asked_about(tmp_path: Path) -> None:
    """Emergency rooms with weekday hours: 45 a week; with `added` there is nothing to ask, nor with more hours."""
    fewer = {"kind": "opening_hours", "service": "er", "calendar": "weekdays"}
    (question,) = lines(tmp_path, night=fewer)
    assert question.startswith("Question: mine: night opens er 45 hours a week instead of up to 143.5")
    assert "nothing is saved" in question and "capacity: added" in question
    assert lines(tmp_path, night={**fewer, "capacity": "added"}) == []
    assert lines(tmp_path, longer={**fewer, "service": "primary_care", "calendar": "every_day_08_22"}) == [
        "mine: longer stands in North, where 4,000 people live."
    ]


CONFIG = {
    "care": {"services": {"er": {"label": {"sv": "Akuten", "en": "The room"}}}},
    "region": {"sites": {"a": {"name": "North"}}},
}
NAMES = Names(CONFIG, Language("en"))


def overload(scenario: str, pool: str, load: float) -> dict[str, Any]:
    return {"scenario": scenario, "pool": pool, "site": "a", "services": ("er",), "load": load, "turns_away": False}


def test_what_is_overloaded_in_the_baseline_is_told_once_and_what_a_scenario_adds_is_its_own() -> None:
    pools = [
        overload("baseline", "p", 1.2), overload("one", "p", 1.25), overload("two", "p", 1.5),
        overload("one", "q", 1.01),
    ]  # fmt: skip
    common, own = overloads_apart(pools, "baseline")
    (line,) = overload_lines(common, NAMES)
    assert "The room at North (pool p)" in line and "baseline 1.20" in line and "one" not in line
    assert {name: [one["pool"] for one in found] for name, found in own.items()} == {"two": ["p"], "one": ["q"]}
