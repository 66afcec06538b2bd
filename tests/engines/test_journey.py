"""The journey of an episode, rule by rule, in worlds that can be followed by hand. Times are minutes."""

from __future__ import annotations

from pathlib import Path

from stories import Person, happens
from worlds import Offer, Plain, Sketch, need, service, way

ONE = {"a": {"er": Offer()}}


def test_a_walk_in_travels_queues_and_is_served(tmp_path: Path) -> None:
    model = Sketch({"er": service(60)}, ONE, travel={("home", "a"): 10}).compile(tmp_path)
    assert happens(model, Person(0), Person(30), columns="place request start end release outcome") == [
        (0, "er", "a", "home", 10, 10, 70, 70, "done"),
        (1, "er", "a", "home", 40, 70, 130, 130, "done"),
    ]


def test_equal_targets_are_served_in_the_order_in_which_they_asked(tmp_path: Path) -> None:
    model = Sketch({"er": service(60, targets=[30] * 5)}, ONE).compile(tmp_path)
    people = [Person(0), Person(1, acuity=5), Person(2, acuity=1), Person(3, acuity=3)]
    assert [row[:1] + row[4:5] for row in happens(model, *people)] == [(0, 0), (1, 60), (2, 120), (3, 180)]


def test_the_queue_is_ordered_by_request_plus_target(tmp_path: Path) -> None:
    model = Sketch({"er": service(60, targets=[0, 10, 30, 30, 50])}, ONE).compile(tmp_path)
    people = [Person(0), Person(1, acuity=5), Person(25, acuity=4), Person(50, acuity=2), Person(50.5, acuity=1)]
    due = {1: 51, 2: 55, 3: 60, 4: 50.5}
    order = sorted(due, key=lambda person: due[person])
    started = {row[0]: row[4] for row in happens(model, *people)}
    assert [started[person] for person in order] == [60, 120, 180, 240]


def test_of_those_due_in_the_same_second_the_one_who_asked_first_is_first(tmp_path: Path) -> None:
    model = Sketch({"er": service(60, targets=[0, 10, 10, 10, 20])}, ONE).compile(tmp_path)
    rows = happens(model, Person(0), Person(10, acuity=5), Person(20, acuity=2), Person(30, acuity=1))
    assert {row[0]: row[4] for row in rows} == {0: 0, 1: 60, 2: 120, 3: 180}  # all due at 30


def test_of_those_who_ask_in_the_same_second_the_first_episode_is_first(tmp_path: Path) -> None:
    model = Sketch({"er": service(60)}, ONE).compile(tmp_path)
    rows = happens(model, Person(5), Person(5), Person(5))
    assert [(row[0], row[4]) for row in rows] == [(0, 5), (1, 65), (2, 125)]


def test_several_services_share_the_queue_of_their_pool(tmp_path: Path) -> None:
    services = {"doctor": service(60, targets=[30] * 5), "nurse": service(20, targets=[0] * 5)}
    sites = {"a": {"doctor": Offer(pool="rooms"), "nurse": Offer(pool="rooms")}}
    needs = {"ill": need({"doctor": 1}), "hurt": need({"nurse": 1})}
    model = Sketch(services, sites, needs).compile(tmp_path)
    rows = happens(model, Person(0), Person(1), Person(2, "hurt"))
    assert rows == [
        (0, "doctor", "a", 0, 0, 60, 60, "done"),
        (1, "doctor", "a", 1, 80, 140, 140, "done"),  # due at 31, the nurse's patient at 2
        (2, "nurse", "a", 2, 60, 80, 80, "done"),
    ]


def test_who_has_not_started_when_patience_ends_leaves_for_the_service_that_the_pathway_names(tmp_path: Path) -> None:
    services = {"gp": service(60, "booked", patience=30, leaves=[way("er")]), "er": service(15)}
    sites = {"a": {"gp": Offer()}, "b": {"er": Offer()}}
    model = Sketch(services, sites, travel={("home", "a"): 5, ("home", "b"): 7, ("a", "b"): 50}).compile(tmp_path)
    assert happens(model, Person(0), Person(10), columns="place request start release outcome") == [
        (0, "gp", "a", "home", 0, 0, 60, "done"),
        (1, "gp", "a", "home", 10, None, 40, "left"),
        (1, "er", "b", "home", 47, 47, 62, "done"),
    ]


def test_service_that_starts_in_the_second_in_which_patience_ends_is_given(tmp_path: Path) -> None:
    model = Sketch({"er": service(60, patience=60)}, ONE).compile(tmp_path)
    assert [row[-1] for row in happens(model, Person(0), Person(0), Person(0))] == ["done", "done", "left"]


def test_patience_ends_while_the_site_is_closed(tmp_path: Path) -> None:
    services = {"gp": service(60, "booked", patience=120)}
    model = Sketch(services, {"a": {"gp": Offer(hours="08:00-17:00")}}).compile(tmp_path)
    rows = happens(model, Person(0), Person(420))
    assert rows == [(0, "gp", "a", 0, None, None, 120, "left"), (1, "gp", "a", 420, 480, 540, 540, "done")]


def test_who_leaves_a_walk_in_goes_on_from_there(tmp_path: Path) -> None:
    services = {"er": service(60, patience=10, leaves=[way("gp")]), "gp": service(5)}
    sites = {"a": {"er": Offer()}, "b": {"gp": Offer()}}
    model = Sketch(services, sites, travel={("home", "a"): 3, ("a", "b"): 20, ("home", "b"): 1}).compile(tmp_path)
    rows = happens(model, Person(0), Person(0), columns="place request")
    assert rows[-1] == (1, "gp", "b", "a", 3 + 10 + 20)


def hospital(er: Plain, ward: Plain, units: int = 1, beds: int = 1, **offer: object) -> Sketch:
    return Sketch({"er": er, "ward": ward}, {"a": {"er": Offer(units), "ward": Offer(beds, **offer)}})  # type: ignore[arg-type]


def test_a_holder_keeps_the_unit_until_the_next_contact_starts(tmp_path: Path) -> None:
    model = hospital(service(60, then=[way("ward", how="holding")]), service(120)).compile(tmp_path)
    assert happens(model, Person(0), Person(5), Person(6)) == [
        (0, "er", "a", 0, 0, 60, 60, "done"),
        (1, "er", "a", 5, 60, 120, 180, "done"),  # boards for an hour
        (2, "er", "a", 6, 180, 240, 300, "done"),  # starts in the second in which the boarder leaves
        (0, "ward", "a", 60, 60, 180, 180, "done"),
        (1, "ward", "a", 120, 180, 300, 300, "done"),
        (2, "ward", "a", 240, 300, 420, 420, "done"),
    ]


def test_without_holding_the_unit_is_free_while_the_patient_waits(tmp_path: Path) -> None:
    model = hospital(service(60, then=[way("ward")]), service(120)).compile(tmp_path)
    rows = happens(model, Person(0), Person(5), Person(6))
    assert [row[:2] + row[4:7] for row in rows][:3] == [
        (0, "er", 0, 60, 60),
        (1, "er", 60, 120, 120),
        (2, "er", 120, 180, 180),
    ]


def test_a_discharge_ready_patient_blocks_the_bed_and_so_the_er(tmp_path: Path) -> None:
    services = {
        "er": service(10, then=[way("ward", how="holding")]),
        "ward": service(60, then=[way("home_care", how="holding")]),
        "home_care": service(300, "remote"),
    }
    sites = {"a": {"er": Offer(), "ward": Offer(), "home_care": Offer()}}
    model = Sketch(services, sites).compile(tmp_path)
    rows = {(row[0], row[1]): row[3:7] for row in happens(model, Person(0), Person(1), Person(2))}
    assert rows[0, "home_care"] == (70, 70, 370, 370)
    assert rows[1, "ward"] == (20, 70, 130, 370)  # ready at 130, home care has room at 370
    assert rows[1, "home_care"] == (130, 370, 670, 670)
    assert rows[2, "er"] == (2, 70, 80, 370)  # boards until the bed is free
    assert rows[2, "ward"] == (80, 370, 430, 670)


def test_going_on_in_the_same_pool_keeps_the_unit(tmp_path: Path) -> None:
    services = {"triage": service(10, then=[way("doctor")]), "doctor": service(50)}
    sites = {"a": {"triage": Offer(pool="rooms"), "doctor": Offer(pool="rooms")}}
    model = Sketch(services, sites).compile(tmp_path)
    rows = happens(model, Person(0), Person(1))
    assert [row[:2] + row[3:7] for row in rows] == [
        (0, "triage", 0, 0, 10, 10),
        (1, "triage", 1, 60, 70, 70),
        (0, "doctor", 10, 10, 60, 60),
        (1, "doctor", 70, 70, 120, 120),
    ]


def test_a_holder_whose_patience_ends_frees_the_unit_and_takes_the_fallback(tmp_path: Path) -> None:
    ward = service(500, patience=30, leaves=[way("exit")], fallback="hotel")
    sketch = hospital(service(60, then=[way("ward", how="holding")]), ward)
    sketch.services = {**sketch.services, "hotel": service(10, "remote", unlimited_at="self_care")}
    rows = happens(sketch.compile(tmp_path), Person(0), Person(0))
    assert rows[1:] == [
        (1, "er", "a", 0, 60, 120, 150, "done"),
        (0, "ward", "a", 60, 60, 560, 560, "done"),
        (1, "ward", "a", 120, None, None, 150, "left"),
        (1, "hotel", None, 150, 150, 160, 160, "done"),
    ]


def test_who_goes_on_holding_to_a_service_without_units_frees_the_unit_when_it_starts(tmp_path: Path) -> None:
    services = {
        "er": service(60, then=[way("rest", how="holding")]),
        "rest": service(500, "remote", unlimited_at="self_care"),
    }
    rows = happens(Sketch(services, ONE).compile(tmp_path), Person(0), Person(1))
    assert [row for row in rows if row[1] == "er"] == [
        (0, "er", "a", 0, 0, 60, 60, "done"),
        (1, "er", "a", 1, 60, 120, 120, "done"),
    ]


def test_a_follow_up_starts_from_home_after_its_delay(tmp_path: Path) -> None:
    services = {"er": service(60, then=[way("gp", after=100)]), "gp": service(10)}
    travel = {("home", "a"): 5, ("home", "b"): 7, ("a", "b"): 30}
    model = Sketch(services, {"a": {"er": Offer()}, "b": {"gp": Offer()}}, travel=travel).compile(tmp_path)
    rows = happens(model, Person(0), columns="place request start end")
    assert rows == [(0, "er", "a", "home", 5, 5, 65), (0, "gp", "b", "home", 65 + 100 + 7, 172, 182)]


def test_a_follow_up_beyond_the_horizon_is_no_contact(tmp_path: Path) -> None:
    model = Sketch({"er": service(60, then=[way("er", 0.5, after=1440), way("exit", 0.5)])}, ONE).compile(tmp_path)
    rows = [happens(model, Person(0, key=key)) for key in range(1, 9)]
    assert all(len(row) == 1 for row in rows)
    assert {row[0][-1] for row in rows} == {"done"}


def test_what_has_not_ended_at_the_horizon_is_open(tmp_path: Path) -> None:
    model = Sketch({"er": service(60)}, ONE, travel={("home", "a"): 5}).compile(tmp_path)
    assert happens(model, Person(1370), Person(1380), Person(1390), Person(1436)) == [
        (0, "er", "a", 1375, 1375, 1435, 1435, "done"),
        (1, "er", "a", 1385, 1435, None, None, "open"),
        (2, "er", "a", 1395, None, None, None, "open"),
    ]


def test_an_event_at_the_horizon_is_not_done(tmp_path: Path) -> None:
    model = Sketch({"er": service(60)}, ONE).compile(tmp_path)
    assert happens(model, Person(1380)) == [(0, "er", "a", 1380, 1380, None, None, "open")]


def test_more_units_serve_more_at_once(tmp_path: Path) -> None:
    model = Sketch({"er": service(60)}, {"a": {"er": Offer(2)}}).compile(tmp_path)
    assert [row[4] for row in happens(model, Person(0), Person(0), Person(0))] == [0, 0, 60]


def test_a_surge_is_used_as_the_places_are(tmp_path: Path) -> None:
    model = Sketch({"er": service(60)}, {"a": {"er": Offer(1, surge=1)}}).compile(tmp_path)
    assert [row[4] for row in happens(model, Person(0), Person(0), Person(0))] == [0, 0, 60]


def test_service_without_units_starts_at_once_for_all(tmp_path: Path) -> None:
    services = {"er": service(60), "advice": service(30, "remote", unlimited_at="self_care")}
    model = Sketch(services, ONE, {"ill": need({"advice": 1})}).compile(tmp_path)
    assert happens(model, *[Person(7)] * 3) == [(j, "advice", None, 7, 7, 37, 37, "done") for j in range(3)]


def test_service_that_takes_no_time_frees_its_unit_in_the_same_second(tmp_path: Path) -> None:
    model = Sketch({"er": service(0)}, ONE).compile(tmp_path)
    assert [row[3:7] for row in happens(model, *[Person(7)] * 3)] == [(7, 7, 7, 7)] * 3
