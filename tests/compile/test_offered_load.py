"""Offered load before anything runs: service time asked for, over what is open, and who is told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import MINE, TINY, careshift
from worlds import SAID, Offer, Sketch, exponential, figure, need, service, way

from sim.compile.offered_load import offered_work, open_seconds, overloaded
from sim.model.tables import Model
from sim.report.language import Language
from sim.report.names import Names
from sim.report.terminal_overloads import overload_lines

YEAR_H = 365 * 24


EXIT = {"to": "exit", "probability": 0.5}


def per_hour(rate: float) -> float:
    """Episodes per 1,000 and year of a thousand people with so many episodes an hour."""
    return rate * YEAR_H


def loads(model: Model) -> dict[str, float]:
    """Offered load by pool."""
    found = offered_work(model).sum(axis=1) / open_seconds(model)
    return dict(zip(model.pools, found.tolist(), strict=True))


def test_the_load_is_rate_times_time_over_units(tmp_path: Path) -> None:
    """Three an hour of half an hour each, two units."""
    sketch = Sketch({"er": service(30)}, {"a": {"er": Offer(2)}}, {"ill": need({"er": 1}, per_hour(3))})
    assert loads(sketch.compile(tmp_path)) == pytest.approx({"a_er": 0.75}, rel=1e-3)


def test_a_pool_with_half_the_hours_has_twice_the_load(tmp_path: Path) -> None:
    offer = Offer(2, staffed="06:00-18:00")
    sketch = Sketch({"er": service(30, "booked")}, {"a": {"er": offer}}, {"ill": need({"er": 1}, per_hour(1.2))})
    assert loads(sketch.compile(tmp_path)) == pytest.approx({"a_er": 0.6}, rel=1e-3)


def test_services_of_one_pool_add_up_and_ways_on_count(tmp_path: Path) -> None:
    """One an hour: an hour at the ER, and half of them two hours in the ward; both use the one pool of four."""
    services = {"er": service(60, then=[way("ward", 0.5), EXIT]), "ward": service(120)}
    sites = {"a": {"er": Offer(4, pool="beds"), "ward": Offer(4, pool="beds")}}
    model = Sketch(services, sites, {"ill": need({"er": 1}, per_hour(1))}).compile(tmp_path)
    assert loads(model) == pytest.approx({"beds": (1 + 0.5 * 2) / 4}, rel=1e-3)


def test_a_team_drives_there_and_back(tmp_path: Path) -> None:
    """A visit of 30 minutes, 15 minutes each way, tour factor 1.2: 72 minutes each, one every two hours."""
    sites = {"a": {"team": Offer(1, tour=True)}}
    sketch = Sketch(
        {"team": service(30, "outreach")}, sites, {"ill": need({"team": 1}, per_hour(0.5))},
        travel={("home", "a"): 15}, tour_factor=1.2,
    )  # fmt: skip
    assert loads(sketch.compile(tmp_path)) == pytest.approx({"a_team": 0.6}, rel=1e-3)


def test_who_asks_while_all_is_closed_is_asked_for_elsewhere(tmp_path: Path) -> None:
    """A clinic open for a third of the day, else the ER; one an hour of an hour each."""
    services = {"clinic": service(60, fallback="er"), "er": service(60)}
    sites = {"a": {"clinic": Offer(1, "08:00-16:00"), "er": Offer(1)}}
    model = Sketch(services, sites, {"ill": need({"clinic": 1}, per_hour(1))}).compile(tmp_path)
    assert loads(model) == pytest.approx({"a_clinic": 1.0, "a_er": 2 / 3}, rel=1e-2)


def test_a_lever_counts_from_the_day_on_which_it_begins(tmp_path: Path) -> None:
    """Half of the first contacts stay away for the second of two days."""
    lever = {
        "kind": "demand", "when": {"needs": ["ill"]}, "change": figure(-0.5, -0.5, -0.5), "ramp": {"2027-03-02": 1.0},
    }  # fmt: skip
    sketch = Sketch(
        {"er": service(60)}, {"a": {"er": Offer(2)}}, {"ill": need({"er": 1}, per_hour(1))},
        scenarios={"half": {"less": lever}}, end=date(2027, 3, 2),
    )  # fmt: skip
    assert loads(sketch.compile(tmp_path, "half")) == pytest.approx({"a_er": 0.375}, rel=1e-3)


def test_only_overloaded_pools_are_named_the_worst_first(tmp_path: Path) -> None:
    services = {name: service(60) for name in ("a", "b", "c")}
    sites = {"x": {"a": Offer(1), "b": Offer(1), "c": Offer(1)}}
    needs = {n: need({n: 1}, per_hour(rate), acuity={"all": {"mix": {"3": 1}, **SAID}}) for n, rate in
             (("a", 1.5), ("b", 0.9), ("c", 2))}  # fmt: skip
    found = overloaded(Sketch(services, sites, needs).compile(tmp_path))
    assert [(one.pool, one.site, one.services) for one in found] == [("x_c", "x", ("c",)), ("x_a", "x", ("a",))]
    assert [one.load for one in found] == pytest.approx([2, 1.5], rel=1e-3)


def test_a_queue_that_people_leave_finds_a_balance_if_the_others_have_room(tmp_path: Path) -> None:
    """Half of 1.4 is of acuity 3; with patience for them alone the others' 0.7 have room, for nobody they have not."""
    mix = {"all": {"mix": {"3": 0.5, "4": 0.5}, **SAID}}
    ways = {"done": {"probability": 1, "to": "exit"}}
    patience: dict[str, Any] = {"soon": {"when": {"acuity": ["3"]}, "time": exponential(600), "then": ways, **SAID}}
    patience["others"] = {"then": ways, **SAID}
    needs = {"ill": need({"er": 1}, per_hour(1.4), acuity=mix)}
    for name, er, balanced in (("a", service(60), False), ("b", {**service(60), "patience": patience}, True)):
        found = overloaded(Sketch({"er": er}, {"a": {"er": Offer(1)}}, needs).compile(tmp_path / name))
        assert [one.turns_away for one in found] == [balanced]


def test_a_pool_whose_wait_is_answered_is_one_that_people_turn_away_from(tmp_path: Path) -> None:
    wait = {"er": {"signal": "load", "by_acuity": {"3": [0, -1]}, **SAID}}
    care = {"signals": {"load": {"of": "er", "what": "queue", "classes": [1]}}, "service_choice": {"wait": wait}}
    sketch = Sketch({"er": service(60)}, {"a": {"er": Offer(1)}}, {"ill": need({"er": 1}, rate=10_000)})
    assert [one.turns_away for one in overloaded(sketch.compile(tmp_path / "a"))] == [False]
    assert [one.turns_away for one in overloaded(replace(sketch, care=care).compile(tmp_path / "b"))] == [True]


def test_a_pool_that_never_opens_is_overloaded_without_end(tmp_path: Path) -> None:
    model = Sketch({"er": service(60, "booked")}, {"a": {"er": Offer(1)}}).compile(tmp_path)
    model.capacity_value[:] = 0
    (one,) = overloaded(model)
    assert np.isinf(one.load)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny world with a scenario that leaves half a room of four."""
    made = Path(shutil.copytree(TINY, tmp_path / "root"))
    few = MINE.replace("add_units: {value: 2, low: 1, high: 3,", "add_units: {value: -3.5, low: -3.5, high: -3.5,")
    (made / "scenarios" / "few.yaml").write_text(few, encoding="utf-8")
    return made


def test_check_warns_before_anything_runs(root: Path) -> None:
    done = careshift(root, "check", "scenarios=[baseline,few]")
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "is overloaded, its queue will grow. Offered load: few" in said
    assert not (root / "results").exists()


def test_a_full_service_that_people_turn_away_from_is_noted_once() -> None:
    pools = [("baseline", "a"), ("baseline", "b"), ("few", "a")]
    full = {"services": ["nurse"], "site": "", "load": 1.25, "turns_away": True}
    names = Names(
        {"care": {"services": {"nurse": {"label": {"sv": "Sköterska", "en": "Visit to a nurse"}}}}, "region": {}},
        Language("en"),
    )
    (line,) = overload_lines([{"scenario": scenario, "pool": pool, **full} for scenario, pool in pools], names)
    assert line == (
        "Note: pools of visit to a nurse that are asked for more than they have open: baseline 2, few 1; "
        "offered load up to 1.25. Who finds the wait long turns elsewhere."
    )


def test_a_run_warns_after_the_comparison(root: Path) -> None:
    done = careshift(root, "run", "scenarios=[baseline,few]", "replications=1", "assumption_runs=false")
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert said.index("is overloaded, its queue will grow") > said.index("ER arrivals/day")


def test_a_team_that_carries_is_away_for_the_way_to_the_site_and_from_there_to_its_base(tmp_path: Path) -> None:
    """One in two hours; 15 min out and 30 at the scene, times 1.2; half are carried 20 min, then 10 times 1.2 home."""
    services = {"team": service(30, "outreach", then=[way("er", 0.5, "carried"), EXIT]), "er": service(60)}
    sites = {"a": {"team": Offer(1, tour=True)}, "b": {"er": Offer(1)}}
    sketch = Sketch(
        services, sites, {"ill": need({"team": 1}, per_hour(0.5))},
        travel={("home", "a"): 15, ("home", "b"): 20, ("a", "b"): 10}, tour_factor=1.2,
    )  # fmt: skip
    each = 1.2 * (15 + 30) + 0.5 * (20 + 1.2 * 10) + 0.5 * 1.2 * 15
    assert loads(sketch.compile(tmp_path)) == pytest.approx({"a_team": each / 120, "b_er": 0.25}, rel=1e-3)


def test_what_goes_on_in_the_place_that_is_held_around_is_counted_once(tmp_path: Path) -> None:
    """One an hour: 10 minutes in a place, 30 with a physician in it, 20 in the place again, then an hour in a bed."""
    services = {
        "er": service(10, then=[way("doctor", how="within")]),
        "doctor": service(30, then=[way("answers")]),
        "answers": service(20, then=[way("ward", how="holding")]),
        "ward": service(60),
    }
    place = Offer(4, pool="places")
    sites = {"a": {"er": place, "doctor": Offer(2), "answers": place, "ward": Offer(2)}}
    model = Sketch(services, sites, {"ill": need({"er": 1}, per_hour(1))}).compile(tmp_path)
    assert loads(model) == pytest.approx({"places": 0.25, "a_doctor": 0.25, "a_ward": 0.5}, rel=1e-3)


def test_a_time_that_responds_to_a_queue_counts_as_where_it_is_longest(tmp_path: Path) -> None:
    doctor = service(60)
    doctor["duration"]["all"]["response"] = {"signal": "busy", "factor": [1, 0.5], **SAID}
    care = {"signals": {"busy": {"of": "doctor", "what": "queue", "classes": [3]}}}
    sketch = Sketch(
        {"doctor": doctor}, {"a": {"doctor": Offer(1)}}, {"ill": need({"doctor": 1}, per_hour(1))}, care=care
    )
    assert loads(sketch.compile(tmp_path)) == pytest.approx({"a_doctor": 0.5}, rel=1e-3)
