"""Configuration to arrays: names, hours, probabilities, phases, capacities, and the flows to expect."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from worlds import Offer, Plain, Sketch, at_variant, exponential, figure, minutes, need, service, way

from sim.compile import compile_scenario
from sim.compile.traffic import expected_contacts, flows
from sim.config.load import load_study
from sim.demand import draw_episodes
from sim.model.codes import LEVELS, LONG_AGO, ONE, Action, Kind, Mode
from sim.model.tables import Discrete, Model
from sim.simulation import simulate_episodes

TINY = Path(__file__).parents[1] / "data" / "tiny"
H = 3600


def row(table: Discrete, index: int) -> dict[int, float]:
    a, b = table.ptr[index], table.ptr[index + 1]
    shares = np.diff(table.cum[a:b], prepend=0) / ONE
    return dict(zip(table.item[a:b].tolist(), shares.tolist(), strict=True))


def capacity(model: Model, pool: str, surge: bool = True) -> list[tuple[int, int]]:
    p = model.pools.index(pool)
    a, b = model.capacity_ptr[p], model.capacity_ptr[p + 1]
    units = model.capacity_value if surge else model.places_value
    return list(zip(model.capacity_time[a:b].tolist(), units[a:b].tolist(), strict=True))


@pytest.fixture(scope="module")
def tiny() -> Model:
    return compile_scenario(load_study(root=TINY), "baseline")


def test_names_become_indices(tiny: Model) -> None:
    assert tiny.zones == ("holmen", "norrby", "soderby")  # in the order of their names, whatever that of the rows
    assert [tiny.municipalities[m] for m in tiny.zone_municipality] == ["0114", "0114", "0115"]
    er = tiny.services.index("er")
    assert (tiny.mode[er], tiny.kind[er]) == (Mode.WALK_IN, Kind.EMERGENCY)
    assert tiny.services[tiny.fallback[tiny.services.index("mobile_team")]] == "primary_care"
    assert tiny.fallback[er] == -1


def test_time_is_counted_from_the_start_of_the_warm_up(tiny: Model) -> None:
    assert (tiny.window_start, tiny.horizon) == (3 * 24 * H, 10 * 24 * H)
    assert tiny.hour_of_week[:2].tolist() == [4 * 24, 4 * 24 + 1]  # 1 October 2027 is a Friday


def test_the_level_of_care_belongs_to_the_site_and_the_service(tiny: Model) -> None:
    er = tiny.services.index("er")
    at = {tiny.sites[t]: LEVELS[tiny.offer_level[g]] for t, g in enumerate(tiny.offer[:, er]) if g >= 0}
    assert at == {"hospital_north": "local_hospital", "hospital_south": "concentrated_hospital"}


def test_first_contacts_have_the_probabilities_of_the_first_rule_that_fits(tiny: Model) -> None:
    minor = tiny.needs.index("minor")
    child, adult = (int(tiny.class_of(np.array(0), np.array(minor), np.array(age), np.array(3))) for age in (0, 1))
    found = [{tiny.services[s]: p for s, p in row(tiny.first, tiny.first_row[0, c]).items()} for c in (child, adult)]
    assert found == [{"telephone": 0.75, "er": 0.25}, {"telephone": 0.5, "primary_care": 0.375, "er": 0.125}]


def test_ways_on_have_their_action_service_and_probability(tiny: Model) -> None:
    er, c = tiny.services.index("er"), int(tiny.class_of(np.array(0), np.array(1), np.array(1), np.array(0)))
    found = row(tiny.next, tiny.next_row[0, er, c])
    ways = {(Action(tiny.next_action[j]).name, int(tiny.next_service[j])): p for j, p in found.items()}
    assert ways == {("HOLDING", tiny.services.index("ward")): 0.5, ("EXIT", -1): 0.5}


def test_targets_are_seconds_by_acuity(tiny: Model) -> None:
    assert tiny.target[0, tiny.services.index("er")].tolist() == [0, 900, 3600, 7200, 14400]
    assert tiny.target[0, tiny.services.index("ward")].tolist() == [0] * 5


def test_a_pool_follows_its_calendar_with_its_surge(tiny: Model) -> None:
    assert capacity(tiny, "beds_north") == [(LONG_AGO, 7)]
    assert capacity(tiny, "beds_north", surge=False) == [(LONG_AGO, 6)]
    found = dict(capacity(tiny, "er_north"))
    assert [found[24 * H + t] for t in (0, 7 * H)] == [2, 4]
    assert 24 * H + 8 * H not in found
    rooms = dict(capacity(tiny, "rooms"))
    assert (rooms[8 * H], rooms[17 * H]) == (4, 0)
    assert 24 * H + 8 * H not in rooms  # Saturday


def test_every_last_threshold_is_one_and_thresholds_rise(tiny: Model) -> None:
    for cum in (tiny.zone_cum, tiny.hour_cum, tiny.acuity_cum):
        assert (cum[:, -1] == ONE).all()
        assert (np.diff(cum, axis=1) >= 0).all()
    for table in (tiny.first, tiny.next):
        assert (table.cum[table.ptr[1:] - 1] == ONE).all()


def ramp(value: float, **days: float) -> Plain:
    return {
        "ramp": {day.replace("_", "-")[1:]: share for day, share in days.items()},
        "change": figure(value, value, value),
    }


def test_a_ramp_is_a_run_of_phases_and_full_effect_is_reached_by_its_shares(tmp_path: Path) -> None:
    lever = {"kind": "demand", "when": {}, **ramp(-0.4, d2027_02_01=0.25, d2027_03_03=0.5, d2027_03_05=1)}
    sketch = Sketch({"er": service()}, {"a": {"er": Offer()}}, scenarios={"less": {"x": lever}}, end=date(2027, 3, 9))
    model = sketch.compile(tmp_path, "less")
    assert model.phase_start.tolist() == [LONG_AGO, 2 * 24 * H, 4 * 24 * H]
    assert (model.factor[:, 0, 1] / ONE).tolist() == pytest.approx([0.9, 0.8, 0.6])


def test_capacity_follows_the_phase_within_its_calendar(tmp_path: Path) -> None:
    lever = {
        "kind": "capacity", "pools": {"where": {"sites": ["a"]}}, "add_units": figure(4, 2, 6),
        "ramp": {"2027-03-02": 0.5, "2027-03-03": 1},
    }  # fmt: skip
    sketch = Sketch({"er": service()}, {"a": {"er": Offer(2, "08:00-17:00")}}, scenarios={"more": {"x": lever}})
    sketch.end = date(2027, 3, 3)
    found = dict(capacity(sketch.compile(tmp_path, "more"), "a_er"))
    assert [found[24 * H * d + 8 * H] for d in (0, 1, 2)] == [2, 4, 6]
    assert [found[24 * H * d + 17 * H] for d in (0, 1, 2)] == [0, 0, 0]


def test_a_capacity_change_at_noon_of_a_shift_is_seen_at_once(tmp_path: Path) -> None:
    lever = {
        "kind": "capacity",
        "pools": {"where": {"sites": ["a"]}},
        "scale": figure(1, 1, 1),
        "ramp": {"2027-03-02": 1},
    }
    night = Sketch({"er": service()}, {"a": {"er": Offer(3, "21:00-07:00")}}, scenarios={"more": {"x": lever}})
    night.end = date(2027, 3, 2)
    found = dict(capacity(night.compile(tmp_path, "more"), "a_er"))
    assert [found[t * H] for t in (0 - 3, 7, 21, 24, 31)] == [3, 0, 3, 6, 0]


def test_a_phase_that_closes_an_offer_closes_its_hours(tmp_path: Path) -> None:
    close = {
        "kind": "close", "services": ["er"], "where": {"sites": ["a"]}, "moved": figure(0.5, 0.5, 0.5),
        "to_sites": {"b": 1}, "ramp": {"2027-03-02": 1},
    }  # fmt: skip
    offers = {s: {"er": Offer(2, "08:00-17:00")} for s in ("a", "b")}
    sketch = Sketch({"er": service()}, offers, scenarios={"closed": {"x": close}}, end=date(2027, 3, 3))
    model = sketch.compile(tmp_path, "closed")
    g = model.offer[0, 0]
    assert model.offer_open[:, g].tolist() == [1, 0]
    times = model.open_time[model.open_ptr[g] : model.open_ptr[g + 1]]
    assert [t for t in times.tolist() if t >= 0] == [8 * H, 17 * H]
    assert [units for t, units in capacity(model, "a_er") if t >= 0] == [2, 0]
    found = dict(capacity(model, "b_er"))
    assert [found[24 * H * d + 8 * H] for d in (0, 1, 2)] == [2, 3, 3]


def test_a_fractional_unit_keeps_its_sum_over_places_and_surge(tmp_path: Path) -> None:
    shifts: Plain = {"every_day": [{"hours": "08:00-12:00", "capacity_factor": 0.5}]}
    model = Sketch({"er": service()}, {"a": {"er": Offer(3, staffed=shifts, surge=1)}}, end=date(2027, 3, 8)).compile(
        tmp_path
    )
    with_surge, places = (
        [units for t, units in capacity(model, "a_er", surge) if 0 <= t < 8 * 24 * H and t % (24 * H) == 8 * H]
        for surge in (True, False)
    )
    assert sum(with_surge) == 8 * 2
    assert sum(places) == 8 * 1.5


def test_effect_sizes_are_taken_at_their_low_and_high_ends(tmp_path: Path) -> None:
    lever = {"kind": "demand", "when": {}, "change": figure(-0.2, -0.3, -0.1)}
    world = Sketch({"er": service()}, {"a": {"er": Offer()}}, scenarios={"less": {"x": lever}}).load(tmp_path)
    worlds = [at_variant(world, "less", variant) for variant in ("low", "value", "high")]
    found = [compile_scenario(one, "less").factor[0, 0, 1] / ONE for one in worlds]
    assert sorted(found) == pytest.approx([0.7, 0.8, 0.9])
    assert found[1] == pytest.approx(0.8)


def test_times_and_metres_of_a_ready_matrix_are_taken_as_they_are(tmp_path: Path) -> None:
    travel = {("home", "a"): 10.5, ("a", "b"): 7}
    model = Sketch({"er": service()}, {"a": {"er": Offer()}, "b": {"er": Offer()}}, travel=travel).compile(tmp_path)
    assert model.travel_s.tolist() == [[630, 0], [0, 420], [420, 0]]
    assert model.travel_m.tolist() == [[10500, 0], [0, 7000], [7000, 0]]


def test_a_patient_who_comes_back_is_counted_by_the_traffic_equations(tmp_path: Path) -> None:
    back = [way("er", 0.25, after=60), way("exit", 0.75)]
    model = Sketch({"er": service(then=back)}, {"a": {"er": Offer()}}, {"ill": need({"er": 1}, rate=365)}).compile(
        tmp_path
    )
    found = flows(model, 0)
    assert found.episodes.sum() == pytest.approx(1000 * 0.365 / 365, rel=1e-6)
    assert found.visits[:, 0] == pytest.approx(np.full(20, 1 / 0.75))
    assert expected_contacts(model) == pytest.approx(1 / 0.75, rel=1e-6)


def test_a_need_without_a_rate_is_expected_to_bring_nobody(tmp_path: Path) -> None:
    needs = {"ill": need({"er": 1}, rate={"18_64": 365, "80plus": 365}), "never": need({"er": 1}, rate={})}
    model = Sketch({"er": service()}, {"a": {"er": Offer()}}, needs).compile(tmp_path)
    assert flows(model, 0).episodes.sum() == pytest.approx(1.0, rel=1e-6)  # nobody is 80


def test_flows_are_what_happens_where_nobody_waits(tmp_path: Path) -> None:
    services = {
        "line": service(5, "remote", then=[way("er", 0.5), way("gp", 0.5)]),
        "gp": service(20, "booked", then=[way("er", 0.4), way("gp", 0.2, after=50), way("exit", 0.4)]),
        "er": service(
            exponential(60),
            choice={"rule": "logit", "per_min": 0.1},
            then=[way("ward", 0.5, "holding"), way("exit", 0.5)],
        ),
        "ward": service(minutes(200), choice={"rule": "logit", "per_min": 0.05}),
    }
    offers = {
        "a": {"er": Offer(999), "line": Offer(999), "gp": Offer(999)},
        "b": {"er": Offer(999), "ward": Offer(999)},
        "c": {"gp": Offer(999), "ward": Offer(999)},
    }
    home = {("x", "a"): 5, ("x", "b"): 20, ("x", "c"): 15, ("y", "a"): 30, ("y", "b"): 8, ("y", "c"): 5}
    travel = {**home, ("a", "b"): 10, ("a", "c"): 15, ("b", "c"): 9}
    sketch = Sketch(
        services,
        offers,
        {"ill": need({"line": 0.7, "er": 0.3}, rate=40_000)},
        zones={"x": 700, "y": 300},
        travel=travel,
    )
    sketch.end = date(2027, 3, 14)
    model = sketch.compile(tmp_path)
    contacts = simulate_episodes(model, draw_episodes(model, 1, 0), "simpy")
    found = np.zeros((4, 3))
    np.add.at(found, (contacts.service, contacts.site), 1)
    known = flows(model, 0)
    expected = np.einsum("c,cst->st", known.episodes, known.by_site)
    assert (np.abs(found - expected) <= 4 * np.sqrt(expected)).all()
    assert (found > 0).sum() == (expected > 0).sum() == 7


def test_weights_are_per_million_and_levels_are_marked(tiny: Model) -> None:
    minor = tiny.needs.index("minor")
    assert tiny.treatable_ppm[minor].tolist() == [0, 0, 0, 500_000, 1_000_000]
    assert tiny.right_level[minor, 4].tolist() == [1, 1, 0, 0, 0]
    assert tiny.tour_milli[tiny.pools.index("team")] == 1100
