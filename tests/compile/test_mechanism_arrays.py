"""Units within units, hours, signals, rooms, shifts and appointments as arrays. Small worlds, checked by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from worlds import SAID, Offer, Plain, Sketch, figure, minutes, need, responding, service, way

from sim.compile.held_times import held_s, own_s
from sim.compile.offered_load import offered_work
from sim.compile.traffic import flows
from sim.config.distributions import mean_s
from sim.model.codes import (
    ACUITIES,
    AGE_GROUPS,
    LONG_AGO,
    ONE,
    Action,
    Ints,
    ShiftRule,
    SignalKind,
    WhenFull,
)
from sim.model.tables import Model

H = 3600
ADULT_3 = AGE_GROUPS.index("18_64") * ACUITIES + 2  # the class of adults of acuity 3


def beds(**more: object) -> Plain:
    return service(60, **more)  # type: ignore[arg-type]


def hours(model: Model, part: str, service: str) -> list[int]:
    """Opening and closing times of a service's calendar, hours of the run."""
    s = model.services.index(service)
    ptr, time = getattr(model, f"{part}_ptr"), getattr(model, f"{part}_time")
    return [int(t) // H for t in time[ptr[s] : ptr[s + 1]] if 0 <= t <= model.horizon]


def row(model: Model, start: int) -> list[tuple[str, float]]:
    """(service, share) of a row of ways on."""
    a, b = model.next.ptr[start], model.next.ptr[start + 1]
    items, shares = model.next.item[a:b], np.diff(model.next.cum[a:b], prepend=0) / ONE
    names = [*model.services, "exit"]
    return [(names[model.next_service[j]], round(float(p), 6)) for j, p in zip(items, shares, strict=True)]


def pool_rows(model: Model, pool: str) -> list[tuple[int, int]]:
    """(hour of the run, units) of the steps of a pool within the run."""
    p = model.pools.index(pool)
    steps = slice(model.capacity_ptr[p], model.capacity_ptr[p + 1])
    pairs = zip(model.capacity_time[steps].tolist(), model.capacity_value[steps].tolist(), strict=True)
    return [(t // H, units) for t, units in pairs if 0 <= t < model.horizon]


# neutral


def test_a_network_that_uses_none_of_it_says_so_in_every_array(tmp_path: Path) -> None:
    services = {"er": service(then=[way("ward", how="holding")]), "ward": beds()}
    model = Sketch(services, {"a": {"er": Offer(), "ward": Offer(staffed="08:00-16:00", overtime_h=1)}}).compile(
        tmp_path
    )
    for name in ("refuse_row", "next_signal", "length_row", "not_before", "miss_row"):
        assert (getattr(model, name) == -1).all(), name
    for name in ("starts_time", "signal_kind", "swap_pool", "refuse_share", "length_ppm", "miss_share"):
        assert len(getattr(model, name)) == 0, name
    for name in ("next_gives_all", "starts_limited", "ends_limited", "when_full", "keep_free", "pool_mean_s"):
        assert not getattr(model, name).any(), name
    assert model.shift_rule.tolist() == [ShiftRule.FINISH, ShiftRule.OVERTIME]
    assert model.offer_pools.tolist() == model.offer_pool.tolist()
    assert model.offer_spill_s.tolist() == [0, 0]


# within, and what is given back


def test_within_is_an_action_and_a_way_says_what_is_given_back(tmp_path: Path) -> None:
    services = {
        "place": service(10, then=[way("doctor", 0.5, "within"), way("ward", 0.5, "holding", gives_back="all")]),
        "doctor": service(20, then=[way("ward", gives_back="all")]),
        "ward": beds(),
    }
    model = Sketch(services, {"a": {name: Offer() for name in services}}).compile(tmp_path)
    said = {
        (Action(a), model.services[s], g)
        for a, s, g in zip(model.next_action, model.next_service, model.next_gives_all, strict=True)
    }
    assert said == {(Action.WITHIN, "doctor", 0), (Action.HOLDING, "ward", 1), (Action.AT_ONCE, "ward", 1)}


def test_a_pathway_lever_keeps_what_the_way_that_it_replaces_gives_back(tmp_path: Path) -> None:
    services = {
        "er": service(then=[way("ward", how="holding", gives_back="all")]), "ward": beds(), "other": beds(),
    }  # fmt: skip
    lever = {"kind": "pathway", "service": "er", "from_step": "ward", "to_step": "other", "how": "at_once"}
    scenarios = {"moved": {"levers": {**lever, "share": figure(0.5, 0.5, 0.5)}}}
    sketch = Sketch(services, {"a": {name: Offer() for name in services}}, scenarios=scenarios)
    model = sketch.compile(tmp_path, "moved")
    assert sorted(zip(model.next_action, model.next_gives_all, strict=True)) == [(1, 1), (2, 1)]


def test_a_unit_is_held_for_its_own_time_and_that_of_the_chain_within_it(tmp_path: Path) -> None:
    services = {
        "place": service(10, then=[way("doctor", 0.5, "within"), way("exit", 0.5)]),
        "doctor": service(20, then=[way("test", 0.25), way("later", 0.75, after=60)]),
        "test": service(40),
        "later": service(100),
    }
    model = Sketch(services, {"a": {name: Offer() for name in services}}).compile(tmp_path)
    held = held_s(model, 0)[ADULT_3] / 60
    assert held == pytest.approx([10 + 0.5 * (20 + 0.25 * 40), 20, 40, 100])  # the follow-up is from home
    found = flows(model, 0)
    assert found.visits[ADULT_3] == pytest.approx([1, 0.5, 0.125, 0.375])
    work = dict(zip(model.pools, offered_work(model).sum(axis=1) / found.episodes.sum() / 60, strict=True))
    by_service = {model.services[model.offer_service[g]]: work[model.pools[p]] for g, p in enumerate(model.offer_pool)}
    assert by_service == pytest.approx({"place": 25, "doctor": 10, "test": 5, "later": 37.5})


def test_the_chain_within_ends_for_the_outer_unit_where_everything_is_given_back(tmp_path: Path) -> None:
    services = {
        "place": service(10, then=[way("doctor", 1, "within")]),
        "doctor": service(20, then=[way("ward", gives_back="all")]),
        "ward": service(400),
    }
    model = Sketch(services, {"a": {name: Offer() for name in services}}).compile(tmp_path)
    assert held_s(model, 0)[ADULT_3] / 60 == pytest.approx([30, 20, 400])


# swap


def test_two_pools_whose_holders_wait_for_each_other_swap(tmp_path: Path) -> None:
    services = {
        "icu": service(then=[way("step_down", 0.9, "holding"), way("exit", 0.1)]),
        "step_down": beds(then=[way("icu", 0.1, "holding"), way("exit", 0.9)]),
        "er": service(then=[way("step_down", how="holding")]),
    }
    first = {"ill": need({"er": 0.5, "icu": 0.5})}
    model = Sketch(services, {"a": {name: Offer() for name in services}}, first).compile(tmp_path)
    pairs = {
        model.pools[p]: [model.pools[q] for q in model.swap_pool[model.swap_ptr[p] : model.swap_ptr[p + 1]]]
        for p in range(3)
    }
    assert pairs == {"a_icu": ["a_step_down"], "a_step_down": ["a_icu"], "a_er": []}


# hours of starting and ending


def test_a_service_has_the_hours_of_its_calendars(tmp_path: Path) -> None:
    services = {"ward": beds(starts="mornings", ends="rounds"), "er": service()}
    sketch = Sketch(
        services,
        {"a": {"ward": Offer(), "er": Offer()}},
        calendars={"mornings": {"mon_fri": "07:00-11:00"}, "rounds": "10:00-18:00"},
    )
    model = sketch.compile(tmp_path)
    assert hours(model, "starts", "ward") == [7, 11]
    assert hours(model, "ends", "ward") == [10, 18]
    assert model.starts_limited.tolist() == model.ends_limited.tolist() == [1, 0]
    assert hours(model, "starts", "er") == []


# signals and responses


def crowd(**more: object) -> Plain:
    return {"full": {"of": "ward", "what": "occupancy", "classes": [800, 1000], **more}}


def two_hospitals(services: Plain, signals: Plain, **more: object) -> Sketch:
    """Ward at a and b, er at a, b and c; c is nearer to b."""
    sites = {
        "a": {"er": Offer(), "ward": Offer()}, "b": {"er": Offer(), "ward": Offer()}, "c": {"er": Offer()},
    }  # fmt: skip
    travel = {("home", "a"): 5.0, ("home", "b"): 9.0, ("c", "a"): 30.0, ("c", "b"): 20.0}
    return Sketch(services, sites, travel=travel, care={"signals": signals}, **more)  # type: ignore[arg-type]


def test_a_signal_is_read_at_the_own_site_else_at_the_nearest(tmp_path: Path) -> None:
    model = two_hospitals({"er": service(), "ward": beds()}, crowd(over_h=2)).compile(tmp_path)
    ward = model.services.index("ward")
    at = {site: int(model.offer[t, ward]) for t, site in enumerate(model.sites)}
    assert model.signal_offer.tolist() == [[at["a"], at["a"], at["b"], at["b"]]]  # home, a, b, c
    assert model.signal_kind.tolist() == [SignalKind.OCCUPANCY]
    assert model.signal_over_s.tolist() == [2 * H]
    assert model.signal_threshold.tolist() == [800, 1000]


def test_a_refusal_has_a_share_for_each_class_of_the_signal_and_is_of_those_it_is_for(tmp_path: Path) -> None:
    rule = {"when": {"acuity": ["3", "4"]}, "signal": "full", "share": [0, 0.25, 1], **SAID}
    full = {"when_full": "next_site", **SAID}
    services = {"er": service(refuse={"busy": rule}, queue_limit=full), "ward": beds()}
    model = two_hospitals(services, crowd()).compile(tmp_path)
    assert model.refuse_row[0, 0, :ACUITIES].tolist() == [-1, -1, 0, 0, -1]
    assert (model.refuse_row[0, 1] == -1).all()
    assert model.refuse_share.tolist() == [0, ONE // 4, ONE]
    assert model.refuse_ptr.tolist() == [0, 3]
    assert model.when_full.tolist() == [WhenFull.NEXT_SITE, WhenFull.FALLBACK]
    assert model.queue_limit.tolist() == [-1, -1]


def test_a_rule_that_refuses_nobody_is_no_row(tmp_path: Path) -> None:
    rule = {"signal": "full", "share": [0, 0, 0], **SAID}
    full = {"when_full": "leave", **SAID}
    model = two_hospitals({"er": service(refuse={"r": rule}, queue_limit=full), "ward": beds()}, crowd()).compile(
        tmp_path
    )
    assert (model.refuse_row == -1).all()


def test_the_odds_of_a_way_are_multiplied_and_the_others_keep_their_ratios(tmp_path: Path) -> None:
    ways = [way("ward", 0.5), way("er", 0.2, after=60), way("exit", 0.3)]
    response = {"signal": "full", "step": "w0", "odds": [1, 0.5, 4]}
    services = {"er": responding(service(then=ways), ways=response), "ward": beds()}
    model = two_hospitals(services, crowd()).compile(tmp_path)
    start = int(model.next_row[0, 0, ADULT_3])
    assert model.next_signal[0, 0, ADULT_3] == 0
    assert model.next_signal[0, 1, ADULT_3] == -1
    assert row(model, start) == [("ward", 0.5), ("er", 0.2), ("exit", 0.3)]
    third = 1 / 3
    assert row(model, start + 1) == [("ward", round(third, 6)), ("er", round(0.4 * 2 * third, 6)), ("exit", 0.4)]
    assert row(model, start + 2) == [("ward", 0.8), ("er", 0.08), ("exit", 0.12)]
    assert flows(model, 0).visits[ADULT_3] == pytest.approx([1 / 0.92, 0.8 / 0.92])  # class 2: all beds are in use


def test_a_pathway_lever_moves_a_share_of_those_who_respond(tmp_path: Path) -> None:
    response = {"signal": "full", "step": "w0", "odds": [1, 0.5, 4]}
    services = {
        "er": responding(service(then=[way("ward", 0.5), way("exit", 0.5)]), ways=response), "ward": beds(),
    }  # fmt: skip
    lever = {"kind": "pathway", "service": "er", "from_step": "ward", "to_step": "exit", "share": figure(0.5, 0.5, 0.5)}
    sketch = two_hospitals(services, crowd(), scenarios={"home": {"levers": lever}})
    model = sketch.compile(tmp_path, "home")
    start = int(model.next_row[0, 0, ADULT_3])
    assert row(model, start + 2) == [("ward", 0.4), ("exit", 0.4), ("exit", 0.2)]


def test_a_duration_has_a_factor_for_each_class(tmp_path: Path) -> None:
    services = {
        "er": service(),
        "ward": responding(beds(), length={"signal": "full", "factor": [0.9, 1, 0.75]}),
    }
    model = two_hospitals(services, crowd()).compile(tmp_path)
    assert (model.length_row[0, 1] == 0).all()
    assert (model.length_row[0, 0] == -1).all()
    assert model.length_ppm.tolist() == [900_000, 1_000_000, 750_000]
    assert own_s(model, 0)[ADULT_3].tolist() == [3600, 3240]


def test_the_expected_wait_has_the_mean_time_of_those_who_use_the_pool(tmp_path: Path) -> None:
    services = {"er": service(20, then=[way("ward", 0.5), way("exit", 0.5)]), "ward": service(80)}
    sites = {"a": {"er": Offer(pool="places"), "ward": Offer(pool="places")}}
    signals = {"wait": {"of": "er", "what": "expected_wait", "classes": [60]}}
    model = Sketch(services, sites, care={"signals": signals}).compile(tmp_path)
    assert model.pool_mean_s.tolist() == [40 * 60]  # two of three contacts take 20 min, one 80


# room elsewhere


def test_an_offer_has_its_pools_in_order_with_the_time_from_which_each_may_be_used(tmp_path: Path) -> None:
    ward = Offer(2, pool="own", further="outlier overbed", spill_after_h="0 1.5", keep_free="0 0 1 2 2")
    sketch = Sketch(
        {"ward": beds(), "other": beds()},
        {"a": {"ward": ward, "other": Offer(3, pool="outlier")}},
        rooms={"a": {"overbed": Offer(1)}},
    )
    model = sketch.compile(tmp_path)
    assert model.pools == ("outlier", "overbed", "own")
    assert model.offer_pool.tolist() == [0, 2]
    assert model.offer_pools_ptr.tolist() == [0, 1, 4]
    assert model.offer_pools.tolist() == [0, 2, 0, 1]
    assert model.offer_spill_s.tolist() == [0, 0, 0, 5400]
    assert model.keep_free.tolist() == [[0] * 5, [0] * 5, [0, 0, 1, 2, 2]]
    assert offered_work(model).sum(axis=1)[1] == 0  # all load is at the first pool
    assert (model.pool_level == model.pool_level[0]).all()


# shifts


@pytest.mark.parametrize(("rule", "code"), [("finish", 0), ("fresh", 2), ("hand_over", 3)])
def test_the_shift_rule_of_a_pool_is_a_code(tmp_path: Path, rule: str, code: int) -> None:
    model = Sketch({"er": service()}, {"a": {"er": Offer(staffed="08:00-16:00", shift_end=rule)}}).compile(tmp_path)
    assert model.shift_rule.tolist() == [code]


def test_fresh_shifts_are_steps_also_where_the_number_of_units_stays(tmp_path: Path) -> None:
    staffed = {"every_day": ["00:00-08:00", "08:00-16:00", "16:00-24:00"]}
    offers = {"er": Offer(2, staffed=staffed, shift_end="fresh"), "gp": Offer(2, staffed=staffed)}
    model = Sketch({"er": service(), "gp": service()}, {"a": offers}).compile(tmp_path)
    assert pool_rows(model, "a_er") == [(0, 2), (8, 2), (16, 2)]
    assert pool_rows(model, "a_gp") == []  # never changes
    assert model.capacity_time[model.capacity_ptr[0]] == LONG_AGO


# appointments


def booked(**more: object) -> Plain:
    return service(60, mode="booked", kind="clinic", **more)  # type: ignore[arg-type]


def test_a_delay_before_which_nothing_starts_is_a_table_of_the_classes_it_is_for(tmp_path: Path) -> None:
    rule = {"when": {"acuity": ["3"]}, "time": minutes(120), **SAID}
    model = Sketch({"clinic": booked(not_before={"soon": rule})}, {"a": {"clinic": Offer()}}).compile(tmp_path)
    tables: Ints = model.not_before[0, 0, :ACUITIES]
    assert (tables >= 0).tolist() == [False, False, True, False, False]
    assert mean_s(model.quantile[tables[2]]) == 7200


def test_who_misses_an_appointment_has_a_share_a_part_of_the_time_and_ways_on(tmp_path: Path) -> None:
    missed = {"share": 0.2, "occupies": 0.25, "then": {"again": way("clinic", 0.5, after=60), "no": way("exit", 0.5)}}
    services = {"clinic": booked(no_show={"all": {**missed, **SAID}}, then=[way("test", 0.5), way("exit", 0.5)])}
    services["test"] = service(10)
    model = Sketch(services, {"a": {"clinic": Offer(), "test": Offer()}}).compile(tmp_path)
    assert (model.miss_row[0, 0] == 0).all()
    assert (model.miss_row[0, 1] == -1).all()
    assert model.miss_share.tolist() == [round(0.2 * ONE)]
    assert model.miss_occupies_ppm.tolist() == [250_000]
    assert row(model, int(model.miss_next[0])) == [("clinic", 0.5), ("exit", 0.5)]
    assert own_s(model, 0)[ADULT_3] / 60 == pytest.approx([60 * (0.8 + 0.2 * 0.25), 10])
    visits = 1 / (1 - 0.2 * 0.5)
    assert flows(model, 0).visits[ADULT_3] == pytest.approx([visits, visits * 0.8 * 0.5])


def test_the_sketch_of_a_scenario_is_compiled_as_it_says(tmp_path: Path) -> None:
    halves = {"every_day": ["00:00-12:00", "12:00-24:00"]}
    sketch = Sketch({"er": service()}, {"a": {"er": Offer(2, staffed=halves)}})
    fresh = replace(sketch, sites={"a": {"er": Offer(2, staffed=halves, shift_end="fresh")}})
    plain, changed = sketch.compile(tmp_path / "a"), fresh.compile(tmp_path / "b")
    assert pool_rows(plain, "a_er") == []
    assert pool_rows(changed, "a_er") == [(0, 2), (12, 2)]
