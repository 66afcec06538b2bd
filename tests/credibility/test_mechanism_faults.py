"""A model that leaves a mechanism out turns a verdict wrong: each case of a mechanism sees that mechanism.

Runs are shortened, the replications are not.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from mechanism_faults import LEFT_OUT

from sim.credibility.verification import cases, judge, simulated
from sim.credibility.verification.trial import compiled
from sim.engines.select import choose

SHORTER = 8  # days of a run


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_mechanism_that_is_left_out_is_noticed(name: str) -> None:
    case = cases()[name]
    case = replace(case, days=max(case.days // SHORTER, 10))
    model = compiled(case)
    engine = choose("auto", model)
    for change, off in ((lambda same: same, False), (LEFT_OUT[name], True)):
        runs = [simulated(case, change(model), replication, engine) for replication in range(case.replications)]
        found = zip(case.quantities, zip(*runs, strict=True), strict=True)
        verdicts = [judge(case.name, quantity.name, values, quantity.exact).wrong for quantity, values in found]
        assert ("off" in " ".join(verdicts)) == off, verdicts
