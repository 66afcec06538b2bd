"""The start of a run: who is in service, who waits, and where they come from. Times are minutes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from stories import Person, happens
from worlds import SAID, Offer, Plain, Sketch, exponential, figure, minutes, need, service, way

from sim.config.errors import ConfigErrors
from sim.demand import draw_episodes
from sim.model.codes import Ints, Origin
from sim.model.tables import Episodes, Model
from sim.simulation import simulate_episodes

DAY = 1440


def initial(span_days: float, queue_days: float = 0) -> Plain:
    return {"span_days": span_days, "queue_days": queue_days, **SAID}


def one(time: float | Plain = 60, units: int = 1, queue_days: float = 0, **more: object) -> Sketch:
    services = {"er": service(time, initial=initial(2, queue_days), **more)}  # type: ignore[arg-type]
    return Sketch(services, {"a": {"er": Offer(units)}}, travel={("home", "a"): 15})


def there(at: float, **more: object) -> Person:
    return Person(at, service="er", site="a", **more)  # type: ignore[arg-type]


def test_an_occupant_is_in_service_from_before_the_run_with_what_is_left(tmp_path: Path) -> None:
    rows = happens(one().compile(tmp_path), there(-25), columns="origin place request start end release")
    assert rows == [(0, "er", "a", Origin.INITIAL, "home", -25, -25, 35, 35)]


def test_who_was_served_before_the_run_is_not_in_it(tmp_path: Path) -> None:
    rows = happens(one().compile(tmp_path), there(-61), there(-60), there(-59))
    assert [row[:1] + row[3:6] for row in rows] == [(2, -59, -59, 1)]


def test_occupants_beyond_capacity_wait(tmp_path: Path) -> None:
    rows = happens(one().compile(tmp_path), there(-50), there(-40), Person(1))
    assert [row[3:6] for row in rows] == [(-50, -50, 10), (-40, 10, 70), (16, 70, 130)]


def test_a_queue_of_the_last_days_has_not_started(tmp_path: Path) -> None:
    model = one(60, 1, queue_days=1).compile(tmp_path)
    rows = happens(model, there(-DAY - 20), there(-DAY + 20), there(-100), Person(0))
    assert [row[3:6] for row in rows] == [
        (-DAY + 20, 0, 60),  # the one before was in service a day ago
        (-100, 60, 120),
        (15, 120, 180),
    ]


def test_who_waited_too_long_before_the_run_has_left(tmp_path: Path) -> None:
    model = one(60, 1, queue_days=1, patience=200).compile(tmp_path)
    rows = happens(model, there(-300), there(-190), there(-180), columns="request start release outcome")
    assert rows == [(1, "er", "a", -190, 0, 60, "done"), (2, "er", "a", -180, None, 20, "left")]


def test_an_occupant_goes_on_as_any_patient(tmp_path: Path) -> None:
    sketch = one(then=[way("ward", how="holding")])
    sketch.services = {**sketch.services, "ward": service(30)}
    sketch.sites = {"a": {"er": Offer(), "ward": Offer()}}
    rows = happens(sketch.compile(tmp_path), there(-25), columns="origin request start release")
    assert rows == [
        (0, "er", "a", Origin.INITIAL, -25, -25, 35),
        (0, "ward", "a", Origin.REFERRED, 35, 35, 65),
    ]


def test_a_team_on_its_way_back_when_the_run_starts_is_free_when_it_is_back(tmp_path: Path) -> None:
    services = {"visit": service(60, "outreach", initial=initial(1))}
    model = Sketch(services, {"a": {"visit": Offer(tour=True)}}, travel={("home", "a"): 15}).compile(tmp_path)
    rows = happens(model, Person(-50, service="visit", site="a"), Person(5), columns="start end release")
    assert rows == [(0, "visit", "a", -50, 25, 40), (1, "visit", "a", 40, 115, 130)]


def crowd(model: Model, replications: int = 40) -> list[Episodes]:
    """Those who are there at second 0, by replication."""
    drawn = [draw_episodes(model, 5, r) for r in range(replications)]
    return [Episodes(**{name: values[e.time < 0] for name, values in vars(e).items()}) for e in drawn]


def test_as_many_are_in_service_as_rate_times_duration(tmp_path: Path) -> None:
    sketch = one(exponential(240), units=999)
    sketch.needs = {"ill": need({"er": 1}, rate=36_500)}  # 100 a day
    model = sketch.compile(tmp_path)
    served = [len(simulate_episodes(model, e, "simpy").episode) for e in crowd(model)]
    expected = 100 * 240 / DAY
    assert np.mean(served) == pytest.approx(expected, abs=4 * (expected / 40) ** 0.5)


def test_as_many_wait_as_came_in_the_days_of_the_queue(tmp_path: Path) -> None:
    sketch = one(60, units=999, queue_days=0.5)
    sketch.needs = {"ill": need({"er": 1}, rate=36_500)}
    model = sketch.compile(tmp_path)
    waited = [int((simulate_episodes(model, e, "simpy").start == 0).sum()) for e in crowd(model)]
    assert np.mean(waited) == pytest.approx(50, abs=4 * (50 / 40) ** 0.5)


def two_sites(**more: object) -> Sketch:
    services = {"er": service(exponential(240), initial=initial(2))}
    offers = {"a": {"er": Offer(999)}, "b": {"er": Offer(999)}}
    sketch = Sketch(services, offers, {"ill": need({"er": 1}, rate=36_500)}, zones={"x": 1000, "y": 1000}, **more)  # type: ignore[arg-type]
    sketch.travel = {("x", "a"): 5, ("x", "b"): 50, ("y", "a"): 50, ("y", "b"): 5}
    return sketch


def test_occupants_come_from_where_the_patients_of_their_site_live(tmp_path: Path) -> None:
    e = draw_episodes(two_sites().compile(tmp_path), 1, 0)
    early = e.time < 0
    assert early.sum() > 50
    assert (e.zone[early] == e.site[early]).all()


def test_nobody_is_at_a_site_that_is_closed_from_the_start(tmp_path: Path) -> None:
    close = {"kind": "close", "services": ["er"], "where": {"sites": ["a"]}, "moved": figure(0, 0, 0)}
    sketch = two_sites(scenarios={"closed": {"x": close}})
    before, after = (draw_episodes(sketch.compile(tmp_path, s), 1, 0) for s in ("baseline", "closed"))
    assert set(before.site[before.time < 0].tolist()) == {0, 1}
    assert set(after.site[after.time < 0].tolist()) == {1}
    assert {0, 1} == set(after.zone[after.time < 0].tolist())


def test_a_scenario_leaves_those_alone_whose_care_it_does_not_change(tmp_path: Path) -> None:
    """Closing a sends its patients to b: who was at b is there still, and others have come."""
    close = {"kind": "close", "services": ["er"], "where": {"sites": ["a"]}, "moved": figure(0, 0, 0)}
    sketch = two_sites(scenarios={"closed": {"x": close}})
    before, after = (draw_episodes(sketch.compile(tmp_path, s), 1, 0) for s in ("baseline", "closed"))
    at_b = {(k, t) for k, t, s in zip(before.key, before.time, before.site, strict=True) if t < 0 and s == 1}
    then = {(k, t) for k, t in zip(after.key, after.time, strict=True) if t < 0}
    assert at_b < then
    assert len(then) == pytest.approx((before.time < 0).sum(), abs=4 * (before.time < 0).sum() ** 0.5)


def test_a_service_without_a_start_is_empty_at_first(tmp_path: Path) -> None:
    sketch = Sketch({"er": service()}, {"a": {"er": Offer()}}, {"ill": need({"er": 1}, rate=36_500)})
    assert draw_episodes(sketch.compile(tmp_path), 1, 0).time.min() >= 0


DELAY = 3000  # minutes


def returning(delay: float | Plain, days: int = 10, after: bool = True) -> Sketch:
    """A hundred a day, of whom two of five come back after a delay."""
    then = [way("again", 0.4, after=delay), way("exit", 0.6)]
    more = {"initial": initial(2)} if after else {}
    services = {"er": service(60, initial=initial(2), then=then), "again": service(60, **more)}  # type: ignore[arg-type]
    sketch = Sketch(services, {"a": {"er": Offer(999), "again": Offer(999)}}, end=date(2027, 3, days))
    sketch.needs = {"ill": need({"er": 1}, rate=36_500)}
    return sketch


def returns(model: Model, replications: int = 40) -> Ints:
    """Seconds at which those ask who were on the way when the run began, of all replications."""
    drawn = [draw_episodes(model, 5, r) for r in range(replications)]
    return np.concatenate([e.time[(e.service == model.services.index("again")) & (e.time > 0)] for e in drawn])


def test_as_many_are_on_the_way_as_follow_times_the_mean_delay(tmp_path: Path) -> None:
    seconds = returns(returning(exponential(DELAY), 28).compile(tmp_path))
    expected = 40 * 40 * DELAY / DAY
    assert len(seconds) == pytest.approx(expected, abs=4 * expected**0.5)


def test_what_is_left_of_an_exponential_delay_is_as_long_as_the_delay(tmp_path: Path) -> None:
    seconds = returns(returning(exponential(DELAY), 28).compile(tmp_path)) / 60
    assert seconds.mean() == pytest.approx(DELAY, rel=4 / len(seconds) ** 0.5)
    assert np.quantile(seconds, 0.9) == pytest.approx(DELAY * np.log(10), rel=0.1)


def test_what_is_left_of_a_fixed_delay_is_anything_up_to_it(tmp_path: Path) -> None:
    seconds = returns(returning(DELAY).compile(tmp_path)) / 60
    assert seconds.max() <= DELAY
    assert np.quantile(seconds, [0.25, 0.5, 0.75]) == pytest.approx([DELAY / 4, DELAY / 2, DELAY * 3 / 4], rel=0.1)


def test_follow_ups_come_as_often_from_the_first_day_as_later(tmp_path: Path) -> None:
    model = returning(exponential(DELAY), 14).compile(tmp_path)
    days = np.zeros(14)
    for replication in range(20):
        contacts = simulate_episodes(model, draw_episodes(model, 5, replication), "simpy")
        again = contacts.request[(contacts.service == 1) & (contacts.request > 0)]
        days += np.bincount(again // (60 * DAY), minlength=14)[:14]
    assert days[:7].sum() == pytest.approx(20 * 7 * 40, rel=0.04)
    assert days[7:].sum() == pytest.approx(20 * 7 * 40, rel=0.04)


def test_who_would_ask_after_the_end_of_the_run_is_not_in_it(tmp_path: Path) -> None:
    model = returning(minutes(40 * DAY), 3).compile(tmp_path)
    assert returns(model).max() < model.horizon


def test_nobody_is_on_the_way_to_a_service_that_starts_empty(tmp_path: Path) -> None:
    assert len(returns(returning(exponential(DELAY), after=False).compile(tmp_path))) == 0


@pytest.mark.parametrize(("queue_days", "of"), [(1, 1.5), (3, 2.5)])  # longer than the queue, and than the span of 2
def test_an_urgent_queue_that_is_longer_than_that_of_all_others_is_refused(
    queue_days: float, of: float, tmp_path: Path
) -> None:
    sketch = one()
    sketch.services["er"]["initial"] = {**initial(2, queue_days), "queue_days_of": {"1": of}}
    with pytest.raises(ConfigErrors, match=r"queue_days_of\.1: the more urgent wait for no longer"):
        sketch.compile(tmp_path)
