"""Each case of ``careshift verify`` in one replication: near theory, and the page's first replication.

The gate over all replications is ``make verify``; here a change of what the program computes is seen in seconds.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from mechanism_faults import LEFT_OUT
from scipy import stats

from sim.credibility.verification import cases, judge, simulate_case
from sim.credibility.verification.gates import FARTHEST_Z
from sim.credibility.verification.trial import compile_case
from sim.engines.select import choose
from sim.report.pages.verification_page import page, table_of

PAGE = Path(__file__).parents[2] / "docs" / "generated" / "verification.md"
CASES = list(cases())
STALE = "docs/generated/verification.md is not of this program: run make verify"
ALIKE = 1e-4  # of a value: six digits are written, and another kind of processor may round a table otherwise


def rows() -> list[dict[str, str]]:
    return table_of(PAGE.read_text("utf-8"))


def test_the_page_tells_all_cases_and_their_exact_values() -> None:
    said = [(row["case"], row["quantity"], row["exact"], row["replications"]) for row in rows()]
    known = [
        (case.name, q.name, f"{q.exact:.6g}", str(case.replications))
        for case in cases().values()
        for q in case.quantities
    ]
    assert said == known, STALE


def test_the_page_says_what_the_cases_are() -> None:
    verdicts = [judge(case.name, q.name, [1.0, 2.0], q.exact) for case in cases().values() for q in case.quantities]
    above, _, _ = page(verdicts).partition("## Table")
    assert PAGE.read_text("utf-8").startswith(above), STALE


def test_every_value_of_the_page_is_right_by_its_own_numbers() -> None:
    for row in rows():
        low, high = (float(end) for end in row["95 % interval"].split(" to "))
        exact, simulated_, n = float(row["exact"]), float(row["simulated"]), int(row["replications"])
        error = (high - low) / 2 / stats.t.ppf(0.975, n - 1)
        assert n >= 30, row
        assert (high - low) / 2 <= 0.0201 * abs(exact), row
        assert abs(simulated_ - exact) <= 4.05 * error, row
        assert row["verdict"] == "right", row


@pytest.mark.parametrize("name", CASES)
def test_the_first_replication_is_near_theory_and_that_of_the_page(name: str) -> None:
    case = cases()[name]
    model = compile_case(case)
    engine = choose("auto", model) if name in LEFT_OUT else "simpy"  # the reference knows plain queues
    found = simulate_case(case, model, 0, engine)
    told = [row for row in rows() if row["case"] == name]
    for value, quantity, row in zip(found, case.quantities, told, strict=True):
        low, high = (float(end) for end in row["95 % interval"].split(" to "))
        n = int(row["replications"])
        spread = (high - low) / 2 / stats.t.ppf(0.975, n - 1) * n**0.5
        assert abs(value - quantity.exact) <= (FARTHEST_Z + 1) * spread, quantity.name
        assert value == pytest.approx(float(row["first replication"]), rel=ALIKE), STALE
