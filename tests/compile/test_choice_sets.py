"""Which site a patient asks: nearest, logit, closed ones, ones that a scenario adds. Times are minutes."""

from __future__ import annotations

from math import exp
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from stories import Person, happens
from worlds import Offer, Plain, Sketch, figure, service, way

from sim.compile.choice_sets import SMALLEST, ChoiceSet, rows_of_set, within_reach
from sim.compile.thresholds import Floats, thresholds
from sim.compile.traffic import choice_shares
from sim.config.errors import ConfigErrors
from sim.model.codes import ONE, Ints
from sim.model.tables import Model

LOGIT = {"rule": "logit", "per_min": 0.1}
THREE = {s: {"er": Offer(1000)} for s in ("a", "b", "c")}
TRAVEL = {("home", "a"): 10, ("home", "b"): 20, ("home", "c"): 30, ("a", "b"): 5, ("a", "c"): 9, ("b", "c"): 3}
CLOSE_A: Plain = {"kind": "close", "services": ["er"], "where": {"sites": ["a"]}, "moved": figure(0, 0, 0)}
MANY = [Person(1, key=key) for key in range(1, 2001)]


def sites(model: Model, people: list[Person]) -> list[object]:
    rows = happens(model, *people, columns="step")
    return [row[2] for row in sorted(rows, key=lambda row: int(str(row[0]))) if row[3] == 0]


def shares(chosen: list[object]) -> list[float]:
    return [chosen.count(site) / len(chosen) for site in ("a", "b", "c")]


def test_nearest_is_the_one_with_the_shortest_travel(tmp_path: Path) -> None:
    travel = {("home", "a"): 10, ("home", "b"): 9, ("home", "c"): 11}
    model = Sketch({"er": service()}, THREE, travel=travel).compile(tmp_path)
    assert set(sites(model, MANY[:20])) == {"b"}


def test_a_tie_of_the_nearest_goes_to_the_first_site(tmp_path: Path) -> None:
    travel = {("home", "a"): 10, ("home", "b"): 9, ("home", "c"): 9}
    model = Sketch({"er": service()}, THREE, travel=travel).compile(tmp_path)
    assert set(sites(model, MANY[:20])) == {"b"}


def test_logit_shares_fall_with_travel_time_and_rise_with_pull(tmp_path: Path) -> None:
    offers = {s: {"er": Offer(1000, pull=pull)} for s, pull in (("a", 0), ("b", 0), ("c", 1))}
    model = Sketch({"er": service(choice=LOGIT)}, offers, travel=TRAVEL).compile(tmp_path)
    weight = [exp(-1), exp(-2), exp(1 - 3)]
    exact = [w / sum(weight) for w in weight]
    cum = model.choice_cum[model.choice_ptr[0] : model.choice_ptr[1]] / ONE
    assert np.diff(cum, prepend=0) == pytest.approx(exact, abs=1e-9)
    found = shares(sites(model, MANY))
    assert found == pytest.approx(exact, abs=4 * 0.5 / len(MANY) ** 0.5)


def test_a_closure_moves_only_those_who_chose_the_closed_site(tmp_path: Path) -> None:
    sketch = Sketch({"er": service(choice=LOGIT)}, THREE, travel=TRAVEL, scenarios={"closed": {"x": CLOSE_A}})
    before, after = (sites(sketch.compile(tmp_path, s), MANY) for s in ("baseline", "closed"))
    assert all(new == old for old, new in zip(before, after, strict=True) if old != "a")
    assert "a" in before
    assert "a" not in after
    moved = [new for old, new in zip(before, after, strict=True) if old == "a"]
    assert 0 < moved.count("c") < moved.count("b")


def test_who_always_draws_the_closed_site_chooses_among_the_open_ones_as_all_others_do(tmp_path: Path) -> None:
    """Site a has 90 % of the pull: redraws alone would send nearly everybody to the nearest of the others."""
    offers = {**THREE, "a": {"er": Offer(1000, pull=3)}}
    sketch = Sketch({"er": service(choice=LOGIT)}, offers, travel=TRAVEL)
    sketch.scenarios, sketch.care = {"closed": {"x": CLOSE_A}}, {"redraws": 0}
    found = shares(sites(sketch.compile(tmp_path, "closed"), MANY))
    exact = exp(-2) / (exp(-2) + exp(-3))
    assert found == pytest.approx([0, exact, 1 - exact], abs=4 * 0.5 / len(MANY) ** 0.5)


def test_where_nobody_would_choose_an_open_site_the_nearest_is_taken(tmp_path: Path) -> None:
    sketch = Sketch({"er": service(choice={"rule": "logit", "per_min": 0.99})}, THREE, travel=TRAVEL)
    sketch.scenarios = {"closed": {"x": CLOSE_A}}
    assert set(sites(sketch.compile(tmp_path, "closed"), MANY[:50])) == {"b"}


def test_when_all_sites_are_closed_the_fallback_is_taken_and_counted_as_an_attempt(tmp_path: Path) -> None:
    shut = {s: {"er": Offer(hours="08:00-09:00")} for s in ("a", "b", "c")}
    services = {"er": service(fallback="call"), "call": service(5, "remote", unlimited_at="self_care")}
    model = Sketch(services, shut, travel=TRAVEL).compile(tmp_path)
    assert happens(model, Person(1), columns="step place request outcome") == [(0, "call", None, 1, "home", 1, "done")]


ADD_C: Plain = {
    "kind": "open", "service": "er", "sites": {"c": 1000}, "resource": "unit", "level": "local_hospital",
    "calendar": "c0",
}  # fmt: skip


def test_a_site_that_a_scenario_adds_takes_its_logit_share_from_all_alike(tmp_path: Path) -> None:
    offers = {"a": {"er": Offer(1000)}, "b": {"er": Offer(1000)}, "c": {"other": Offer()}}
    services = {"er": service(choice=LOGIT), "other": service()}
    sketch = Sketch(services, offers, travel=TRAVEL, scenarios={"more": {"x": ADD_C}})
    before, after = (sites(sketch.compile(tmp_path, s), MANY) for s in ("baseline", "more"))
    assert all(new in (old, "c") for old, new in zip(before, after, strict=True))
    weight = [exp(-1), exp(-2), exp(-3)]
    assert shares(after) == pytest.approx([w / sum(weight) for w in weight], abs=4 * 0.5 / len(MANY) ** 0.5)
    for site in ("a", "b"):
        lost = [new == "c" for old, new in zip(before, after, strict=True) if old == site]
        assert sum(lost) / len(lost) == pytest.approx(weight[2] / sum(weight), abs=4 * 0.5 / len(lost) ** 0.5)


def test_an_added_site_that_is_closed_moves_nobody(tmp_path: Path) -> None:
    offers = {"a": {"er": Offer(1000)}, "b": {"er": Offer(1000)}, "c": {"other": Offer(hours="08:00-09:00")}}
    services = {"er": service(choice=LOGIT), "other": service()}
    sketch = Sketch(services, offers, travel=TRAVEL, scenarios={"more": {"x": {**ADD_C, "calendar": "c1"}}})
    before, after = (sites(sketch.compile(tmp_path, s), MANY) for s in ("baseline", "more"))
    assert before == after


def test_a_contact_that_follows_at_once_stays_at_a_site_that_offers_the_service(tmp_path: Path) -> None:
    services = {"er": service(then=[way("ward")]), "ward": service(10)}
    offers = {"a": {"er": Offer(), "ward": Offer()}, "b": {"ward": Offer()}}
    travel = {("home", "a"): 50, ("home", "b"): 10, ("a", "b"): 0}  # b is as near as a itself
    for order in (("a", "b"), ("b", "a")):
        model = Sketch(services, {s: offers[s] for s in order}, travel=travel).compile(tmp_path / order[0])
        rows = happens(model, Person(0), columns="place request")
        assert rows[1] == (0, "ward", "a", "a", 110)


def test_otherwise_choice_and_travel_start_from_the_site(tmp_path: Path) -> None:
    services = {"er": service(then=[way("ward")]), "ward": service(10)}
    offers = {"a": {"er": Offer()}, "b": {"ward": Offer()}, "c": {"ward": Offer()}}
    travel = {("home", "a"): 50, ("home", "b"): 10, ("home", "c"): 90, ("a", "b"): 60, ("a", "c"): 40}
    rows = happens(Sketch(services, offers, travel=travel).compile(tmp_path), Person(0), columns="place request")
    assert rows[1] == (0, "ward", "c", "a", 50 + 60 + 40)


def test_a_site_that_does_not_serve_the_age_is_left_even_if_the_patient_is_there(tmp_path: Path) -> None:
    services = {"er": service(then=[way("ward")]), "ward": service(10)}
    offers = {"a": {"er": Offer(), "ward": Offer(ages="0_17")}, "b": {"ward": Offer()}}
    rows = happens(Sketch(services, offers, travel={("a", "b"): 7}).compile(tmp_path), Person(0), Person(0, age="0_17"))
    assert [row[2] for row in rows if row[1] == "ward"] == ["b", "a"]


def test_what_is_booked_after_a_visit_is_chosen_and_travelled_to_from_home(tmp_path: Path) -> None:
    services = {"er": service(then=[way("gp")]), "gp": service(10, "booked")}
    offers = {"a": {"er": Offer()}, "b": {"gp": Offer()}, "c": {"gp": Offer()}}
    travel = {("home", "a"): 50, ("home", "b"): 10, ("home", "c"): 60, ("a", "b"): 60, ("a", "c"): 5}
    rows = happens(Sketch(services, offers, travel=travel).compile(tmp_path), Person(0), columns="place request")
    assert rows[1] == (0, "gp", "b", "home", 110)


def test_who_leaves_a_booked_service_goes_on_from_home(tmp_path: Path) -> None:
    services = {
        "er": service(then=[way("gp")]),
        "gp": service(600, "booked", patience=30, leaves=[way("clinic")]),
        "clinic": service(10),
    }
    offers = {"a": {"er": Offer(2)}, "b": {"gp": Offer()}, "c": {"clinic": Offer()}}
    travel = {("home", "a"): 5, ("home", "b"): 10, ("home", "c"): 60, ("a", "b"): 60, ("a", "c"): 6, ("b", "c"): 7}
    rows = happens(
        Sketch(services, offers, travel=travel).compile(tmp_path), Person(0), Person(0), columns="place request"
    )
    assert rows[-1] == (1, "clinic", "c", "home", 65 + 30 + 60)


@pytest.mark.parametrize("mode", ["walk_in", "booked", "remote"])
def test_what_serves_one_municipality_is_that_of_the_home_also_after_a_hospital_elsewhere(
    tmp_path: Path, mode: str
) -> None:
    services = {"er": service(then=[way("care", how="holding")]), "care": service(10, mode)}
    offers = {
        "a": {"er": Offer()},
        "north": {"care": Offer(serves="municipality")},
        "south": {"care": Offer(serves="municipality")},
    }
    sketch = Sketch(services, offers, zones={"n": 100, "s": 100})
    sketch.municipality = {"n": "upper", "north": "upper", "s": "lower", "south": "lower", "a": "upper"}
    sketch.travel = {("n", "south"): 1, ("n", "north"): 9, ("a", "south"): 1, ("a", "north"): 9}
    rows = happens(sketch.compile(tmp_path), Person(0, zone="n"), Person(1, zone="s"))
    assert [row[:3] for row in rows if row[1] == "care"] == [(0, "care", "north"), (1, "care", "south")]


def test_who_lives_where_no_site_serves_the_municipality_is_unserved(tmp_path: Path) -> None:
    sketch = Sketch(
        {"care": service(10)}, {"north": {"care": Offer(serves="municipality")}}, zones={"n": 100, "s": 100}
    )
    sketch.municipality = {"n": "upper", "north": "upper", "s": "lower"}
    rows = happens(sketch.compile(tmp_path), Person(0, zone="n"), Person(1, zone="s"), columns="outcome")
    assert rows == [(0, "care", "north", "done"), (1, "care", None, "unserved")]


def test_expected_shares_of_a_closed_site_go_to_the_open_ones(tmp_path: Path) -> None:
    sketch = Sketch({"er": service(choice=LOGIT)}, THREE, travel=TRAVEL, scenarios={"closed": {"x": CLOSE_A}})
    found = choice_shares(sketch.compile(tmp_path, "closed"), 0, 1, 0)
    assert found[0] == pytest.approx([0, exp(-2) / (exp(-2) + exp(-3)), exp(-3) / (exp(-2) + exp(-3))], abs=1e-6)
    assert found[2].tolist() == [0, 1, 0]  # who is at b stays there


def test_nobody_travels_beyond_reach_but_turns_to_the_fallback(tmp_path: Path) -> None:
    clinic = service(choice={**LOGIT, "reach_min": 15}, fallback="call")
    services = {"clinic": clinic, "call": service(5, "remote", unlimited_at="self_care")}
    sketch = Sketch(services, {"a": {"clinic": Offer(9)}}, zones={"near": 100, "far": 100})
    sketch.travel = {("near", "a"): 15, ("far", "a"): 16}
    rows = happens(sketch.compile(tmp_path), Person(0, zone="near"), Person(30, zone="far"), columns="outcome")
    assert rows == [(0, "clinic", "a", "done"), (1, "call", None, "done")]


def test_reach_without_a_fallback_is_refused(tmp_path: Path) -> None:
    sketch = Sketch({"clinic": service(choice={**LOGIT, "reach_min": 15})}, {"a": {"clinic": Offer(9)}})
    with pytest.raises(ConfigErrors, match="give the service a fallback"):
        sketch.compile(tmp_path)


def plain_shares(key: ChoiceSet, seconds: Ints, allowed: NDArray[np.bool_]) -> Floats:
    """Shares of the sites of one place: each in its turn, as the model's text says."""
    order = [t for t in np.lexsort((key.sites, seconds)) if allowed[t]]
    shares = np.zeros(len(seconds))
    if order and key.nearest:
        shares[order[0]] = 1.0
    elif order:
        utility = np.array(key.pulls) - key.per_min * seconds / 60.0
        shares[order] = np.exp(utility[order] - utility[order].max())
        shares = shares / shares.sum()
        shares[shares < SMALLEST] = 0.0
        shares = shares / shares.sum()
    return shares


@pytest.mark.parametrize("nearest", [False, True])
@pytest.mark.parametrize("own", [False, True])
def test_shares_of_all_places_at_once_are_to_the_last_bit_those_of_each_alone(nearest: bool, own: bool) -> None:
    random, zones, places, number = np.random.default_rng(7), 40, 60, 31
    travel_s = random.integers(60, 5400, (places, number))
    travel_s[:, 5] = travel_s[:, 4]  # as near as the other
    owners = random.integers(0, 2, (places, number)) * (random.random((places, 1)) < 0.8)  # none in some places
    pulls = tuple(random.normal(0, 1, number).tolist())
    added = random.random(number) < 0.2
    key = ChoiceSet(tuple(range(number)), pulls, tuple(added.tolist()), own, 0.1, nearest, 3600.0, 1800.0)
    reference, extra, by_nearness = rows_of_set(key, travel_s, owners, zones)
    for place, seconds in enumerate(travel_s):
        allowed = owners[place] > 0 if own else np.ones(number, dtype=np.bool_)
        if place < zones:
            allowed &= within_reach(seconds[None], ~added, 3600.0, 1800.0)[0]
        found = plain_shares(key, seconds, allowed)
        first, more = np.where(added, 0.0, found), np.where(added, found, 0.0)
        kept = first[first > 0] / first[first > 0].sum() if first.any() else first[:0]
        for rows, sites_of, cum in ((reference, first > 0, kept), (extra, more > 0, more[more > 0])):
            here = slice(rows.size[:place].sum(), rows.size[: place + 1].sum())
            assert rows.site[here].tolist() == np.flatnonzero(sites_of).tolist()
            assert rows.cum[here].tolist() == thresholds(cum).tolist()
        here = slice(by_nearness.size[:place].sum(), by_nearness.size[: place + 1].sum())
        assert by_nearness.site[here].tolist() == [t for t in np.lexsort((key.sites, seconds)) if allowed[t]]
