"""What can be said of a change: five words, each where it belongs."""

import numpy as np
import pytest
from test_compare import UP, VARIED, base, only, runs, table

from sim.results.compare import NOT_VARIED, TOO_FEW
from sim.results.conclusion import Conclusion
from sim.results.smallest_changes import SMALLEST_CHANGES, Reason, smallest_change

STAY = "er_stay_median_min"  # matters from 5 minutes


def of(changes, low=(), high=(), measure=STAY, **more):
    """What is said of these paired changes, one a replication; low and high: changes in the first replication."""
    parts = [base([100] * len(changes), measure=measure), runs([100 + c for c in changes], measure=measure)]
    parts += [runs([100 + c for c in low], variant="low", measure=measure)] if low else []
    parts += [runs([100 + c for c in high], variant="high", measure=measure)] if high else []
    return only(*parts, **more)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"changes": [10, 11, 9], "low": [8], "high": [12]}, Conclusion.ROBUST),
        ({"changes": [10, 11, 9], "low": [-1], "high": [12]}, Conclusion.ASSUMPTION),
        ({"changes": [10, 11, 9]}, Conclusion.NOT_TESTED),
        ({"changes": [10, 11, 9], "certain": ["closed"]}, Conclusion.ROBUST),
        ({"changes": [1.0, 1.2, 0.8], "low": [0.5], "high": [2]}, Conclusion.NO_CHANGE),  # sure, and less than 5
        ({"changes": [0.5, -0.5, 0], "low": [0.1], "high": [0.2]}, Conclusion.NO_CHANGE),  # within 5 whatever it is
        ({"changes": [1.0, 1.2, 0.8], "low": [0.5], "high": [9]}, Conclusion.ASSUMPTION),  # small, but not at high
        ({"changes": [1.0, 1.2, 0.8]}, Conclusion.NOT_TESTED),
        ({"changes": [40, -30, 20], "low": [8], "high": [12]}, Conclusion.UNKNOWN),
        ({"changes": [4, 2, 6], "low": [3], "high": [5]}, Conclusion.UNKNOWN),  # 4, -1 to 9: it may matter or not
        ({"changes": [0, 0, 0]}, Conclusion.NO_CHANGE),
        ({"changes": [10], "low": [8], "high": [12]}, Conclusion.UNKNOWN),
        ({"changes": [10, np.nan, 9], "low": [8], "high": [12]}, Conclusion.UNKNOWN),
        ({"changes": [10, 10, 10], "low": [8], "high": [12]}, Conclusion.UNKNOWN),  # coincidence of small counts
        ({"changes": [10, 11, 9], "low": [np.nan], "high": [12]}, Conclusion.UNKNOWN),
    ],
)
def test_each_case_has_its_word(given, word):
    row = of(**given)
    assert row["finding"] == word
    assert row["robust"] == (word is Conclusion.ROBUST)


def test_what_is_not_settled_cannot_be_told():
    row = only(base([10, 20, 30], note=["not settled"] * 3), runs([15, 26, 34], note=["not settled"] * 3), *VARIED)
    assert row["finding"] == Conclusion.UNKNOWN
    assert "not settled" in row["note"]


def test_the_note_says_not_tested_and_too_few_where_it_is_so():
    assert NOT_VARIED in of([10, 11, 9])["note"]
    assert of([40, -30, 20], low=[8], high=[12])["note"] == TOO_FEW
    assert of([1.0, 1.2, 0.8], low=[0.5], high=[2])["note"] == ""


def test_a_measure_without_a_limit_has_none():
    assert "er_wait" not in SMALLEST_CHANGES
    assert only(*UP, *VARIED)["finding"] == Conclusion.ROBUST
    assert smallest_change("er_wait", 20.0) == 0
    small = only(base([10, 20, 30]), runs([10.01, 20.012, 30.008]), runs([10.01], "low"), runs([10.02], "high"))
    assert small["finding"] == Conclusion.ROBUST


def test_a_limit_is_a_share_of_the_baseline_or_an_amount():
    assert smallest_change("er_arrivals_per_day", 1200.0) == pytest.approx(6)
    assert smallest_change(STAY, 250.0) == 5
    row = table(
        base([1000, 1000, 1000], measure="er_arrivals_per_day"),
        runs([1004, 1004.1, 1003.9], measure="er_arrivals_per_day"),
        certain=["closed"],
    )
    assert list(row["finding"]) == [Conclusion.NO_CHANGE]  # four visits of a thousand


def test_every_reason_is_the_reason_of_a_limit_and_every_limit_is_above_nothing():
    assert {one.reason for one in SMALLEST_CHANGES.values()} == set(Reason)
    assert all((one.share > 0) != (one.amount > 0) for one in SMALLEST_CHANGES.values())


def in_worlds(changes, drawn, measure="er_wait"):
    """What is said of these paired changes where the drawn worlds have those, each with the luck of replication 0."""
    parts = [base([100] * len(changes), measure=measure), runs([100 + c for c in changes], measure=measure)]
    for number, change in enumerate(drawn, 1):
        variant = f"world_{number:02d}"
        parts += [base([90], variant=variant, measure=measure), runs([90 + change], variant=variant, measure=measure)]
    return only(*parts)


def test_a_change_is_robust_where_nine_worlds_in_ten_have_its_sign():
    row = in_worlds([10, 11, 9], [8] * 9 + [-1])
    assert (row["worlds"], row["worlds_with_sign"], row["finding"]) == (10, 9, Conclusion.ROBUST)
    row = in_worlds([10, 11, 9], [8] * 8 + [-1] * 2)
    assert (row["worlds"], row["worlds_with_sign"], row["finding"]) == (10, 8, Conclusion.ASSUMPTION)


def test_a_worlds_change_is_its_distance_from_the_run_with_the_same_luck_put_on_the_estimate():
    row = in_worlds([13, 11, 6], [13 + shift for shift in range(-5, 6)])  # the mean is 10; eleven worlds, -5 to +5
    assert (row["low_worlds"], row["high_worlds"]) == pytest.approx((6, 14))
    assert np.isnan([row["low_assumption"], row["high_assumption"]]).all()
    assert row["note"] == ""


def test_a_world_that_does_not_tell_is_counted_and_has_not_the_sign():
    row = in_worlds([10, 11, 9], [8] * 8 + [np.nan] * 2)
    assert (row["worlds"], row["worlds_with_sign"], row["finding"]) == (10, 8, Conclusion.ASSUMPTION)


def test_a_small_change_that_is_small_in_most_worlds_is_none_and_else_depends_on_them():
    assert in_worlds([1.0, 1.2, 0.8], [1, 2, 1, 2], STAY)["finding"] == Conclusion.NO_CHANGE
    assert in_worlds([1.0, 1.2, 0.8], [1, 20, 30, 2], STAY)["finding"] == Conclusion.ASSUMPTION


def test_the_range_of_the_ends_counts_beside_the_worlds():
    ends = [runs([101], variant="low"), runs([99], variant="high")]
    worlds = [base([100], variant="world_01"), runs([110], variant="world_01")]
    row = only(base([100, 100, 100]), runs([110, 111, 109]), *worlds, *ends)
    assert (row["worlds_with_sign"], row["finding"]) == (1, Conclusion.ASSUMPTION)
