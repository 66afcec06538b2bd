"""Which numbers of patients stand still: growth is found, weekends, short noise and long memory are not."""

from types import SimpleNamespace

import numpy as np
import pytest
from hand_made import changed, measured, run, tiny, visit

from sim.measures.stationarity import Drift, moves
from sim.model.codes import Kind

DAY = 24 * 3600
WEEK = 7 * DAY


def window(days=28, low=14 * DAY):
    return SimpleNamespace(low=low, high=low + days * DAY, seconds=days * DAY)


def moving(level_by_day, days=28):
    """Whether a number moves that is so high on each day of the window."""
    drift = Drift(window(days))
    begin, finish = [], []
    for day, level in enumerate(level_by_day):
        begin += [drift.first[0] + day * DAY] * int(level)
        finish += [drift.first[0] + (day + 1) * DAY] * int(level)
    code = np.zeros(len(begin), dtype=np.int64)
    return bool(drift.moving(code, np.array(begin, dtype=np.int64), np.array(finish, dtype=np.int64), 1)[0])


def test_four_weeks_compare_the_first_week_with_the_last_day_by_day():
    drift = Drift(window())
    assert (drift.pieces, drift.length) == (7, DAY)
    assert (drift.first[0], drift.first[-1]) == (14 * DAY, 21 * DAY)
    assert (drift.last[0], drift.last[-1]) == (35 * DAY, 42 * DAY)


def test_nine_weeks_compare_three_weeks_with_three():
    drift = Drift(window(63))
    assert (drift.pieces, drift.length) == (21, DAY)


def test_a_third_without_a_whole_week_is_cut_in_seven():
    drift = Drift(window(7))
    assert (drift.pieces, drift.length) == (7, WEEK // 3 // 7)


def test_a_number_that_stands_still_is_settled():
    assert not moving([100] * 28)
    assert not moving([0] * 28)


def test_a_number_that_grows_by_a_half_is_not_settled():
    assert moving(np.linspace(100, 150, 28))
    assert moving(np.linspace(150, 100, 28))


def test_a_queue_that_empties_or_fills_is_not_settled():
    assert moving([100] * 7 + [50] * 7 + [0] * 14)
    assert moving([0] * 14 + [50] * 7 + [100] * 7)


def test_growth_within_the_tolerance_is_no_change():
    assert not moving([1000] * 14 + [1090] * 14)
    assert moving([1000] * 14 + [1120] * 14)


def test_weekdays_that_differ_are_no_change():
    assert not moving([100, 90, 80, 80, 70, 10, 5] * 4)


def test_a_short_queue_is_not_called_moving_for_its_noise():
    rng = np.random.default_rng(1)
    called = [moving(rng.poisson(2, 28)) for _ in range(200)]
    assert np.mean(called) < 0.05


def test_a_long_queue_with_a_memory_of_days_is_not_called_moving():
    """An infinite server with stays of five days and 1,000 patients in balance."""
    rng = np.random.default_rng(2)
    drift = Drift(window())
    called = []
    for _ in range(40):
        begin = np.sort(rng.integers(-60 * DAY, 42 * DAY, rng.poisson(200 * 102)))
        finish = begin + rng.exponential(5 * DAY, len(begin)).astype(np.int64)
        called.append(bool(drift.moving(np.zeros(len(begin), dtype=np.int64), begin, finish, 1)[0]))
    assert not any(called)


def test_only_the_group_that_moves_is_called_moving():
    first, last = np.full((3, 7), 1000), np.full((3, 7), 1000)
    last[1] = 1500
    last[2, 0] = 5000  # one day out of seven is no growth that can be told from luck
    assert moves(first, last).tolist() == [False, True, False]


@pytest.fixture(scope="module")
def model():
    return tiny("baseline", "end=2027-10-31")


def beds(site, begin, number, end=None, **more):
    times = {} if end is None else {"end": end, "release": end}
    return [visit("ward", site, request=begin, start=begin, **times, **more) for _ in range(number)]


def test_one_small_ward_that_fills_does_not_unsettle_the_others(model):
    steady = beds("hospital_south", -1, 10)
    filling = [one for day in range(28) for one in beds("hospital_north", 24 * day, 1, end=24 * day + 12)]
    filling += beds("hospital_north", 24 * 20, 1)
    result = measured(model, [{}], *steady, *filling)
    assert result.note("bed_occupancy", "site", "hospital_north") == "not settled"
    assert result.note("bed_occupancy", "site", "hospital_south") == ""
    assert result.note("bed_occupancy") == ""


def test_a_wait_is_not_settled_where_its_queue_grows(model):
    growing = [
        visit("primary_care", "vc_norrby", request=24 * d + 1, start=24 * d + 1 + d, episode=d % 2) for d in range(27)
    ]
    result = measured(model, [{"age": "0_17"}, {"zone": "soderby"}], *growing)
    assert result.note("primary_care_wait_median_h") == "not settled"
    assert result.note("primary_care_share_within_3_days") == "not settled"
    assert result.note("spread_primary_care_wait_h_p90_p10") == "not settled"
    assert result.note("spread_nearest_er_min_p90_p10") == ""
    assert result("settled", "service", "primary_care") == 0
    assert result.note("waiting_mean", "service", "primary_care") == "not settled"
    assert result("settled", "service", "er") == 1
    assert result.note("er_present_mean") == ""
    assert result.note("er_arrivals_per_day") == ""


def test_a_stay_is_judged_by_who_is_present_and_a_wait_by_who_waits(model):
    rows = [
        visit(request=24 * d, start=24 * d, end=24 * d + 1, release=24 * d + 1 + d)  # nobody waits, all stay longer
        for d in range(27)
    ]
    result = measured(model, [{}], *rows)
    assert result.note("er_wait_median_min") == ""
    assert result.note("er_left_share") == ""
    for name in ("er_stay_median_min", "er_share_within_4h", "er_present_mean", "er_boarding_h_per_day"):
        assert result.note(name) == "not settled", name
        assert result.note(name, "site", "hospital_south") in (
            "",
            "no contacts",
            "no contacts four hours before the end",
        )


def test_overbeds_are_not_settled_where_more_and_more_wait_in_the_er(model):
    rows = beds("hospital_north", -1, 6)
    for day in range(27):
        whose = {"episode": day}
        rows.append(visit(request=24 * day, start=24 * day, end=24 * day + 1, release=24 * day + 1 + day / 2, **whose))
        rows.append(visit("ward", request=24 * day + 1, release=24 * day + 1 + day / 2, origin="referred", **whose))
    result = measured(model, [{}] * 27, *rows)
    assert result.note("overbeds_per_100_places", "site", "hospital_north") == "not settled"
    assert result.note("bed_occupancy", "site", "hospital_north") == ""


def test_the_mean_number_waiting_is_a_time_average(model):
    rows = [visit(request=-5, start=10), visit(request=0, release=4), visit(request=28 * 24 - 3)]
    result = measured(model, [{}], *rows)
    assert result("waiting_mean", "service", "er") == pytest.approx((10 + 4 + 3 + 1) / (28 * 24 + 1))  # 673 hours


def test_emergency_beds_that_stand_still_are_told_apart_from_a_rare_ward_that_moves(model):
    kind = model.kind.copy()
    kind[model.services.index("mobile_team")] = Kind.WARD  # a second ward service, in a pool of its own
    two_wards = changed(model, kind=kind)
    steady = beds("hospital_south", -1, 10)
    rare = [visit("mobile_team", "vc_norrby", request=0, start=24 * 7 * k) for k in range(4)]
    result = measured(two_wards, [{}], *steady, *rare)
    assert result.note("bed_occupancy", "site", "vc_norrby") == "not settled"
    assert result.note("bed_occupancy", "site", "hospital_south") == ""


def test_drift_reads_the_window_of_a_run(model):
    drift = Drift(run(model, [{}], visit(request=0)))
    assert drift.first[0] == model.window_start
    assert drift.last[-1] == model.horizon
