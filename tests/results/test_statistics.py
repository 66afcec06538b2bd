"""Student's t: intervals and p values against hand calculation and scipy's own tests."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.results.statistics import deviation_of, standard_error, t_half_width, two_sided_p, upper_deviation

VALUES = np.array([3.0, 5.0, 10.0, 6.0])


def test_a_half_width_is_t_times_the_standard_error() -> None:
    assert t_half_width(10, 3) == pytest.approx(4.302653 * 10 / 3**0.5)  # t of 97.5 %, two degrees of freedom
    assert standard_error(10, 4) == 5


def test_the_interval_and_p_are_those_of_scipys_t_test() -> None:
    known = stats.ttest_1samp(VALUES, 0)
    deviation, n = VALUES.std(ddof=1), len(VALUES)
    low, high = known.confidence_interval(0.95)
    assert VALUES.mean() - t_half_width(deviation, n) == pytest.approx(low)
    assert VALUES.mean() + t_half_width(deviation, n) == pytest.approx(high)
    assert two_sided_p(VALUES.mean() / standard_error(deviation, n), n) == pytest.approx(known.pvalue)


def test_fewer_than_two_values_have_no_interval() -> None:
    half = t_half_width(np.array([1.0, 1.0, 1.0, np.nan]), np.array([0, 1, 2, 3]))
    assert np.isnan(half).tolist() == [True, True, False, True]


def test_a_deviation_is_found_again_from_its_interval() -> None:
    assert deviation_of(float(t_half_width(2.5, 7)), 7) == pytest.approx(2.5)


def test_a_spread_from_few_replications_is_raised_to_its_upper_limit() -> None:
    """chi-square with 2 degrees of freedom is exponential with mean 2: its lower fifth is -2 ln 0.8."""
    assert upper_deviation(1, 3, 0.8) == pytest.approx((2 / (-2 * np.log(0.8))) ** 0.5)
    samples = np.random.default_rng(2).normal(size=(4000, 5)).std(axis=1, ddof=1)
    assert np.mean([upper_deviation(s, 5, 0.8) >= 1 for s in samples]) == pytest.approx(0.8, abs=0.02)
