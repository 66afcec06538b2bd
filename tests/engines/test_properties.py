"""What must hold between two runs that differ in one thing, on small random networks through the whole chain."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from networks import BEFORE_THE_END, FARTHEST, HOURS, MIXED, SETTINGS, a_network, columns, run
from worlds import LABEL, SAID, Offer, Plain, Sketch, exponential, figure, minutes, need, service, way

from sim.demand import draw_episodes
from sim.measures import measure
from sim.model.codes import ABSENT, ONE, Ints
from sim.model.randomness import HALF
from sim.model.rules import pick
from sim.model.tables import CONTACT_COLUMNS, Contacts, Model
from sim.simulation import simulate_episodes
from sim.study.store import model_hash

TIMES = (exponential(60), minutes(45), {"dist": "lognormal", "unit": "min", "mean": 40, "sd": 60})
REQUEST = CONTACT_COLUMNS.index("request")


def starts(model: Model, c: Contacts) -> Ints:
    """When each contact started; the horizon for those that still wait."""
    found: Ints = np.where(c.start == ABSENT, model.horizon, c.start)
    return found


# capacity and the order of the queue


@SETTINGS
@given(st.integers(1, 5), st.integers(1, 3), st.sampled_from(TIMES), st.sampled_from(HOURS), st.integers(5_000, 60_000))
def test_more_capacity_never_lengthens_anybodys_wait_at_a_station(
    units: int, more: int, time: Plain, hours: str, rate: int
) -> None:
    waits = []
    for capacity in (units, units + more):
        sketch = Sketch({"er": service(time, "booked")}, {"a": {"er": Offer(capacity, hours)}})
        model, c = run(replace(sketch, needs={"ill": need({"er": 1}, rate=rate)}))
        assert len(c.episode) > 5
        waits.append(starts(model, c) - c.request)
    assert (waits[1] <= waits[0]).all()


@SETTINGS
@given(st.integers(1, 3), st.integers(0, 300), st.sampled_from(HOURS))
def test_equal_targets_give_first_come_first_served_whatever_they_are(units: int, target: int, hours: str) -> None:
    found = []
    for minutes_each in (0, target):
        targets = [minutes_each] * 5
        services = {s: service(exponential(50), "booked", targets=targets) for s in ("er", "clinic")}
        offers = {"a": {s: Offer(units, hours, pool="shared") for s in services}}
        model, c = run(Sketch(services, offers, {"ill": need({"er": 0.5, "clinic": 0.5}, rate=20_000, **MIXED)}))
        assert (np.diff(starts(model, c)) >= 0).all()
        assert len(set(c.service.tolist())) == 2
        found.append(columns(c))
    assert found[0] == found[1]


# what cannot happen, or is only said


@SETTINGS
@given(a_network(), st.data())
def test_a_site_that_nobody_can_choose_changes_nothing(sketch: Sketch, data: st.DataObject) -> None:
    """The region's adults cannot be served by a site for children, wherever it stands in the tables."""
    name = data.draw(st.sampled_from(sorted(n for offers in sketch.sites.values() for n in offers)))
    place = data.draw(st.integers(0, len(sketch.sites)))
    tour = sketch.services[name]["mode"] == "outreach"
    sites = list(sketch.sites.items())
    sites.insert(place, ("children", {name: Offer(5, ages="0_17", tour=tour, pull=9)}))
    first, second = run(sketch), run(replace(sketch, sites=dict(sites)))
    assert len(second[0].sites) == len(first[0].sites) + 1
    assert _named(*first) == _named(*second)


def _named(model: Model, c: Contacts) -> list[tuple[object, ...]]:
    """Contacts with the names of their sites and pools in place of their numbers."""
    places, sites, pools = (*model.zones, *model.sites), (*model.sites, "none"), (*model.pools, "none")
    named = {"site": [sites[t] for t in c.site], "pool": [pools[p] for p in c.pool]}
    named["place"] = [places[p] for p in c.place]
    plain = ("episode", "step", "service", "origin", "request", "start", "end", "release", "outcome")
    return list(zip(*(getattr(c, name).tolist() for name in plain), *named.values(), strict=True))


@SETTINGS
@given(a_network(), st.text("abc åäö<&>", min_size=1, max_size=9).filter(str.strip))
def test_other_labels_give_the_same_model_and_so_the_same_run(sketch: Sketch, text: str) -> None:
    label = {"sv": text, "en": text}
    services = {name: {**said, "label": label} for name, said in sketch.services.items()}
    needs = {name: {**said, "label": label} for name, said in sketch.needs.items()}
    other = replace(sketch, services=services, needs=needs, care={"label": label})
    assert LABEL not in (label, other.services["call"]["label"])
    assert _hash(sketch) == _hash(other)


def _hash(sketch: Sketch) -> str:
    with tempfile.TemporaryDirectory() as folder:
        return model_hash(sketch.compile(Path(folder)))


@given(st.lists(st.integers(0, ONE), max_size=6), st.integers(0, HALF), st.booleans())
def test_a_row_never_picks_what_has_no_width(cuts: list[int], word: int, at_a_cut: bool) -> None:
    cum = [*sorted(cuts), ONE]
    word = min(cuts[0], HALF) if cuts and at_a_cut else word
    chosen = pick(cum, 0, len(cum), word)
    assert cum[chosen] > (cum[chosen - 1] if chosen else 0)


@SETTINGS
@given(st.data())
def test_a_probability_of_nothing_is_never_used(data: st.DataObject) -> None:
    """Nothing leads to ``never``, nobody lives in the desert, has acuity 2, or falls ill in the first half of a day."""

    def ways(*real: Plain) -> list[Plain]:
        return data.draw(st.permutations([*real, way("never", 0), way("never", 0, after=10)]))

    first = dict(data.draw(st.permutations([("er", 0.5), ("gp", 0.5), ("never", 0)])))
    services = {
        "er": service(exponential(40), then=ways(way("gp", 0.5), way("exit", 0.5))),
        "gp": service(exponential(90), patience=exponential(30), leaves=ways(way("er", 0.3), way("exit", 0.7))),
        "never": service(exponential(10)),
    }
    mix = dict(data.draw(st.permutations([("1", 0.5), ("2", 0), ("5", 0.5)])))
    more = {"profile": "late", "acuity": {"all": {"mix": mix, **SAID}}}
    shift = {
        "kind": "shift", "when": {"needs": ["ill"]}, "from_service": "er", "to_service": "never",
        "share": figure(0, 0, 0), "fail_share": figure(0, 0, 0), "fail_after": minutes(5),
    }  # fmt: skip
    sketch = Sketch(services, {"a": {s: Offer(2) for s in services}}, {"ill": need(first, rate=30_000, **more)})
    sketch.zones = dict(data.draw(st.permutations([("home", 1000), ("desert", 0)])))
    sketch.profiles = {"late": {"hour": [0] * 12 + [1] * 12, "weekday": [1] * 7, "month": [1] * 12, **SAID}}
    sketch.scenarios = {"nobody_is_moved": {"x": shift}}
    with tempfile.TemporaryDirectory() as folder:
        model = sketch.compile(Path(folder), "nobody_is_moved")
    episodes = draw_episodes(model, 1, 0)
    c = simulate_episodes(model, episodes, "simpy")
    assert len(c.episode) > 50
    assert model.services.index("never") not in c.service
    assert model.zones.index("desert") not in episodes.zone
    assert set(episodes.acuity.tolist()) == {0, 4}
    assert episodes.time.min() >= 12 * 3600


@SETTINGS
@given(st.integers(1, 3), st.sampled_from(TIMES), st.sampled_from(HOURS), st.integers(5_000, 40_000))
def test_a_patience_that_nobody_comes_to_the_end_of_is_none(units: int, time: Plain, hours: str, rate: int) -> None:
    """So that an impatient queue with endless patience has the waits of Erlang C, as one without has."""
    endless = {"patience": minutes(100_000), "leaves": [way("exit")]}
    found = []
    for said in ({}, endless):
        sketch = Sketch({"er": service(time, "booked", **said)}, {"a": {"er": Offer(units, hours)}})
        found.append(columns(run(replace(sketch, needs={"ill": need({"er": 1}, rate=rate)}))[1]))
    assert found[0] == found[1]
    assert len(found[0][0]) > 5


def test_two_halves_of_a_zone_at_one_point_behave_as_the_whole(tmp_path: Path) -> None:
    """In law, over 30 replications of forty days: their people are others."""
    who_waits, to_a = list[list[float]](), list[list[float]]()
    for zones in ({"whole": 1000}, {"half": 500, "other_half": 500}):
        offers = {site: {"er": Offer(2)} for site in ("a", "b")}
        travel = {(zone, site): 10 * (1 + j) for zone in zones for j, site in enumerate(offers)}
        choice = {"rule": "logit", "per_min": 0.02}
        sketch = Sketch({"er": service(exponential(30), choice=choice)}, offers, zones=zones, travel=travel)
        sketch.start, sketch.end = date(2027, 4, 1), date(2027, 5, 10)
        sketch.needs = {"ill": need({"er": 1}, rate=95 * 365)}
        model = sketch.compile(tmp_path / str(len(zones)))
        runs = [simulate_episodes(model, draw_episodes(model, 1, r), "simpy") for r in range(30)]
        who_waits.append([float((starts(model, c) > c.request).mean()) for c in runs])
        to_a.append([float((c.site == 0).mean()) for c in runs])
    for one, two in (who_waits, to_a):
        error = ((np.var(one, ddof=1) + np.var(two, ddof=1)) / 30) ** 0.5
        assert 2 * error < 0.05 * np.mean(one), "too noisy to tell"
        assert abs(np.mean(one) - np.mean(two)) <= 4 * error


# closures


@SETTINGS
@given(a_network(), a_network(), st.data())
def test_a_closure_reaches_others_only_through_queues_that_they_share(
    here: Sketch, there: Sketch, data: st.DataObject
) -> None:
    """Before the first one finds it closed nothing differs; later only those who meet a pool that somebody moved met.

    Two networks side by side, with people of their own.
    """
    sketch = _side_by_side(here, there)
    site = data.draw(st.sampled_from(sorted(here.sites)))
    name = data.draw(st.sampled_from(sorted(here.sites[site])))
    close = {"kind": "close", "services": [name], "where": {"sites": [site]}, "moved": figure(0, 0, 0)}
    sketch = replace(sketch, scenarios={"closed": {"x": close}})
    model, before = run(sketch)
    _, after = run(sketch, "closed")
    shut = (before.site == model.sites.index(site)) & (before.service == model.services.index(name))
    found = set(before.episode[shut].tolist())
    first = int(before.request[shut].min(initial=model.horizon)) - 60 * FARTHEST
    reached = _reached(found, before, after)
    assert _known_at(first, before) == _known_at(first, after)
    assert _of_others(reached, before) == _of_others(reached, after)
    assert len(_of_others(reached, before)) > 10


def _side_by_side(here: Sketch, there: Sketch) -> Sketch:
    def far(name: str) -> str:
        return name if name in ("x", "y", "call", "exit") else f"far_{name}"

    services = {far(name): _renamed(said, far) for name, said in there.services.items()}
    sites = {far(t): {far(name): offer for name, offer in offers.items()} for t, offers in there.sites.items()}
    travel = {(far(a), far(b)): minutes_ for (a, b), minutes_ in there.travel.items()}
    names = [name for name in services if name != "call"]
    hurt = need({name: 1 / len(names) for name in names}, rate=36_500, **MIXED)
    return replace(
        here,
        services={**services, **here.services},
        sites={**here.sites, **sites},
        needs={**here.needs, "hurt": hurt},
        travel={**here.travel, **travel},
    )


def _renamed(said: Plain, far: object) -> Plain:
    """A service whose ways lead to the renamed services, and whose list is another."""
    assert callable(far)

    def ways(steps: Plain) -> Plain:
        return {k: {**step, "to": far(step["to"])} for k, step in steps.items()}

    rules = {
        part: {"all": {**said[part]["all"], "then": ways(said[part]["all"]["then"])}}
        for part in ("next", "patience")
        if part in said
    }
    choice = said.get("choice", {})
    listed = {"choice": {**choice, "listed": far(choice["listed"])}} if "listed" in choice else {}
    return {**said, **rules, **listed}


def _reached(moved: set[int], *runs: Contacts) -> set[int]:
    """Episodes that meet, in a chain of shared pools, somebody who was moved."""
    pairs = {(int(e), int(p)) for c in runs for e, p in zip(c.episode, c.pool, strict=True) if p >= 0}
    reached, pools = set(moved), set[int]()
    while True:
        pools |= {p for e, p in pairs if e in reached}
        more = {e for e, p in pairs if p in pools}
        if more <= reached:
            return reached
        reached |= more


def _known_at(second: int, c: Contacts) -> set[tuple[int, ...]]:
    """What is known at a second of the contacts asked for before it: later times have not come yet."""
    asked = c.request < second
    times = [np.where(getattr(c, name) < second, getattr(c, name), ABSENT) for name in ("start", "end", "release")]
    known = (c.episode, c.step, c.service, c.site, c.pool, c.origin, c.place, c.request, *times)
    return set(zip(*(column[asked].tolist() for column in known), strict=True))


def _of_others(reached: set[int], c: Contacts) -> set[tuple[int, ...]]:
    rows: Iterator[tuple[int, ...]] = zip(*columns(c), strict=True)
    return {row for row in rows if row[0] not in reached and row[REQUEST] < BEFORE_THE_END}


@SETTINGS
@given(st.data())
def test_closing_a_site_never_shortens_the_way(data: st.DataObject) -> None:
    """Neither from where people live to the nearest emergency room, nor of anybody who goes there."""
    sites = ["a", "b", "c", "d"][: data.draw(st.integers(2, 4))]
    travel = {(z, t): data.draw(st.integers(0, 60)) for z in ("x", "y", "z") for t in sites}
    sketch = Sketch({"er": service(30, kind="emergency")}, {t: {"er": Offer(999)} for t in sites}, travel=travel)
    sketch.zones, sketch.needs = {"x": 300, "y": 500, "z": 200}, {"ill": need({"er": 1}, rate=9_000)}
    sketch.municipality = {"x": "north", "y": "south", "z": "south", **dict.fromkeys(sites, "south")}
    shut = data.draw(st.lists(st.sampled_from(sites), min_size=1, max_size=len(sites) - 1, unique=True))
    close = {"kind": "close", "services": ["er"], "where": {"sites": shut}, "moved": figure(0, 0, 0)}
    sketch.scenarios = {"closed": {"x": close}}
    before, after = (_ways_to_er(sketch, scenario) for scenario in ("baseline", "closed"))
    assert (after[0] >= before[0]).all()
    assert (after[1] >= before[1]).all()
    assert len(before[1]) > 10


def _ways_to_er(sketch: Sketch, scenario: str) -> tuple[Ints, Ints]:
    """nearest_er_min of all and by municipality, and each episode's way in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        model = sketch.compile(Path(folder), scenario)
    episodes = draw_episodes(model, 1, 0)
    c = simulate_episodes(model, episodes, "simpy")
    frame = measure(model, episodes, c)
    nearest = frame.loc[(frame["measure"] == "nearest_er_min") & (frame["by"] != "age_group"), "value"].to_numpy()
    assert len(nearest) == 3
    way_s = np.full(len(episodes.time), 3600, dtype=np.int64)  # who is still on the way at the end has no contact
    way_s[c.episode] = model.travel_s[c.place, c.site]
    early = episodes.time < model.horizon - 3600
    return nearest, way_s[early]
