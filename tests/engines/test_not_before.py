"""Appointments that may not start before a delay, and appointments that are missed. Times are minutes."""

from __future__ import annotations

from pathlib import Path

from both_engines import each_engine, happens
from stories import Person
from worlds import SAID, Offer, Plain, Sketch, minutes, need, service, way

from sim.engines.select import Engine

HELD = "request start end release outcome"


def clinic(units: int = 1, **said: object) -> Sketch:
    services = {"clinic": service(60, "booked", **said), "quick": service(20)}  # type: ignore[arg-type]
    sites = {"a": {"clinic": Offer(units, pool="rooms"), "quick": Offer(units, pool="rooms")}}
    return Sketch(services, sites, {"ill": need({"clinic": 1}), "hurt": need({"quick": 1})})


def after(delay: float, **when: object) -> Plain:
    return {"all": {"time": minutes(delay), "when": when, **SAID}}


@each_engine
def test_an_appointment_does_not_start_before_its_delay_and_others_pass_it(engine: Engine, tmp_path: Path) -> None:
    model = clinic(not_before=after(100)).compile(tmp_path)
    assert happens(engine, model, Person(0), Person(10, "hurt"), Person(95, "hurt"), Person(96)) == [
        (0, "clinic", "a", 0, 115, 175, 175, "done"),
        (1, "quick", "a", 10, 10, 30, 30, "done"),
        (2, "quick", "a", 95, 95, 115, 115, "done"),
        (3, "clinic", "a", 96, 196, 256, 256, "done"),
    ]


@each_engine
def test_it_has_its_place_in_the_queue_by_its_request(engine: Engine, tmp_path: Path) -> None:
    model = clinic(not_before=after(100)).compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(90, "hurt"), Person(91, "hurt"), columns="start end")
    assert rows == [(0, "clinic", "a", 110, 170), (1, "quick", "a", 90, 110), (2, "quick", "a", 170, 190)]


@each_engine
def test_it_waits_from_its_request_with_patience_and_counts_against_the_limit(engine: Engine, tmp_path: Path) -> None:
    limit = {"waiting": 1, **SAID}
    model = clinic(2, not_before=after(100), patience=70, queue_limit=limit).compile(tmp_path)
    assert happens(engine, model, Person(0), Person(10), Person(80)) == [
        (0, "clinic", "a", 0, None, None, 70, "left"),
        (1, "clinic", "a", 10, None, None, 10, "turned_away"),
        (2, "clinic", "a", 80, None, None, 150, "left"),
    ]


@each_engine
def test_patience_that_ends_when_the_delay_does_is_in_time(engine: Engine, tmp_path: Path) -> None:
    model = clinic(not_before=after(100), patience=100).compile(tmp_path)
    assert happens(engine, model, Person(0), columns="start outcome") == [(0, "clinic", "a", 100, "done")]


@each_engine
def test_who_has_waited_since_before_the_run_starts_counts_from_the_request(engine: Engine, tmp_path: Path) -> None:
    initial = {"span_days": 1, "queue_days": 1, **SAID}
    model = clinic(not_before=after(100), initial=initial).compile(tmp_path)
    rows = happens(engine, model, Person(-70, service="clinic", site="a"), columns="start end")
    assert rows == [(0, "clinic", "a", 30, 90)]


def missing(share: float, occupies: float, *then: Plain) -> Plain:
    ways = {f"w{j}": w for j, w in enumerate(then)}
    return {"all": {"share": share, "occupies": occupies, "then": ways, **SAID}}


@each_engine
def test_who_does_not_come_takes_the_unit_for_a_part_of_the_time(engine: Engine, tmp_path: Path) -> None:
    model = clinic(no_show=missing(1, 0.25)).compile(tmp_path)
    assert happens(engine, model, Person(0), Person(1)) == [
        (0, "clinic", "a", 0, 0, 15, 15, "missed"),
        (1, "clinic", "a", 1, 15, 30, 30, "missed"),
    ]


@each_engine
def test_who_does_not_come_goes_on_from_home_by_ways_of_their_own(engine: Engine, tmp_path: Path) -> None:
    sketch = clinic(no_show=missing(1, 0, way("quick", after=30)), then=[way("exit")])
    sketch.travel = {("home", "a"): 7}
    rows = happens(engine, sketch.compile(tmp_path), Person(0), columns="place request start end outcome")
    assert rows == [
        (0, "clinic", "a", "home", 0, 0, 0, "missed"),
        (0, "quick", "a", "home", 37, 37, 57, "done"),
    ]


@each_engine
def test_a_missed_appointment_is_missed_from_its_start_also_at_the_horizon(engine: Engine, tmp_path: Path) -> None:
    model = clinic(no_show=missing(1, 1)).compile(tmp_path)
    assert happens(engine, model, Person(1400), columns="start end release outcome") == [
        (0, "clinic", "a", 1400, None, None, "missed")
    ]


@each_engine
def test_a_share_is_missed_and_the_others_come(engine: Engine, tmp_path: Path) -> None:
    model = clinic(200, no_show=missing(0.3, 0)).compile(tmp_path)
    rows = happens(engine, model, *[Person(0, key=key) for key in range(1, 201)], columns="end outcome")
    missed = [row for row in rows if row[-1] == "missed"]
    assert 40 <= len(missed) <= 80  # 60 expected, standard deviation 6.5
    assert {row[3] for row in missed} == {0}
    assert {row[3] for row in rows if row[-1] == "done"} == {60}
