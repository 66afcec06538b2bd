"""What holds in every run, on small random networks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from networks import BEFORE_THE_END, SETTINGS, a_network, columns, run
from worlds import Sketch, figure

from sim.model.codes import ABSENT, Outcome
from sim.model.rules import is_open
from sim.model.tables import CONTACT_COLUMNS, Contacts, Model

REQUEST = CONTACT_COLUMNS.index("request")


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
        # in the second in which units go home they are there until the calendar comes to their pool
        inside = (times <= t) & (np.append(times[1:], model.horizon) + model.overtime[pool] >= t)
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
    close = {"kind": "close", "services": [name], "where": {"sites": [site]}, "moved": figure(0, 0, 0)}
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
