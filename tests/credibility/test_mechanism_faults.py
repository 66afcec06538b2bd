"""A model that leaves a mechanism out turns a verdict wrong: each case of a mechanism sees that mechanism.

That the cases are right with their mechanisms is what ``test_cases`` and ``make verify`` say.
"""

from __future__ import annotations

import pytest
from mechanism_faults import LEFT_OUT, LEFT_OUT_TOO

from sim.credibility.verification import cases, judge, simulate_case
from sim.credibility.verification.case import Case
from sim.credibility.verification.trial import compile_case
from sim.engines.select import choose
from sim.model.tables import Model


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_mechanism_that_is_left_out_is_noticed(name: str) -> None:
    case = cases()[name]
    assert is_off(case, LEFT_OUT[name](compile_case(case)))


@pytest.mark.parametrize("name", LEFT_OUT_TOO)
def test_the_other_mechanism_of_a_case_is_noticed_too(name: str) -> None:
    case = cases()[name]
    assert is_off(case, LEFT_OUT_TOO[name](compile_case(case)))


def is_off(case: Case, model: Model) -> bool:
    """Whether a quantity of the case is off, or cannot be read since a queue grows until the end."""
    engine = choose("auto", model)
    try:
        runs = [simulate_case(case, model, replication, engine) for replication in range(case.replications)]
    except ValueError as error:
        return "still waits at the end" in str(error)
    found = zip(case.quantities, zip(*runs, strict=True), strict=True)
    verdicts = [judge(case.name, quantity.name, values, quantity.exact).wrong for quantity, values in found]
    return any("off" in verdict for verdict in verdicts)
