"""Both engines write the same contacts, whatever the network: the whole table, row by row."""

from __future__ import annotations

import os
import tempfile
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import SETTINGS, a_network, compiled
from stories import Person, episodes
from typer.testing import CliRunner
from worlds import SAID, Offer, Plain, Sketch, exponential, figure, minutes, need, service, way

from sim.app.cli import app
from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.config.world import World
from sim.credibility.verification.engine_equality import compare_engines, first_difference
from sim.demand import draw_episodes
from sim.engines.audit.tally import Tally
from sim.engines.compiled import numba_engine
from sim.engines.compiled.layout import People
from sim.engines.compiled.numba_engine import TooLarge
from sim.engines.compiled.queues import STEP_MASK
from sim.engines.reference import pools
from sim.engines.select import Engine, choose
from sim.model.codes import ABSENT, LONG_AGO, Origin, Outcome
from sim.model.tables import CONTACT_COLUMNS, Contacts, Episodes, Model
from sim.simulation import simulate_episodes

NETWORKS = int(os.environ.get("CARESHIFT_NETWORKS", "100"))  # more are tried on demand
NOON = 43_200
LATER = {"ramp": {"2027-03-02": 1}}


def slot_minutes(step: int) -> st.SearchStrategy[Plain]:
    """Times that are whole multiples of ``step`` minutes, 0 among them, so that many things happen in one second."""
    return st.integers(0, 8).map(lambda k: minutes(k * step))


@st.composite
def a_lever(draw: st.DrawFn, sketch: Sketch) -> dict[str, Plain]:
    """What a scenario changes from the second day, or from the start."""
    names = [name for name in sketch.services if name != "call"]
    sites = sorted(sketch.sites)
    when = draw(st.sampled_from([{}, LATER, LATER]))
    close = {
        "kind": "close", "services": [draw(st.sampled_from(names))], "where": {"sites": [draw(st.sampled_from(sites))]},
        "moved": figure(0, 0, 0), **when,
    }  # fmt: skip
    offered = set(close["services"]) <= set(sketch.sites[close["where"]["sites"][0]])
    shift = {
        "kind": "shift", "when": {}, "from_service": draw(st.sampled_from(names)), "to_service": "call",
        "share": figure(0.5, 0.5, 0.5), "fail_share": figure(0.4, 0.4, 0.4), "fail_after": minutes(30),
        "induced": figure(0.3, 0.3, 0.3), **when,
    }  # fmt: skip
    longer = {"kind": "duration", "service": names[0], "change": figure(1, 1, 1), **when}
    order = {"kind": "target", "service": names[-1], "target_min": {"5": 0, "1": 600}, **when}
    levers = {"shift": shift, "longer": longer, "order": order, **({"close": close} if offered else {})}
    return {name: levers[name] for name in draw(st.lists(st.sampled_from(sorted(levers)), min_size=1, unique=True))}


@st.composite
def a_busy_network(draw: st.DrawFn) -> Sketch:
    """A random network over two or three days, with ties, shared pools, full queues and initial patients."""
    sketch = draw(a_network())
    step = draw(st.sampled_from([0, 1, 15, 60]))
    services = dict(sketch.services)
    for name in [n for n in services if n != "call"]:
        said = dict(services[name])
        if step:
            said["duration"] = {"all": {**said["duration"]["all"], "time": draw(slot_minutes(step))}}
        if step and "patience" in said:
            said["patience"] = {"all": {**said["patience"]["all"], "time": draw(slot_minutes(step))}}
        if draw(st.booleans()):
            said["initial"] = {"span_days": 0.2, "queue_days": draw(st.sampled_from([0, 0.05])), **SAID}
        if draw(st.integers(0, 4)) == 0:
            said["queue_limit"] = {"waiting": draw(st.integers(0, 4)), **SAID}
        services[name] = said
    if draw(st.integers(0, 2)) == 0:
        services = {name: _vehicle(draw, said, services) for name, said in services.items()}
    sites = {site: dict(offers) for site, offers in sketch.sites.items()}
    if draw(st.booleans()):
        sites = {site: _shared(site, offers) for site, offers in sites.items()}
    end = date(2027, 3, draw(st.integers(2, 3)))
    sketch = replace(sketch, services=services, sites=sites, end=end)
    return replace(sketch, scenarios={"other": draw(a_lever(sketch))})


def _vehicle(draw: st.DrawFn, said: Plain, services: Plain) -> Plain:
    """A service whose team carries patients at once to a walk-in service; the nearest idle site of some services."""
    if "choice" in said and draw(st.booleans()):
        said = {**said, "choice": {"rule": "nearest_idle", **SAID}}
    ways = said["next"]["all"]["then"] if said["mode"] == "outreach" else {}
    there = [name for name, w in ways.items() if w["how"] == "at_once" and w["to"] != "exit"]
    carried = {
        name: {**ways[name], "how": "carried"} for name in there if services[ways[name]["to"]]["mode"] == "walk_in"
    }
    return {**said, "next": {"all": {**said["next"]["all"], "then": {**ways, **carried}}}} if carried else said


def _shared(site: str, offers: dict[str, Offer]) -> dict[str, Offer]:
    """One pool for all services of a site that are of one kind."""
    first = next(iter(offers.values()))
    return {s: replace(first, pool=f"{site}_all") if o.tour == first.tour else o for s, o in offers.items()}


def at_steps_of(seconds: int, e: Episodes) -> Episodes:
    """The same people, who fall ill at whole multiples of some seconds only."""
    time = e.time // seconds * seconds
    return replace(e, time=np.where(e.time < 0, e.time, time))


def rows(contacts: Contacts) -> np.ndarray:
    return np.stack([getattr(contacts, name) for name in CONTACT_COLUMNS])


def assert_same(model: Model, episodes: Episodes) -> Contacts:
    """Runs both; the first row that differs is told with both of its versions."""
    expected = simulate_episodes(model, episodes, "simpy")
    found = simulate_episodes(model, episodes, "compiled")
    for name in CONTACT_COLUMNS:
        assert getattr(found, name).dtype == getattr(expected, name).dtype
    a, b = rows(expected), rows(found)
    least = min(a.shape[1], b.shape[1])
    differs = np.flatnonzero((a[:, :least] != b[:, :least]).any(axis=0))
    assert not len(differs), (CONTACT_COLUMNS, a[:, differs[0]].tolist(), b[:, differs[0]].tolist())
    assert a.shape == b.shape
    return found


seen = dict.fromkeys(
    ["networks", "contacts", "ties", "left", "turned away", "unserved", "holding", "follow-ups", "phases", "initial",
     "fell back", "moved", "induced", "in overtime", "outreach", "carried", "nearest idle"], 0,
)  # fmt: skip


def count(model: Model, c: Contacts) -> None:
    """What the networks have tried, so that a generator that tries nothing is noticed."""
    seen["networks"] += 1
    seen["contacts"] += len(c.episode)
    times = np.concatenate([c.request, c.end[c.end != ABSENT], c.release[c.release != ABSENT]])
    seen["ties"] += len(times) - len(np.unique(times))
    for name, outcome in (("left", Outcome.LEFT), ("turned away", Outcome.TURNED_AWAY), ("unserved", Outcome.UNSERVED)):
        seen[name] += int((c.outcome == outcome).sum())
    of = {"follow-ups": "FOLLOWED", "initial": "INITIAL", "fell back": "FELL_BACK", "moved": "SHIFTED"}
    for name, origin in {**of, "induced": "INDUCED"}.items():
        seen[name] += int((c.origin == Origin[origin]).sum())
    seen["holding"] += int(((c.end != ABSENT) & (c.release > c.end)).sum())
    seen["phases"] += len(model.phase_start) - 1
    seen["outreach"] += int((model.tour_milli[c.pool[c.pool >= 0]] > 0).sum())
    seen["carried"] += int((model.carries[c.service] * (c.release != ABSENT)).sum())
    seen["nearest idle"] += int(model.choice_idle[c.service].sum())
    seen["in overtime"] += int((model.overtime[c.pool[c.pool >= 0]] > 0).sum())


def without_swaps(model: Model) -> Model:
    """Pools exchange no holders: SimPy's engine does not do so yet."""
    return replace(model, swap_ptr=0 * model.swap_ptr, swap_pool=model.swap_pool[:0])


@settings(SETTINGS, max_examples=NETWORKS)
@given(a_busy_network(), st.sampled_from(["baseline", "other", "other"]), st.sampled_from([1, 60, 900]))
def hold_against_each_other(sketch: Sketch, scenario: str, seconds: int) -> None:
    model = without_swaps(compiled(sketch, scenario))
    count(model, assert_same(model, at_steps_of(seconds, draw_episodes(model, 1, 0))))


def test_both_engines_write_the_same_contacts_of_any_network() -> None:
    hold_against_each_other()
    assert seen["networks"] >= 0.8 * NETWORKS
    assert {name: n for name, n in seen.items() if n < NETWORKS / 10} == {}, seen  # the networks have tried everything


@pytest.mark.parametrize("region", ["vgr", "vastmanland"])
def test_both_engines_write_the_same_contacts_of_a_slice_of_each_region(region: str) -> None:
    """A day of everybody, from the middle of the baseline's autumn, in all phases of the last scenario."""
    world = load_study([f"study={region}_quick", "start=2027-10-04", "end=2027-10-04", "warm_up_days=0"])
    for scenario in (world.study.scenarios[0], world.study.scenarios[-1]):
        model = compile_scenario(world, scenario)
        c = assert_same(model, draw_episodes(model, world.study.seed, 0))
        assert len(c.episode) > 10_000


def test_the_command_holds_the_engines_against_each_other_on_any_study() -> None:
    done = CliRunner().invoke(app, ["verify", "--engines", "study=teaching", "--days", "1"])
    assert done.exit_code == 0, done.output
    assert "scenarios are the same in both engines" in done.output


def test_the_command_tells_the_first_contact_that_differs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    right = numba_engine.simulate

    def later(model: Model, episodes: Episodes) -> tuple[Contacts, Tally]:
        c, tally = right(model, episodes)
        return replace(c, start=c.start + (np.arange(len(c.start)) == 7)), tally

    monkeypatch.setattr(numba_engine, "simulate", later)
    monkeypatch.setattr("sim.simulation.check_identities", lambda *_: None)  # it would find the contact first
    (found,) = compare_engines(world, 1, progress=False)
    assert not found.same
    assert found.difference.startswith("row 7: SimPy episode 7, step 0, service er, site a, pool a_er,")
    fewer = np.arange(24).reshape(2, 12)
    model = compile_scenario(world, "baseline")
    assert first_difference(model, fewer, fewer) == ""
    assert first_difference(model, np.zeros((1, 12), int), np.zeros((0, 12), int)).endswith("compiled has no such row")


def test_the_theory_of_verify_is_no_study() -> None:
    done = CliRunner().invoke(app, ["verify", "study=vgr_quick"])
    assert done.exit_code == 2
    assert "with --engines a study is named" in done.output


# what is rare in random networks


def once(sketch: Sketch, scenario: str = "baseline") -> Contacts:
    with tempfile.TemporaryDirectory() as folder:
        model = sketch.compile(Path(folder), scenario)
    return assert_same(model, draw_episodes(model, 1, 0))


def test_a_journey_that_hardly_ever_ends_is_over_in_both_at_the_same_step() -> None:
    round_and_round = {"a": service(1, "remote", then=[way("a", 0.999), way("exit", 0.001)])}
    c = once(Sketch(round_and_round, {"x": {"a": Offer(99)}}, {"ill": need({"a": 1}, rate=3_000)}))
    assert c.step.max() == 499 <= STEP_MASK


def test_more_visits_than_salts_are_kept_have_the_same_luck() -> None:
    again = {"a": service(exponential(5), "remote", then=[way("a", 0.9), way("exit", 0.1)])}
    c = once(Sketch(again, {"x": {"a": Offer(99)}}, {"ill": need({"a": 1}, rate=9_000)}))
    assert c.step.max() > 20


def test_a_chain_of_held_units_is_let_go_in_the_same_order() -> None:
    """Who starts in the ward frees the er, which somebody takes who frees the door, in one second."""
    services = {
        "door": service(5, then=[way("er", how="holding")]),
        "er": service(30, then=[way("ward", how="holding")], patience=400, leaves=[way("door")]),
        "ward": service(90),
    }
    offers = {"a": {"door": Offer(2), "er": Offer(2), "ward": Offer(2)}}
    c = once(Sketch(services, offers, {"ill": need({"door": 0.6, "er": 0.4}, rate=40_000)}))
    assert (c.outcome == Outcome.LEFT).sum() >= 5


def test_who_goes_on_asks_after_those_who_start_and_end_as_the_unit_is_given_back(tmp_path: Path) -> None:
    er = service(10, then=[way("lab")], targets=[0, 0, 0, 0, 100])
    er["duration"] = {"quick": {"when": {"acuity": ["5"]}, "time": minutes(0), **SAID}, **er["duration"]}
    model = Sketch({"er": er, "lab": service(30)}, {"a": {"er": Offer(), "lab": Offer()}}).compile(tmp_path)
    c = assert_same(model, episodes(model, [Person(0), Person(1, acuity=5), Person(2)]))
    assert c.episode[c.service == model.services.index("lab")].tolist() == [0, 1, 2]


def test_a_unit_that_another_pool_frees_may_be_taken_in_the_second_in_which_it_closes() -> None:
    """At noon the ward gets beds, and those who board in the er go on; the er, a later pool, closes after that."""
    services = {"er": service(30, then=[way("ward", how="holding")]), "ward": service(600)}
    offers = {"a": {"ward": Offer(1)}, "b": {"er": Offer(2)}}
    with tempfile.TemporaryDirectory() as folder:
        model = Sketch(services, offers, {"ill": need({"er": 1}, rate=40_000)}).compile(Path(folder))
    assert model.pools == ("a_ward", "b_er")
    steps = {"capacity_ptr": [0, 2, 4], "capacity_time": [LONG_AGO, NOON, LONG_AGO, NOON]}
    units = {"capacity_value": [1, 3, 2, 0], "places_value": [1, 3, 2, 0]}
    changed = replace(model, **{name: np.array(values) for name, values in {**steps, **units}.items()})
    c = assert_same(changed, draw_episodes(changed, 1, 0))
    in_er = c.service == model.services.index("er")
    assert (c.start[in_er] == NOON).sum() == 2
    assert c.start[in_er].max() == NOON


def test_times_beyond_what_32_bits_hold_are_the_same_in_both() -> None:
    """A patience, a stay, a follow-up and a failure that come after a hundred years, which is never."""
    ages = {"dist": "deterministic", "unit": "days", "value": 7_000}
    services = {
        "er": service(30, patience=ages, leaves=[way("exit")], then=[way("ward", 0.5), way("er", 0.5, after=ages)]),
        "ward": service({"dist": "exponential", "unit": "days", "mean": 1_400}),
    }
    offers = {"a": {"er": Offer(1), "ward": Offer(20)}}
    shift = {
        "kind": "shift", "when": {}, "from_service": "er", "to_service": "ward", "share": figure(0.2, 0.2, 0.2),
        "fail_share": figure(1, 1, 1), "fail_after": ages,
    }  # fmt: skip
    ill = {"ill": need({"er": 1}, rate=20_000)}
    with tempfile.TemporaryDirectory() as folder:
        model = Sketch(services, offers, ill, scenarios={"x": {"shift": shift}}).compile(Path(folder), "x")
    long = model.quantile > 10_000_000
    model = replace(model, quantile=np.where(long, 8 * model.quantile, model.quantile))  # no file may say as much
    assert model.quantile.max() > 1 << 31
    c = assert_same(model, draw_episodes(model, 1, 0))
    assert (c.start > c.request).sum() > 5
    assert len(set(c.service.tolist())) == 2


def test_more_events_of_a_quarter_of_an_hour_than_there_are_units_are_the_same_in_both() -> None:
    """A service without limit ends for 1,500 patients in each bucket of the agenda, then their follow-ups come."""
    services = {
        "er": service(30),
        "call": service(
            20, "remote", unlimited_at="self_care", then=[way("call", 0.1, after=minutes(60)), way("exit", 0.9)]
        ),
    }
    ill = {"ill": need({"call": 0.999, "er": 0.001}, rate=480_000)}
    with tempfile.TemporaryDirectory() as folder:
        model = Sketch(services, {"a": {"er": Offer(2)}}, ill, zones={"x": 100_000}).compile(Path(folder))
    episodes = draw_episodes(model, 1, 0)
    c = assert_same(model, episodes)
    assert len(c.episode) > 130_000
    assert_same(model, at_steps_of(60, episodes))  # ninety in one second: the bucket stands in a heap, not in line


def test_a_target_wait_beyond_the_counters_is_refused() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sketch = Sketch({"er": service(60, targets=[36_000] * 5)}, {"a": {"er": Offer(2)}})
        model = sketch.compile(Path(folder))
    model = replace(model, target=model.target * 1000)
    with pytest.raises(TooLarge, match="target wait"):
        simulate_episodes(model, draw_episodes(model, 1, 0), "compiled")


def test_nobody_and_nothing_are_the_same_in_both() -> None:
    c = once(Sketch({"er": service()}, {"a": {"er": Offer()}}, {"ill": need({"er": 1}, rate=0)}))
    assert len(c.episode) == 0


# faults


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    sketch = Sketch({"er": service(60)}, {"a": {"er": Offer(2)}}, {"ill": need({"er": 1}, rate=9_000)})
    return sketch.load(tmp_path_factory.mktemp("world"))


def test_a_queue_that_grows_without_end_is_stopped_and_its_pool_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = compile_scenario(world, "baseline")
    slow = replace(model, quantile=np.full_like(model.quantile, 30 * 3600))
    for module in (numba_engine, pools):
        monkeypatch.setattr(module, "WAITING_LIMIT", 10)
    engines: tuple[Engine, Engine] = ("simpy", "compiled")
    for engine in engines:
        with pytest.raises(Exception, match=r"^11 wait for a_er, which is asked for 6\.5 times as often") as told:
            simulate_episodes(slow, draw_episodes(slow, 1, 0), engine)
        assert type(told.value).__name__ == "Overloaded"


def test_a_run_beyond_the_counters_is_refused(world: World) -> None:
    model = compile_scenario(world, "baseline")
    episodes = draw_episodes(model, 1, 0)
    with pytest.raises(TooLarge, match=r"2,147,483,648 s"):
        simulate_episodes(replace(model, horizon=1 << 31), episodes, "compiled")


def test_every_field_of_the_episodes_reaches_the_loop() -> None:
    assert {f.name for f in fields(Episodes)} == set(People._fields)


def test_without_numba_auto_warns_and_computes_with_simpy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Model) -> None:
        raise RuntimeError("no machine code\nsecond line")

    monkeypatch.setattr(numba_engine, "warm", fails)
    model = compile_scenario(world, "baseline")
    with pytest.warns(UserWarning, match=r"numba does not work here \(RuntimeError: no machine code\); the SimPy"):
        assert choose("auto", model) == "simpy"
    with pytest.raises(RuntimeError, match="no machine code"):
        choose("compiled", model)
    assert choose("simpy", model) == "simpy"


def test_with_numba_auto_is_the_compiled_engine(world: World) -> None:
    assert choose("auto", compile_scenario(world, "baseline")) == "compiled"


def test_more_services_than_a_word_has_bits_are_counted_too() -> None:
    """Each patient asks for many of seventy services, and for some of them again."""
    names = [f"s{j}" for j in range(70)]
    services = {
        name: service(exponential(5), "remote", then=[way(names[(9 * j + 4) % 70], 0.95), way("exit", 0.05)])
        for j, name in enumerate(names)
    }
    first = dict.fromkeys(names, 1 / 70)
    c = once(Sketch(services, {"x": {name: Offer(9) for name in names}}, {"ill": need(first, rate=90_000)}))
    assert c.step.max() > 40
    assert len(set(c.service.tolist())) > 64
