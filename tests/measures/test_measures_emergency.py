"""Load of the emergency rooms, counted by hand in a window of 168 hours with two ERs."""

import numpy as np
import pytest
from hand_made import measured, people, table, tiny, visit

from sim.measures import measure

WINDOW_H = 168


def seen(request, start=None, end=None, release=None, **more):
    """A finished visit that took place at once and lasted an hour, unless something else is said."""
    start = request if start is None else start
    end = start + 1 if end is None else end
    return visit(request=request, start=start, end=end, release=end if release is None else release, **more)


@pytest.fixture(scope="module")
def model():
    return tiny()


def test_arrivals_are_requests_in_the_window(model):
    result = measured(model, [{}], seen(-1), seen(0), seen(167.9), visit(request=5, outcome="unserved", site=None))
    assert result("er_arrivals_per_day") == 2 / 7
    assert result("er_arrivals_per_day", "site", "hospital_north") == 2 / 7
    assert result("er_arrivals_per_day", "site", "hospital_south") == 0


def test_arrivals_by_hour_of_the_week_are_rates_per_day_in_that_hour(model):
    result = measured(model, [{}], seen(0.5), seen(0.9), seen(25))
    hours = result.groups("er_arrivals_per_day", "hour_of_week")
    assert len(hours) == WINDOW_H
    assert (hours["0"], hours["25"], hours["1"]) == (48, 24, 0)


def test_children_are_shown_in_every_cut_by_age_group(model):
    result = measured(model, [{"age": "0_17"}], seen(0))
    by_age = result.frame[result.frame["by"] == "age_group"]
    groups = by_age.groupby("measure")["group"].agg(set)
    assert len(groups) > 15
    assert all(g == {"0_17", "18_64", "65_79", "80plus"} for g in groups)
    assert result("er_arrivals_per_day", "age_group", "0_17") == 1 / 7
    assert result("er_arrivals_per_day", "age_group", "80plus") == 0


def test_visits_per_1000_are_of_the_groups_residents_and_scaled_to_a_year(model):
    result = measured(model, [{"age": "80plus", "zone": "soderby"}], seen(0), seen(1))
    yearly = 2 * 1000 * 365 * 24 / WINDOW_H  # 2027 has 365 days
    assert result("er_visits_per_1000_year") == pytest.approx(yearly / 10_000, rel=1e-12)
    assert result("er_visits_per_1000_year", "age_group", "80plus") == pytest.approx(yearly / 550, rel=1e-12)
    assert result("er_visits_per_1000_year", "municipality", "0115") == pytest.approx(yearly / 6000, rel=1e-12)


def test_a_patient_is_present_from_request_to_release_and_only_the_window_counts(model):
    result = measured(model, [{}], seen(-5, end=-1, release=3), seen(1, start=2, end=3, release=4))
    assert result("er_present_mean") == 6 / WINDOW_H
    assert result("er_present_mean", "site", "hospital_north") == 6 / WINDOW_H
    hours = result.groups("er_present_mean", "hour_of_week")
    assert [hours[str(h)] for h in range(5)] == [1, 2, 2, 1, 0]
    north = result.groups("er_present_mean", "site_hour_of_week")
    assert [north[f"hospital_north|{h}"] for h in range(5)] == [1, 2, 2, 1, 0]


def test_who_left_is_present_until_leaving_and_who_is_there_at_the_end_until_then(model):
    result = measured(model, [{}], visit(request=0, release=2), visit(request=164), visit(request=166, start=167))
    assert result("er_present_mean") == (2 + 4 + 2) / WINDOW_H


def test_the_95th_percentile_is_that_of_time(model):
    nine_hours = 0.05 * WINDOW_H + 0.6
    result = measured(model, [{}], seen(0, end=nine_hours), seen(0, end=nine_hours))
    assert result("er_present_p95") == 2  # present for more than 5 % of the time
    result = measured(model, [{}], seen(0, end=8.3), seen(0, end=8.3))
    assert result("er_present_p95") == 0


def test_places_are_averaged_over_the_day(model):
    result = measured(model, [{}], seen(0))
    assert result("er_places", "site", "hospital_north") == pytest.approx((7 * 2 + 17 * 4) / 24, abs=1e-6)
    assert result("er_places") == pytest.approx(2 * (7 * 2 + 17 * 4) / 24, abs=1e-6)


def test_time_above_places_needs_more_patients_than_places(model):
    three, four = [seen(0, end=12)] * 3, [seen(24, end=31)] * 4  # 3.42 places
    result = measured(model, [{}], *three, *four)
    assert result("er_share_time_above_places", "site", "hospital_north") == 7 / WINDOW_H
    assert result("er_share_time_above_places", "site", "hospital_south") == 0
    assert result("er_share_time_above_places") == 7 / (2 * WINDOW_H)


def test_boarding_is_the_time_between_the_end_of_treatment_and_release(model):
    result = measured(
        model,
        [{}],
        seen(-3, end=-2, release=1),
        seen(10, end=12, release=17),
        seen(20, end=24),
        visit(request=30, start=31),
    )
    assert result("er_boarding_h_per_day") == 6 / 7
    assert result("er_boarding_h_per_day", "site", "hospital_south") == 0


def test_waits_are_those_of_kaplan_and_meier(model):
    waits = [seen(0, start=k, end=9) for k in (1, 3, 4)]
    result = measured(model, [{}], *waits, visit(request=0, release=2))
    # at 1 h 3/4 still wait, one leaves at 2 h, at 3 h 3/8, at 4 h 0
    assert result("er_wait_median_min") == 180
    assert result("er_wait_p90_min") == 240
    assert result("er_left_share") == 1 / 4


def test_a_wait_that_too_few_reach_is_missing_with_its_reason(model):
    result = measured(model, [{}], seen(0), visit(request=1, release=2), visit(request=1, release=3))
    assert np.isnan(result("er_wait_p90_min"))
    assert result.note("er_wait_p90_min") == "not reached before leaving or the end of the run"
    assert result.note("er_wait_p90_min", "site", "hospital_south") == "no contacts"


def test_waits_and_stays_are_also_cut_by_age_and_waits_by_acuity(model):
    whose = [{"age": "0_17", "acuity": 5}, {"age": "18_64", "acuity": 2}, {"age": "80plus", "acuity": 2}]
    result = measured(
        model, whose,
        seen(0, start=3, end=5), seen(0, start=1, end=7, episode=1), seen(0, start=2, end=9, episode=2),
    )  # fmt: skip
    assert result.groups("er_wait_median_min", "acuity")["2"] == 60
    assert result.groups("er_wait_p90_min", "acuity")["2"] == 120
    assert result("er_wait_median_min", "acuity", "5") == 180
    assert result("er_stay_median_min", "age_group", "0_17") == 300
    assert result("er_stay_median_min", "age", "18plus") == 420
    assert result("er_stay_median_min", "age", "65plus") == 540
    assert result("er_share_within_4h", "age", "18plus") == 0
    assert result("er_left_share", "age_group", "0_17") == 0


def test_a_stay_counts_boarding_and_those_who_left(model):
    result = measured(model, [{}], seen(0, end=2, release=10), visit(request=0, release=4))
    assert result("er_stay_median_min") == 240
    assert result("er_stay_p90_min") == 600


def test_the_stay_of_those_admitted_is_until_they_are_in_a_bed(model):
    rows = [visit(request=0, start=0, end=5, release=5, episode=2)]  # goes home
    for episode, hour in enumerate((3, 9)):  # is admitted after an hour and waits for a bed
        rows.append(visit(request=0, start=0, end=1, release=hour, episode=episode))
        rows.append(visit("ward", request=1, start=hour, end=20, release=20, episode=episode, origin="referred"))
    result = measured(model, [{}, {}, {}], *rows)
    assert result("er_stay_admitted_median_min") == 180
    assert result("er_stay_admitted_median_min", "age_group", "18_64") == 180
    nobody = measured(model, [{}], visit(request=0, start=0, end=5, release=5))
    assert nobody.note("er_stay_admitted_median_min") == "nobody was admitted"


def test_within_four_hours_asks_only_those_who_came_four_hours_before_the_end(model):
    result = measured(model, [{}], seen(0, end=4), seen(0, end=4.01), visit(request=164), visit(request=164.1))
    assert result("er_share_within_4h") == 1 / 3
    late = measured(model, [{}], visit(request=165, start=165))
    assert np.isnan(late("er_share_within_4h"))
    assert late.note("er_share_within_4h") == "no contacts four hours before the end"


def test_admitted_is_who_goes_on_to_a_ward_at_once_of_those_who_are_over(model):
    whose = [{}] * 5
    result = measured(
        model, whose,
        seen(0, release=2, episode=0), visit("ward", request=1, start=2, episode=0, origin="referred"),
        seen(0, episode=1), visit("ward", request=90, start=90, episode=1, origin="followed"),
        seen(0, episode=2), visit("er", request=90, release=91, episode=2, origin="followed"),
        visit(request=0, start=1, episode=3),
    )  # fmt: skip
    assert result("er_share_admitted") == 1 / 4  # of three first visits and one return; one is not over


def test_who_sent_the_patient_is_told_by_the_contact_before(model):
    call = {"service": "telephone", "site": "vc_norrby", "request": 0, "start": 0, "end": 0.2, "release": 0.2}
    doctor = {**call, "service": "primary_care"}
    gave_up = {"service": "telephone", "site": "vc_norrby", "request": 0, "release": 0.5}
    result = measured(
        model, [{}, {"age": "0_17"}, {}, {}],
        visit(**call, episode=0), seen(1, episode=0, origin="referred"),
        visit(**doctor, episode=1), seen(1, episode=1, origin="referred"),
        visit(**gave_up, episode=2), seen(1, episode=2, origin="left"),
        seen(1, episode=3),
    )  # fmt: skip
    assert result("er_referred_by_telephone_share") == 1 / 4
    assert result("er_referred_by_primary_care_share") == 1 / 4
    assert result("er_referred_by_primary_care_share", "age_group", "0_17") == 1


def test_the_treatable_share_is_weighed_by_need_and_acuity(model):
    whose = [{"acuity": 1}, {"acuity": 2}, {"need": "minor", "acuity": 4}, {"need": "minor", "acuity": 5}]
    result = measured(model, whose, *[seen(k, episode=k) for k in range(4)])
    assert result("er_share_treatable_in_primary_care") == (0.5 + 1) / 4
    assert result.groups("er_acuity_share", "acuity") == {"1": 0.25, "2": 0.25, "3": 0, "4": 0.25, "5": 0.25}


def test_a_closed_site_stays_in_every_cut(model):
    closed = tiny("closed_er")
    before, after = (measure(m, people(m, {}), table(m, people(m, {}), seen(0))) for m in (model, closed))
    cell = ["measure", "by", "group"]
    assert before[cell].values.tolist() == after[cell].values.tolist()
    rows = after.set_index(cell)
    nobody = measured(closed, [{}], seen(0, site="hospital_south"))
    assert nobody("er_arrivals_per_day", "site", "hospital_north") == 0
    assert nobody("er_present_mean", "site", "hospital_north") == 0
    assert np.isnan(nobody("er_wait_median_min", "site", "hospital_north"))
    assert nobody.note("er_share_time_above_places", "site", "hospital_north") == "no places in the window"
    assert rows["value"].isna().sum() == (rows["note"].str.len() > 0)[rows["value"].isna()].sum()
