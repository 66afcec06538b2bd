"""A fault in the engine turns a verdict wrong: every gate can fail. Runs are shortened, replications fewer.

The identities that stop a run with such a fault are off here: the gate must see it by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from mechanism_faults import LEFT_OUT

from sim.credibility.verification import cases, judge, simulate_case
from sim.credibility.verification.trial import compile_case
from sim.engines.reference.decisions import Decisions
from sim.engines.reference.pool_calendars import Calendars
from sim.engines.reference.pools import Pool

SHORTER = 15  # days of a run
FEWER = 10  # replications, of which a fault needs fewer than a proof
MORE = {"M/G/inf": 30, "M/G/inf, transient": 40}  # where a tenth longer is hard to see
Fault = Callable[[pytest.MonkeyPatch], None]


def one_unit_more(patch: pytest.MonkeyPatch) -> None:
    opened, risen = Calendars._open, Pool.set_capacity

    def open_with_more(self: Calendars, pool: Pool) -> list[tuple[int, int]]:
        steps = opened(self, pool)
        pool.capacity += pool.capacity > 0
        return steps

    patch.setattr(Calendars, "_open", open_with_more)
    patch.setattr(Pool, "set_capacity", lambda self, units: risen(self, units + (units > 0)))


def scaled(name: str, factor: float) -> Fault:
    """A time that the engine asks for is longer or shorter."""

    def fault(patch: pytest.MonkeyPatch) -> None:
        right: Any = getattr(Decisions, name)
        patch.setattr(Decisions, name, lambda self, *told: int(right(self, *told) * factor))

    return fault


def first_come_first_served(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Decisions, "target", lambda *_: 0)


def no_overtime(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Pool, "stay_over", lambda *_: None)


def the_next_site(patch: pytest.MonkeyPatch) -> None:
    right = Decisions.site

    def site(self: Decisions, *told: Any) -> int:
        return (right(self, *told) + 1) % len(self.m.offer)

    patch.setattr(Decisions, "site", site)


def all_weeks_alike(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("sim.demand.layers.week_factors", lambda *_: None)


FAULTS: dict[str, Fault] = {
    "M/M/1": one_unit_more,
    "M/M/c": one_unit_more,
    "M/M/c, busy": one_unit_more,
    "M/G/1": one_unit_more,
    "M/D/1": one_unit_more,
    "Priority": first_come_first_served,
    "M/M/c+M (Erlang A)": scaled("patience", 1.2),
    "Patience without end": scaled("patience", 1e-6),
    "M/M/c/K": one_unit_more,
    "Erlang B, exponential": one_unit_more,
    "Erlang B, lognormal": one_unit_more,
    "Erlang B, deterministic": one_unit_more,
    "M/G/inf": scaled("duration", 1.1),
    "M/G/inf, transient": scaled("duration", 1.2),
    "M(t)/G/inf": scaled("duration", 1.1),
    "M/G/inf, weeks that differ": all_weeks_alike,
    "Shift end: finish": one_unit_more,
    "Shift end: overtime": no_overtime,
    "Closed at night": one_unit_more,
    "Jackson network": one_unit_more,
    "Tandem with blocking": one_unit_more,
    "Two sites apart": one_unit_more,
    "Two sites pooled": one_unit_more,
    "Nearest site": the_next_site,
    "Logit choice": the_next_site,
    "Two halves of a zone": the_next_site,
}


def reasons(name: str) -> str:
    """What is wrong with a shortened case."""
    case = cases()[name]
    case = replace(case, days=max(case.days // SHORTER, 5 if case.days > 1 else 1))
    model = compile_case(case)
    found = zip(*[simulate_case(case, model, replication) for replication in range(MORE.get(name, FEWER))], strict=True)
    pairs = zip(case.quantities, found, strict=True)
    return " ".join(judge(case.name, quantity.name, values, quantity.exact).wrong for quantity, values in pairs)


def test_every_case_has_a_fault() -> None:
    assert [*FAULTS, *LEFT_OUT] == list(cases())


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_turns_a_verdict_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.simulation.check_identities", lambda *_: None)
    FAULTS[name](monkeypatch)
    assert "off" in reasons(name)


def test_without_a_fault_no_verdict_is_off() -> None:
    assert "off" not in reasons("M/M/1") + reasons("Shift end: overtime") + reasons("Nearest site")
