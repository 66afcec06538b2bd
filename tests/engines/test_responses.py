"""Signals, and what answers to them: refusals, ways on, durations. Times are minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from both_engines import each_engine, happens
from stories import Person
from worlds import SAID, Offer, Plain, Sketch, need, responding, service, way

from sim.config.errors import ConfigErrors
from sim.engines.select import Engine

CALL = service(5, "remote", unlimited_at="self_care")


def town(er: Plain, signal: Plain, units: int = 1, hours: str = "00:00-24:00", **more: Plain) -> Sketch:
    sites = {"a": {"er": Offer(units, hours), **{name: Offer() for name in more}}}
    return Sketch({"er": er, "call": CALL, **more}, sites, care={"signals": {"load": {"of": "er", **signal}}})


def refuse(*share: float) -> Plain:
    return {"full": {"signal": "load", "share": list(share), **SAID}}


@each_engine
def test_who_finds_all_units_in_use_is_sent_elsewhere(engine: Engine, tmp_path: Path) -> None:
    er = service(60, refuse=refuse(0, 1), fallback="call")
    model = town(er, {"what": "occupancy", "classes": [1000]}).compile(tmp_path)
    assert happens(engine, model, Person(0), Person(10), Person(60)) == [
        (0, "er", "a", 0, 0, 60, 60, "done"),
        (1, "er", "a", 10, None, None, 10, "turned_away"),
        (1, "call", None, 10, 10, 15, 15, "done"),
        (2, "er", "a", 60, 60, 120, 120, "done"),
    ]


@each_engine
def test_who_is_refused_does_what_the_limit_says(engine: Engine, tmp_path: Path) -> None:
    limit = {"when_full": "leave", **SAID}
    er = service(60, refuse=refuse(0, 1), queue_limit=limit, patience=600, leaves=[way("er", after=100)])
    model = town(er, {"what": "queue", "classes": [1]}).compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(10), Person(20), columns="request start outcome")
    assert rows == [
        (0, "er", "a", 0, 0, "done"),
        (1, "er", "a", 10, 60, "done"),
        (2, "er", "a", 20, None, "turned_away"),
        (2, "er", "a", 120, 120, "done"),
    ]


@each_engine
def test_a_fraction_balks(engine: Engine, tmp_path: Path) -> None:
    er = service(60, refuse=refuse(0, 0.3))
    model = town(er, {"what": "per_unit", "classes": [1000]}).compile(tmp_path)
    rows = happens(engine, model, *[Person(0, key=key) for key in range(1, 202)], columns="outcome")
    assert 40 <= sum(row[-1] == "turned_away" for row in rows) <= 80  # 60 expected, standard deviation 6.5


@each_engine
def test_people_in_service_and_waiting_count_by_unit(engine: Engine, tmp_path: Path) -> None:
    model = town(service(60, refuse=refuse(0, 1)), {"what": "per_unit", "classes": [1500]}, units=2).compile(tmp_path)
    rows = happens(engine, model, *[Person(t) for t in range(5)], columns="start outcome")
    assert [row[-1] for row in rows] == ["done", "done", "done", "turned_away", "turned_away"]  # 2 + 1 of 2


@each_engine
def test_an_expected_wait_is_that_of_those_who_wait_by_unit(engine: Engine, tmp_path: Path) -> None:
    model = town(service(60, refuse=refuse(0, 1)), {"what": "expected_wait", "classes": [60]}).compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(1), Person(2), Person(61), columns="start outcome")
    assert rows == [
        (0, "er", "a", 0, "done"),
        (1, "er", "a", 60, "done"),  # nobody waits, one is in service
        (2, "er", "a", None, "turned_away"),  # one waits for an hour's service
        (3, "er", "a", 120, "done"),
    ]


@each_engine
def test_an_expected_wait_counts_the_hours_until_it_opens(engine: Engine, tmp_path: Path) -> None:
    gate = service(1, refuse=refuse(0, 1))
    sketch = town(service(60), {"what": "expected_wait", "classes": [60]}, hours="08:00-17:00", gate=gate)
    sketch.needs = {"ill": need({"gate": 1})}
    rows = happens(engine, sketch.compile(tmp_path), Person(420), Person(421), columns="outcome")
    assert rows == [(0, "gate", "a", "turned_away"), (1, "gate", "a", "done")]  # opens in 60 minutes, and in 59


@each_engine
def test_a_mean_is_that_of_the_last_whole_period(engine: Engine, tmp_path: Path) -> None:
    er = service(60, refuse=refuse(0, 1))
    model = town(er, {"what": "occupancy", "over_h": 1, "classes": [750]}, units=1).compile(tmp_path)
    rows = happens(engine, model, Person(10), Person(75), Person(130), Person(190), columns="start outcome")
    assert rows == [
        (0, "er", "a", 10, "done"),  # no period is over, and it is empty now
        (1, "er", "a", None, "turned_away"),  # 50 of the first 60, though it is empty now
        (2, "er", "a", 130, "done"),  # 10 of the second
        (3, "er", "a", None, "turned_away"),  # 50 of the third
    ]


@each_engine
def test_a_mean_that_nobody_reads_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    model = town(service(60), {"what": "occupancy", "over_h": 1, "classes": [750]}).compile(tmp_path)
    rows = happens(engine, model, Person(10), Person(190), columns="start end")
    assert rows == [(0, "er", "a", 10, 70), (1, "er", "a", 190, 250)]


@each_engine
def test_a_service_takes_longer_where_many_are_in_service_when_it_starts(engine: Engine, tmp_path: Path) -> None:
    er = responding(service(60), length={"signal": "load", "factor": [1, 2]})
    model = town(er, {"what": "occupancy", "classes": [500]}, units=2).compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(1), Person(2), columns="start end")
    assert rows == [
        (0, "er", "a", 0, 60),
        (1, "er", "a", 1, 121),  # one of two units was in use
        (2, "er", "a", 60, 180),
    ]


@each_engine
def test_the_one_who_starts_is_not_among_those_who_wait(engine: Engine, tmp_path: Path) -> None:
    er = responding(service(60), length={"signal": "load", "factor": [1, 0.5]})
    model = town(er, {"what": "queue", "classes": [1]}).compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(1), Person(2), columns="start end")
    assert rows == [(0, "er", "a", 0, 60), (1, "er", "a", 60, 90), (2, "er", "a", 90, 150)]


@each_engine
def test_a_way_on_is_taken_more_often_where_it_is_full(engine: Engine, tmp_path: Path) -> None:
    er = service(10, then=[way("ward", 0.5), way("exit", 0.5)])
    er = responding(er, ways={"signal": "load", "step": "w0", "odds": [1, 9]})
    model = town(er, {"what": "occupancy", "classes": [100]}, units=1000, ward=service(1)).compile(tmp_path)

    def share(*people: Person) -> float:
        rows = happens(engine, model, *people, columns="request")
        return sum(row[1] == "ward" for row in rows) / len(people)

    assert 0.4 < share(*[Person(20 * key, key=key) for key in range(1, 70)]) < 0.6
    many = share(*[Person(0, key=key) for key in range(1, 401)])
    # 300 of 400 end while at least 100 of 1000 units are in use: 0.9, the others 0.5
    assert 0.75 < many < 0.85


@each_engine
def test_the_occupancy_of_a_site_counts_all_pools_of_the_offer(engine: Engine, tmp_path: Path) -> None:
    signal = {"signals": {"load": {"of": "all_wards", "what": "site_occupancy", "classes": [500, 1000]}}}
    services = {
        "ward": service(60), "other": service(60), "all_wards": service(60),
        "er": service(60, refuse=refuse(0, 0, 1)),
    }  # fmt: skip
    offers = {
        "ward": Offer(1, pool="one"), "other": Offer(1, pool="two"), "er": Offer(9),
        "all_wards": Offer(1, pool="one", further="two"),
    }  # fmt: skip
    model = Sketch(services, {"a": offers}, care=signal).compile(tmp_path)
    people = (
        Person(at, service=asked) for at, asked in ((0, "ward"), (5, "er"), (10, "other"), (15, "er"), (60, "er"))
    )
    rows = happens(engine, model, *people, columns="request outcome")
    assert [row[-1] for row in rows] == ["done", "done", "done", "turned_away", "done"]


def test_the_occupancy_of_a_site_is_of_the_moment(tmp_path: Path) -> None:
    signal = {"what": "site_occupancy", "classes": [500], "over_h": 24}
    with pytest.raises(ConfigErrors) as caught:
        town(service(60, refuse=refuse(0, 1)), signal).compile(tmp_path)
    assert "leave out over_h; here 24" in caught.value.problems[0].message
