"""What becomes of a contact when its shift ends: fresh shifts, and shifts that hand over. Times are minutes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from both_engines import each_engine, happens
from stories import Person
from worlds import Offer, Plain, Sketch, service, way

from sim.engines.select import Engine

HALVES: Plain = {"every_day": ["00:00-12:00", "12:00-24:00"]}
FEWER: Plain = {
    "every_day": [{"hours": "00:00-12:00", "capacity_factor": 1}, {"hours": "12:00-24:00", "capacity_factor": 0.5}]
}


def er(rule: str, units: float, staffed: str | Plain, time: float = 120, **said: object) -> Sketch:
    offer = Offer(units, staffed=staffed, shift_end=rule)
    return Sketch({"er": service(time, **said)}, {"a": {"er": offer}})  # type: ignore[arg-type]


@each_engine
def test_a_unit_that_is_in_use_when_a_shift_ends_is_taken_from_the_next(engine: Engine, tmp_path: Path) -> None:
    model = er("finish", 1, HALVES).compile(tmp_path)
    rows = happens(engine, model, Person(700), Person(710), Person(730), columns="start end")
    assert rows == [(0, "er", "a", 700, 820), (1, "er", "a", 820, 940), (2, "er", "a", 940, 1060)]


@each_engine
def test_a_fresh_shift_has_all_its_units_and_those_who_go_finish_theirs(engine: Engine, tmp_path: Path) -> None:
    model = er("fresh", 1, HALVES).compile(tmp_path)
    rows = happens(engine, model, Person(700), Person(710), Person(730), columns="start end")
    assert rows == [(0, "er", "a", 700, 820), (1, "er", "a", 720, 840), (2, "er", "a", 840, 960)]


@each_engine
def test_a_unit_of_the_shift_before_is_nobodys_when_it_is_given_back(engine: Engine, tmp_path: Path) -> None:
    services = {"er": service(60, then=[way("ward", how="holding")]), "ward": service(400)}
    sites = {"a": {"er": Offer(1, staffed=HALVES, shift_end="fresh"), "ward": Offer()}}
    model = Sketch(services, sites).compile(tmp_path)
    people = [Person(500), Person(600), Person(730), Person(731)]
    rows = happens(engine, model, *people, columns="start end release")
    assert [row for row in rows if row[1] == "er"] == [
        (0, "er", "a", 500, 560, 560),
        (1, "er", "a", 600, 660, 960),  # boards into the next shift
        (2, "er", "a", 730, 790, 1360),
        (3, "er", "a", 1360, 1420, None),
    ]


@each_engine
def test_who_started_last_is_interrupted_and_goes_on_before_those_who_wait(engine: Engine, tmp_path: Path) -> None:
    model = er("hand_over", 2, FEWER).compile(tmp_path)
    rows = happens(engine, model, Person(650), Person(660), Person(700), columns="start end release")
    assert rows == [
        (0, "er", "a", 650, 770, 770),
        (1, "er", "a", 660, 830, 830),  # 60 until noon, 60 from 770 on
        (2, "er", "a", 830, 950, 950),
    ]


@each_engine
def test_of_those_who_started_in_one_second_the_last_in_order_is_interrupted(engine: Engine, tmp_path: Path) -> None:
    model = er("hand_over", 2, FEWER).compile(tmp_path)
    rows = happens(engine, model, Person(700), Person(700), columns="start end")
    assert rows == [(0, "er", "a", 700, 820), (1, "er", "a", 700, 920)]


@each_engine
def test_who_is_interrupted_when_all_go_home_goes_on_the_next_day_and_does_not_lose_patience(
    engine: Engine, tmp_path: Path
) -> None:
    sketch = er("hand_over", 1, "08:00-12:00", patience=30)
    sketch.end = date(2027, 3, 2)
    rows = happens(engine, sketch.compile(tmp_path), Person(700), Person(2390), columns="start end outcome")
    assert rows == [(0, "er", "a", 700, 2020, "done"), (1, "er", "a", None, None, "left")]


@each_engine
def test_who_is_interrupted_more_than_once_keeps_the_rest(engine: Engine, tmp_path: Path) -> None:
    often: Plain = {"every_day": ["08:00-09:00", "10:00-11:00", "12:00-13:00"]}
    model = er("hand_over", 1, often, time=150).compile(tmp_path)
    rows = happens(engine, model, Person(480), Person(481), columns="start end outcome")
    assert rows == [(0, "er", "a", 480, 750, "done"), (1, "er", "a", 750, None, "open")]


@each_engine
def test_who_boards_has_nothing_to_interrupt(engine: Engine, tmp_path: Path) -> None:
    services = {"er": service(60, then=[way("ward", how="holding")]), "ward": service(500)}
    sites = {"a": {"er": Offer(2, staffed=FEWER, shift_end="hand_over"), "ward": Offer()}}
    model = Sketch(services, sites).compile(tmp_path)
    rows = happens(engine, model, Person(500), Person(600), Person(690), columns="start end release")
    assert [row for row in rows if row[1] == "er"] == [
        (0, "er", "a", 500, 560, 560),
        (1, "er", "a", 600, 660, 1060),
        (2, "er", "a", 690, 1090, None),  # 30 until noon, 30 from 1060 on, when the boarder has a bed
    ]
