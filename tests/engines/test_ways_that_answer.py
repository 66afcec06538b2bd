"""Whoever is sent on, or leaves a queue, chooses by what is open, near and soon, as first contacts do."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest
from both_engines import each_engine, happens
from stories import Person
from worlds import SAID, Offer, Plain, Sketch, exponential, need, service, way

from sim.config.errors import ConfigErrors
from sim.engines.select import Engine

PEOPLE = 3000
CLOSE_A: Plain = {
    "kind": "close", "services": ["er"], "where": {"sites": ["a"]}, "moved": {"value": 0, "low": 0, "high": 0, **SAID},
}  # fmt: skip


def town(ways_on: list[str], then: list[Plain], **call: Plain) -> Sketch:
    """Everybody calls, and is sent on from there; the nearest emergency room is at a, another 10 km further."""
    line = service(5, "remote", unlimited_at="self_care", then=then, **call)
    choice = {"nearness": {"er": {"per_km": {"3": -0.05}, **SAID}}, "ways_on": ways_on}
    rest = service(5, "remote", unlimited_at="self_care")
    sketch = Sketch(
        {"er": service(60), "rest": rest, "call": line}, {"a": {"er": Offer(9999)}, "b": {"er": Offer(9999)}},
        {"ill": need({"call": 1})}, travel={("home", "a"): 10, ("home", "b"): 20, ("a", "b"): 10},
        care={"service_choice": choice},
    )  # fmt: skip
    sketch.scenarios = {"closed": {"x": CLOSE_A}}
    return sketch


def everybody() -> list[Person]:
    return [Person(0, first=0.5, key=i + 1, acuity=3) for i in range(PEOPLE)]


def second(engine: Engine, sketch: Sketch, folder: Path, scenario: str) -> dict[object, object]:
    """Where each goes after the call; None: nowhere."""
    rows = happens(engine, sketch.compile(folder / scenario, scenario), *everybody(), columns="step")
    found: dict[object, object] = {row[0]: None for row in rows}
    return found | {row[0]: row[1] for row in rows if row[3] == 1}


ADVICE = [way("er", 0.4), way("rest", 0.3), way("exit", 0.3)]


@each_engine
def test_who_is_sent_on_goes_where_the_logit_says(engine: Engine, tmp_path: Path) -> None:
    sketch = town(["call"], ADVICE)
    before, after = (second(engine, sketch, tmp_path, s) for s in ("baseline", "closed"))
    share = {to: list(after.values()).count(to) / PEOPLE for to in ("er", "rest", None)}
    total = 0.6 + 0.4 * exp(-0.5)
    assert share == pytest.approx({"er": 0.4 * exp(-0.5) / total, "rest": 0.3 / total, None: 0.3 / total}, abs=0.025)
    assert {(before[i], after[i]) for i in before if before[i] != after[i]} == {("er", "rest"), ("er", None)}


@each_engine
def test_who_is_sent_on_goes_as_ever_where_the_ways_do_not_answer(engine: Engine, tmp_path: Path) -> None:
    sketch = town([], ADVICE)
    before, after = (second(engine, sketch, tmp_path, s) for s in ("baseline", "closed"))
    assert before == after


@each_engine
def test_a_follow_up_is_no_choice(engine: Engine, tmp_path: Path) -> None:
    sketch = town(["call"], [way("er", 0.4, after=exponential(60)), way("rest", 0.6)])
    before, after = (second(engine, sketch, tmp_path, s) for s in ("baseline", "closed"))
    assert before == after


@each_engine
def test_who_leaves_a_queue_goes_where_the_logit_says(engine: Engine, tmp_path: Path) -> None:
    sketch = town(["clinic"], [way("clinic", 1)])
    clinic = service(9999, patience=10, leaves=[way("er", 0.5), way("exit", 0.5)])
    sketch.services = {**sketch.services, "clinic": clinic}
    sketch.sites = {**sketch.sites, "a": {"er": Offer(9999), "clinic": Offer(1)}}
    rows = happens(engine, sketch.compile(tmp_path, "closed"), *everybody(), columns="step")
    share = sum(row[1] == "er" for row in rows) / PEOPLE
    assert share == pytest.approx(exp(-0.5) / (1 + exp(-0.5)), abs=0.025)


def test_ways_on_of_a_service_that_does_not_exist_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="unknown service"):
        town(["cal"], ADVICE).compile(tmp_path)
