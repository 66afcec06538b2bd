"""The first contact answers to what is open, near and soon: a pivot-point logit against the reference."""

from __future__ import annotations

from math import exp
from pathlib import Path

import numpy as np
import pytest
from both_engines import each_engine, happens
from stories import Person, episodes
from worlds import SAID, Offer, Plain, Sketch, figure, need, service

from sim.config.errors import ConfigErrors
from sim.engines.select import Engine
from sim.model.codes import ODDS_BITS, Origin
from sim.model.tables import Contacts
from sim.simulation import simulate_episodes

REST = service(5, "remote", unlimited_at="self_care")
FREE = {"a": {"er": Offer(9999)}, "b": {"er": Offer(9999)}}
TRAVEL = {("home", "a"): 10, ("home", "b"): 20, ("a", "b"): 5}
NEAR = {"nearness": {"er": {"per_km": {"3": -0.05}, **SAID}}}
CLOSE_A = {"kind": "close", "services": ["er"], "where": {"sites": ["a"]}, "moved": figure(0, 0, 0)}
OPEN_A: Plain = {
    "kind": "open", "service": "er", "sites": {"a": 9999}, "resource": "unit", "level": "local_hospital",
    "calendar": "c0",
}  # fmt: skip
LOAD = {"signals": {"load": {"of": "er", "what": "per_unit", "classes": [1000, 2000]}}}
WORDS = np.linspace(0, 1, 2000, endpoint=False)
ILL = need({"rest": 0.3, "call": 0.2, "er": 0.5})


def town(choice: Plain, sites: dict[str, dict[str, Offer]] | None = None, **more: Plain) -> Sketch:
    services = {"er": service(60), "rest": REST, "call": REST}
    return Sketch(services, sites or FREE, {"ill": ILL}, travel=TRAVEL, care={"service_choice": choice, **more})


def waits(**by_acuity: list[float]) -> Plain:
    said = {acuity[1:]: utilities for acuity, utilities in by_acuity.items()}
    return {"wait": {"er": {"signal": "load", "by_acuity": said, **SAID}}}


def everybody(acuity: int = 3, at: float = 0) -> list[Person]:
    return [Person(at, first=word, key=i + 1, acuity=acuity) for i, word in enumerate(WORDS)]


def shares(rows: list[tuple[object, ...]]) -> dict[object, float]:
    """Share of the first contacts by service."""
    first = [row[1] for row in rows if row[3] == 0]
    return {name: first.count(name) / len(first) for name in ("er", "rest", "call")}


@each_engine
def test_a_longer_way_leaves_the_share_that_the_logit_says(engine: Engine, tmp_path: Path) -> None:
    sketch = town(NEAR)
    sketch.scenarios = {"closed": {"x": CLOSE_A}}  # 10 km further
    rows = happens(engine, sketch.compile(tmp_path, "closed"), *everybody(), columns="step origin")
    total = 0.5 + 0.5 * exp(-0.5)
    exact = {"er": 0.5 * exp(-0.5) / total, "rest": 0.3 / total, "call": 0.2 / total}
    assert shares(rows) == pytest.approx(exact, abs=0.025)
    assert {row[4] for row in rows if row[3] == 0} == {Origin.FIRST, Origin.SWITCHED}
    calm = happens(engine, sketch.compile(tmp_path / "4", "closed"), *everybody(4), columns="step origin")
    assert {row[4] for row in calm} == {Origin.FIRST}  # acuity 4 does not mind


@each_engine
def test_a_nearer_site_draws_as_a_further_one_repels(engine: Engine, tmp_path: Path) -> None:
    sketch = town(NEAR, {"a": {}, "b": {"er": Offer(9999)}})
    sketch.scenarios = {"nearer": {"x": OPEN_A}}
    rows = happens(engine, sketch.compile(tmp_path, "nearer"), *everybody(), columns="step origin")
    total = 0.5 + 0.5 * exp(0.5)
    assert shares(rows) == pytest.approx(
        {"er": 0.5 * exp(0.5) / total, "rest": 0.3 / total, "call": 0.2 / total}, abs=0.025
    )


@each_engine
def test_a_pull_that_makes_a_small_share_a_large_one_is_drawn_right(engine: Engine, tmp_path: Path) -> None:
    sketch = town(NEAR, {"a": {}, "b": {"er": Offer(9999)}})
    sketch.travel = {**TRAVEL, ("home", "a"): 1, ("home", "b"): 80}
    sketch.scenarios = {"nearer": {"x": OPEN_A}}
    sketch.needs = {"ill": need({"rest": 0.5, "call": 0.3, "er": 0.2})}
    found = shares(happens(engine, sketch.compile(tmp_path, "nearer"), *everybody(), columns="step origin"))
    pull = 0.2 * exp(79 * 0.05)
    assert found == pytest.approx(
        {"er": pull / (pull + 0.8), "rest": 0.5 / (pull + 0.8), "call": 0.3 / (pull + 0.8)}, abs=0.02
    )


@each_engine
def test_nobody_switches_in_the_reference(engine: Engine, tmp_path: Path) -> None:
    rows = happens(engine, town(NEAR).compile(tmp_path), *everybody(), columns="step origin")
    assert {row[4] for row in rows} == {Origin.FIRST}


@each_engine
def test_only_those_leave_whose_service_shrinks_and_they_go_where_it_grows(engine: Engine, tmp_path: Path) -> None:
    sketch = town(NEAR)
    sketch.scenarios = {"closed": {"x": CLOSE_A}}
    before, after = (
        {row[0]: row[1] for row in happens(engine, sketch.compile(tmp_path / s, s), *everybody(), columns="step")}
        for s in ("baseline", "closed")
    )
    moved = {(before[i], after[i]) for i in before if before[i] != after[i]}
    assert moved == {("er", "rest"), ("er", "call")}


@each_engine
def test_who_finds_it_full_turns_elsewhere(engine: Engine, tmp_path: Path) -> None:
    sketch = town(waits(_3=[0, -0.7, -4]), {"a": {"er": Offer(1)}}, **LOAD)
    model = sketch.compile(tmp_path)
    er = [Person(5 * t, first=0.1, key=7 + t) for t in range(40)]  # all turn to the er in the reference
    first = [row[1] for row in happens(engine, model, *er, columns="step") if row[3] == 0]
    assert first[0] == "er"  # it is empty
    assert first.count("er") < 20
    patient = [Person(5 * t, first=0.1, key=7 + t, acuity=2) for t in range(40)]
    rows = happens(engine, model, *patient, columns="step")
    assert [row[1] for row in rows] == ["er"] * 40  # acuity 2 does not mind


@each_engine
def test_a_wait_moves_the_share_that_the_logit_says(engine: Engine, tmp_path: Path) -> None:
    sketch = town(waits(_3=[0, -1.0, -1.0]), {"a": {"er": Offer(1)}}, **LOAD)
    sketch.needs = {"ill": ILL, "sure": need({"er": 1})}
    people = [Person(0, need="sure", key=9), *everybody(at=15)]  # one is in service when the others turn to care
    rows = [row for row in happens(engine, sketch.compile(tmp_path), *people, columns="step") if row[0] != 0]
    total = 0.5 + 0.5 * exp(-1)
    exact = {"er": 0.5 * exp(-1) / total, "rest": 0.3 / total, "call": 0.2 / total}
    assert shares(rows) == pytest.approx(exact, abs=0.025)


@each_engine
def test_what_happens_at_one_site_changes_nobody_who_lives_by_another(engine: Engine, tmp_path: Path) -> None:
    """Locality: a lever at site a, and zone south, whose nearest site is b, is as it was, patient by patient."""
    sketch = Sketch(
        {"er": service(60), "rest": REST}, {"a": {"er": Offer(2)}, "b": {"er": Offer(2)}},
        {"ill": need({"er": 0.6, "rest": 0.4})}, zones={"north": 500, "south": 500},
        travel={("north", "a"): 5, ("north", "b"): 90, ("south", "a"): 90, ("south", "b"): 5, ("a", "b"): 90},
        care={"service_choice": {**NEAR, **waits(_3=[0, -1, -2])}, **LOAD},
    )  # fmt: skip
    fewer: Plain = {
        "kind": "capacity", "pools": {"resource": "unit", "where": {"sites": ["a"]}}, "add_units": figure(-1, -1, -1),
    }  # fmt: skip
    sketch.scenarios = {"fewer": {"x": fewer}}
    people = [Person(t // 2, zone=("north", "south")[t % 2], first=(37 * t % 100) / 100, key=t + 1) for t in range(600)]
    tables = []
    for name in ("baseline", "fewer"):
        model = sketch.compile(tmp_path / name, name)
        found = episodes(model, people)
        tables.append(by_person(simulate_episodes(model, found, engine), found.zone == model.zones.index("south")))
    changed = [i for i in tables[0][0] if tables[0][0][i] != tables[1][0][i]]
    assert tables[0][1] == tables[1][1]  # south
    assert len(changed) > 30  # north


def by_person(c: Contacts, south: np.ndarray) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """What happened to each, those of the north and those of the south."""
    found: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
    for j, i in enumerate(c.episode.tolist()):
        said = [
            int(getattr(c, name)[j]) for name in ("service", "site", "request", "start", "end", "outcome", "origin")
        ]
        found[int(south[i])].setdefault(i, []).extend(said)
    return found


def test_a_service_that_no_site_offers_draws_nobody(tmp_path: Path) -> None:
    clinic = service(30, fallback="rest", choice={"rule": "logit", "detour_min": 15, **SAID})
    sketch = town({"nearness": {"clinic": {"per_km": {"3": -0.1}, "closed": {"3": -1}, "within_min": 30, **SAID}}})
    sketch.services = {**sketch.services, "clinic": clinic}
    assert (sketch.compile(tmp_path).near_odds == 1 << ODDS_BITS).all()


@pytest.mark.parametrize(
    ("choice", "place", "message"),
    [
        ({"nearness": {"er": {"per_km": {"3": 0.05}, **SAID}}}, "nearness.er.per_km.3", "less than or equal to 0"),
        ({"nearness": {"err": {"per_km": {"3": -0.05}, **SAID}}}, "nearness.err", "unknown service"),
        (waits(_3=[0, 1, 2]), "wait.er.by_acuity.3", "less than or equal to 0"),
        (waits(_3=[0, -2, -1]), "wait.er", "utilities begin with 0 and fall"),
        (waits(_3=[-1, -2, -3]), "wait.er", "utilities begin with 0 and fall"),
        (waits(_3=[0, -2]), "wait.er.by_acuity.3", "has 2 numbers where signal load has 3 classes"),
        (waits(_3=[0, -2, -5]), "wait.er.by_acuity.3", "greater than or equal to -4"),
        ({"nearness": {"er": {"per_km": {"3": -5}, **SAID}}}, "nearness", "is it per km"),
        ({"nearness": {"er": {"per_km": {}, "closed": {"3": -1}, **SAID}}}, "nearness.er.within_min", "is missing"),
    ],
)
def test_what_draws_the_wrong_way_or_too_much_is_refused(
    choice: Plain, place: str, message: str, tmp_path: Path
) -> None:
    sketch = town(choice, **LOAD)
    sketch.scenarios = {"closed": {"x": CLOSE_A}}
    with pytest.raises(ConfigErrors) as refused:
        sketch.compile(tmp_path, "closed")
    said = [f"{problem.key}: {problem.message}" for problem in refused.value.problems]
    assert any(place in line and message in line for line in said), said
