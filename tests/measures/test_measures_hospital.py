"""Beds, counted by hand: 6 places in the north and 10 in the south, with 1 and 2 of surge, for 168 hours."""

import numpy as np
import pytest
from hand_made import HOUR, changed, measured, tiny, visit

from sim.model.codes import Mode

WINDOW_H = 168
DAY = 24


def stay(request, start=None, end=None, release=None, site="hospital_north", **more):
    """A stay on a ward; without an end the patient is still there."""
    start = request if start is None else start
    times = {} if end is None else {"end": end, "release": end if release is None else release}
    return visit("ward", site, request=request, start=start, **times, **more)


def er(request, end, release=None, **more):
    return visit(request=request, start=request, end=end, release=end if release is None else release, **more)


@pytest.fixture(scope="module")
def model():
    return tiny()


@pytest.fixture(scope="module")
def long():
    """The tiny world with a window of 60 days."""
    return tiny("baseline", "end=2027-12-02")


def test_occupancy_is_bed_hours_over_hours_of_places(model):
    result = measured(
        model, [{}], stay(-10, end=20), stay(100, end=110, release=120), stay(160), stay(0, site="hospital_south")
    )
    assert result("bed_occupancy", "site", "hospital_north") == (20 + 20 + 8) / (6 * WINDOW_H)
    assert result("bed_occupancy", "site", "hospital_south") == 1 / 10
    assert result("bed_occupancy") == (48 + 168) / (16 * WINDOW_H)


def test_a_patient_who_waits_for_a_bed_does_not_use_it(model):
    result = measured(model, [{}], visit("ward", request=0), stay(0, start=10, end=20))
    assert result("bed_occupancy", "site", "hospital_north") == 10 / (6 * WINDOW_H)


def test_overbeds_are_patients_beyond_the_places(model):
    seven = [stay(0, end=10)] * 6 + [stay(0, end=20)]
    result = measured(model, [{}], *seven)
    assert result("overbeds_per_100_places", "site", "hospital_north") == 100 * 10 / (6 * WINDOW_H)
    assert result("overbeds_per_100_places", "site", "hospital_south") == 0
    assert result("overbeds_per_100_places") == 100 * 10 / (16 * WINDOW_H)


def test_overbeds_are_also_those_who_wait_in_the_er_for_a_bed(model):
    rows = [
        er(0, end=2, release=7, episode=0), stay(2, start=7, end=9, episode=0, origin="referred"),
        er(0, end=3, release=9, episode=1), visit("ward", "hospital_south", request=3, release=9, episode=1),
        er(0, end=1, episode=2), stay(1, episode=2, start=1, end=2, origin="referred"),
    ]  # fmt: skip
    result = measured(model, [{}, {}, {}], *rows)
    assert result("overbeds_per_100_places", "site", "hospital_north") == 100 * 5 / (6 * WINDOW_H)
    assert result("overbeds_per_100_places", "site", "hospital_south") == 100 * 6 / (10 * WINDOW_H)


def test_who_waits_on_one_ward_for_another_is_no_overbed(model):
    rows = [stay(0, end=10, release=20), stay(10, start=20, end=30, site="hospital_south", origin="referred")]
    result = measured(model, [{}], *rows)
    assert result("overbeds_per_100_places") == 0
    assert result("bed_occupancy", "site", "hospital_north") == 20 / (6 * WINDOW_H)


def test_who_waits_at_home_for_a_planned_stay_is_no_overbed(model):
    mode = model.mode.copy()
    mode[model.services.index("ward")] = Mode.BOOKED
    result = measured(changed(model, mode=mode), [{}], visit("ward", request=0))
    assert result("overbeds_per_100_places") == 0


def test_admissions_are_stays_begun_and_not_moves_between_wards(model):
    rows = [
        stay(0, end=10), stay(10.5, end=20, site="hospital_south", origin="referred"),
        stay(60, end=70, origin="followed"),
        visit("ward", request=80),
        stay(-1, end=5),
    ]  # fmt: skip
    result = measured(model, [{"age": "80plus"}], *rows)
    yearly = 2 * 1000 * 365 / 7
    assert result("admissions_per_1000_year") == pytest.approx(yearly / 10_000, rel=1e-12)
    assert result("admissions_per_1000_year", "age_group", "80plus") == pytest.approx(yearly / 550, rel=1e-12)
    assert result("admissions_per_1000_year", "site", "hospital_south") == 0


def test_an_admission_after_a_ward_that_was_given_up_is_no_move(model):
    rows = [visit("ward", request=0, release=5), stay(5, end=9, site="hospital_south", origin="left")]
    result = measured(model, [{}], *rows)
    assert result("admissions_per_1000_year") == pytest.approx(1000 * 365 / 7 / 10_000, rel=1e-12)


def test_ready_for_discharge_is_who_keeps_a_bed_after_the_end_of_ward_care(model):
    care = {"service": "primary_care", "site": "vc_norrby", "origin": "referred"}
    rows = [
        stay(0, end=10, release=34, episode=0), visit(**care, request=10, start=34, episode=0),
        stay(0, end=20, episode=1), visit(**care, request=20, start=20, episode=1),
        stay(0, end=30, episode=2),
        stay(-60, end=-36, release=12, episode=3), visit(**care, request=-36, start=12, episode=3),
        stay(0, end=40, release=50, episode=4), stay(40, start=50, site="hospital_south", episode=4, origin="referred"),
    ]  # fmt: skip
    whose = [{"age": "80plus"}, {}, {}, {}, {}]
    result = measured(model, whose, *rows)
    assert result("discharge_ready_bed_days_per_day") == (24 + 12) / WINDOW_H
    assert result("discharge_ready_share_of_beds", "site", "hospital_north") == (24 + 12) / (6 * WINDOW_H)
    assert result("discharge_ready_wait_mean_days") == (24 + 12) / DAY / 2  # two became ready in the window
    yearly = 24 / DAY * 1000 * 365 / 7 / (1550 + 550)
    assert result("discharge_ready_days_per_1000_year", "age", "65plus") == pytest.approx(yearly, rel=1e-12)


def test_a_readmission_is_a_new_stay_within_30_days(long):
    rows = [
        stay(0, end=DAY, episode=0), stay(31 * DAY, end=32 * DAY, episode=0, origin="followed"),
        stay(0, end=DAY, episode=1), stay(31 * DAY + 1, end=40 * DAY, episode=1, origin="followed"),
        stay(0, end=DAY, episode=2), stay(DAY + 1, end=2 * DAY, episode=2, site="hospital_south", origin="referred"),
        stay(-9, end=-1, episode=3), stay(5, end=29.9 * DAY, episode=3, origin="followed"),
    ]  # fmt: skip
    result = measured(long, [{}, {}, {}, {"age": "80plus"}], *rows)
    # ended in the first 30 days of the window: 0, 1, the second ward of 2, the second stay of 3
    assert result("readmission_30_days_share") == 1 / 4
    assert result("readmission_30_days_share", "site", "hospital_south") == 0
    assert result("readmission_30_days_share", "age_group", "18_64") == 1 / 3
    assert result("readmission_30_days_share", "age", "65plus") == 0


def test_a_window_of_four_weeks_has_no_readmission_share(model):
    result = measured(model, [{}], stay(0, end=1), stay(5, end=6))
    assert np.isnan(result("readmission_30_days_share"))
    assert "30 days before the end" in result.note("readmission_30_days_share")


def test_rare_cases_are_episodes_and_count_once_at_each_site(model):
    rare = model.rare.copy()
    rare[model.services.index("ward")] = 1
    rows = [
        stay(0, end=1, episode=0), stay(5, end=6, episode=0), stay(9, end=10, site="hospital_south", episode=0),
        stay(-5, end=1, episode=1), stay(7, end=8, episode=1),
        visit("ward", request=3, episode=2),
        er(0, end=1, episode=2),
    ]  # fmt: skip
    result = measured(changed(model, rare=rare), [{}, {}, {}], *rows)
    year = 365 / 7
    assert result("rare_cases_per_year") == pytest.approx(year)
    assert result("rare_cases_per_year", "site", "hospital_north") == pytest.approx(year)
    assert result("rare_cases_per_year", "site", "hospital_south") == pytest.approx(year)


def test_a_bed_pool_based_where_no_ward_is_offered_is_counted_there(model):
    base = model.pool_site.copy()
    base[model.pools.index("beds_north")] = model.sites.index("vc_norrby")
    result = measured(changed(model, pool_site=base), [{}], stay(0, end=42))
    assert result("bed_occupancy", "site", "vc_norrby") == 42 / (6 * WINDOW_H)
    assert np.isnan(result("bed_occupancy", "site", "hospital_north"))
    assert result.note("bed_occupancy", "site", "hospital_north") == "no beds open in the window"


def test_places_that_close_are_counted_while_they_are_open(model):
    pool = model.pools.index("beds_north")
    first = model.capacity_ptr[pool + 1]
    closing = model.window_start + 84 * HOUR
    arrays = {
        "capacity_time": np.insert(model.capacity_time, first, closing),
        "capacity_value": np.insert(model.capacity_value, first, 0),
        "places_value": np.insert(model.places_value, first, 0),
        "capacity_ptr": model.capacity_ptr + (np.arange(len(model.capacity_ptr)) > pool),
    }
    result = measured(changed(model, **arrays), [{}], stay(0, end=100))
    assert result("bed_occupancy", "site", "hospital_north") == 100 / (6 * 84)
    assert result("overbeds_per_100_places", "site", "hospital_north") == 100 * 16 / (6 * 84)
