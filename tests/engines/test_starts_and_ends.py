"""Hours in which alone a service may start, and hours in which alone it may end. Times are minutes."""

from __future__ import annotations

from pathlib import Path

from both_engines import each_engine, happens
from stories import Person
from worlds import SAID, Offer, Sketch, need, service

from sim.engines.select import Engine

OFFICE = {"office": "08:00-17:00"}


def ward(units: int = 1, **said: object) -> Sketch:
    services = {"ward": service(60, **said), "quick": service(20)}  # type: ignore[arg-type]
    sites = {"a": {"ward": Offer(units, pool="beds"), "quick": Offer(units, pool="beds")}}
    needs = {"ill": need({"ward": 1}), "hurt": need({"quick": 1})}
    return Sketch(services, sites, needs, calendars=OFFICE)


@each_engine
def test_nobody_starts_before_the_hours_of_starting_and_service_goes_on_after_them(
    engine: Engine, tmp_path: Path
) -> None:
    model = ward(starts="office").compile(tmp_path)
    assert happens(engine, model, Person(400), Person(1000)) == [
        (0, "ward", "a", 400, 480, 540, 540, "done"),
        (1, "ward", "a", 1000, 1000, 1060, 1060, "done"),
    ]


@each_engine
def test_others_in_the_pool_pass_who_may_not_start_yet(engine: Engine, tmp_path: Path) -> None:
    model = ward(starts="office").compile(tmp_path)
    assert happens(engine, model, Person(400), Person(410, "hurt"), Person(470, "hurt"), Person(475)) == [
        (0, "ward", "a", 400, 490, 550, 550, "done"),
        (1, "quick", "a", 410, 410, 430, 430, "done"),
        (2, "quick", "a", 470, 470, 490, 490, "done"),
        (3, "ward", "a", 475, 550, 610, 610, "done"),
    ]


@each_engine
def test_the_second_in_which_hours_of_starting_end_is_too_late(engine: Engine, tmp_path: Path) -> None:
    model = ward(starts="office").compile(tmp_path)
    assert happens(engine, model, Person(1020), columns="start outcome") == [(0, "ward", "a", None, "open")]


@each_engine
def test_who_is_there_when_the_run_starts_has_begun_whatever_the_hour(engine: Engine, tmp_path: Path) -> None:
    initial = {"span_days": 1, "queue_days": 0, **SAID}
    model = ward(starts="office", initial=initial).compile(tmp_path)
    rows = happens(engine, model, Person(-50, service="ward", site="a"), columns="start end")
    assert rows == [(0, "ward", "a", -50, 10)]


@each_engine
def test_who_could_not_leave_before_the_run_is_there_when_it_starts(engine: Engine, tmp_path: Path) -> None:
    initial = {"span_days": 2, "queue_days": 0, **SAID}
    model = ward(3, ends="office", initial=initial).compile(tmp_path)
    noon, evening, night = (Person(minute, service="ward", site="a") for minute in (-720, -450, -70))
    rows = happens(engine, model, noon, evening, night, columns="start end")
    assert rows == [
        (1, "ward", "a", -450, 480),  # service was over at half past five in the afternoon, when nobody leaves any more
        (2, "ward", "a", -70, 480),  # ten minutes before midnight
    ]  # who was ready at one in the afternoon has left


@each_engine
def test_a_service_ends_within_its_hours_of_ending_or_at_the_next_opening(engine: Engine, tmp_path: Path) -> None:
    model = ward(ends="office").compile(tmp_path)
    assert happens(engine, model, Person(0), Person(100), Person(1000), columns="start end release outcome") == [
        (0, "ward", "a", 0, 480, 480, "done"),  # would have ended at 60
        (1, "ward", "a", 480, 540, 540, "done"),
        (2, "ward", "a", 1000, None, None, "open"),  # at 1060 it is closed, and it does not open again
    ]


@each_engine
def test_an_end_in_the_first_second_of_the_hours_is_within_them_and_in_the_last_is_not(
    engine: Engine, tmp_path: Path
) -> None:
    model = ward(2, ends="office").compile(tmp_path)
    assert happens(engine, model, Person(420), Person(960), columns="end outcome") == [
        (0, "ward", "a", 480, "done"),
        (1, "ward", "a", None, "open"),
    ]
