"""Room elsewhere: several pools in order, units that are kept free, the next site, and leaving. Times are minutes."""

from __future__ import annotations

from pathlib import Path

from both_engines import each_engine, happens
from stories import Person
from worlds import SAID, Offer, Plain, Sketch, service, way

from sim.engines.select import Engine

POOL = "pool request start end outcome"


def limit(waiting: int, when_full: str) -> Plain:
    return {"waiting": waiting, "when_full": when_full, **SAID}


def wards(own: int = 1, surgery: int = 1, spill_after_h: str = "", **said: object) -> Sketch:
    """A ward with beds of its own and beds elsewhere; pools 0 and 1."""
    offer = Offer(own, pool="own", further="surgery", spill_after_h=spill_after_h)
    rooms = {"a": {"surgery": Offer(surgery)}}
    return Sketch({"ward": service(60, **said)}, {"a": {"ward": offer}}, rooms=rooms)  # type: ignore[arg-type]


@each_engine
def test_a_request_starts_in_the_first_pool_that_has_room_and_waits_for_all(engine: Engine, tmp_path: Path) -> None:
    model = wards().compile(tmp_path)
    assert model.pools == ("own", "surgery")
    rows = happens(engine, model, Person(0), Person(10), Person(20), Person(75), columns=POOL)
    assert rows == [
        (0, "ward", "a", 0, 0, 0, 60, "done"),
        (1, "ward", "a", 1, 10, 10, 70, "done"),
        (2, "ward", "a", 0, 20, 60, 120, "done"),
        (3, "ward", "a", 1, 75, 75, 135, "done"),
    ]


@each_engine
def test_a_further_pool_takes_only_who_has_waited_long_enough(engine: Engine, tmp_path: Path) -> None:
    model = wards(spill_after_h="0.5").compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(10), Person(35), Person(50), columns=POOL)
    assert rows == [
        (0, "ward", "a", 0, 0, 0, 60, "done"),
        (1, "ward", "a", 1, 10, 40, 100, "done"),
        (2, "ward", "a", 0, 35, 60, 120, "done"),
        (3, "ward", "a", 1, 50, 100, 160, "done"),
    ]


@each_engine
def test_who_waits_for_two_pools_counts_once_against_the_limit_and_is_gone_from_both(
    engine: Engine, tmp_path: Path
) -> None:
    model = wards(queue_limit=limit(1, "leave")).compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(0), Person(10), Person(20), Person(65), columns=POOL)
    assert rows == [
        (0, "ward", "a", 0, 0, 0, 60, "done"),
        (1, "ward", "a", 1, 0, 0, 60, "done"),
        (2, "ward", "a", 0, 10, 60, 120, "done"),
        (3, "ward", "a", 0, 20, None, None, "turned_away"),
        (4, "ward", "a", 1, 65, 65, 125, "done"),
    ]


@each_engine
def test_units_are_kept_free_for_the_urgent_who_pass_the_others(engine: Engine, tmp_path: Path) -> None:
    sketch = Sketch({"er": service(60)}, {"a": {"er": Offer(2, keep_free="0 0 0 1 1")}})
    people = [Person(0, acuity=5), Person(1, acuity=5), Person(2, acuity=1), Person(3, acuity=1)]
    assert happens(engine, sketch.compile(tmp_path), *people, columns="start end") == [
        (0, "er", "a", 0, 60),
        (1, "er", "a", 120, 180),  # at 60 and at 62 one unit is free, which is kept
        (2, "er", "a", 2, 62),
        (3, "er", "a", 60, 120),
    ]


def towns(when_full: str, mode: str = "walk_in", **said: object) -> Sketch:
    services = {
        "er": service(60, mode, queue_limit=limit(0, when_full), fallback="call", **said),  # type: ignore[arg-type]
        "call": service(5, "remote", unlimited_at="self_care"),
    }
    travel = {
        ("home", "a"): 10, ("home", "b"): 15, ("home", "c"): 20, ("a", "b"): 30, ("a", "c"): 25, ("b", "c"): 12,
    }  # fmt: skip
    return Sketch(services, {site: {"er": Offer()} for site in "abc"}, travel=travel)


@each_engine
def test_who_is_turned_away_goes_to_the_nearest_site_from_there_and_at_last_to_the_fallback(
    engine: Engine, tmp_path: Path
) -> None:
    model = towns("next_site").compile(tmp_path)
    rows = happens(engine, model, *[Person(0)] * 4, columns="place request start outcome")
    assert [row for row in rows if row[0] == 1] == [
        (1, "er", "a", "home", 10, None, "turned_away"),
        (1, "er", "c", "a", 35, 35, "done"),
    ]
    assert [row for row in rows if row[0] == 3] == [
        (3, "er", "a", "home", 10, None, "turned_away"),
        (3, "er", "c", "a", 35, None, "turned_away"),
        (3, "er", "b", "c", 47, None, "turned_away"),
        (3, "call", None, "home", 47, 47, "done"),
    ]


@each_engine
def test_a_booked_patient_asks_the_next_site_from_home(engine: Engine, tmp_path: Path) -> None:
    model = towns("next_site", "booked").compile(tmp_path)
    rows = happens(engine, model, *[Person(0)] * 3, columns="place request outcome")
    assert [row for row in rows if row[0] == 2] == [
        (2, "er", "a", "home", 0, "turned_away"),
        (2, "er", "b", "home", 0, "turned_away"),
        (2, "er", "c", "home", 0, "done"),
    ]


@each_engine
def test_who_leaves_when_it_is_full_goes_where_those_go_whose_patience_ends(engine: Engine, tmp_path: Path) -> None:
    model = towns("leave", patience=30, leaves=[way("er", after=100)]).compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(0), columns="place request start outcome")
    assert [row for row in rows if row[0] == 1] == [
        (1, "er", "a", "home", 10, None, "turned_away"),
        (1, "er", "a", "home", 120, 120, "done"),
    ]


@each_engine
def test_who_is_turned_away_takes_the_fallback_where_nothing_else_is_said(engine: Engine, tmp_path: Path) -> None:
    model = towns("fallback").compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(0), columns="request outcome")
    assert rows[1:] == [(1, "er", "a", 10, "turned_away"), (1, "call", None, 10, "done")]


ROADS = {
    ("home", "near"): 10, ("home", "far"): 30, ("near", "far"): 25, ("home", "third"): 60, ("near", "third"): 80,
    ("far", "third"): 80,
}  # fmt: skip


def hospitals() -> Sketch:
    """An emergency room near home, and beds that whoever cannot have one there finds by the nearest idle."""
    er = service(5, then=[way("ward", how="holding")])
    ward = service(60, patience=10, leaves=[way("exit")], fallback="elsewhere")
    elsewhere = service(60, choice={"rule": "nearest_idle"})
    here = {"er": Offer(9), "ward": Offer(1, pool="bed"), "elsewhere": Offer(1, pool="bed", further="bay")}
    sites = {"near": here, "far": {"elsewhere": Offer(1)}, "third": {"elsewhere": Offer(1)}}
    services = {"er": er, "ward": ward, "elsewhere": elsewhere}
    return Sketch(services, sites, rooms={"near": {"bay": Offer(1)}}, travel=ROADS)


@each_engine
def test_who_is_at_a_full_site_goes_to_the_nearest_idle_one(engine: Engine, tmp_path: Path) -> None:
    model = hospitals().compile(tmp_path)
    people = Person(0, service="ward"), Person(0), Person(1)
    columns = "pool request start outcome"
    rows = [r for r in happens(engine, model, *people, columns=columns) if r[0] >= 1 and r[1] != "er"]
    assert rows == [
        (1, "ward", "near", 1, 15, None, "left"),  # at the emergency room at 10, seen for 5 minutes, waits for 10
        (2, "ward", "near", 1, 16, None, "left"),
        (1, "elsewhere", "near", 0, 25, 25, "done"),  # the bay takes at once
        (2, "elsewhere", "far", 2, 51, 51, "done"),  # bed and bay are in use at 26: 25 minutes to the nearest idle one
    ]
