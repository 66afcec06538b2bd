"""How near an open emergency room is, counted by hand over the zones of the tiny world."""

import numpy as np
import pytest
from hand_made import HOUR, changed, measured, tiny, visit

from sim.model.codes import AGE_GROUPS

CALM = visit(request=0, start=0, end=1, release=1)
ZONES = {"norrby": (600, 1800, 450, 150), "holmen": (200, 500, 200, 100), "soderby": (1200, 3600, 900, 300)}


@pytest.fixture(scope="module")
def model():
    return tiny()


def seconds(model, zone, site):
    return int(model.travel_s[model.zones.index(zone), model.sites.index(site)])


def with_hours(model, site, opens, closes):
    """The model whose ER at a site is open between two hours of the window alone."""
    offer = model.offer[model.sites.index(site), model.services.index("er")]
    pieces = [model.open_time[a:b] for a, b in zip(model.open_ptr[:-1], model.open_ptr[1:], strict=True)]
    pieces[offer] = np.array([model.window_start + opens * HOUR, model.window_start + closes * HOUR])
    return changed(model, open_time=np.concatenate(pieces), open_ptr=np.append(0, np.cumsum([len(p) for p in pieces])))


def near(model, sites, limit):
    return sum(sum(n) for z, n in ZONES.items() if any(seconds(model, z, s) <= limit for s in sites))


def test_the_nearest_er_is_weighed_by_people(model):
    result = measured(model, [{}], CALM)
    nearest = {z: min(seconds(model, z, s) for s in ("hospital_north", "hospital_south")) for z in ZONES}
    total = sum(nearest[z] * sum(n) for z, n in ZONES.items())
    assert result("nearest_er_min") == pytest.approx(total / 10_000 / 60, rel=1e-12)
    assert result("nearest_er_min", "municipality", "0115") == nearest["soderby"] / 60
    children = sum(nearest[z] * n[0] for z, n in ZONES.items()) / 2000
    assert result("nearest_er_min", "age_group", "0_17") == pytest.approx(children / 60, rel=1e-12)


def test_with_one_er_closed_the_other_is_the_nearest():
    model = tiny("closed_er")
    result = measured(model, [{}], visit(site="hospital_south", request=0, start=0, end=1, release=1))
    total = sum(seconds(model, z, "hospital_south") * sum(n) for z, n in ZONES.items())
    assert result("nearest_er_min") == pytest.approx(total / 10_000 / 60, rel=1e-12)


def test_the_share_near_an_er_is_averaged_over_time(model):
    result = measured(with_hours(model, "hospital_north", 10, 94), [{}], CALM)  # half of 168 hours
    both = near(model, ("hospital_north", "hospital_south"), 1800)
    one = near(model, ("hospital_south",), 1800)
    assert 0 < one < both
    assert result("people_share_within_30_min_er") == pytest.approx((both + one) / 2 / 10_000, rel=1e-12)
    hours = result.groups("people_share_within_30_min_er", "hour_of_week")
    assert [hours[str(h)] for h in (9, 10, 93, 94)] == [one / 1e4, both / 1e4, both / 1e4, one / 1e4]


def test_fifteen_minutes_reach_fewer_than_thirty(model):
    slower = model.travel_s.copy()
    slower[model.zones.index("norrby"), model.sites.index("hospital_north")] = 901
    result = measured(changed(model, travel_s=slower), [{}], CALM)
    assert result("people_share_within_15_min_er") == sum(ZONES["soderby"]) / 10_000
    assert result("people_share_within_30_min_er") == (sum(ZONES["soderby"]) + sum(ZONES["norrby"])) / 10_000
    assert result("people_share_within_15_min_er", "municipality", "0114") == 0
    slower[model.zones.index("norrby"), model.sites.index("hospital_north")] = 900
    result = measured(changed(model, travel_s=slower), [{}], CALM)
    assert result("people_share_within_15_min_er", "municipality", "0114") == sum(ZONES["norrby"]) / 4000


def test_an_er_counts_only_for_the_ages_that_it_serves(model):
    children = AGE_GROUPS.index("0_17")
    choice = model.choice_set.copy()
    choice[model.services.index("er"), :, children] = -1
    result = measured(changed(model, choice_set=choice), [{}], CALM)
    assert result("people_share_within_30_min_er", "age_group", "0_17") == 0
    assert result("people_share_within_30_min_er", "age_group", "18_64") > 0
    assert np.isnan(result("nearest_er_min", "age_group", "0_17"))
    assert result.note("nearest_er_min", "age_group", "0_17") == "no emergency room is open"


def test_without_any_open_er_nobody_is_near_one(model):
    never = changed(model, open_time=np.zeros(0, dtype=np.int64), open_ptr=np.zeros_like(model.open_ptr))
    result = measured(never, [{}], CALM)
    assert result("people_share_within_30_min_er") == 0
    assert np.isnan(result("nearest_er_min"))
