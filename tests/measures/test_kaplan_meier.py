"""Kaplan-Meier quantiles against a hand example, a library and the plain quantile."""

from fractions import Fraction

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from sim.measures.kaplan_meier import survival_quantiles


def quantiles(time, happened, percents=(50,), group=None, size=1):
    group = np.zeros(len(time), dtype=np.int64) if group is None else np.array(group)
    return survival_quantiles(group, np.array(time, dtype=np.int64), np.array(happened, dtype=bool), size, percents)


def test_the_quantiles_of_a_hand_example():
    # at risk 6: 3 h -> 5/6; 4 h is censored; at risk 4: 5 h -> 5/8; at risk 3: 7 h -> 5/12; 8 h; 9 h -> 0
    time, happened = [3, 4, 5, 7, 8, 9], [1, 0, 1, 1, 0, 1]
    result = [one[0] for one in quantiles(time, happened, (16, 17, 37, 38, 50, 58, 59, 90))]
    assert result == [3, 5, 5, 7, 7, 7, 9, 9]


def test_of_equal_times_the_event_comes_before_the_censoring():
    assert quantiles([5, 5], [0, 1])[0] == 5  # one of two at risk
    assert np.isnan(quantiles([5, 5], [0, 1], (51,))[0])


def test_what_is_not_reached_is_missing():
    assert np.isnan(quantiles([1, 2, 3], [1, 0, 0])[0])
    assert np.isnan(quantiles([], [])[0])


def test_groups_do_not_touch_each_other():
    time, happened, group = [1, 10, 2, 20, 3], [1, 1, 1, 1, 1], [0, 2, 0, 2, 0]
    result = quantiles(time, happened, (50,), group, 3)[0]
    assert result[0] == 2
    assert np.isnan(result[1])
    assert result[2] == 10


def test_without_censoring_it_is_the_nearest_rank():
    rng = np.random.default_rng(1)
    for size in (1, 2, 9, 10, 100, 1001):
        time = rng.integers(0, 50, size)
        for percent in (1, 10, 50, 90, 99, 100):
            rank = -(-size * percent // 100)
            assert quantiles(time, np.ones(size), (percent,))[0] == np.sort(time)[rank - 1]


def product_limit(time, happened, percent):
    """Kaplan & Meier one by one, in fractions."""
    order = sorted(zip(time.tolist(), (~happened).tolist(), strict=True))
    left = Fraction(1)
    for k, (at, censored) in enumerate(order):
        left *= 1 if censored else Fraction(len(order) - k - 1, len(order) - k)
        if left <= Fraction(100 - percent, 100):
            return at
    return np.nan


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_the_quantiles_are_those_of_the_product_taken_one_by_one(share):
    rng = np.random.default_rng(4)
    for size in (1, 2, 3, 10, 60):
        for _ in range(10):
            time, happened = rng.integers(0, 30, size), rng.random(size) < share
            for percent in (1, 10, 50, 90, 99, 100):
                result = quantiles(time, happened, (percent,))[0][0]
                assert result == pytest.approx(product_limit(time, happened, percent), abs=0, nan_ok=True)


def test_a_known_library_finds_the_same():
    rng = np.random.default_rng(2)
    for _ in range(50):
        size = int(rng.integers(3, 200))
        time, happened = rng.integers(1, 40, size), rng.random(size) < 0.6
        known = SurvfuncRight(time, happened.astype(int))
        for percent in (10, 25, 50, 75, 90):
            edge = np.abs(known.surv_prob - (1 - percent / 100)).min() < 1e-9
            if not edge:  # at equality the library goes on to the next time
                result = quantiles(time, happened, (percent,))[0][0]
                assert result == known.quantile(percent / 100) or (
                    np.isnan(result) and np.isnan(known.quantile(percent / 100))
                )


def test_a_share_that_is_reached_exactly_is_reached_in_spite_of_rounding():
    for size in (10, 1000, 100_000):
        time = np.arange(size)
        assert quantiles(time, np.ones(size), (90,))[0] == size * 9 // 10 - 1


def test_a_long_wait_does_not_spill_into_another_group():
    far = 300 * 24 * 3600
    result = quantiles([far, 1], [1, 1], (50,), [0, 1], 2)[0]
    assert result.tolist() == [far, 1]


@pytest.mark.parametrize("percent", [50, 90])
def test_the_order_of_rows_does_not_matter(percent):
    rng = np.random.default_rng(3)
    time, happened, group = rng.integers(0, 30, 500), rng.random(500) < 0.7, rng.integers(0, 4, 500)
    order = rng.permutation(500)
    first = quantiles(time, happened, (percent,), group, 4)[0]
    second = quantiles(time[order], happened[order], (percent,), group[order], 4)[0]
    assert first.tobytes() == second.tobytes()
