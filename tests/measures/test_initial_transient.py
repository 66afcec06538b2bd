"""How long a run takes to forget its start: MSER-5, the season, and the warnings."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hand_made import measured, tiny, visit

from sim.measures.initial_transient import NOT_REACHED, mser, start_of, without_season
from sim.results.warm_up import short_warm_ups

HOURS = 42 * 24
HOUR_OF_WEEK = np.arange(HOURS) % 168


def mser_by_definition(series: list[int]) -> int:
    """White 1997: the cut with the smallest sum of squared deviations over n^2, each sum made anew."""
    scores = []
    for cut in range(len(series) // 2 + 1):
        left = series[cut:]
        mean = Fraction(sum(left), len(left))
        scores.append(sum((v - mean) ** 2 for v in left) / Fraction(len(left) ** 2))
    return scores.index(min(scores))


def test_three_odd_values_at_the_start_are_cut() -> None:
    assert mser(np.array([9, 8, 7, 1, 2, 1, 2, 1, 2, 1])) == 3


def test_a_series_without_a_start_is_kept_whole() -> None:
    assert mser(np.array([1, 2, 1, 2, 1, 2, 1, 2])) == 0
    assert mser(np.array([5, 5, 5, 5])) == 0


def test_a_series_that_moves_to_its_end_is_too_short_to_tell() -> None:
    assert mser(np.arange(40)) == 40


@pytest.mark.parametrize("seed", range(8))
def test_the_cut_is_that_of_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    series = (1000 * np.exp(-np.arange(30) / 4) + rng.poisson(200, 30)).astype(np.int64)
    result, exact = mser(series), mser_by_definition([int(v) for v in series])
    assert result == (exact if exact < 15 else 30)


def test_a_season_alone_needs_no_warm_up() -> None:
    week = 3600 * np.where(HOUR_OF_WEEK % 24 < 8, 2, np.where(HOUR_OF_WEEK < 120, 30, 10))
    assert (without_season(week[None], HOUR_OF_WEEK) == 0).all()
    result = start_of(week[None], HOUR_OF_WEEK, 14 * 24)
    assert result.needed_s.tolist() == [0]
    assert result.bias.tolist() == [0]


def test_a_start_of_five_days_is_found_through_the_season() -> None:
    week = 3600 * np.where(HOUR_OF_WEEK < 120, 30, 10)
    rng = np.random.default_rng(1)
    noise = rng.integers(-3600, 3600, HOURS)
    empty = np.where(np.arange(HOURS) < 5 * 24, -8 * 3600, 0)
    result = start_of((week + noise + empty)[None], HOUR_OF_WEEK, 3 * 24)
    assert result.needed_s[0] == pytest.approx(5 * 24 * 3600, abs=5 * 3600)
    assert result.bias[0] == pytest.approx(-8 * 2 / 39, abs=0.05)  # two of the window's 39 days have 8 patients less


def test_a_warm_up_that_is_long_enough_leaves_no_bias() -> None:
    empty = np.where(np.arange(HOURS) < 5 * 24, 0, 8 * 3600)
    assert start_of(empty[None], HOUR_OF_WEEK, 14 * 24).bias.tolist() == [0]


def test_a_number_that_grows_for_ever_is_never_reached() -> None:
    growing = 100 * np.arange(HOURS)
    result = start_of(growing[None], HOUR_OF_WEEK, 14 * 24)
    assert result.needed_s.tolist() == [-1]
    assert result.bias[0] < 0


def test_a_window_that_ends_a_run_too_short_to_tell_has_no_known_bias() -> None:
    growing = 100 * np.arange(HOURS)
    result = start_of(growing[None], HOUR_OF_WEEK, HOURS // 2)
    assert result.needed_s.tolist() == [-1]
    assert np.isnan(result.bias).all()


def test_each_group_has_a_start_of_its_own() -> None:
    late = np.where(np.arange(HOURS) < 240, 0, 3600)
    result = start_of(np.stack([late, np.full(HOURS, 3600)]), HOUR_OF_WEEK, 24)
    assert result.needed_s.tolist() == [240 * 3600, 0]


def test_present_patients_are_counted_from_the_first_second_of_the_run() -> None:
    """Three days of warm-up and a week: one patient comes two days before the window and stays to the end."""
    model = tiny()
    result = measured(model, [{}], visit(request=-48, start=-48))
    assert result("warm_up_needed_days", "service", "er") == pytest.approx(1, abs=5 / 24)
    assert result("present_mean", "service", "er") == 1
    assert result("present_mean", "er_site", "hospital_north") == 1
    assert result("present_mean", "er_site", "hospital_south") == 0
    assert result("warm_up_bias", "service", "er") == 0
    assert result.note("warm_up_needed_days", "service", "ward") == "nobody was there"


def test_a_start_that_shows_in_the_window_is_told_in_patients() -> None:
    """Twelve patients come in the first two days of the window, one every four hours, and stay for its 673 hours."""
    model = tiny("baseline", "end=2027-10-31")
    rows = [visit(request=4 * k, start=4 * k, episode=k) for k in range(12)]
    result = measured(model, [{}] * 12, *rows)
    assert result("warm_up_needed_days", "service", "er") == pytest.approx(5, abs=10 / 24)
    mean = sum(673 - 4 * k for k in range(12)) / 673
    assert result("present_mean", "service", "er") == pytest.approx(mean)
    assert result("warm_up_bias", "service", "er") == pytest.approx(mean - 12, abs=0.1)


def tidy(needed: list[float], bias: float, present: float = 100, note: str = NOT_REACHED) -> pd.DataFrame:
    """What three runs say of one ward."""
    values = {"warm_up_needed_days": needed, "warm_up_bias": [bias] * 3, "present_mean": [present] * 3}
    rows = [
        ("baseline", "value", r, measure, "service", "ward", v, note if np.isnan(v) else "")
        for measure, result in values.items()
        for r, v in enumerate(result)
    ]
    return pd.DataFrame(rows, columns=["scenario", "variant", "replication", "measure", "by", "group", "value", "note"])


def test_a_station_that_needs_more_days_and_is_off_is_told() -> None:
    (row,) = short_warm_ups(tidy([10, 20, 18], -5), 14).to_dict("records")
    assert (row["group"], row["needed_days"]) == ("ward", 18)
    assert row["bias_share"] == pytest.approx(-0.05)


def test_a_long_start_that_no_one_would_mind_is_not_told() -> None:
    assert short_warm_ups(tidy([20, 20, 20], -1), 14).empty
    assert short_warm_ups(tidy([10, 13, 20], -5), 14).empty


def test_a_service_of_a_run_too_short_to_tell_is_named_with_an_empty_bias() -> None:
    nan = float("nan")
    result = short_warm_ups(tidy([nan, nan, 3], nan), 14)
    assert result["group"].tolist() == ["ward"]
    assert result["bias_share"].isna().all()
    assert short_warm_ups(tidy([nan, nan, 3], nan).assign(by="ward_site"), 14).empty


def test_runs_that_are_too_short_to_tell_count_as_for_ever() -> None:
    nan = float("nan")
    assert short_warm_ups(tidy([nan, nan, 3], 5), 14)["needed_days"].tolist() == [float("inf")]
    assert short_warm_ups(tidy([nan, 3, 3], 5), 14).empty
    assert short_warm_ups(tidy([nan, nan, nan], nan, note="nobody was there"), 14).empty
