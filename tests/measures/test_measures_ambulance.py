"""Patients of ambulances, counted by hand: the tiny world's self-care, without a site, is its ambulance here."""

import numpy as np
import pytest
from hand_made import changed, measured, tiny, visit

from sim.measures.view import HOME
from sim.model.codes import LEVELS, STAGES, Kind


@pytest.fixture(scope="module")
def model():
    tables = tiny()
    service = tables.services.index("self_care")
    kind, level = tables.kind.copy(), tables.siteless_level.copy()
    kind[service], level[service] = Kind.AMBULANCE, LEVELS.index("mobile_team")
    return changed(tables, kind=kind, siteless_level=level)


def scene(request, **more):
    """Half an hour with an ambulance's crew."""
    return visit("self_care", None, request=request, start=request, end=request + 0.5, release=request + 0.5, **more)


def arrival(request, **more):
    """An hour at the emergency room in the north."""
    return visit(request=request, start=request, end=request + 1, release=request + 1, **more)


def seconds(model, zone):
    return int(model.travel_s[model.zones.index(zone), model.sites.index("hospital_north")])


def test_who_comes_by_ambulance_was_sent_on_by_it_at_once(model):
    result = measured(
        model, [{}] * 4,
        scene(0, episode=0), arrival(1, episode=0, origin="referred"),
        scene(0, episode=1), arrival(50, episode=1, origin="followed"),  # left at home, and came later
        arrival(2, episode=2),
        visit("telephone", "vc_norrby", request=0, start=0, end=0.2, release=0.2, episode=3),
        arrival(3, episode=3, origin="referred"),
    )  # fmt: skip
    assert result("er_ambulance_share") == 1 / 4
    assert result("er_ambulance_share", "site", "hospital_north") == 1 / 4
    assert np.isnan(result("er_ambulance_share", "site", "hospital_south"))


def test_an_ambulance_is_the_contact_before_even_if_that_was_in_the_warm_up(model):
    result = measured(model, [{}], scene(-0.6), arrival(0.1, origin="referred"))
    assert (result("er_ambulance_share"), result("ambulance_per_day")) == (1, 0)


def test_minutes_by_ambulance_are_the_way_to_the_emergency_room_reached(model):
    result = measured(
        model, [{"zone": "holmen"}, {"zone": "soderby"}, {"zone": "norrby"}],
        scene(0, episode=0), arrival(1, episode=0, origin="referred"),
        scene(0, episode=1), arrival(1, episode=1, origin="referred"),
        arrival(1, episode=2),
    )  # fmt: skip
    minutes = (seconds(model, "holmen") + seconds(model, "soderby")) / 60
    assert result("ambulance_min_per_day") == pytest.approx(minutes / 7)


def test_patients_met_are_counted_in_the_window_whether_conveyed_or_not(model):
    result = measured(
        model, [{"acuity": 3, "age": "80plus"}, {"acuity": 1}, {"acuity": 1}, {"acuity": 1}],
        scene(0, episode=0),
        scene(5, episode=1), arrival(6, episode=1, origin="referred"),
        scene(-3, episode=2),
        arrival(4, episode=3),
    )  # fmt: skip
    assert result("ambulance_per_day") == 2 / 7
    assert result.groups("ambulance_per_day", "acuity") == {"1": 1 / 7, "2": 0, "3": 1 / 7, "4": 0, "5": 0}
    assert result("ambulance_per_day", "age_group", "80plus") == 1 / 7


def test_left_at_home_is_who_is_not_sent_on_at_once_of_those_who_are_over(model):
    result = measured(
        model, [{"acuity": 4}] * 4 + [{"acuity": 2}],
        scene(0, episode=0),
        scene(0, episode=1), arrival(90, episode=1, origin="followed"),
        scene(0, episode=2), arrival(1, episode=2, origin="referred"),
        visit("self_care", None, request=167.9, start=167.9, episode=3),  # the run ends while they are there
        scene(0, episode=4), arrival(1, episode=4, origin="referred"),
    )  # fmt: skip
    assert result("ambulance_left_at_home_share") == 2 / 4
    assert result("ambulance_left_at_home_share", "acuity", "4") == 2 / 3
    assert result("ambulance_left_at_home_share", "acuity", "2") == 0


def test_an_ambulance_is_at_no_right_or_wrong_level(model):
    whose = [{"need": "acute", "acuity": 3}]
    alone, conveyed = scene(0), [scene(0), arrival(1, origin="referred")]
    assert np.isnan(measured(model, whose, alone)("right_level_share"))
    result = measured(model, whose, *conveyed)
    assert result("right_level_share") == measured(model, whose, arrival(1))("right_level_share") == 1
    town = "right_level_share", "municipality", "0114"
    assert result(*town) == measured(model, whose, arrival(1))(*town) == 1


def test_the_way_of_an_ambulance_is_a_flow_through_care_at_home(model):
    flows = measured(model, [{}], scene(0), arrival(1, origin="referred"))
    assert flows("flow_contacts_per_1000_year", "flow", f"{STAGES[HOME]}>mobile_team") > 0
    assert flows("flow_contacts_per_1000_year", "flow", "mobile_team>local_hospital") > 0
    assert flows("er_arrivals_per_day", "origin", "first") == 0
    assert flows("er_arrivals_per_day", "origin", "referred") == 1 / 7
