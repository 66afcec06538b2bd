"""Who travels, how far and how long, counted by hand from the tiny world's travel table."""

import numpy as np
import pytest
from hand_made import measured, run, tiny, visit
from stories import Person, episodes
from worlds import Offer, Sketch, service, way

from sim.measures import measure
from sim.measures.equity import spread
from sim.measures.travel import travels
from sim.simulation import simulate_episodes

YEAR_OVER_WINDOW = 365 / 7


@pytest.fixture(scope="module")
def model():
    return tiny()


def road(model, place, site):
    """Metres and seconds of the model's travel table."""
    row = [*model.zones, *model.sites].index(place)
    column = model.sites.index(site)
    return int(model.travel_m[row, column]), int(model.travel_s[row, column])


def test_a_walk_in_patient_travels_whether_served_or_not(model):
    metres, seconds = road(model, "soderby", "hospital_north")
    result = measured(
        model, [{"zone": "soderby"}], visit(request=0, start=0, end=1, release=1), visit(request=5, release=6)
    )
    assert result("travel_km_per_contact") == metres / 1000
    assert result("travel_min_per_contact") == seconds / 60
    assert result("travel_km_per_resident_year") == pytest.approx(2 * metres / 1000 * YEAR_OVER_WINDOW / 10_000)
    assert result("travel_min_per_resident_year", "municipality", "0115") == pytest.approx(
        2 * seconds / 60 * YEAR_OVER_WINDOW / 6000
    )
    assert result("travel_min_per_resident_year", "municipality", "0114") == 0
    assert np.isnan(result("travel_min_per_contact", "municipality", "0114"))
    assert result.note("travel_min_per_contact", "municipality", "0114") == "nobody travelled"


def test_remote_outreach_and_self_care_move_no_patient(model):
    rows = [
        visit("telephone", "vc_norrby", request=0, start=0, end=1, release=1),
        visit("mobile_team", "vc_norrby", request=10, start=11, end=12, release=13),
        visit("self_care", None, request=20, start=20, end=21, release=21),
    ]
    result = measured(model, [{}], *rows)
    assert result("travel_km_per_resident_year") == 0
    assert np.isnan(result("travel_km_per_contact"))


def test_a_booked_patient_travels_only_if_service_starts(model):
    rows = [
        visit("primary_care", "vc_norrby", request=0, start=8, end=9, release=9),
        visit("primary_care", "vc_norrby", request=20, release=60),
        visit("primary_care", "vc_norrby", request=100),
    ]
    result = run(model, [{"zone": "holmen"}], *rows)
    assert travels(result.requests).tolist() == [True, False, False]


def test_a_booked_contact_that_was_waited_for_begins_at_home(model):
    at_once = visit("primary_care", "vc_norrby", request=1, start=1, end=2, release=2, place="hospital_north")
    waited = {**at_once, "start": 20, "end": 21, "release": 21}
    result = measured(model, [{"zone": "holmen"}], at_once)
    assert result("travel_km_per_contact") == road(model, "hospital_north", "vc_norrby")[0] / 1000
    result = measured(model, [{"zone": "holmen"}], waited)
    assert result("travel_km_per_contact") == road(model, "holmen", "vc_norrby")[0] / 1000


def test_who_goes_on_at_the_same_site_does_not_travel(model):
    stay = visit("ward", "hospital_north", request=1, start=1, end=50, release=50, place="hospital_north")
    result = measured(model, [{}], visit(request=0, start=0, end=1, release=1), stay)
    assert result("travel_km_per_contact") == road(model, "norrby", "hospital_north")[0] / 1000


def test_transfers_are_journeys_from_a_site(model):
    moved = visit("ward", "hospital_south", request=2, start=2, end=50, release=50, place="hospital_north")
    result = measured(model, [{}], visit(request=0, start=0, end=1, release=1), moved)
    there, on = road(model, "norrby", "hospital_north")[0], road(model, "hospital_north", "hospital_south")[0]
    assert result("transfer_km_per_day") == pytest.approx(on / 7000)
    assert result("travel_km_per_contact") == (there + on) / 2000
    grams = (2 * there + on) / 1000 * 150  # home there and back, the transfer one way
    assert result("co2_t_per_year") == pytest.approx(grams / 1e6 * YEAR_OVER_WINDOW)


def test_teams_drive_from_base_to_home_and_back_if_they_start(model):
    rows = [
        visit("mobile_team", "vc_norrby", request=10, start=11, end=12, release=13),
        visit("mobile_team", "vc_norrby", request=20, release=30),
    ]
    result = measured(model, [{"zone": "holmen", "need": "frailty", "age": "80plus"}], *rows)
    metres = road(model, "holmen", "vc_norrby")[0]
    assert result("outreach_km_per_day") == pytest.approx(2 * metres / 7000)
    assert result("co2_t_per_year") == pytest.approx(2 * metres / 1000 * 150 / 1e6 * YEAR_OVER_WINDOW)


def test_median_and_p90_are_nearest_ranks(model):
    rows = [visit(request=k, start=k, end=k + 1, release=k + 1, episode=k) for k in range(10)]
    whose = [{"zone": "norrby"}] * 5 + [{"zone": "soderby"}] * 4 + [{"zone": "holmen"}]
    near, middle, far = (road(model, z, "hospital_north")[1] / 60 for z in ("norrby", "soderby", "holmen"))
    assert near < middle < far
    result = measured(model, whose, *rows)
    assert (result("travel_median_min"), result("travel_p90_min")) == (near, middle)
    assert result("travel_median_min", "need", "acute") == near
    assert result("travel_p90_min", "age_group", "18_64") == middle


def test_the_way_of_the_urgent_is_from_home_to_the_er_reached(model):
    whose = [{"acuity": 1, "zone": "holmen"}, {"acuity": 2}, {"acuity": 3, "zone": "soderby"}]
    rows = [visit(request=0, start=0, episode=e) for e in range(3)]
    rows.append(visit("er", "hospital_south", request=9, start=9, episode=0, place="hospital_north"))  # not from home
    far, near = road(model, "holmen", "hospital_north")[1] / 60, road(model, "norrby", "hospital_north")[1] / 60
    result = measured(model, whose, *rows)
    assert (result("urgent_min_to_er_median"), result("urgent_min_to_er_p90")) == (near, far)
    assert result("urgent_share_over_30_min") == (0.5 if far > 30 else 0)
    assert result("urgent_min_to_er_median", "age_group", "18_64") == near


def test_the_spread_is_that_of_municipalities(model):
    rows = [visit(request=0, start=0, end=1, release=1), visit(request=0, start=0, end=1, release=1, episode=1)]
    result = measured(model, [{"zone": "norrby"}, {"zone": "soderby"}], *rows)
    by = result.groups("travel_min_per_resident_year", "municipality")
    assert result("spread_travel_min_p90_p10") == abs(by["0115"] - by["0114"])


def test_a_spread_is_nearest_rank_and_leaves_out_what_is_missing():
    assert spread(np.arange(1.0, 11)) == 9 - 1
    assert spread(np.array([4.0, np.nan, 9.0])) == 5
    assert np.isnan(spread(np.array([np.nan])))


def test_teams_that_carry_drive_to_the_site_and_from_there_to_their_base(tmp_path):
    """A km a minute: 10 out; one is carried 30 to the hospital and the team has 15 home, the other goes nowhere."""
    services = {"team": service(20, "outreach", then=[way("er", 0.5, "carried"), way("exit", 0.5)]), "er": service(60)}
    sites = {"a": {"team": Offer(9, tour=True)}, "b": {"er": Offer(9)}}
    roads = {("home", "a"): 10, ("home", "b"): 30, ("a", "b"): 15}
    model = Sketch(services, sites, travel=roads).compile(tmp_path)
    people = episodes(model, [Person(0, key=k) for k in range(1, 9)])
    contacts = simulate_episodes(model, people, "simpy")
    carried = int((contacts.service == model.services.index("er")).sum())
    assert 0 < carried < 8
    found = measure(model, people, contacts).set_index(["measure", "by", "group"])["value"]
    assert found["outreach_km_per_day", "all", ""] == pytest.approx(carried * (10 + 30 + 15) + (8 - carried) * 20)
