"""What measures make of missed appointments, of units that are held around others, and of beds elsewhere, by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hand_made import HOUR, Measured, measured, people, run, table, tiny, visit

from sim.measures.intervals import place_seconds
from sim.measures.travel import travels

WINDOW_H = 168


@pytest.fixture(scope="module")
def model():
    return tiny()


def missed(service="primary_care", site="vc_norrby", **times):
    return visit(service, site, outcome="missed", **times)


def test_nobody_travels_to_an_appointment_that_is_missed(model):
    came = visit("primary_care", "vc_norrby", request=0, start=8, end=9, release=9)
    found = run(model, [{"zone": "holmen"}], came, missed(request=10, start=20, end=21, release=21))
    assert travels(found.requests).tolist() == [True, False]


def test_the_wait_for_a_missed_appointment_ends_when_it_would_have_begun(model):
    rows = [missed(request=0, start=10, end=11, release=11), missed(request=50)]
    assert measured(model, [{}], *rows)("primary_care_wait_median_h") == 10


def test_what_is_missed_uses_its_unit_and_is_no_admission(model):
    empty = visit("ward", "hospital_north", request=0, start=0, end=20, release=20, outcome="missed", episode=0)
    stay = visit("ward", "hospital_north", request=30, start=30, end=40, release=40, episode=1)
    found, alone = measured(model, [{}, {}], empty, stay), measured(model, [{}, {}], stay)
    assert found("bed_occupancy", "site", "hospital_north") == 30 / (6 * WINDOW_H)
    assert found("admissions_per_1000_year") == alone("admissions_per_1000_year") > 0


def test_a_stay_after_one_that_was_missed_is_no_move_between_wards(model):
    empty = visit("ward", "hospital_north", request=0, start=0, end=20, release=20, outcome="missed")
    stay = visit("ward", "hospital_south", request=20, start=20, end=40, release=40, origin="referred")
    assert measured(model, [{}], empty, stay)("admissions_per_1000_year") > 0


def test_a_place_that_is_held_around_another_contact_is_boarding_only_while_that_is_waited_for(model):
    er = visit(request=0, start=0, end=2, release=9)
    inside = visit("primary_care", "vc_norrby", request=2, start=5, end=9, release=9, origin="referred")
    assert measured(model, [{}], er, inside)("er_boarding_h_per_day") == pytest.approx(3 / 7)
    assert measured(model, [{}], er, inside)("er_stay_median_min") == 9 * 60


def test_a_bed_that_is_held_around_another_contact_is_kept_only_while_that_is_waited_for(model):
    ward = visit("ward", "hospital_north", request=0, start=0, end=2, release=9)
    inside = visit("primary_care", "vc_norrby", request=2, start=5, end=9, release=9, origin="referred")
    found = measured(model, [{}], ward, inside)
    assert found("discharge_ready_bed_days_per_day") == pytest.approx(3 / WINDOW_H)
    assert found("bed_occupancy", "site", "hospital_north") == 9 / (6 * WINDOW_H)


def test_a_bed_elsewhere_is_a_bed_of_the_pool_in_which_the_patient_lies(model):
    """The ward of the north may also use the places of the ER in the south."""
    offers = len(model.offer_pool)
    north = model.offer[model.sites.index("hospital_north"), model.services.index("ward")]
    south = model.offer[model.sites.index("hospital_south"), model.services.index("er")]
    other = model.offer_pool[south]
    count = np.ones(offers, dtype=np.int64)
    count[north] = 2
    several = replace(
        model,
        offer_pools_ptr=np.append(0, np.cumsum(count)),
        offer_pools=np.insert(model.offer_pool, north + 1, other),
        offer_spill_s=np.zeros(offers + 1, dtype=np.int64),
    )
    whose = people(several, {})
    contacts = table(several, whose, visit("ward", "hospital_north", request=0, start=0, end=20, release=20))
    found = Measured(several, whose, replace(contacts, pool=np.array([other])))
    others_h = place_seconds(model, model.window_start, model.horizon)[other] / HOUR
    assert others_h > 0
    assert found("bed_occupancy", "site", "hospital_north") == 0
    assert found("bed_occupancy", "site", "hospital_south") == pytest.approx(20 / (10 * WINDOW_H + others_h))
