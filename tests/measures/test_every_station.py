"""Every service and pool as a station: counted by hand, and held against the law of M/M/c."""

from math import factorial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hand_made import measured, people, table, tiny, visit

from sim import home_site_flows, occupancy_by_hour, simulate, station_table
from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.credibility.verification.theory import erlang_c, mmc_wait
from sim.measures.intervals import place_seconds, place_seconds_between
from sim.simulation import Simulation

MMC = Path(__file__).resolve().parents[2] / "docs" / "examples" / "mmc"
WEEK = 168  # hours of the tiny world's window
# four ask: one starts at once, one after half an hour, one leaves after two, one is turned away at once; and one asked
# before the window and starts an hour into it
ASKED = [
    visit(request=10, start=10, end=11, release=11),
    visit(episode=1, request=10, start=10.5, end=12, release=12),
    visit(episode=2, request=20, release=22),
    visit(episode=3, request=30, release=30, outcome="turned_away"),
    visit(episode=4, request=-1, start=1, end=2, release=2),
]
WHOSE = [{}, {"zone": "soderby"}, {}, {}, {}]


@pytest.fixture(scope="module")
def model():
    return tiny()


def test_waits_of_a_service_are_counted_by_hand(model):
    result = measured(model, WHOSE, *ASKED)
    joined, hours = 3, 0.5 + 2 + 1  # of the last one, what lies in the window
    expected = {
        "wait_mean_h": hours / joined, "waited_share": 2 / joined, "wait_over_10_min_share": 2 / joined,
        "wait_over_1_h_share": 1 / joined, "wait_over_24_h_share": 0, "balked_per_day": 1 / 7, "left_per_day": 1 / 7,
        "waiting_mean": hours / WEEK, "present_mean": (1 + 2 + 2 + 2) / WEEK,
    }  # fmt: skip
    assert {name: result(name, "service", "er") for name in expected} == pytest.approx(expected)
    assert np.isnan(result("wait_over_30_days_share", "service", "er"))
    assert "so long before" in result.note("wait_over_30_days_share", "service", "er")
    assert np.isnan(result("wait_mean_h", "service", "ward"))


def test_whoever_asks_near_the_end_says_nothing_of_long_waits(model):
    rows = [visit(request=0, start=30, end=31, release=31), visit(episode=1, request=150)]
    result = measured(model, [{}, {}], *rows)
    assert result("wait_over_24_h_share", "service", "er") == 1
    assert result("wait_over_1_h_share", "service", "er") == 1
    assert result("waited_share", "service", "er") == 1


def test_the_law_of_the_number_is_that_of_the_time(model):
    half = [visit(episode=e, request=0, start=0, end=WEEK / 2 + 1, release=WEEK / 2 + 1) for e in range(3)]
    short = [
        visit(episode=3 + e, request=100, start=108, end=109, release=109) for e in range(2)
    ]  # 8 of 168 hours wait
    result = measured(model, [{}] * 5, *half, *short)
    assert result("present_p50", "service", "er") == 3
    assert result("present_p95", "service", "er") == 3
    assert result("waiting_p50", "service", "er") == 0
    assert result("waiting_p95", "service", "er") == 0  # 4.8 % of the time
    longer = [visit(episode=3 + e, request=99, start=108, end=109, release=109) for e in range(2)]
    assert measured(model, [{}] * 5, *half, *longer)("waiting_p95", "service", "er") == 2


def test_use_is_told_of_every_pool_and_of_the_pools_of_a_service(model):
    result = measured(model, WHOSE, *ASKED)
    pool = model.pools[model.offer_pool[model.offer[model.sites.index("hospital_north"), model.services.index("er")]]]
    opened = dict(zip(model.pools, place_seconds(model, model.window_start, model.horizon) / 3600, strict=True))
    assert result("pool_utilisation", "pool", pool) == pytest.approx((1 + 1.5 + 1) / opened[pool])
    ers = [p for p in model.pools if model.resources[model.pool_resource[model.pools.index(p)]] == "er_place"]
    assert result("pool_utilisation", "service", "er") == pytest.approx(3.5 / sum(opened[p] for p in ers))


def test_visits_go_from_homes_to_sites_and_costs_are_where_pools_stand(model):
    result = measured(model, WHOSE, *ASKED)
    flows = result.groups("er_arrivals_per_day", "municipality_site")
    assert {name: value for name, value in flows.items() if value} == {
        "0114|hospital_north": pytest.approx(3 / 7), "0115|hospital_north": pytest.approx(1 / 7),
    }  # fmt: skip
    costs = result.groups("cost_msek_per_year", "site")
    assert sum(costs.values()) == pytest.approx(result("cost_msek_per_year"))
    assert min(costs["vc_norrby"], costs["hospital_north"], costs["hospital_south"]) > 0


def test_beds_are_told_by_the_hour_of_the_week(model):
    stay = visit("ward", "hospital_north", request=9, start=9.5, end=11, release=11)
    share = measured(model, [{}], stay).groups("bed_occupancy", "hour_of_week")
    marks = model.window_start + np.arange(WEEK + 1) * 3600
    beds = [p for p, r in enumerate(model.pool_resource) if model.resources[r] == "bed"]
    hours = place_seconds_between(model, np.array(beds), marks).sum(axis=0) / 3600
    assert {hour: value for hour, value in share.items() if value} == {
        "9": pytest.approx(0.5 / hours[9]), "10": pytest.approx(1 / hours[10]),
    }  # fmt: skip


def test_open_units_are_the_same_in_pieces_as_in_one(model):
    marks = np.unique(np.concatenate([np.arange(model.window_start, model.horizon, 5000), [model.horizon]]))
    pieces = place_seconds_between(model, np.arange(len(model.pools)), marks)
    assert pieces.sum(axis=1).tolist() == place_seconds(model, model.window_start, model.horizon).tolist()


def test_the_table_of_stations_has_what_the_measures_have_and_pools_too(model):
    episodes = people(model, *WHOSE)
    run = Simulation(model, episodes, table(model, episodes, *ASKED))
    stations = station_table(run)
    stored = run.measures[run.measures["by"].isin(["service", "pool"])]
    wide = stored.pivot(index=["by", "group"], columns="measure", values="value").rename_axis(["by", "station"])
    services = stations.loc[["service"]]
    pd.testing.assert_frame_equal(services, wide.loc[services.index, services.columns], check_names=False)
    pool = stations.loc["pool"].loc[
        model.pools[model.offer_pool[model.offer[model.sites.index("hospital_north"), model.services.index("er")]]]
    ]
    assert pool["wait_mean_h"] == pytest.approx(3.5 / 3)
    assert (pool["left_per_day"], pool["balked_per_day"]) == pytest.approx((1 / 7, 1 / 7))


def test_who_needs_no_unit_is_in_no_pool(model):
    episodes = people(model, {})
    alone = table(model, episodes, visit("self_care", None, request=0, start=0, end=9, release=9))
    stations = station_table(Simulation(model, episodes, alone))
    assert stations.loc[("service", "self_care"), "present_mean"] > 0
    assert stations.loc["pool", "present_mean"].sum() == 0


def test_the_hours_of_the_week_and_the_homes_of_a_run_are_tables(model):
    episodes = people(model, *WHOSE)
    run = Simulation(model, episodes, table(model, episodes, *ASKED))
    hours = occupancy_by_hour(run).set_index(["by", "station", "hour_of_week"])
    assert hours.loc[("service", "er", 10), ["present_mean", "used_mean"]].tolist() == [2, 1.5]
    assert hours.loc[("service", "er", 10), "occupancy"] == pytest.approx(
        1.5 / hours.loc[("service", "er", 10), "places_mean"]
    )
    flows = home_site_flows(run).set_index(["municipality", "service", "site"])["contacts_per_day"]
    assert flows.to_dict() == pytest.approx(
        {("0114", "er", "hospital_north"): 3 / 7, ("0115", "er", "hospital_north"): 1 / 7}
    )


def test_a_queue_mmc_is_measured_as_its_law_says():
    """4 places, 3 in use on average, half an hour each."""
    model = compile_scenario(load_study(["end=2027-06-27"], root=MMC), "baseline")
    tables = [station_table(simulate(model, seed, 0)).loc[("service", "er")] for seed in range(6)]
    found = pd.concat(tables, axis=1).mean(axis=1)
    units, offered, hour = 4, 3, 0.5
    waits = erlang_c(units, offered)
    assert found["waited_share"] == pytest.approx(waits, rel=0.03)
    assert found["wait_mean_h"] == pytest.approx(mmc_wait(units, offered, hour), rel=0.05)
    longer = {"wait_over_10_min_share": 1 / 6, "wait_over_1_h_share": 1.0}
    for name, time in longer.items():  # an exponential wait of those who wait
        assert found[name] == pytest.approx(waits * np.exp(-(units - offered) / hour * time), rel=0.08)
    assert found["pool_utilisation"] == pytest.approx(offered / units, rel=0.02)
    law = _law(units, offered)
    assert abs(found["present_p50"] - np.searchsorted(law.cumsum(), 0.5)) < 1
    assert abs(found["present_p95"] - np.searchsorted(law.cumsum(), 0.95)) < 1
    assert abs(found["waiting_p95"] - max(np.searchsorted(law.cumsum(), 0.95) - units, 0)) < 1
    assert found["present_mean"] == pytest.approx((law * np.arange(len(law))).sum(), rel=0.03)


def _law(units, offered):
    """Of the number present in M/M/c (Gross & others 2008, section 2.3)."""
    weights = [offered**n / (factorial(min(n, units)) * units ** max(n - units, 0)) for n in range(200)]
    return np.array(weights) / sum(weights)
