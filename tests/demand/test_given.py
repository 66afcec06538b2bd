"""Given episodes and a given start: replayed second for second, paired over scenarios, refused where they are wrong."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Offer, Plain, Sketch, exponential, figure, need, service

from sim.compile import compile_scenario
from sim.compile.traffic import episodes as expected
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.notes import notes
from sim.config.world import World
from sim.demand import draw_episodes
from sim.model.codes import Origin, Outcome
from sim.model.randomness import MASK, mix, unmix
from sim.simulation import Simulation, simulate

START = datetime(2027, 3, 1)
HEAD = ("time", "zone", "need", "age", "acuity")
ENGINES = ("simpy", "compiled")


def at(second: int) -> str:
    return (START + timedelta(seconds=second)).isoformat()


def world(
    root: Path,
    rows: list[Mapping[str, object]] | None = None,
    there: list[Mapping[str, object]] | None = None,
    made: Sketch | None = None,
    **study: str,
) -> World:
    """The network with given episodes in place of others, and a given start."""
    made = made or Sketch({"er": service(10)}, {"a": {"er": Offer()}}, {"ill": need({"er": 1})})
    made.load(root)
    folder, path = root / "configs/region/town", root / "configs/study/test.yaml"
    said = dict(study)
    for key, table in (("episodes", rows), ("initial", there)):
        if table is not None:
            columns = list(dict.fromkeys(c for row in table for c in row)) or list(HEAD)
            with (folder / f"{key}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(table)
            said = {key: f"{key}.csv", **said}
    if rows is not None:
        said = {"episodes_mode": "in_place", **said}
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{key}: {value}\n" for key, value in said.items())
    return load_study(root=root)


def one_unit(time: float | Plain = 10, **more: object) -> Sketch:
    return Sketch({"er": service(time)}, {"a": {"er": Offer()}}, {"ill": need({"er": 1})}, **more)  # type: ignore[arg-type]


def ill(second: int, **more: object) -> dict[str, object]:
    return {"time": at(second), "zone": "home", "need": "ill", "age": "18_64", "acuity": 3, **more}


def run(found: World, engine: str = "compiled", scenario: str = "baseline", replication: int = 0) -> Simulation:
    return simulate(compile_scenario(found, scenario), 1, replication, engine)  # type: ignore[arg-type]


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


def two_sites() -> Sketch:
    services = {
        "er": service(exponential(20), choice={"rule": "logit", "per_min": 0.05}),
        "gp": service(exponential(20)),
    }
    sites = {"a": {"er": Offer(9), "gp": Offer(9)}, "b": {"er": Offer(9)}}
    close = {"kind": "close", "services": ["er"], "sites": ["b"], "moved": figure(0, 0, 0)}
    return Sketch(
        services,
        sites,
        {"ill": need({"er": 0.3, "gp": 0.7})},
        travel={("home", "b"): 20},
        scenarios={"shut": {"x": close}},
    )


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


def wait_for(service_: str = "ward", **more: object) -> dict[str, object]:
    who = {"zone": "home", "need": "ill", "age": "18_64", "acuity": 3}
    return {"service": service_, "site": "a", **who, "requested": at(-7200), "started": "", **more}


def wards(units: int = 500, patience: Plain | None = None) -> Sketch:
    ward = service(exponential(600), "booked", patience=patience)
    return Sketch({"ward": ward}, {"a": {"ward": Offer(units)}}, {"ill": need({"ward": 1})}, end=date(2027, 3, 14))


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_given_to_be_in_service_is_so_and_goes_on_as_those_who_have_lasted_so_long(
    tmp_path: Path, engine: str
) -> None:
    """Exponential service has no memory: what is left has the mean of the whole."""
    rows = [wait_for(started=at(-60 * t)) for t in range(1, 401)]
    rows = [{**row, "requested": at(-86400)} for row in rows]
    contacts = run(world(tmp_path, [], rows, made=wards()), engine).contacts
    assert len(contacts.start) == 400
    assert sorted(contacts.start.tolist()) == sorted(-60 * t for t in range(1, 401))
    assert contacts.end.min() > 0
    assert set(contacts.origin.tolist()) == {Origin.INITIAL}
    assert contacts.end.mean() / 60 == pytest.approx(600, abs=4 * 600 / 20)


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_given_to_wait_waits_since_the_request_whoever_started_when(tmp_path: Path, engine: str) -> None:
    """One unit, taken an hour ago; two wait, the one who asked first is next, before who asks now."""
    rows = [
        wait_for(requested=at(-90_000), started=at(-3600)),
        wait_for(requested=at(-50)),
        wait_for(requested=at(-80_000)),
    ]
    made = wards(1)
    contacts = run(world(tmp_path, [ill(1)], rows, made=made), engine).contacts
    order = np.argsort(contacts.start)
    assert contacts.request[order].tolist() == [-3600, -80_000, -50, 1]
    assert contacts.start[order[1:]].tolist() == contacts.end[order[:-1]].tolist()


@pytest.mark.parametrize("engine", ENGINES)
def test_who_waits_has_patience_that_has_not_ended(tmp_path: Path, engine: str) -> None:
    rows = [wait_for(requested=at(-600 * t)) for t in range(1, 200)]
    contacts = run(world(tmp_path, [], rows, made=wards(1, exponential(600))), engine).contacts
    assert len(contacts.request) == 199
    left = contacts.outcome == Outcome.LEFT
    assert left.sum() > 150


def test_whoever_has_been_there_longer_than_anybody_leaves_in_the_first_second(tmp_path: Path) -> None:
    made = wards()
    made.services = {"ward": service(60, "booked")}
    contacts = run(world(tmp_path, [], [wait_for(started=at(-7000))], made=made)).contacts
    assert (contacts.start.tolist(), contacts.end.tolist()) == ([-3599], [1])


@given(st.integers(0, MASK))
def test_unmix_undoes_mix(word: int) -> None:
    assert unmix(mix(word)) == word == mix(unmix(word))


WRONG = [
    ({"time": "2027-03-01 07:30"}, "time", "local time with seconds", ""),
    ({"time": "2027-02-29T07:30:00"}, "time", "local time with seconds", ""),
    ({"time": "2027-03-28T02:30:00"}, "time", "does not exist", ""),
    ({"time": ""}, "time", "is missing", ""),
    ({"zone": "hom"}, "zone", "unknown zone", "home"),
    ({"need": "il"}, "need", "unknown need", "ill"),
    ({"age": "18-64"}, "age", "unknown value", "18_64"),
    ({"acuity": "6"}, "acuity", "unknown value", ""),
    ({"service": "err"}, "service", "unknown service", "er"),
    ({"service": "er", "site": "bb"}, "site", "unknown site", "b"),
    ({"site": "b"}, "service", "a site is that of a service", ""),
    ({"service": "gp", "site": "b"}, "site", "does not offer gp", ""),
    ({"service": "self"}, "service", "is no first contact of ill, 18_64, 3", ""),
]


@pytest.mark.parametrize(("cell", "column", "said", "nearest"), WRONG)
def test_a_bad_cell_of_an_episode_is_named_by_row_and_column(
    tmp_path: Path, cell: dict[str, object], column: str, said: str, nearest: str
) -> None:
    made = two_sites()
    made.services = {**made.services, "self": service(60, "remote", unlimited_at="self_care")}
    with pytest.raises(ConfigErrors) as refused:
        world(tmp_path, [ill(5), {**ill(7), **cell}], made=made)
    found = [p for p in refused.value.problems if said in p.message]
    assert [(Path(p.file).name, p.key, p.nearest) for p in found] == [("episodes.csv", f"row 3, {column}", nearest)]


def test_an_id_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match=r"row 4, id: is there twice \(first on row 2\)"):
        world(tmp_path, [ill(5, id="p1"), ill(6), ill(7, id="p1")])


@pytest.mark.parametrize(
    ("cell", "column"),
    [({"requested": at(0)}, "requested"), ({"started": at(0)}, "started"), ({"started": at(-7201)}, "started")],
)
def test_who_is_there_asked_and_started_before_the_run(tmp_path: Path, cell: dict[str, object], column: str) -> None:
    with pytest.raises(ConfigErrors) as refused:
        world(tmp_path, [], [{**wait_for(), **cell}], made=wards())
    assert [(Path(p.file).name, p.key) for p in refused.value.problems] == [("initial.csv", f"row 2, {column}")]


def test_a_file_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as refused:
        world(tmp_path, [ill(5)], episodes="episode.csv")
    assert [(p.key, p.nearest) for p in refused.value.problems] == [("episodes", "episodes.csv")]


def test_a_site_that_nobody_from_there_chooses_is_refused_before_anything_runs(tmp_path: Path) -> None:
    made = replace(two_sites(), travel={("home", "b"): 2000})
    found = world(tmp_path, [ill(5, service="er", site="b")], made=made)
    with pytest.raises(ValueError, match="goes to b for er, where nobody of its age from home goes"):
        compile_scenario(found, "baseline")


def test_a_time_that_comes_twice_is_the_first_and_episodes_outside_the_run_are_left_out(tmp_path: Path) -> None:
    made = Sketch(
        {"er": service(10)},
        {"a": {"er": Offer()}},
        {"ill": need({"er": 1})},
        start=date(2027, 10, 31),
        end=date(2028, 3, 1),
    )
    moments = [
        "2027-10-30T23:59:59",
        "2027-10-31T02:30:00",
        "2027-12-31T23:59:59",
        "2028-02-29T00:00:00",
        "2028-03-02T00:00:00",
    ]
    found = world(tmp_path, [ill(0, time=m) for m in moments], made=made)
    model = compile_scenario(found, "baseline")
    day = 86400
    assert draw_episodes(model, 1, 0).time.tolist() == [9000, 62 * day + 3600 - 1, 121 * day + 3600]
    assert notes(found) == ["episodes.csv: 3 of 5 episodes are in the run, in place of those of the rates."]


def test_tables_that_name_no_dates_of_the_run_are_told(tmp_path: Path) -> None:
    found = world(
        tmp_path,
        made=Sketch(
            {"er": service(10)},
            {"a": {"er": Offer(1, {"every_day": "08:00-16:00", "dates": {"2027-07-01": "closed"}})}},
        ),
    )
    assert notes(found) == [
        "calendars.yaml: c0: 2027-07-01 is outside the run (2027-03-01 to 2027-03-01), so it changes nothing."
    ]
