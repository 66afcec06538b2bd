"""Who falls ill, where and when: layers, keys and counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from stories import Person
from stories import episodes as by_hand
from worlds import SAID, Offer, Plain, Sketch, figure, need, service

from sim.compile.thresholds import poisson_rows, stable_hash
from sim.demand import draw_episodes
from sim.model.tables import Episodes, Model
from sim.simulation import simulate_episodes

Row = tuple[int, ...]


def change(by: float, **when: object) -> Plain:
    return {"kind": "demand", "when": when, "change": figure(by, by, by)}


def world(needs: Mapping[str, Plain] | None = None, **more: object) -> Sketch:
    services = {"er": service(), "gp": service()}
    offers = {"a": {"er": Offer(), "gp": Offer()}}
    found = needs or {"ill": need({"er": 1}, rate=1000), "hurt": need({"gp": 1}, rate=500)}
    return Sketch(services, offers, found, **{"end": date(2027, 3, 10), "zones": {"x": 9000, "y": 3000}, **more})  # type: ignore[arg-type]


def rows(model: Model, seed: int = 1, replication: int = 0) -> dict[int, Row]:
    """By key: time, need, zone, age, acuity, service, and the draws."""
    e = draw_episodes(model, seed, replication)
    columns = (e.key, e.time, e.need, e.zone, e.age, e.acuity, e.service, e.first_draw, e.shift_draw)
    return {int(row[0]): tuple(map(int, row[1:])) for row in zip(*columns, strict=True)}


def test_the_same_people_fall_ill_whenever_a_replication_is_drawn(tmp_path: Path) -> None:
    model = world().compile(tmp_path)
    assert rows(model, 1, 0) == rows(model, 1, 0)
    for other in (rows(model, 1, 1), rows(model, 2, 0)):
        assert not other.keys() & rows(model, 1, 0).keys()


def test_episodes_come_in_order_of_time_within_the_run_and_no_two_have_the_same_key(tmp_path: Path) -> None:
    model = world().compile(tmp_path)
    e = draw_episodes(model, 1, 0)
    assert (np.diff(e.time) >= 0).all()
    assert e.time[0] >= 0
    assert e.time[-1] < model.horizon
    assert len(set(e.key.tolist())) == len(e.key) > 400


def test_a_factor_below_one_leaves_people_out_and_changes_nobody(tmp_path: Path) -> None:
    sketch = world(scenarios={"less": {"x": change(-0.2, needs=["ill"])}})
    before, after = (rows(sketch.compile(tmp_path, s)) for s in ("baseline", "less"))
    assert after.items() <= before.items()
    ill = [sum(row[1] == 0 for row in found.values()) for found in (before, after)]
    assert 0.8 * ill[0] == pytest.approx(ill[1], abs=4 * (0.16 * ill[0]) ** 0.5)
    assert {k for k, row in before.items() if row[1] == 1} <= after.keys()


def test_a_factor_above_one_keeps_everybody_and_adds_others(tmp_path: Path) -> None:
    sketch = world(scenarios={"more": {"x": change(0.3)}, "much": {"x": change(1.5)}})
    before, more, much = (rows(sketch.compile(tmp_path, s)) for s in ("baseline", "more", "much"))
    assert before.items() <= more.items() <= much.items()
    assert len(more) == pytest.approx(1.3 * len(before), abs=4 * (0.3 * len(before)) ** 0.5)
    assert len(much) == pytest.approx(2.5 * len(before), abs=4 * (1.5 * len(before)) ** 0.5)


def test_factors_multiply_before_they_are_compared(tmp_path: Path) -> None:
    sketch = world(scenarios={"both": {"x": change(0.25), "y": change(-0.2)}})
    assert rows(sketch.compile(tmp_path, "both")) == rows(sketch.compile(tmp_path))


def test_a_factor_holds_from_its_phase_on(tmp_path: Path) -> None:
    lever = {**change(-1), "ramp": {"2027-03-06": 1}}
    sketch = world(scenarios={"none": {"x": lever}})
    before, after = (rows(sketch.compile(tmp_path, s)) for s in ("baseline", "none"))
    assert after == {k: row for k, row in before.items() if row[0] < 5 * 86400}


def test_a_further_need_changes_no_other_episode(tmp_path: Path) -> None:
    needs = {"ill": need({"er": 1}, rate=1000), "hurt": need({"gp": 1}, rate=500)}
    few = rows(world(needs).compile(tmp_path / "few"))
    many = rows(world({"first": need({"gp": 1}), **needs}).compile(tmp_path / "many"))
    shifted = {k: (row[0], row[1] - 1, *row[2:]) for k, row in many.items() if row[1] > 0}
    assert shifted == few


def test_a_zone_where_nobody_lives_changes_nobody(tmp_path: Path) -> None:
    few = rows(world().compile(tmp_path / "few"))
    many = rows(world(zones={"x": 9000, "xx": 0, "y": 3000}).compile(tmp_path / "many"))
    moved = {k: (*row[:2], {0: 0, 2: 1}[row[2]], *row[3:]) for k, row in many.items()}
    assert moved == few


def test_a_scenario_that_changes_no_demand_meets_the_same_people(tmp_path: Path) -> None:
    close = {"kind": "close", "services": ["gp"], "where": {"sites": ["a"]}, "moved": figure(0, 0, 0)}
    sketch = world(scenarios={"closed": {"x": close}})
    assert rows(sketch.compile(tmp_path)) == rows(sketch.compile(tmp_path, "closed"))


def counted(model: Model, replications: int = 60) -> list[Episodes]:
    return [draw_episodes(model, 3, r) for r in range(replications)]


def test_counts_are_poisson_with_the_rate_of_the_need(tmp_path: Path) -> None:
    model = world({"ill": need({"er": 1}, rate=365)}).compile(tmp_path)
    counts = [len(e.time) for e in counted(model)]
    expected = 12000 * 0.365 * 10 / 365
    assert np.mean(counts) == pytest.approx(expected, abs=4 * (expected / 60) ** 0.5)
    assert np.var(counts, ddof=1) == pytest.approx(expected, rel=4 * (2 / 59) ** 0.5)


def test_zones_ages_and_acuities_have_their_shares(tmp_path: Path) -> None:
    said = need({"er": 1}, rate={"18_64": 365, "80plus": 730})
    said["acuity"] = {"all": {"mix": {"1": 0.25, "5": 0.75}, **SAID}}
    model = world({"ill": said}, zones={"x": (5000, 4000, 0, 1000), "y": (0, 4000, 5000, 3000)}).compile(tmp_path)
    found = counted(model)
    zone, age, acuity = (np.concatenate([getattr(e, c) for e in found]) for c in ("zone", "age", "acuity"))
    each = {(1, 0): 4000, (1, 1): 4000, (3, 0): 2000, (3, 1): 6000}
    for (a, z), weight in each.items():
        expected = weight / 1000 * 10 * 60
        assert ((age == a) & (zone == z)).sum() == pytest.approx(expected, abs=4 * expected**0.5)
    assert set(age.tolist()) == {1, 3}
    assert (acuity == 0).mean() == pytest.approx(0.25, abs=4 * 0.5 / len(age) ** 0.5)
    assert set(acuity.tolist()) == {0, 4}


def test_a_need_arises_in_the_hours_of_its_profile_alone(tmp_path: Path) -> None:
    noon = {"hour": [0] * 12 + [1, 3] + [0] * 10, "weekday": [1] * 5 + [0, 0], "month": [1] * 12, **SAID}
    sketch = world({"ill": need({"er": 1}, rate=365, profile="noon")}, profiles={"noon": noon})
    times = np.concatenate([e.time for e in counted(sketch.compile(tmp_path), 10)])
    assert set((times // 3600 % 24).tolist()) == {12, 13}
    assert set((times // 86400).tolist()) == {0, 1, 2, 3, 4, 7, 8, 9}
    assert (times // 3600 % 24 == 13).mean() == pytest.approx(0.75, abs=4 * 0.5 / len(times) ** 0.5)
    assert (times % 3600).mean() == pytest.approx(1800, abs=4 * 3600 / 12**0.5 / len(times) ** 0.5)


def test_induced_contacts_are_further_people_and_as_many_as_the_lever_says(tmp_path: Path) -> None:
    shift = {
        "kind": "shift", "when": {"needs": ["ill"]}, "from_service": "er", "to_service": "gp",
        "share": figure(0.5, 0.5, 0.5), "induced": figure(0.4, 0.4, 0.4),
    }  # fmt: skip
    sketch = world(scenarios={"easier": {"x": shift}, "both": {"x": shift, "y": change(0.3)}})
    before, easier, both = (rows(sketch.compile(tmp_path, s)) for s in ("baseline", "easier", "both"))
    assert before.items() <= easier.items()
    induced = [row for k, row in easier.items() if k not in before]
    ill = sum(row[1] == 0 for row in before.values())
    assert {(row[1], row[5]) for row in induced} == {(0, 1)}  # need ill, service gp
    assert len(induced) == pytest.approx(0.2 * ill, abs=4 * (0.2 * ill) ** 0.5)
    grown = [row for row in both.values() if row[5] == -1]
    assert len(grown) == pytest.approx(1.3 * len(before), abs=4 * (0.3 * len(before)) ** 0.5)
    assert sum(row[5] == 1 for row in both.values()) == pytest.approx(0.2 * ill, abs=4 * (0.2 * ill) ** 0.5)


def test_the_same_person_has_the_same_luck_at_a_service_after_an_added_visit_to_another(tmp_path: Path) -> None:
    services = {"er": service({"dist": "exponential", "unit": "min", "mean": 100}), "gp": service()}
    needs = {"ill": need({"er": 1}), "hurt": need({"gp": 1})}
    offers = {"a": {"er": Offer(), "gp": Offer()}}
    model = Sketch(services, offers, needs).compile(tmp_path)
    then = {"w0": {"to": "er", "probability": 1}}
    services["gp"]["next"] = {"all": {"then": then, **SAID}}
    longer = Sketch(services, offers, needs).compile(tmp_path)
    alone = simulate_episodes(model, by_hand(model, [Person(0, "ill", key=9)]), "simpy")
    after = simulate_episodes(longer, by_hand(longer, [Person(0, "hurt", key=9)]), "simpy")
    assert after.end[1] - after.start[1] == alone.end[0] - alone.start[0]


def test_thresholds_of_counts_have_their_means() -> None:
    means = np.array([0.0, 0.01, 0.7, 5.0, 300.0, 40_000.0])
    ptr, cum, low = poisson_rows(means)
    above = [(1 - cum[a:b].astype(float) / 2.0**64).sum() for a, b in pairwise(ptr)]
    assert low + np.array(above) == pytest.approx(means, rel=1e-9, abs=1e-9)


def test_hashes_of_texts_are_the_same_on_every_machine() -> None:
    assert stable_hash(["need ill", "zone x"]).tolist() == [0xE26ACAB38C3314D4, 0xFA1B042BC9AE2461]
