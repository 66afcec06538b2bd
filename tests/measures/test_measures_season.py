"""Yearly figures free of the season: a contact counts as one over its need's share of the year in the window."""

import numpy as np
import pytest
from hand_made import changed, measured, tiny, visit


@pytest.fixture(scope="module")
def model():
    """A window with 2 % of the year's minor illness, 4 % of the acute and nothing of frailty."""
    model = tiny()
    share = {"minor": 20_000, "acute": 40_000, "frailty": 0}
    return changed(model, window_ppm=np.array([share[need] for need in model.needs]))


def test_a_contact_counts_as_one_over_its_needs_share_of_the_year(model):
    whose = [{"need": "minor", "age": "0_17"}, {"need": "acute"}, {"need": "frailty", "age": "80plus"}]
    result = measured(model, whose, *[visit(request=1, start=1, episode=e) for e in range(3)])
    assert result("er_visits_per_year") == 50 + 25  # of frailty nothing is known
    assert result("er_visits_per_year", "site", "hospital_north") == 75
    assert result("er_visits_per_year", "site", "hospital_south") == 0
    assert result("er_visits_per_1000_year_adjusted") == 7.5
    assert result("er_visits_per_1000_year_adjusted", "age_group", "0_17") == 50 / 2
    assert result("contacts_per_1000_year_adjusted", "service", "er") == 7.5


def test_who_left_is_an_arrival_and_no_contact(model):
    result = measured(model, [{}], visit(request=1, release=3), visit(request=2, release=2, outcome="turned_away"))
    assert result("er_visits_per_year") == 50
    assert result("contacts_per_1000_year_adjusted", "service", "er") == 0


def test_primary_care_visits_are_those_of_primary_care(model):
    doctor = visit("primary_care", "vc_norrby", request=1, start=2, end=3, release=3)
    result = measured(model, [{}], doctor, visit("telephone", "vc_norrby", request=9, start=9))
    assert result("primary_care_visits_per_1000_year_adjusted") == 2.5


def test_admissions_are_stays_begun_and_not_moves(model):
    stay = visit("ward", request=1, start=2, end=9, release=9)
    moved = visit("ward", "hospital_south", request=9, start=9, origin="referred")
    result = measured(model, [{}], stay, moved, visit("ward", request=20, origin="followed"))
    assert result("admissions_per_1000_year_adjusted") == 2.5


def test_only_the_window_counts(model):
    result = measured(model, [{}], visit(request=-1, start=0, end=1, release=1), visit(request=-5, release=1))
    assert result("er_visits_per_year") == 0
