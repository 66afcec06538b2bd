"""What holds in every run, on small random networks."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from worlds import Offer, Plain, Sketch, exponential, figure, need, service, way

from sim.demand import draw_episodes
from sim.engines.simpy_engine import simulate
from sim.rules import is_open
from sim.tables import ABSENT, CONTACT_COLUMNS, Contacts, Ints, Model, Outcome

HOURS = ("00:00-24:00", "08:00-17:00", "21:00-07:00")
REQUEST = CONTACT_COLUMNS.index("request")
FARTHEST = 40  # minutes
BEFORE_THE_END = 60 * (1440 - FARTHEST)  # whoever decides later may still be on the way at the horizon
SETTINGS = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # each example is a whole study: no time to shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def a_service(draw: st.DrawFn, j: int, names: list[str]) -> Plain:
    """A service that may lead to later ones at once, and to any after a delay."""
    later = names[j + 1 :]
    ways = [way("exit", 0.25)]
    if later:
        how = draw(st.sampled_from(["at_once", "holding"]))
        ways.append(way(draw(st.sampled_from(later)), 0.5, how))
    rest = 1 - sum(w["probability"] for w in ways)
    ways += [way(draw(st.sampled_from(names)), rest / 2, after=exponential(90)), way("exit", rest / 2)]
    waits = draw(st.booleans())
    leaves = [way(draw(st.sampled_from(later)))] if later and draw(st.booleans()) else [way("exit")]
    return service(
        exponential(draw(st.integers(5, 120))),
        draw(st.sampled_from(["walk_in", "booked", "remote", "outreach"])),
        then=ways,
        patience=exponential(draw(st.integers(5, 200))) if waits else None,
        leaves=leaves if waits else (),
        targets=draw(st.sampled_from([None, [0, 10, 60, 120, 240]])),
        choice=draw(st.sampled_from([{"rule": "nearest"}, {"rule": "logit", "per_min": 0.05}])),
        at_close=draw(st.sampled_from(["keep", "fallback"])),
        **({"fallback": "call"} if draw(st.booleans()) else {}),
    )


@st.composite
def a_network(draw: st.DrawFn, units: int | None = None) -> Sketch:
    """One to four services at one to three sites, some travel, a hundred episodes in a day."""
    names = [f"s{j}" for j in range(draw(st.integers(1, 4)))]
    services = {name: draw(a_service(j, names)) for j, name in enumerate(names)}
    places = [f"t{j}" for j in range(draw(st.integers(1, 3)))]
    offers: dict[str, dict[str, Offer]] = {place: {} for place in places}
    for name in names:
        for place in draw(st.lists(st.sampled_from(places), min_size=1, unique=True)):
            offers[place][name] = Offer(
                units or draw(st.integers(1, 3)),
                draw(st.sampled_from(HOURS)),
                tour=services[name]["mode"] == "outreach",
                overtime_h=draw(st.sampled_from([0, 0, 1])),
            )
    travel = {(a, b): draw(st.integers(0, FARTHEST)) for a in ("x", "y", *places) for b in places if a != b}
    return Sketch(
        {**services, "call": service(5, "remote", unlimited_at="self_care")},
        {place: found for place, found in offers.items() if found},
        {"ill": need({name: 1 / len(names) for name in names}, rate=36_500, **MIXED)},
        zones={"x": 500, "y": 500},
        travel=travel,
        tour_factor=1.25,
    )


MIXED: Plain = {"acuity": {"all": {"mix": dict.fromkeys("12345", 0.2), "source": "test", "quality": "D"}}}


def run(sketch: Sketch, scenario: str = "baseline") -> tuple[Model, Contacts]:
    with tempfile.TemporaryDirectory() as folder:
        model = sketch.compile(Path(folder), scenario)
    return model, simulate(model, draw_episodes(model, 1, 0))


def columns(contacts: Contacts) -> list[list[int]]:
    return [getattr(contacts, name).tolist() for name in CONTACT_COLUMNS]


@SETTINGS
@given(a_network())
def test_the_law_of_contacts_holds_in_any_network(sketch: Sketch) -> None:
    model, c = run(sketch)
    assert len(c.episode) > 20
    check_times(model, c)
    check_episodes(c)
    check_destinations(model, c)
    for pool in range(len(model.pools)):
        check_users(model, c, pool)
        check_order(model, c, pool)


def check_times(model: Model, c: Contacts) -> None:
    """Nobody starts before asking, and every outcome has the times that belong to it."""
    done, left = c.outcome == Outcome.DONE, np.isin(c.outcome, [Outcome.LEFT, Outcome.TURNED_AWAY])
    unserved, still = c.outcome == Outcome.UNSERVED, c.outcome == Outcome.OPEN
    started = c.start != ABSENT
    assert (c.request[started] <= c.start[started]).all()
    assert (started == (done | (still & started))).all()
    assert ((c.end != ABSENT) == done).all()
    assert (c.start[done] <= c.end[done]).all()
    released = c.release != ABSENT
    assert (released <= (done | left)).all()
    assert released[left].all()
    assert (c.release[done & released] >= c.end[done & released]).all()
    assert (c.release[left] >= c.request[left]).all()
    assert (c.site[unserved] == -1).all()
    for column in (c.request, c.start, c.end, c.release):
        assert column.max() < model.horizon


def check_episodes(c: Contacts) -> None:
    """Within an episode a contact is asked for when the one before has ended."""
    for episode in np.unique(c.episode):
        rows = np.flatnonzero(c.episode == episode)
        assert (np.diff(c.step[rows]) > 0).all()
        for before, after in pairwise(rows):
            ended = c.end[before] if c.outcome[before] == Outcome.DONE else c.release[before]
            assert c.outcome[before] in (Outcome.DONE, Outcome.LEFT, Outcome.TURNED_AWAY)
            assert ended != ABSENT
            assert ended <= c.request[after]


def check_destinations(model: Model, c: Contacts) -> None:
    """A contact is at a site that offers its service, in the pool of the offer, where one may wait."""
    assert len(c.episode) == sum(Counter(c.outcome.tolist()).values())
    for j in np.flatnonzero(c.site >= 0):
        g = model.offer[c.site[j], c.service[j]]
        assert g >= 0
        assert model.offer_pool[g] == c.pool[j]
        if c.outcome[j] == Outcome.LEFT:
            assert model.patience[0, c.service[j]].max() >= 0
        if c.outcome[j] == Outcome.TURNED_AWAY:
            toggles = model.open_time.tolist()
            assert not is_open(toggles, model.open_ptr[g], model.open_ptr[g + 1], int(c.release[j]))
            assert not model.keeps_at_close[c.service[j]]


def check_users(model: Model, c: Contacts, pool: int) -> None:
    """Whoever starts finds a unit: users are at most the capacity then, or that of the shift in overtime."""
    here = (c.pool == pool) & (c.start != ABSENT)
    start, release = c.start[here], np.where(c.release[here] == ABSENT, model.horizon, c.release[here])
    a, b = model.capacity_ptr[pool], model.capacity_ptr[pool + 1]
    times, units = model.capacity_time[a:b], model.capacity_value[a:b]
    for t in start:
        users = ((start <= t) & (t < release)).sum()
        inside = (times <= t) & (np.append(times[1:], model.horizon) + model.overtime[pool] > t)
        assert users <= units[inside].max(initial=0)


def check_order(model: Model, c: Contacts, pool: int) -> None:
    """At equal targets nobody starts before someone who asked earlier and could have started."""
    if model.target[0, c.service[c.pool == pool]].any() or model.tour_milli[pool]:
        return
    rows = np.flatnonzero((c.pool == pool) & (c.outcome != Outcome.UNSERVED))
    for a, b in pairwise(rows):  # in order of request
        if c.start[a] != ABSENT and c.start[b] != ABSENT:
            assert c.start[a] <= c.start[b]
        elif c.start[b] != ABSENT:  # a left, or was turned away, or waits for the end of its patience
            assert c.outcome[a] in (Outcome.LEFT, Outcome.TURNED_AWAY)


@SETTINGS
@given(a_network())
def test_a_run_is_the_same_when_run_again_and_when_sites_and_pools_are_renamed(sketch: Sketch) -> None:
    names = {site: f"renamed_{j}" for j, site in enumerate(sketch.sites)}
    renamed = replace(
        sketch,
        sites={names[site]: offers for site, offers in sketch.sites.items()},
        travel={tuple(names.get(p, p) for p in pair): t for pair, t in sketch.travel.items()},  # type: ignore[misc]
    )
    first, again, other = (columns(run(s)[1]) for s in (sketch, sketch, renamed))
    assert first == again == other


@SETTINGS
@given(a_network(units=999), st.data())
def test_a_closure_moves_only_the_episodes_that_it_touches(sketch: Sketch, data: st.DataObject) -> None:
    site = data.draw(st.sampled_from(sorted(sketch.sites)))
    name = data.draw(st.sampled_from(sorted(sketch.sites[site])))
    close = {"kind": "close", "services": [name], "sites": [site], "moved": figure(0, 0, 0)}
    sketch = replace(sketch, scenarios={"closed": {"x": close}})
    model, before = run(sketch)
    _, after = run(sketch, "closed")
    closed = (model.sites.index(site), model.services.index(name))
    touched = set(before.episode[(before.site == closed[0]) & (before.service == closed[1])].tolist())
    assert not ((after.site == closed[0]) & (after.service == closed[1])).any()
    assert _told(before, touched) == _told(after, touched)


def _told(c: Contacts, without: set[int]) -> set[tuple[int, ...]]:
    rows: list[tuple[int, ...]] = list(zip(*columns(c), strict=True))
    return {row for row in rows if row[0] not in without and row[REQUEST] < BEFORE_THE_END}


@SETTINGS
@given(a_network(units=999))
def test_where_nobody_waits_more_units_change_nothing(sketch: Sketch) -> None:
    more = {site: {n: replace(o, units=5000) for n, o in offers.items()} for site, offers in sketch.sites.items()}
    assert columns(run(sketch)[1]) == columns(run(replace(sketch, sites=more))[1])


@pytest.mark.parametrize("units", [1, 2, 3])
def test_more_capacity_never_lengthens_the_total_wait_of_a_single_station(tmp_path: Path, units: int) -> None:
    waits = []
    for j in (0, 1):
        offers = {"a": {"er": Offer(units + j)}}
        model = Sketch({"er": service(exponential(60))}, offers, {"ill": need({"er": 1}, rate=16_000)}).compile(
            tmp_path / str(j)
        )
        c = simulate(model, draw_episodes(model, 1, 0))
        waits.append(_total_wait(model, c))
    assert waits[1] <= waits[0]
    assert waits[0] > 0


def _total_wait(model: Model, c: Contacts) -> int:
    start: Ints = np.where(c.start == ABSENT, model.horizon, c.start)
    return int((start - c.request).sum())
