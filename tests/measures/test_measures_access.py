"""Waits for primary care, clinics and the telephone, counted by hand."""

import numpy as np
import pytest
from hand_made import changed, measured, tiny, visit

from sim.model.codes import Kind

DAY = 24


def doctor(request, start=None, **more):
    """A visit in primary care that takes half an hour, or one that has not started."""
    times = {} if start is None else {"start": start, "end": start + 0.5, "release": start + 0.5}
    return visit("primary_care", "vc_norrby", request=request, **times, **more)


def call(request, start=None, **more):
    times = {} if start is None else {"start": start, "end": start + 0.1, "release": start + 0.1}
    return visit("telephone", "vc_norrby", request=request, **times, **more)


@pytest.fixture(scope="module")
def model():
    return tiny()


@pytest.fixture(scope="module")
def clinics():
    """Four months of the tiny world in which primary care is a clinic."""
    model = tiny("baseline", "end=2028-01-31")  # 120 days
    kind = model.kind.copy()
    kind[model.services.index("primary_care")] = Kind.CLINIC
    return changed(model, kind=kind)


def test_the_median_wait_is_that_of_all_who_asked_in_the_window(model):
    result = measured(model, [{}], doctor(-1, 90), doctor(0, 2), doctor(0, 10), doctor(0, 50))
    assert result("primary_care_wait_median_h") == 10
    assert result("primary_care_wait_median_h", "age_group", "18_64") == 10
    assert result.note("primary_care_wait_median_h", "age_group", "0_17") == "no contacts"


def test_within_three_days_the_unstarted_are_late_and_the_last_three_days_do_not_ask(model):
    gave_up = doctor(0, release=30)
    result = measured(
        model, [{}], doctor(0, 72), doctor(0, 72.1), gave_up, doctor(10), doctor(96, 97), doctor(96.1, 97)
    )
    assert result("primary_care_share_within_3_days") == 2 / 5


def test_calls_are_answered_within_ten_minutes_or_late(model):
    rows = [call(0, 1 / 6), call(0, 0.2), call(5, 5), call(167.9)]
    result = measured(model, [{}], *rows)
    assert result("telephone_share_within_10_min") == 2 / 3
    assert result("telephone_wait_median_min") == 10
    assert result("telephone_wait_p90_min") == 12


def test_where_calls_lead_is_told_of_answered_calls(model):
    rows = [
        call(0, 0.1, episode=0), visit(request=1, start=1, episode=0, origin="referred"),
        call(0, 0.1, episode=1), visit("self_care", None, request=1, start=1, episode=1, origin="referred"),
        call(0, 0.1, episode=2),
        call(0, release=1, episode=3), visit(request=1, start=1, episode=3, origin="left"),
        call(0, 0.1, episode=4), doctor(3, 4, episode=4, origin="referred"),
    ]  # fmt: skip
    result = measured(model, [{"age": "0_17"}, {}, {}, {}, {}], *rows)
    assert result("telephone_to_er_share") == 1 / 4
    assert result("telephone_to_self_care_share") == 1 / 4
    assert result("telephone_to_er_share", "age_group", "0_17") == 1


def test_ninety_days_cannot_be_judged_in_four_weeks(model):
    result = measured(model, [{}], doctor(0, 1))
    assert np.isnan(result("clinic_share_within_90_days"))
    assert result.note("clinic_share_within_90_days") == "no contacts so long before the end of the run"


def test_ninety_days_are_judged_where_the_window_is_long_enough(clinics):
    result = measured(
        clinics, [{}], doctor(0, 90 * DAY), doctor(0, 90 * DAY + 0.1), doctor(1), doctor(100 * DAY, 101 * DAY)
    )
    assert result("clinic_share_within_90_days") == 1 / 3


def test_started_clinic_contacts_count_those_who_asked_before_the_run(clinics):
    whose = [{}] * 5
    result = measured(
        clinics, whose,
        doctor(-100 * DAY, 1, episode=0, origin="initial"),
        doctor(-50 * DAY, 2, episode=1, origin="initial"),
        doctor(-40 * DAY, -1, episode=2, origin="initial"),
        doctor(0, 10 * DAY, episode=3),
        doctor(0, episode=4),
    )  # fmt: skip
    assert result("clinic_started_wait_median_days") == 50 + 2 / DAY  # of 100, 50 and 10 days
    assert result("clinic_started_share_within_90_days") == 2 / 3
    assert result("clinic_started_share_within_90_days", "municipality", "0114") == 2 / 3
    assert (
        result.note("clinic_started_wait_median_days", "municipality", "0115")
        == "no first contact started in the window"
    )


def test_a_later_clinic_contact_of_an_episode_is_no_first_contact(clinics):
    result = measured(
        clinics, [{}],
        doctor(0, release=1), doctor(2, 2 + 5 * DAY, origin="left"), doctor(20 * DAY, 21 * DAY, origin="followed"),
    )  # fmt: skip
    assert result("clinic_started_wait_median_days") == 5  # the first that took place


def test_those_who_still_wait_are_told_apart_from_those_seen(clinics):
    end = 120 * DAY + 1  # an hour more when summer time ends
    rows = [
        doctor(end - 90 * DAY),
        doctor(end - 91 * DAY),
        doctor(-10 * DAY),
        doctor(0, 1),
        doctor(90 * DAY, release=100 * DAY),
    ]
    result = measured(clinics, [{}], *rows)
    assert result("clinic_waiting_share_within_90_days") == 1 / 3
    assert result.note("clinic_waiting_share_within_90_days", "age_group", "80plus") == "nobody waits"
