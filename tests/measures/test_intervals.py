"""Stretches of time against loops that a reader can follow."""

import numpy as np
import pytest
from hand_made import tiny

from sim.measures.intervals import (
    TimePersistentCounter,
    counted_quantile,
    counts,
    firsts,
    levels_at,
    overlap,
    place_seconds,
    places_at,
    quantile,
    steps,
    sums,
    time_between_marks,
    time_quantile,
)
from sim.measures.rows import ratio
from sim.model.codes import LONG_AGO

RNG = np.random.default_rng(1)


def stretches(size=60, groups=3):
    group = RNG.integers(0, groups, size)
    begin = RNG.integers(-50, 150, size)
    return group, begin, begin + RNG.integers(0, 60, size)


def test_sums_and_counts_keep_empty_groups():
    group, values = np.array([2, 0, 2]), np.array([5, 1, -3])
    assert sums(group, values, 4).tolist() == [1, 0, 2, 0]
    assert counts(group, 4).tolist() == [1, 0, 2, 0]


def test_sums_of_seconds_are_exact():
    values = np.array([2**52, 1])
    assert sums(np.zeros(2, dtype=np.int64), values, 1).tolist() == [2**52 + 1]


def test_an_overlap_is_what_lies_in_the_window():
    begin, finish = np.array([0, 5, -9, 20, 8]), np.array([10, 8, -2, 30, 8])
    assert overlap(begin, finish, 2, 9).tolist() == [7, 3, 0, 0, 0]


def test_spent_is_the_overlap_with_each_piece():
    marks = np.array([0, 7, 7, 30, 100])
    for _ in range(20):
        group, begin, finish = stretches()
        result = time_between_marks(group, begin, finish, 3, marks)
        for k in range(len(marks) - 1):
            slow = sums(group, overlap(begin, finish, marks[k], marks[k + 1]), 3)
            assert result[:, k].tolist() == slow.tolist()


def test_stretches_may_be_added_in_several_goes():
    marks = np.array([0, 7, 30, 100])
    group, begin, finish = stretches()
    parts = TimePersistentCounter(3, marks)
    for some in (slice(0, 20), slice(20, 20), slice(20, 60)):
        parts.add(group[some].astype(np.int8), begin[some].astype(np.int32), finish[some].astype(np.int32))
    assert parts.pieces().tolist() == time_between_marks(group, begin, finish, 3, marks).tolist()


def test_the_first_of_each_case_is_found_in_the_order_of_rows():
    case = RNG.integers(0, 30, 100)
    known = [case[:k].tolist().count(one) == 0 for k, one in enumerate(case.tolist())]
    assert firsts(case).tolist() == known
    assert firsts(np.zeros(0, dtype=np.int32)).tolist() == []


def test_steps_count_how_many_are_under_way_at_every_second():
    marks = np.array([0, 40, 100])
    for _ in range(20):
        group, begin, finish = stretches()
        who, time, seconds, level = steps(group, begin, finish, 3, marks)
        for g in range(3):
            mine = who == g
            assert seconds[mine].sum() == 100
            for t, length, n in zip(time[mine], seconds[mine], level[mine], strict=True):
                assert not t < 40 < t + length
                for second in (t, t + length - 1):
                    assert n == ((group == g) & (begin <= second) & (second < finish)).sum()


def test_a_quantile_of_time_is_that_of_the_seconds_laid_in_a_row():
    for percent in (1, 50, 95, 100):
        size = 40
        group, level, seconds = (RNG.integers(0, n, size) for n in (3, 6, 9))
        result, known = time_quantile(group, level, seconds, 4, percent)
        for g in range(4):
            row = np.sort(np.repeat(level[group == g], seconds[group == g]))
            assert known[g] == (len(row) > 0)
            if len(row):
                assert result[g] == row[-(-len(row) * percent // 100) - 1]


def test_a_quantile_is_the_nearest_rank_in_each_group():
    group, values = np.array([1, 1, 1, 1, 0]), np.array([40, 10, 30, 20, 7])
    result, known = quantile(group, values, 3, 50)
    assert result.tolist()[:2] == [7, 20]
    assert known.tolist() == [True, True, False]
    assert quantile(group, values, 3, 51)[0][1] == 30


def test_a_quantile_of_counted_values_is_that_of_the_values():
    group, values = RNG.integers(0, 4, 200), RNG.integers(0, 50, 200)
    numbers = np.zeros((5, 50), dtype=np.int64)
    np.add.at(numbers, (group, values), 1)
    for percent in (1, 50, 90, 100):
        result, known = counted_quantile(numbers, percent)
        slow, there = quantile(group, values, 5, percent)
        assert known.tolist() == there.tolist() == [True] * 4 + [False]
        assert result[known].tolist() == slow[known].tolist()


def test_places_follow_the_calendar():
    model = tiny()
    rooms, er = model.pools.index("rooms"), model.pools.index("er_north")
    day = model.window_start, model.window_start + 24 * 3600  # a Monday
    assert place_seconds(model, *day)[[rooms, er]].tolist() == [4 * 9 * 3600, (7 * 2 + 17 * 4) * 3600]
    pools = np.array([rooms, rooms, rooms, er, er])
    hours = np.array([7.99, 8, 17, 6.9, 7.1])
    times = model.window_start + (hours * 3600).astype(np.int64)
    assert places_at(model, pools, times).tolist() == [0, 4, 0, 2, 4]
    beds = np.array([model.pools.index("beds_north")])
    assert places_at(model, beds, np.array([LONG_AGO])).tolist() == [6]


def test_a_ratio_divides_once_and_correctly():
    assert ratio([1], [3]).tolist() == [1 / 3]
    huge = 2**62 + 1
    assert ratio([huge], [huge], 10**9, 10**9).tolist() == [1.0]
    assert np.isnan(ratio([1], [0]))[0]


def test_a_ratio_of_unlike_lengths_is_refused():
    with pytest.raises(ValueError, match="zip"):
        ratio([1, 2], [1])


def test_a_stretch_is_under_way_at_its_first_second_and_not_at_its_last() -> None:
    begin, finish, group = np.array([0, 10, 10, 20]), np.array([10, 20, 10, 99]), np.array([0, 0, 0, 1])
    assert levels_at(group, begin, finish, 2, np.array([5, 10, 19, 20])).tolist() == [[1, 1, 1, 0], [0, 0, 0, 1]]
