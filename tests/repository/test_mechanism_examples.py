"""The examples of docs/own_model.md that show a mechanism can be read as they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from worlds import Offer, Sketch, need, service

from sim.config.schema.region import Calendar
from sim.measures.catalogue import DEFINITIONS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "own_model.md").read_text(encoding="utf-8")
SECTION = PAGE.split("## Units within units", 1)[1].split("\n## 1. ", 1)[0]
EXAMPLES = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", SECTION, re.DOTALL)]


def merged(base: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    return {**base, **said}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: ",".join(e["services"]))
def test_an_example_is_a_network_that_can_be_loaded_and_compiled(example: dict[str, Any], tmp_path: Path) -> None:
    services = {name: merged(service(), said) for name, said in example["services"].items()}
    outreach = {name for name, said in services.items() if said["mode"] == "outreach"}
    if outreach:
        services = {name: said if name in outreach else {**said, "mode": "walk_in"} for name, said in services.items()}
    assert set(example) <= {"signals", "services", "service_choice", "needs"}
    ill = need({next(iter(services)): 1})
    for said in example.get("needs", {}).values():
        ill["first"] = said["first"]
    calendars = {"weekday_mornings": {"mon_fri": "07:00-11:00"}, "after_rounds": "10:00-18:00"}
    sketch = Sketch(
        services, {"a": {name: Offer(tour=name in outreach) for name in services}}, {"ill": ill},
        care={part: example.get(part, {}) for part in ("signals", "service_choice")}, calendars=calendars,
    )  # fmt: skip
    assert sketch.compile(tmp_path).services == tuple(services)


def test_every_mechanism_has_an_example() -> None:
    assert len(EXAMPLES) == 9
    text = str(EXAMPLES)
    for word in (
        "within",
        "gives_back",
        "starts",
        "ends",
        "signals",
        "refuse",
        "odds",
        "factor",
        "not_before",
        "no_show",
        "carried",
        "nearest_idle",
        "nearness",
        "by_acuity",
        "detour_min",
        "at_hand",
        "ways_on",
    ):
        assert f"'{word}'" in text, word


def test_the_grammar_of_calendars_names_every_key() -> None:
    part = PAGE.split("**Calendars**", 1)[1].split("**Kinds**", 1)[0]
    for day in ("mon", "sun", "holiday"):
        assert f"`{day}`" in part
        assert day in Calendar.model_fields
    made = Calendar.model_validate({"every_day": "08:00-16:00", "sat": "", "fri": "22:00-06:00"})
    assert [len(made.thu), len(made.fri), len(made.sat)] == [1, 1, 0]


def test_every_measure_that_stands_for_a_letter_of_theory_is_one() -> None:
    part = PAGE.split("**Queueing theory's letters.**", 1)[1].split("**Limits.**", 1)[0]
    named = set(re.findall(r"`(\w+)`", part))
    assert named <= set(DEFINITIONS)
    assert {"present_mean", "waiting_mean", "pool_utilisation"} <= named
