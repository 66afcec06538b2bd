"""A service at hand is in no reference: it takes a share where one is open within reach, and is unknown elsewhere."""

from __future__ import annotations

from math import exp
from pathlib import Path

import numpy as np
import pytest
from both_engines import each_engine, happens
from stories import Person
from worlds import SAID, Offer, Plain, Sketch, minutes, need, service, way

from sim.config.errors import ConfigErrors
from sim.engines.select import Engine
from sim.model.codes import Origin

WORDS = np.linspace(0, 1, 2000, endpoint=False)
REST = service(5, "remote", unlimited_at="self_care")
CHOICE = {"rule": "nearest", "reach_min": 30, **SAID}
SLOPE = -0.05
OPENED: Plain = {
    "kind": "open", "service": "urgent", "sites": {"a": 99}, "resource": "unit", "level": "local_hospital",
    "calendar": "c0",
}  # fmt: skip


def ill(at_hand: dict[str, float]) -> Plain:
    made = need({"rest": 0.5, "er": 0.5})
    made["first"]["all"]["at_hand"] = at_hand
    return made


def town(sites: dict[str, dict[str, Offer]], minutes_to_a: int = 10, at_hand: float = 0.2, **care: Plain) -> Sketch:
    """Home, and a and b; ``er`` at b."""
    return Sketch(
        {"er": service(60), "rest": REST, "urgent": service(30, choice=CHOICE, fallback="er")}, sites,
        {"ill": ill({"urgent": at_hand})}, travel={("home", "a"): minutes_to_a, ("home", "b"): 20, ("a", "b"): 5},
        care={"service_choice": {"nearness": {"urgent": {"per_km": {"3": SLOPE}, **SAID}}}, **care},
    )  # fmt: skip


CLOSED = {"a": {}, "b": {"er": Offer(9999)}}
OPEN = {"a": {"urgent": Offer(9999)}, "b": {"er": Offer(9999)}}


def everybody(at: float = 0) -> list[Person]:
    return [Person(at, first=word, key=i + 1, acuity=3) for i, word in enumerate(WORDS)]


def first(rows: list[tuple[object, ...]]) -> list[tuple[object, object]]:
    """Service and origin of the first contacts."""
    return [(row[1], row[4]) for row in rows if row[3] == 0]


@each_engine
def test_nobody_turns_to_it_where_there_is_none(engine: Engine, tmp_path: Path) -> None:
    found = first(happens(engine, town(CLOSED).compile(tmp_path), *everybody(), columns="step origin"))
    assert [s for s, _ in found].count("er") == len(WORDS) / 2
    assert {o for _, o in found} == {Origin.FIRST}


@each_engine
@pytest.mark.parametrize("at_once", [True, False])
def test_its_share_is_that_of_the_logit_from_all_in_proportion(engine: Engine, at_once: bool, tmp_path: Path) -> None:
    sketch = town(OPEN if at_once else CLOSED)
    sketch.scenarios = {} if at_once else {"opened": {"x": OPENED}}
    model = sketch.compile(tmp_path) if at_once else sketch.compile(tmp_path, "opened")
    found = first(happens(engine, model, *everybody(), columns="step origin"))
    weight = 0.2 / 0.8 * exp(10 * SLOPE)  # 10 minutes are 10 km
    share = {s: [name for name, _ in found].count(s) / len(WORDS) for s in ("urgent", "er", "rest")}
    exact = {"urgent": weight / (1 + weight), "er": 0.5 / (1 + weight), "rest": 0.5 / (1 + weight)}
    assert share == pytest.approx(exact, abs=0.025)
    assert {o for s, o in found if s == "urgent"} == {Origin.SWITCHED}


@each_engine
def test_beyond_its_reach_it_is_unknown(engine: Engine, tmp_path: Path) -> None:
    found = first(happens(engine, town(OPEN, minutes_to_a=31).compile(tmp_path), *everybody(), columns="step origin"))
    assert {s for s, _ in found} == {"er", "rest"}


@each_engine
def test_while_it_is_closed_it_is_unknown(engine: Engine, tmp_path: Path) -> None:
    sketch = town({**OPEN, "a": {"urgent": Offer(9999, hours="08:00-16:00")}})
    sketch.services["urgent"]["at_close"] = "fallback"
    model = sketch.compile(tmp_path)
    night = first(happens(engine, model, *everybody(at=60), columns="step origin"))
    day = first(happens(engine, model, *everybody(at=12 * 60), columns="step origin"))
    assert {s for s, _ in night} == {"er", "rest"}
    assert {s for s, _ in day} == {"er", "rest", "urgent"}


@each_engine
def test_who_goes_to_it_is_who_it_takes_and_all_others_go_as_ever(engine: Engine, tmp_path: Path) -> None:
    sketch = town(CLOSED)
    sketch.scenarios = {"opened": {"x": OPENED}}
    before, after = (
        {row[0]: row[1] for row in happens(engine, sketch.compile(tmp_path / s, s), *everybody(), columns="step")}
        for s in ("baseline", "opened")
    )
    assert {(before[i], after[i]) for i in before if before[i] != after[i]} == {("er", "urgent"), ("rest", "urgent")}


def town_of_callers(at_hand: float, how: str = "at_once") -> Sketch:
    """All call first; half of them are sent to the emergency room, a quarter rest, a quarter come two hours later."""
    then = [way("er", 0.5, how), way("exit", 0.25), way("er", 0.25, "follow_up", after=minutes(120))]
    called = service(5, "remote", unlimited_at="self_care", then=then)
    called["next"]["all"]["at_hand"] = {"urgent": at_hand}
    sketch = town(OPEN)
    sketch.services |= {"call": called}
    sketch.needs = {"ill": need({"call": 1.0})}
    sketch.care["service_choice"]["ways_on"] = ["call"]
    return sketch


def second(rows: list[tuple[object, ...]]) -> dict[object, object]:
    """By patient the service of the second contact, and its origin."""
    return {row[0]: (row[1], row[4]) for row in rows if row[3] == 1}


@each_engine
def test_who_is_sent_on_turns_to_it_as_often_as_the_logit_says(engine: Engine, tmp_path: Path) -> None:
    found = second(happens(engine, town_of_callers(0.2).compile(tmp_path), *callers(), columns="step origin"))
    weight = 0.2 / 0.8 * exp(10 * SLOPE)
    chosen = [service for service, _ in found.values()].count("urgent") / len(WORDS)
    assert chosen == pytest.approx(0.75 * weight / (1 + weight), abs=0.025)  # a follow-up is no choice


@each_engine
def test_whom_it_takes_on_the_way_it_takes_from_those_who_choose_in_proportion(engine: Engine, tmp_path: Path) -> None:
    before, after = (
        second(
            happens(engine, town_of_callers(share).compile(tmp_path / f"{share}"), *callers(), columns="step origin")
        )
        for share in (0.0, 0.4)
    )
    taken = [before.get(i, ("exit", 0)) for i in after if after[i][0] == "urgent"]
    sent = [service for service, _ in taken].count("er")
    assert sent / len(taken) == pytest.approx(2 / 3, abs=0.06)
    later = [after[i] == before[i] for i in before if before[i][1] == Origin.FOLLOWED]
    assert len(later) > 300
    assert all(later)


def callers() -> list[Person]:
    return [Person(0, first=0, key=i + 1, acuity=3) for i in range(len(WORDS))]


@pytest.mark.parametrize(
    ("how", "ways_on", "message"),
    [
        ("at_once", [], "list call in service_choice.ways_on"),
        ("holding", ["call"], "no way on is at_once or to exit"),
        ("urgent", ["call"], "is in services.call.next.all.then.w0 too"),
        ("urgnt", ["call"], "unknown service"),
    ],
)
def test_what_cannot_be_at_hand_on_the_way_is_refused(
    how: str, ways_on: list[str], message: str, tmp_path: Path
) -> None:
    sketch = town_of_callers(0.2)
    rule = sketch.services["call"]["next"]["all"]
    if how == "holding":
        sketch.services["call"] |= {"unlimited_at": None, "choice": CHOICE, "fallback": "er"}
        sketch.sites = {**OPEN, "a": {**OPEN["a"], "call": Offer(9)}}
        rule["then"] = {"w0": way("er", 1.0, "holding")}
    elif how == "urgent":
        rule["then"]["w0"]["to"] = "urgent"
    elif how == "urgnt":
        rule["at_hand"] = {"urgnt": 0.2}
    sketch.care["service_choice"]["ways_on"] = ways_on
    with pytest.raises(ConfigErrors) as refused:
        sketch.compile(tmp_path)
    assert any(message in problem.message for problem in refused.value.problems), refused.value.problems


@pytest.mark.parametrize(
    ("place", "at_hand", "message"),
    [
        ("at_hand.rest", {"rest": 0.1}, "is in needs.ill.first.all.to too"),
        ("at_hand.far", {"far": 0.1}, "nothing says how far anybody goes to it"),
        ("at_hand.all_over", {"all_over": 0.1}, "is everywhere"),
        ("at_hand", {"urgnt": 0.1}, "unknown service"),
        ("at_hand.urgent", {"urgent": 1.2}, "less than or equal to 0.9"),
        ("at_hand.urgent", {"urgent": -0.2}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_at_hand_is_refused(place: str, at_hand: Plain, message: str, tmp_path: Path) -> None:
    sketch = town(OPEN)
    sketch.services |= {"far": service(5), "all_over": REST}
    sketch.sites = {**OPEN, "a": {"urgent": Offer(9), "far": Offer(9)}}
    sketch.needs = {"ill": ill(at_hand)}
    with pytest.raises(ConfigErrors) as refused:
        sketch.compile(tmp_path)
    said = [f"{problem.key}: {problem.message}" for problem in refused.value.problems]
    assert any(place in line and message in line for line in said), said
