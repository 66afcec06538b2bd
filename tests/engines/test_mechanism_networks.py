"""Random networks that use every mechanism: what holds in every run holds, and the engines write the same contacts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from both_engines import ENGINES
from hypothesis import given, settings
from hypothesis import strategies as st
from mechanism_networks import a_network_with_mechanisms
from networks import SETTINGS
from worlds import Sketch

from sim.demand import draw_episodes
from sim.engines.select import simulator
from sim.model.codes import ABSENT, Outcome, ShiftRule
from sim.model.tables import CONTACT_COLUMNS, Contacts, Model

NETWORKS = 40

seen = dict.fromkeys(
    ["contacts", "held", "missed", "turned away", "left", "elsewhere", "fresh", "handed over", "swaps"], 0
)


def count(model: Model, c: Contacts) -> None:
    """What the networks have tried, so that a generator that tries nothing is noticed."""
    seen["contacts"] += len(c.episode)
    seen["held"] += int(((c.end != ABSENT) & (c.release > c.end)).sum())
    for name, outcome in (("missed", Outcome.MISSED), ("turned away", Outcome.TURNED_AWAY), ("left", Outcome.LEFT)):
        seen[name] += int((c.outcome == outcome).sum())
    at_site = c.site >= 0
    offer = model.offer[c.site[at_site], c.service[at_site]]
    seen["elsewhere"] += int((c.pool[at_site] != model.offer_pool[offer]).sum())
    rule = model.shift_rule[c.pool[c.pool >= 0]]
    seen["fresh"] += int((rule == ShiftRule.FRESH).sum())
    seen["handed over"] += int((rule == ShiftRule.HAND_OVER).sum())
    seen["swaps"] += len(model.swap_pool)


@settings(SETTINGS, max_examples=NETWORKS)
@given(a_network_with_mechanisms(), st.sampled_from([1, 60, 900]))
def run(sketch: Sketch, seconds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = sketch.compile(Path(folder))
    drawn = draw_episodes(model, 1, 0)
    time = drawn.time // seconds * seconds
    drawn.time[:] = np.where(drawn.time < 0, drawn.time, time)
    tables = [simulator(engine)(model, drawn) for engine in ENGINES]
    count(model, tables[0])
    for other in tables[1:]:
        for name in CONTACT_COLUMNS:
            assert getattr(tables[0], name).tolist() == getattr(other, name).tolist()


def test_networks_with_every_mechanism_hold_the_identities_and_are_the_same_in_all_engines() -> None:
    run()
    assert {name: n for name, n in seen.items() if n < 4} == {}, seen  # the networks have tried everything
