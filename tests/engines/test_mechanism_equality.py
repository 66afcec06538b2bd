"""Both engines write the same contacts of networks that use every mechanism at once: the whole table, row by row."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mechanism_networks import a_network_with_mechanisms
from networks import SETTINGS
from test_engine_equality import assert_same, at_steps_of
from worlds import SAID, Offer, Sketch, exponential, minutes, need, service, way

from sim.demand import draw_episodes
from sim.engines.reference.pools import Pool
from sim.model.codes import ABSENT, Action, Origin, Outcome, ShiftRule, WhenFull
from sim.model.tables import Contacts, Model

NETWORKS = int(os.environ.get("CARESHIFT_NETWORKS", "100"))  # more are tried on demand
tried: dict[str, int] = {}


def count(model: Model, c: Contacts) -> None:
    """What the networks have tried: contacts of which a mechanism was asked, or in which it was seen to act."""
    started, held = c.start != ABSENT, (c.end != ABSENT) & (c.release > c.end)
    offer = model.offer[c.site, c.service]
    first = np.where((c.site >= 0) & (offer >= 0), model.offer_pool[offer], -1)
    inside = np.isin(c.service, model.next_service[model.next_action == Action.WITHIN])
    full, away = model.when_full[c.service], c.outcome == Outcome.TURNED_AWAY
    rule = np.append(model.shift_rule, -1)[c.pool]
    of = {
        "within": held & np.append(inside[1:], False),
        "gives back all": model.next_gives_all[model.next_action == Action.HOLDING] > 0,
        "starts": (model.starts_limited[c.service] > 0) & started,
        "ends": (model.ends_limited[c.service] > 0) & (c.end != ABSENT),
        "refuses": (model.refuse_row >= 0).any(axis=(0, 2))[c.service] & away,
        "ways answer": (model.next_signal >= 0).any(axis=(0, 2))[c.service] & (c.end != ABSENT),
        "durations answer": (model.length_row >= 0).any(axis=(0, 2))[c.service] & started,
        "next site": (full == WhenFull.NEXT_SITE) & away,
        "leaves": (full == WhenFull.LEAVE) & away,
        "spills": started & (first >= 0) & (c.pool != first),
        "keeps free": np.append(model.keep_free.any(axis=1), False)[c.pool] & started,
        "fresh": (rule == ShiftRule.FRESH) & started,
        "hands over": (rule == ShiftRule.HAND_OVER) & started,
        "not before": (model.not_before >= 0).any(axis=(0, 2))[c.service] & started,
        "missed": c.outcome == Outcome.MISSED,
        "switched": c.origin == Origin.SWITCHED,
        "initial": c.origin == Origin.INITIAL,
        "mean of a period": np.array([(model.signal_over_s > 0).sum()]),
    }
    tried["networks"] = tried.get("networks", 0) + 1
    for name, found in of.items():
        tried[name] = tried.get(name, 0) + int(found.sum())


@settings(SETTINGS, max_examples=NETWORKS)
@given(a_network_with_mechanisms(), st.sampled_from([1, 60, 900]))
def hold_against_each_other(sketch: Sketch, seconds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = sketch.compile(Path(folder))
    count(model, assert_same(model, at_steps_of(seconds, draw_episodes(model, 1, 0))))


def test_both_engines_write_the_same_contacts_of_networks_with_all_mechanisms() -> None:
    hold_against_each_other()
    assert tried["networks"] >= 0.8 * NETWORKS
    assert {name: n for name, n in tried.items() if n < NETWORKS / 10} == {}, tried


HALVES = {"every_day": ["00:00-12:00", "12:00-24:00"]}


@st.composite
def wards_that_exchange(draw: st.DrawFn) -> Sketch:
    """Two wards from each of which some move to the other and hold their bed until then, with too few beds."""
    stay = st.sampled_from([exponential(60), minutes(60), minutes(90)])
    there = draw(st.sampled_from([0.3, 0.5]))
    limit = {"queue_limit": {"waiting": 3, "when_full": "leave", **SAID}} if draw(st.booleans()) else {}
    urgent = draw(st.sampled_from([None, [0, 10, 60, 120, 240]]))

    def ward(other: str) -> dict[str, object]:
        onward = [way(other, there, "holding"), way("exit", 1 - there)]
        return service(draw(stay), then=onward, targets=urgent, **limit)

    beds = st.integers(1, 3)
    shift = {"staffed": draw(st.sampled_from([HALVES, "08:00-20:00"])), "shift_end": "fresh"}
    return Sketch(
        {"heart": ward("lungs"), "lungs": ward("heart")},
        {"a": {"heart": Offer(draw(beds), **shift), "lungs": Offer(draw(beds))}},
        {"ill": need({"heart": 0.5, "lungs": 0.5}, rate=draw(st.sampled_from([9_000, 18_000])))},
    )


def test_both_engines_exchange_the_units_of_the_same_patients(monkeypatch: pytest.MonkeyPatch) -> None:
    exchanged, right = [], Pool._exchange

    def counting(pool: Pool) -> bool:
        exchanged.append(right(pool))
        return exchanged[-1]

    monkeypatch.setattr(Pool, "_exchange", counting)

    @settings(SETTINGS, max_examples=20)
    @given(wards_that_exchange(), st.sampled_from([1, 60, 900]))
    def hold(sketch: Sketch, seconds: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            model = sketch.compile(Path(folder))
        assert_same(model, at_steps_of(seconds, draw_episodes(model, 1, 0)))

    hold()
    assert sum(exchanged) > 50
