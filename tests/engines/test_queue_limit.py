"""A queue that has a limit: who waits, who is turned away, and what then. Times are minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from stories import Person, happens
from worlds import SAID, Offer, Plain, Sketch, need, service, way

from sim.config.errors import ConfigErrors

CALL = service(10, "remote", unlimited_at="self_care")


def limit(waiting: int) -> Plain:
    return {"waiting": waiting, "when_full": "fallback", **SAID}


def station(waiting: int, offer: Offer | None = None, **more: object) -> Sketch:
    services = {"er": service(60, queue_limit=limit(waiting), **more), "call": CALL}  # type: ignore[arg-type]
    return Sketch(services, {"a": {"er": offer or Offer()}}, {"ill": need({"er": 1})})


def outcomes(sketch: Sketch, folder: Path, *people: Person) -> list[object]:
    return [row[-1] for row in happens(sketch.compile(folder), *people)]


def test_who_finds_the_queue_full_is_turned_away_and_without_a_fallback_the_episode_ends(tmp_path: Path) -> None:
    rows = happens(station(1).compile(tmp_path), *[Person(t) for t in (0, 1, 2, 61)])
    assert rows == [
        (0, "er", "a", 0, 0, 60, 60, "done"),
        (1, "er", "a", 1, 60, 120, 120, "done"),
        (2, "er", "a", 2, None, None, 2, "turned_away"),
        (3, "er", "a", 61, 120, 180, 180, "done"),
    ]


def test_who_finds_the_queue_full_takes_the_fallback_at_once(tmp_path: Path) -> None:
    rows = happens(station(1, fallback="call").compile(tmp_path), *[Person(t) for t in (0, 1, 2)])
    assert rows[2:] == [
        (2, "er", "a", 2, None, None, 2, "turned_away"),
        (2, "call", None, 2, 2, 12, 12, "done"),
    ]


def test_with_a_limit_of_0_nobody_waits_and_free_units_are_used(tmp_path: Path) -> None:
    people = [Person(t) for t in (0, 1, 2, 60, 61)]
    assert outcomes(station(0, Offer(2)), tmp_path, *people) == ["done", "done", "turned_away", "done", "done"]


def test_an_end_of_service_makes_room_for_who_asks_in_the_same_second(tmp_path: Path) -> None:
    people = [Person(0), Person(1), Person(60), Person(60)]  # at 60 the second starts and one may wait
    assert outcomes(station(1), tmp_path, *people) == ["done", "done", "done", "turned_away"]


def test_of_those_who_ask_in_the_same_second_the_first_episodes_may_wait(tmp_path: Path) -> None:
    assert outcomes(station(2), tmp_path, *[Person(5)] * 5) == ["done"] * 3 + ["turned_away"] * 2


def test_who_leaves_makes_room(tmp_path: Path) -> None:
    people = [Person(0), Person(1), Person(10), Person(12)]  # the second leaves at 11
    assert outcomes(station(1, patience=10), tmp_path, *people) == ["done", "left", "turned_away", "left"]


def test_urgency_does_not_help_against_a_full_queue(tmp_path: Path) -> None:
    people = [Person(0), Person(1, acuity=5), Person(2, acuity=1)]
    assert outcomes(station(1, targets=[0, 10, 30, 60, 90]), tmp_path, *people) == ["done", "done", "turned_away"]


def test_all_who_wait_in_the_pool_count_and_each_service_has_its_own_limit(tmp_path: Path) -> None:
    services = {"doctor": service(60, queue_limit=limit(1)), "nurse": service(60)}
    sites = {"a": {"doctor": Offer(pool="rooms"), "nurse": Offer(pool="rooms")}}
    sketch = Sketch(services, sites, {"ill": need({"doctor": 1}), "hurt": need({"nurse": 1})})
    people = [Person(0), Person(1, "hurt"), Person(2), Person(3, "hurt")]
    assert outcomes(sketch, tmp_path, *people) == ["done", "done", "turned_away", "done"]


def test_the_limit_holds_while_a_pool_is_closed(tmp_path: Path) -> None:
    sketch = station(1, Offer(hours="08:00-17:00"), mode="booked")
    assert outcomes(sketch, tmp_path, Person(0), Person(1), Person(600)) == ["done", "turned_away", "done"]


def test_a_holder_who_is_turned_away_gives_back_the_unit(tmp_path: Path) -> None:
    services = {"er": service(10, then=[way("ward", how="holding")]), "ward": service(100, queue_limit=limit(0))}
    model = Sketch(services, {"a": {"er": Offer(), "ward": Offer()}}).compile(tmp_path)
    assert happens(model, Person(0), Person(5), Person(6)) == [
        (0, "er", "a", 0, 0, 10, 10, "done"),
        (1, "er", "a", 5, 10, 20, 20, "done"),
        (2, "er", "a", 6, 20, 30, 30, "done"),
        (0, "ward", "a", 10, 10, 110, 110, "done"),
        (1, "ward", "a", 20, None, None, 20, "turned_away"),
        (2, "ward", "a", 30, None, None, 30, "turned_away"),
    ]


def test_who_is_turned_away_by_a_closing_asks_elsewhere_and_by_a_full_queue_does_not(tmp_path: Path) -> None:
    services = {"er": service(60, at_close="fallback", queue_limit=limit(1))}
    sites = {"a": {"er": Offer(hours="08:00-17:00")}, "b": {"er": Offer()}}
    model = Sketch(services, sites, travel={("home", "b"): 30, ("a", "b"): 25}).compile(tmp_path)
    rows = happens(model, Person(1000), Person(1001), Person(1002), columns="request release outcome")
    assert rows == [
        (0, "er", "a", 1000, 1060, "done"),
        (1, "er", "a", 1001, 1020, "turned_away"),
        (2, "er", "a", 1002, 1002, "turned_away"),
        (1, "er", "b", 1045, 1105, "done"),
    ]


def test_among_those_who_are_there_at_the_start_only_as_many_wait_as_may(tmp_path: Path) -> None:
    initial = {"span_days": 1, "queue_days": 1, **SAID}
    people = [Person(-9 + j, service="er", site="a") for j in range(4)]
    assert outcomes(station(2, initial=initial), tmp_path, *people) == ["done", "done", "done", "turned_away"]


@pytest.mark.parametrize(
    ("said", "key", "why"),
    [
        ({"waiting": -1}, "services.er.queue_limit.waiting", "greater than or equal to 0"),
        ({"when_full": "block"}, "services.er.queue_limit.when_full", "fallback"),
        ({"source": None}, "services.er.queue_limit.source", ""),
    ],
)
def test_a_limit_that_means_nothing_is_refused(tmp_path: Path, said: Plain, key: str, why: str) -> None:
    made = {k: v for k, v in {**limit(1), **said}.items() if v is not None}
    with pytest.raises(ConfigErrors) as caught:
        Sketch({"er": service(60, queue_limit=made)}, {"a": {"er": Offer()}}).load(tmp_path)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert why in str(problem)


def test_a_service_without_units_cannot_have_a_limit(tmp_path: Path) -> None:
    services = {"er": service(60), "call": {**CALL, "queue_limit": limit(3)}}
    with pytest.raises(ConfigErrors, match=r"call\.queue_limit"):
        Sketch(services, {"a": {"er": Offer()}}).load(tmp_path)
