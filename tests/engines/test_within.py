"""Units that are held while another contact goes on inside, and pools that exchange holders. Times are minutes."""

from __future__ import annotations

from pathlib import Path

from both_engines import each_engine, happens
from stories import Person
from worlds import SAID, Offer, Plain, Sketch, need, service, way

from sim.engines.select import Engine

HELD = "start end release outcome"
LONG_WAY, HOME = 2, 7  # keys of who moves on to the other ward, and of who goes home


def bay(then: list[Plain], inner: Plain, bays: int = 1, rooms: int = 1, **more: Plain) -> Sketch:
    """A place in which a patient lies, and a room to which the patient goes from there."""
    services = {"place": service(10, then=then), "room": inner, **more}
    sites = {"a": {"place": Offer(bays), "room": Offer(rooms), **{name: Offer() for name in more}}}
    return Sketch(services, sites)


@each_engine
def test_the_outer_unit_is_held_until_the_inner_contact_has_ended(engine: Engine, tmp_path: Path) -> None:
    model = bay([way("room", how="within")], service(30)).compile(tmp_path)
    assert happens(engine, model, Person(0), Person(1)) == [
        (0, "place", "a", 0, 0, 10, 40, "done"),
        (1, "place", "a", 1, 40, 50, 80, "done"),
        (0, "room", "a", 10, 10, 40, 40, "done"),
        (1, "room", "a", 50, 50, 80, 80, "done"),
    ]


@each_engine
def test_what_is_within_waits_for_a_unit_of_its_own_while_the_outer_one_is_held(engine: Engine, tmp_path: Path) -> None:
    model = bay([way("room", how="within")], service(30), bays=2).compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(0), columns=HELD)
    assert rows == [
        (0, "place", "a", 0, 10, 40, "done"),
        (1, "place", "a", 0, 10, 70, "done"),
        (0, "room", "a", 10, 40, 40, "done"),
        (1, "room", "a", 40, 70, 70, "done"),
    ]


@each_engine
def test_who_goes_on_at_once_gives_back_the_own_unit_and_holds_what_is_around(engine: Engine, tmp_path: Path) -> None:
    room = service(30, then=[way("scan")])
    model = bay([way("room", how="within")], room, scan=service(20)).compile(tmp_path)
    assert happens(engine, model, Person(0), Person(1), columns=HELD)[:4] == [
        (0, "place", "a", 0, 10, 60, "done"),
        (1, "place", "a", 60, 70, 120, "done"),
        (0, "room", "a", 10, 40, 40, "done"),
        (0, "scan", "a", 40, 60, 60, "done"),
    ]


@each_engine
def test_who_gives_back_all_keeps_nothing_around(engine: Engine, tmp_path: Path) -> None:
    room = service(30, then=[way("scan", gives_back="all")])
    model = bay([way("room", how="within")], room, scan=service(20)).compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(1), columns=HELD)
    assert (0, "place", "a", 0, 10, 40, "done") in rows
    assert (1, "place", "a", 40, 50, 80, "done") in rows


@each_engine
def test_who_boards_with_all_gives_back_place_and_room_when_the_ward_takes_them(engine: Engine, tmp_path: Path) -> None:
    room = service(30, then=[way("ward", how="holding", gives_back="all")])
    sketch = bay([way("room", how="within")], room, bays=2, rooms=2, ward=service(100))
    rows = happens(engine, sketch.compile(tmp_path), Person(0), Person(0), columns=HELD)
    assert rows == [
        (0, "place", "a", 0, 10, 40, "done"),
        (1, "place", "a", 0, 10, 140, "done"),
        (0, "room", "a", 10, 40, 40, "done"),
        (1, "room", "a", 10, 40, 140, "done"),
        (0, "ward", "a", 40, 140, 140, "done"),
        (1, "ward", "a", 140, 240, 240, "done"),
    ]


@each_engine
def test_who_boards_with_the_own_unit_alone_holds_the_place_also_in_the_ward(engine: Engine, tmp_path: Path) -> None:
    room = service(30, then=[way("ward", how="holding")])
    sketch = bay([way("room", how="within")], room, bays=2, rooms=2, ward=service(100))
    rows = happens(engine, sketch.compile(tmp_path), Person(0), Person(0), columns=HELD)
    assert rows[:4] == [
        (0, "place", "a", 0, 10, 140, "done"),
        (1, "place", "a", 0, 10, 240, "done"),
        (0, "room", "a", 10, 40, 40, "done"),
        (1, "room", "a", 10, 40, 140, "done"),
    ]


@each_engine
def test_who_comes_back_to_the_pool_of_the_place_goes_on_in_the_place_that_is_held(
    engine: Engine, tmp_path: Path
) -> None:
    services = {
        "place": service(10, then=[way("room", how="within")]),
        "room": service(30, then=[way("rest")]),
        "rest": service(15),
    }
    sites = {"a": {"place": Offer(pool="bays"), "rest": Offer(pool="bays"), "room": Offer()}}
    model = Sketch(services, sites).compile(tmp_path)
    assert happens(engine, model, Person(0), Person(1)) == [
        (0, "place", "a", 0, 0, 10, 40, "done"),
        (1, "place", "a", 1, 55, 65, 95, "done"),
        (0, "room", "a", 10, 10, 40, 40, "done"),
        (0, "rest", "a", 40, 40, 55, 55, "done"),
        (1, "room", "a", 65, 65, 95, 95, "done"),
        (1, "rest", "a", 95, 95, 110, 110, "done"),
    ]


@each_engine
def test_what_is_within_takes_a_second_unit_of_the_same_pool(engine: Engine, tmp_path: Path) -> None:
    services = {"place": service(10, then=[way("room", how="within")], patience=200), "room": service(30, patience=5)}
    sites = {"a": {"place": Offer(2, pool="bays"), "room": Offer(2, pool="bays")}}
    model = Sketch(services, sites).compile(tmp_path)
    assert happens(engine, model, Person(0), Person(1), columns=HELD) == [
        (0, "place", "a", 0, 10, 15, "done"),
        (1, "place", "a", 1, 11, 45, "done"),
        (0, "room", "a", None, None, 15, "left"),  # both places are taken by those who wait for a second one
        (1, "room", "a", 15, 45, 45, "done"),
    ]


@each_engine
def test_who_leaves_inside_gives_back_all_that_is_held(engine: Engine, tmp_path: Path) -> None:
    room = service(30, patience=20, leaves=[way("scan")])
    model = bay([way("room", how="within")], room, bays=2, scan=service(7)).compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(0), columns=HELD)
    assert rows[1:] == [
        (1, "place", "a", 0, 10, 30, "done"),
        (0, "room", "a", 10, 40, 40, "done"),
        (1, "room", "a", None, None, 30, "left"),
        (1, "scan", "a", 30, 37, 37, "done"),
    ]


@each_engine
def test_who_is_turned_away_inside_gives_back_all_that_is_held(engine: Engine, tmp_path: Path) -> None:
    room = service(30, queue_limit={"waiting": 0, **SAID}, fallback="scan")
    model = bay([way("room", how="within")], room, bays=2, scan=service(7)).compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(0), columns=HELD)
    assert rows[1:] == [
        (1, "place", "a", 0, 10, 10, "done"),
        (0, "room", "a", 10, 40, 40, "done"),
        (1, "room", "a", None, None, 10, "turned_away"),
        (1, "scan", "a", 10, 17, 17, "done"),
    ]


@each_engine
def test_a_service_without_units_leaves_what_is_held_as_it_is(engine: Engine, tmp_path: Path) -> None:
    services = {
        "place": service(10, then=[way("talk", how="within")]),
        "talk": service(5, "remote", unlimited_at="self_care", then=[way("room", how="within")]),
        "room": service(30),
    }
    model = Sketch(services, {"a": {"place": Offer(), "room": Offer()}}).compile(tmp_path)
    assert happens(engine, model, Person(0), columns=HELD) == [
        (0, "place", "a", 0, 10, 45, "done"),
        (0, "talk", None, 10, 15, 15, "done"),
        (0, "room", "a", 15, 45, 45, "done"),
    ]


@each_engine
def test_a_follow_up_gives_back_all_that_is_held(engine: Engine, tmp_path: Path) -> None:
    room = service(30, then=[way("scan", after=60)])
    model = bay([way("room", how="within")], room, scan=service(7)).compile(tmp_path)
    assert happens(engine, model, Person(0), columns=HELD) == [
        (0, "place", "a", 0, 10, 40, "done"),
        (0, "room", "a", 10, 40, 40, "done"),
        (0, "scan", "a", 100, 107, 107, "done"),
    ]


def two_wards() -> Sketch:
    """Who is in one ward is moved to the other, and keeps the bed until there is one."""
    services = {
        "heart": service(60, then=[way("lungs", 1, "holding")]),
        "lungs": service(90, then=[way("heart", 0.5, "holding"), way("exit", 0.5)]),
    }
    return Sketch(
        services,
        {"a": {"heart": Offer(), "lungs": Offer()}},
        {"ill": need({"heart": 1}), "short": need({"lungs": 1})},
    )


@each_engine
def test_two_who_wait_for_each_others_bed_change_places(engine: Engine, tmp_path: Path) -> None:
    model = two_wards().compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(5, "short", key=LONG_WAY), columns="start end")
    # the second is ready to move at 95, the first has waited since 60: neither bed was ever free
    assert [row for row in rows if row[0] < 2][:4] == [
        (0, "heart", "a", 0, 60),
        (1, "lungs", "a", 5, 95),
        (0, "lungs", "a", 95, 185),
        (1, "heart", "a", 95, 155),
    ]


@each_engine
def test_who_waits_for_a_bed_that_nobody_leaves_for_the_own_one_does_not_change_places(
    engine: Engine, tmp_path: Path
) -> None:
    model = two_wards().compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(5, "short", key=HOME), columns=HELD)
    assert rows[:3] == [
        (0, "heart", "a", 0, 60, 95, "done"),
        (1, "lungs", "a", 5, 95, 95, "done"),
        (0, "lungs", "a", 95, 185, 185, "done"),
    ]
