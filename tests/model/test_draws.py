"""How many random words a contact takes: a hash each, and a third of a microsecond in Python."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from worlds import Offer, Sketch, exponential, need, service, way

from sim.demand import draw_episodes
from sim.engines.reference import decisions
from sim.model import randomness
from sim.model.codes import ABSENT, Origin, Outcome, Purpose
from sim.model.tables import Contacts
from sim.simulation import simulate_episodes


def counted(sketch: Sketch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Contacts, dict[str, Counter]]:
    """Contacts of the reference engine, and draws by contact: of a site again, and the others."""
    m = sketch.compile(tmp_path)
    names: dict[int, tuple[int, int, bool]] = {}
    for s, h in enumerate(m.service_hash.tolist()):
        for v in range(1, 60):
            names |= {randomness.salt(h, v, p): (s, v, False) for p in (1, 2, 3)}
            names |= {randomness.salt(h, 32 * v + j, Purpose.AGAIN): (s, v, True) for j in range(1, m.redraws + 2)}
    draws: dict[str, Counter] = {"again": Counter(), "others": Counter()}

    def counting(key: int, salt: int) -> int:
        service, visit, again = names[salt]
        draws["again" if again else "others"][key, service, visit] += 1
        return randomness.draw(key, salt)

    monkeypatch.setattr(decisions, "draw", counting)
    return simulate_episodes(m, draw_episodes(m, 1, 0), "simpy"), draws


def network(hours: str, mode: str = "walk_in") -> Sketch:
    """Patience, choice by luck, ways on and follow-ups, at two sites; one of them is closed for some of the day."""
    logit = {"rule": "logit", "per_min": 0.05}
    on = [way("ward", 0.5, "holding"), way("er", 0.2, after=60), way("exit", 0.3)]
    if mode == "outreach":
        on = [*on[1:2], way("exit", 0.8)]
    there = {"span_days": 0.2, "queue_days": 0.05, "source": "test", "quality": "D"}
    leaves = [way("call", 0.5), way("exit", 0.5)]
    er = service(exponential(50), mode, on, exponential(60), leaves, choice=logit, initial=there)
    ward = service(exponential(600), patience=exponential(300), leaves=[way("exit")], choice=logit)
    services = {"er": er, "ward": ward, "call": service(5, "remote", unlimited_at="self_care")}
    tour = mode == "outreach"
    sites = {
        "a": {"er": Offer(4, tour=tour), "ward": Offer(4)},
        "b": {"er": Offer(4, hours, tour=tour), "ward": Offer(4)},
    }
    near = {("home", "a"): 10, ("home", "b"): 12}
    return Sketch(services, sites, {"ill": need({"er": 1}, rate=60_000)}, travel=near, tour_factor=1.2)


def test_a_contact_takes_at_most_three_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    c, draws = counted(network("00:00-24:00"), tmp_path, monkeypatch)
    assert (c.outcome == Outcome.LEFT).sum() > 10
    assert (c.origin == Origin.FOLLOWED).sum() > 10
    assert (c.origin == Origin.INITIAL).sum() > 5
    assert ((c.end != ABSENT) & (c.release > c.end)).sum() > 10
    assert max(draws["others"].values()) == 3
    assert draws["others"].total() <= 3 * len(c.episode)
    assert not draws["again"]


def test_only_where_a_site_is_closed_it_takes_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    c, draws = counted(network("08:00-17:00"), tmp_path, monkeypatch)
    assert len(c.episode) > 100
    assert max(draws["others"].values()) == 3
    assert 1 < max(draws["again"].values()) <= 4  # three again, then one among those that are open
    assert draws["again"].total() < len(c.episode)


def test_whoever_leaves_the_queue_of_a_team_takes_four_however_often_a_team_was_near(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Site, whether the visit fits the shift, patience, and where to after leaving."""
    c, draws = counted(network("08:00-17:00", "outreach"), tmp_path, monkeypatch)
    assert (c.outcome == Outcome.DONE).sum() > 50
    assert max(draws["others"].values()) == 4
    left = (c.outcome == Outcome.LEFT).sum()
    assert 2 < sum(n == 4 for n in draws["others"].values()) <= left
