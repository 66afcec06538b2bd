"""Given episodes: replayed second for second, and paired over scenarios."""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from replays import ENGINES, ill, run, two_sites, world
from worlds import Offer, Sketch, exponential, figure, need, service

from sim.compile import compile_scenario
from sim.compile.traffic import episodes as expected
from sim.config.notes import notes
from sim.demand import draw_episodes
from sim.model.codes import Origin, Outcome
from sim.model.randomness import MASK, mix, unmix


@pytest.mark.parametrize("engine", ENGINES)
def test_waits_of_a_trace_are_those_of_lindleys_recursion(tmp_path: Path, engine: str) -> None:
    """One unit, ten minutes each: W(n+1) = max(0, W(n) + S - A(n+1)) (Lindley 1952)."""
    times = [0, 0, 60, 700, 700, 2000, 5000, 5001, 5599, 6200, 6201, 40_000]
    contacts = run(world(tmp_path, [ill(t) for t in times]), engine).contacts
    waits = [0]
    for before, now in pairwise(times):
        waits.append(max(0, waits[-1] + 600 - (now - before)))
    assert contacts.request.tolist() == times
    assert (contacts.start - contacts.request).tolist() == waits
    assert set(contacts.origin.tolist()) == {Origin.FIRST}


@pytest.mark.parametrize("engine", ENGINES)
def test_waits_of_a_trace_with_random_services_are_those_of_lindleys_recursion(tmp_path: Path, engine: str) -> None:
    """The services are those that the run drew; the recursion is worked out apart."""
    rng = np.random.default_rng(4)
    times = np.cumsum(rng.integers(0, 900, 100)).tolist()
    made = Sketch(
        {"er": service(exponential(9))}, {"a": {"er": Offer()}}, {"ill": need({"er": 1})}, end=date(2027, 3, 2)
    )
    contacts = run(world(tmp_path, [ill(t) for t in times], made=made), engine).contacts
    wait, served = 0, contacts.end - contacts.start
    for n in range(len(times)):
        if n:
            wait = max(0, wait + int(served[n - 1]) - (times[n] - times[n - 1]))
        assert contacts.start[n] - contacts.request[n] == wait
    assert len(set(served.tolist())) > 50


def test_given_episodes_beside_those_of_the_rates_change_none_of_them(tmp_path: Path) -> None:
    made = Sketch({"er": service(10)}, {"a": {"er": Offer()}}, {"ill": need({"er": 1}, rate=3000)})
    drawn = draw_episodes(made.compile(tmp_path / "drawn"), 1, 0)
    model = compile_scenario(
        world(tmp_path / "beside", [ill(100), ill(200)], made=made, episodes_mode="beside"), "baseline"
    )
    beside = draw_episodes(model, 1, 0)
    rows = [
        set(zip(*(getattr(e, c).tolist() for c in ("key", "time", "first_draw")), strict=True)) for e in (drawn, beside)
    ]
    assert rows[0] < rows[1]
    assert sorted(row[1] for row in rows[1] - rows[0]) == [100, 200]
    assert expected(model, 0).sum() == pytest.approx(len(rows[0]), abs=4 * len(rows[0]) ** 0.5)


def test_in_place_there_is_nobody_else_and_the_expected_flows_are_those_of_the_table(tmp_path: Path) -> None:
    model = compile_scenario(world(tmp_path, [ill(5), ill(5, acuity=1), ill(9)]), "baseline")
    assert draw_episodes(model, 1, 0).time.tolist() == [5, 5, 9]
    found = expected(model, 0)
    assert found.sum() == 3
    assert {q: found[5 + q] for q in (0, 2)} == {0: 1, 2: 2}  # adults are the second age group


def test_a_rows_luck_is_that_of_its_id_or_of_what_it_says_and_not_of_where_it_stands(tmp_path: Path) -> None:
    rows = [ill(5, id="p1"), ill(7), ill(7), ill(9)]
    moved = [ill(1), *rows[::-1]]
    keys = [
        dict.fromkeys(draw_episodes(compile_scenario(world(tmp_path / str(j), table), "baseline"), 1, 0).key.tolist())
        for j, table in enumerate((rows, moved, [ill(8, id="p1"), *rows[1:]]))
    ]
    assert len(keys[0]) == 4
    assert keys[0].keys() < keys[1].keys()
    assert keys[2].keys() == keys[0].keys()


def test_the_luck_of_a_row_is_that_of_the_recipe(tmp_path: Path) -> None:
    """docs/model.md, section 10, one row at a time."""
    gamma = 0x9E3779B97F4A7C15
    drawn = draw_episodes(compile_scenario(world(tmp_path, [ill(5, id="p1"), ill(7), ill(8)]), "baseline"), 1, 0)

    def h(text: str) -> int:
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")

    root = h("careshift seed 1 replication 0")
    stream = mix((root ^ h("given")) + gamma & MASK)
    texts = ("given id p1", *(f"given 2027-03-01T00:00:0{s} home ill 18_64 3   1" for s in (7, 8)))
    rows = [mix((stream ^ h(text)) + gamma & MASK) for text in texts]
    assert drawn.key.tolist() == [mix(row + gamma & MASK) for row in rows]
    assert drawn.first_draw.tolist() == [mix(mix(row + 5 & MASK) + gamma & MASK) >> 32 for row in rows]


def test_given_episodes_meet_the_same_luck_in_every_scenario_and_another_in_every_replication(tmp_path: Path) -> None:
    levers = {
        "more": {"x": {"kind": "demand", "when": {"needs": ["ill"]}, "change": figure(0.9, 0.9, 0.9)}},
        "units": {"x": {"kind": "capacity", "pools": {"resource": "unit"}, "add_units": figure(3, 3, 3)}},
    }
    made = Sketch({"er": service(exponential(30))}, {"a": {"er": Offer()}}, {"ill": need({"er": 1})}, scenarios=levers)
    found = world(tmp_path, [ill(100 * t) for t in range(40)], made=made)
    took = {s: run(found, scenario=s).contacts for s in ("baseline", "more", "units")}
    spans = {s: dict(zip(c.episode.tolist(), (c.end - c.start).tolist(), strict=True)) for s, c in took.items()}
    ended = [e for e, o in zip(took["baseline"].episode, took["baseline"].outcome, strict=True) if o == Outcome.DONE]
    assert spans["more"] == spans["baseline"]
    assert len(ended) > 10
    assert all(spans["units"][e] == spans["baseline"][e] for e in ended)
    again = run(found, replication=1).contacts
    assert (again.end - again.start).tolist() != (took["baseline"].end - took["baseline"].start).tolist()
    assert [n for n in notes(found) if "leaves given episodes as they are" in n] == [
        "more: x: changes rates, and leaves given episodes as they are."
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_first_service_and_site_that_are_given_are_those_that_the_patient_takes(tmp_path: Path, engine: str) -> None:
    rows = [ill(600 * t, service=("er", "gp")[t % 2], site=("b" if t % 4 == 0 else "a")) for t in range(100)]
    found = world(tmp_path, rows, made=two_sites())
    contacts = run(found, engine).contacts
    at_first = contacts.step == 0
    by = sorted(zip(contacts.episode[at_first], contacts.service[at_first], contacts.site[at_first], strict=True))
    assert [(int(s), int(t)) for _, s, t in by] == [(j % 2, int(j % 4 == 0)) for j in range(100)]
    assert set(contacts.origin.tolist()) == {Origin.FIRST}
    shut = run(found, engine, "shut").contacts
    assert set(shut.site.tolist()) == {0}


def test_services_of_given_first_contacts_last_as_long_as_any(tmp_path: Path) -> None:
    rows = [ill(40 * t, service="er", site="b") for t in range(1500)]
    contacts = run(world(tmp_path, rows, made=two_sites())).contacts
    times = (contacts.end - contacts.start)[contacts.outcome == Outcome.DONE] / 60
    assert times.mean() == pytest.approx(20, abs=4 * 20 / len(times) ** 0.5)


@given(st.integers(0, MASK))
def test_unmix_undoes_mix(word: int) -> None:
    assert unmix(mix(word)) == word == mix(unmix(word))
