"""What is refused of units within units, hours, signals, rooms, shifts, appointments and times: file, key, and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import SAID, Offer, Plain, Sketch, figure, minutes, need, responding, service, way

from sim.compile import compile_scenario
from sim.config.errors import ConfigErrors, Problem

CARE = "configs/care/test.yaml"
POOLS = "configs/region/town/pools.csv"
OFFERS = "configs/region/town/offers.csv"
DAY = "08:00-20:00"


def problems(sketch: Sketch, root: Path) -> list[Problem]:
    with pytest.raises(ConfigErrors) as caught:
        sketch.load(root)
    return caught.value.problems


def only(sketch: Sketch, root: Path, file: str, key: str) -> Problem:
    """The one problem, at its address."""
    found = problems(sketch, root)
    assert [(p.file.removeprefix(f"{root}/"), p.key) for p in found] == [(file, key)], "\n".join(map(str, found))
    return found[0]


def town(services: Plain, offers: Plain | None = None, **more: object) -> Sketch:
    """Services that all are at one site, if no offers are said."""
    here = offers or {name: Offer() for name in services}
    return Sketch(services, {"a": here}, **more)  # type: ignore[arg-type]


# circles of held units


def chain(*links: tuple[str, str, str], **patience: float) -> Plain:
    """Services whose way on keeps the unit while the next is asked for: (from, how, to)."""
    services: Plain = {}
    for start, how, to in links:
        ways = [way(to, 0.5, how), way("exit", 0.5)]
        services[start] = service(then=ways, patience=patience.get(start))
    return services


def test_a_circle_of_pools_held_within_each_other_is_refused_and_named(tmp_path: Path) -> None:
    services = chain(("er", "within", "lab"), ("lab", "within", "er"))
    found = problems(town(services), tmp_path)
    told = [p.message for p in found]
    assert any("a_er > a_lab > a_er" in m for m in told)
    assert any("er is kept while lab is waited for" in m and "missing is patience at er, lab" in m for m in told)
    assert {p.key for p in found} <= {"services.er.next", "services.lab.next"}


def test_a_circle_of_three_pools_is_no_swap(tmp_path: Path) -> None:
    services = chain(("er", "holding", "icu"), ("icu", "holding", "ward"), ("ward", "holding", "er"))
    message = only(town(services), tmp_path, CARE, "services.er.next").message
    assert "a_er > a_icu > a_ward > a_er" in message
    assert "swap" not in message


def test_a_circle_in_which_everybody_leaves_in_the_end_is_allowed(tmp_path: Path) -> None:
    services = chain(("er", "within", "lab"), ("lab", "within", "er"), er=60, lab=30)
    town(services).load(tmp_path)


def test_patience_of_some_classes_alone_is_no_way_out(tmp_path: Path) -> None:
    services = chain(("er", "within", "lab"), ("lab", "within", "er"), er=60, lab=30)
    urgent = {"when": {"acuity": ["1"]}, **SAID}
    services["lab"]["patience"] = {"urgent": urgent, **services["lab"]["patience"]}
    first = {"ill": need({"er": 1}, acuity={"all": {"mix": {"1": 0.5, "3": 0.5}, **SAID}})}
    assert all("missing is patience at lab" in p.message for p in problems(town(services, needs=first), tmp_path))


def test_step_up_and_step_down_between_two_pools_are_allowed_since_they_swap(tmp_path: Path) -> None:
    town(chain(("icu", "holding", "ward"), ("ward", "holding", "icu"))).load(tmp_path)


def test_step_up_with_a_unit_around_it_is_no_swap(tmp_path: Path) -> None:
    services = chain(("icu", "holding", "ward"), ("ward", "holding", "icu"))
    services["team"] = service(then=[way("icu", how="within")])
    found = problems(town(services, needs={"ill": need({"team": 1})}), tmp_path)
    assert any("a_icu > a_ward > a_icu" in p.message or "a_ward > a_icu > a_ward" in p.message for p in found)


def test_a_contact_that_goes_on_in_its_own_unit_waits_for_nothing(tmp_path: Path) -> None:
    offers = {"a1": Offer(pool="beds"), "a2": Offer(pool="beds")}
    town(chain(("a1", "holding", "a2"), ("a2", "holding", "a1")), offers).load(tmp_path)


def test_a_contact_within_another_of_the_same_pool_waits_for_a_unit_of_its_own(tmp_path: Path) -> None:
    services = {"a1": service(then=[way("a2", how="within")]), "a2": service()}
    offers = {"a1": Offer(pool="beds"), "a2": Offer(pool="beds")}
    assert "beds > beds" in only(town(services, offers), tmp_path, CARE, "services.a1.next").message


def test_a_lever_that_closes_a_circle_is_refused_where_it_is_said(tmp_path: Path) -> None:
    services = {**chain(("er", "within", "lab")), "lab": service(then=[way("er", 0.1, after=60), way("exit", 0.9)])}
    lever = {"kind": "pathway", "service": "lab", "from_step": "er", "to_step": "er", "how": "within"}
    scenarios = {"new": {"back": {**lever, "share": figure(0.5, 0.5, 0.5)}}}
    found = problems(town(services, scenarios=scenarios), tmp_path)
    assert {(p.file.removeprefix(f"{tmp_path}/"), p.key) for p in found} == {("scenarios/new.yaml", "levers")}
    assert any("a_er > a_lab > a_er" in p.message for p in found)


# ways that keep a unit


@pytest.mark.parametrize(
    ("step", "key", "why"),
    [
        ({**way("exit"), "gives_back": "all"}, "gives_back", "who exits gives back everything"),
        ({**way("lab", after=60), "gives_back": "own"}, "gives_back", "follow_up gives back everything"),
        ({**way("lab", how="within"), "gives_back": "all"}, "gives_back", "within gives back nothing"),
        (way("exit", how="within"), "how", "who exits keeps no unit"),
    ],
)
def test_what_is_given_back_is_said_only_where_there_is_a_choice(
    tmp_path: Path, step: Plain, key: str, why: str
) -> None:
    services = {"er": service(then=[step]), "lab": service()}
    assert why in only(town(services), tmp_path, CARE, f"services.er.next.all.then.w0.{key}").message


@pytest.mark.parametrize("how", ["within", "holding"])
def test_a_team_keeps_no_unit(tmp_path: Path, how: str) -> None:
    services = {"visit": service(mode="outreach", then=[way("ward", how=how)]), "ward": service()}
    sketch = town(services, {"visit": Offer(tour=True), "ward": Offer()})
    assert "team" in only(sketch, tmp_path, CARE, "services.visit.next.all.then.w0.how").message


def test_who_leaves_keeps_no_unit(tmp_path: Path) -> None:
    services = {"er": service(patience=30, leaves=[way("lab", how="within")]), "lab": service()}
    only(town(services), tmp_path, CARE, "services.er.patience.all.then.w0.how")


# carried


def ambulance(step: Plain, **er: object) -> Sketch:
    services = {"ambulance": service(mode="outreach", then=[step]), "er": service(**er)}  # type: ignore[arg-type]
    return town(services, {"ambulance": Offer(tour=True), "er": Offer()})


def test_only_a_team_carries(tmp_path: Path) -> None:
    services = {"er": service(then=[way("ward", how="carried")]), "ward": service()}
    problem = only(town(services), tmp_path, CARE, "services.er.next.all.then.w0.how")
    assert problem.message == "only the team of an outreach service can carry a patient; here walk_in"


@pytest.mark.parametrize("mode", ["remote", "booked"])
def test_a_patient_is_carried_to_a_walk_in_service_alone(tmp_path: Path, mode: str) -> None:
    sketch = ambulance(way("er", how="carried"), mode=mode)
    problem = only(sketch, tmp_path, CARE, "services.ambulance.next.all.then.w0.how")
    assert problem.message == "a patient is carried to the site of a walk_in service; er is none"


def test_who_exits_is_carried_nowhere(tmp_path: Path) -> None:
    problem = only(ambulance(way("exit", how="carried")), tmp_path, CARE, "services.ambulance.next.all.then.w0.how")
    assert problem.allowed == "to er; or at_once, follow_up"


def test_what_a_team_gives_back_that_carries_is_not_said(tmp_path: Path) -> None:
    sketch = ambulance(way("er", how="carried", gives_back="own"))
    problem = only(sketch, tmp_path, CARE, "services.ambulance.next.all.then.w0.gives_back")
    assert problem.message == "carried gives back the team's unit when it is at its base: leave it out"


def test_nobody_carries_who_was_not_served(tmp_path: Path) -> None:
    leaves = [way("er", how="carried")]
    services = {"ambulance": service(mode="outreach", patience=30, leaves=leaves), "er": service()}
    sketch = town(services, {"ambulance": Offer(tour=True), "er": Offer()})
    problem = only(sketch, tmp_path, CARE, "services.ambulance.patience.all.then.w0.how")
    assert problem.message == "no team is with who was not served"


def test_a_lever_lets_teams_carry_alone(tmp_path: Path) -> None:
    lever = {"kind": "pathway", "service": "er", "from_step": "ward", "to_step": "ward", "how": "carried"}
    scenarios = {"new": {"carry": {**lever, "share": figure(0.5, 0.5, 0.5)}}}
    services = {"er": service(then=[way("ward")]), "ward": service()}
    only(town(services, scenarios=scenarios), tmp_path, "scenarios/new.yaml", "levers.carry.how")


def test_a_service_without_a_pool_has_no_idle_units(tmp_path: Path) -> None:
    choice = {"rule": "nearest_idle", **SAID}
    services = {"er": service(), "advice": service(5, "remote", unlimited_at="self_care")}
    services["advice"]["choice"] = choice
    problem = only(town(services, {"er": Offer()}), tmp_path, CARE, "services.advice.choice.rule")
    assert problem.message == "a service with unlimited_at has no pool whose units could be idle"


# hours


def test_a_calendar_of_starting_that_the_region_lacks_is_told_with_the_nearest(tmp_path: Path) -> None:
    sketch = town({"ward": service(starts="morning")}, calendars={"mornings": "07:00-11:00"})
    problem = only(sketch, tmp_path, CARE, "services.ward.starts")
    assert problem.value == "morning"
    assert problem.nearest == "mornings"


@pytest.mark.parametrize("part", ["starts", "ends"])
def test_a_calendar_that_is_never_open_is_refused(tmp_path: Path, part: str) -> None:
    sketch = town({"ward": service(**{part: "never"})}, calendars={"never": {}})
    assert "is never open" in only(sketch, tmp_path, CARE, f"services.ward.{part}").message


def test_an_outreach_service_and_one_without_site_have_no_hours_of_starting(tmp_path: Path) -> None:
    services = {
        "visit": service(mode="outreach", starts="day"),
        "home": service(mode="remote", unlimited_at="self_care", ends="day"),
    }
    sketch = town(services, {"visit": Offer(tour=True)}, calendars={"day": "07:00-11:00"})
    assert {p.key for p in problems(sketch, tmp_path)} == {"services.visit.starts", "services.home.ends"}


# signals and responses


def signals(**more: object) -> Plain:
    return {"signals": {"full": {"of": "ward", "what": "occupancy", "classes": [800, 1000], **more}}}


def refusing(**more: object) -> Plain:
    rule = {"signal": "full", "share": [0, 0.5, 1], **SAID, **more}
    return {"er": service(refuse={"busy": rule}, queue_limit={"when_full": "leave", **SAID}), "ward": service()}


def test_a_signal_of_an_unknown_service_is_told_with_the_nearest(tmp_path: Path) -> None:
    problem = only(town(refusing(), care=signals(of="wards")), tmp_path, CARE, "signals.full.of")
    assert problem.nearest == "ward"


def test_a_signal_of_a_service_that_is_at_no_site_is_refused(tmp_path: Path) -> None:
    sketch = town(refusing(), {"er": Offer()}, care=signals())
    assert "no site offers" in only(sketch, tmp_path, CARE, "signals.full.of").message


def test_a_signal_of_a_service_without_limit_is_refused(tmp_path: Path) -> None:
    services = {**refusing(), "ward": service(mode="remote", unlimited_at="self_care")}
    sketch = town(services, {"er": Offer()}, care=signals())
    assert "has no pool" in only(sketch, tmp_path, CARE, "signals.full.of").message


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"classes": [1000, 800]}, "must rise"),
        ({"classes": [800, 800]}, "must rise"),
        ({"classes": [0.5]}, "whole number"),
        ({"classes": []}, "has too little in it"),
        ({"over_h": 169}, "less than or equal to 168"),
        ({"what": "crowding"}, "unknown value"),
    ],
)
def test_a_signal_that_means_nothing_is_refused(tmp_path: Path, said: Plain, why: str) -> None:
    found = problems(town(refusing(), care=signals(**said)), tmp_path)
    assert any(why in p.message and p.key.startswith("signals.full") for p in found), "\n".join(map(str, found))


def test_a_response_names_a_signal_that_there_is(tmp_path: Path) -> None:
    problem = only(town(refusing(signal="ful"), care=signals()), tmp_path, CARE, "services.er.refuse.busy.signal")
    assert problem.nearest == "full"


def test_a_response_has_a_number_for_each_class(tmp_path: Path) -> None:
    services = {
        **refusing(share=[0, 1]),
        "ward": responding(
            service(then=[way("er", 0.5), way("exit", 0.5)]),
            ways={"signal": "full", "step": "w0", "odds": [1, 2, 3, 4]},
            length={"signal": "full", "factor": [1, 0.5]},
        ),
    }
    found = problems(town(services, care=signals()), tmp_path)
    assert [p.key for p in found] == [
        "services.er.refuse.busy.share", "services.ward.duration.all.response.factor",
        "services.ward.next.all.response.odds",
    ]  # fmt: skip
    assert "has 4 numbers where signal full has 3 classes" in found[2].message


@pytest.mark.parametrize("number", [0, -1])
def test_odds_and_factors_are_above_zero_and_shares_from_0_to_1(tmp_path: Path, number: float) -> None:
    services = {
        **refusing(share=[0, 0.5, number - 0.5]),
        "ward": responding(
            service(then=[way("er", 0.5), way("exit", 0.5)]),
            ways={"signal": "full", "step": "w0", "odds": [1, number, 1]},
            length={"signal": "full", "factor": [1, 1, number]},
        ),
    }
    assert {p.key for p in problems(town(services, care=signals()), tmp_path)} >= {
        "services.er.refuse.busy.share[2]", "services.ward.duration.all.response.factor[2]",
        "services.ward.next.all.response.odds[1]",
    }  # fmt: skip


def test_a_response_is_about_a_way_that_some_take(tmp_path: Path) -> None:
    ways = {"signal": "full", "odds": [1, 2, 3]}
    services = {
        "er": responding(service(then=[way("ward")]), ways={**ways, "step": "w0"}),
        "ward": responding(service(then=[way("er", 0.5), way("exit", 0.5)]), ways={**ways, "step": "w5"}),
    }
    found = problems(town(services, care=signals()), tmp_path)
    assert [(p.key, p.message.split(",", maxsplit=1)[0]) for p in found] == [
        ("services.er.next.all.response.step", "everybody goes this way"),
        ("services.ward.next.all.response.step", "unknown way on"),
    ]


def test_a_response_has_a_source(tmp_path: Path) -> None:
    services = refusing()
    del services["er"]["refuse"]["busy"]["source"]
    assert problems(town(services, care=signals()), tmp_path)[0].key == "services.er.refuse.busy.source"


def test_a_limit_without_a_number_is_for_those_who_are_refused(tmp_path: Path) -> None:
    services = {"er": service(queue_limit={"when_full": "next_site", **SAID})}
    assert "`refuse`" in only(town(services), tmp_path, CARE, "services.er.queue_limit.waiting").message


# rooms and shifts


@pytest.mark.parametrize(
    ("offer", "key", "why"),
    [
        (Offer(pool="own", further="over overr"), "row 2, pool", "unknown pool"),
        (Offer(pool="own", further="over own"), "row 2, pool", "names a pool twice"),
        (Offer(pool="own", further="over", spill_after_h="1 2"), "row 2, spill_after_h", "has 2 hours where 1"),
        (Offer(pool="own", further="over", spill_after_h="-1"), "row 2, spill_after_h", "negative"),
    ],
)
def test_pools_in_order_are_names_with_a_time_each(tmp_path: Path, offer: Offer, key: str, why: str) -> None:
    sketch = Sketch({"ward": service()}, {"a": {"ward": offer}}, rooms={"a": {"over": Offer()}})
    assert why in only(sketch, tmp_path, OFFERS, key).message


@pytest.mark.parametrize(("cell", "why"), [("0 0 1", "five numbers"), ("0 0 1 2 x", "whole"), ("0 0 1 2 -1", "whole")])
def test_units_kept_free_are_five_whole_numbers(tmp_path: Path, cell: str, why: str) -> None:
    sketch = town({"ward": service()}, {"ward": Offer(keep_free=cell)})
    assert why in only(sketch, tmp_path, POOLS, "row 2, keep_free").message


def test_a_shift_rule_that_there_is_not_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    problem = only(
        town({"ward": service()}, {"ward": Offer(shift_end="handover")}), tmp_path, POOLS, "row 2, shift_end"
    )
    assert problem.nearest == "hand_over"
    assert problem.allowed == "finish, overtime, fresh, hand_over"


@pytest.mark.parametrize(("outer", "inner"), [("hand_over", "finish"), ("finish", "hand_over")])
def test_units_that_are_handed_over_are_neither_held_around_nor_within(tmp_path: Path, outer: str, inner: str) -> None:
    services = {"place": service(then=[way("doctor", how="within")]), "doctor": service()}
    offers = {"place": Offer(staffed=DAY, shift_end=outer), "doctor": Offer(staffed=DAY, shift_end=inner)}
    line = 2 if outer == "hand_over" else 3
    problem = only(town(services, offers), tmp_path, POOLS, f"row {line}, shift_end")
    assert "hand_over cannot be where units are held within each other" in problem.message


def test_units_that_are_held_until_the_next_starts_may_be_handed_over(tmp_path: Path) -> None:
    services = {"place": service(then=[way("ward", how="holding")]), "ward": service()}
    town(services, {"place": Offer(staffed=DAY, shift_end="hand_over"), "ward": Offer()}).load(tmp_path)


def test_a_team_has_one_pool_and_is_not_handed_over(tmp_path: Path) -> None:
    offer = Offer(staffed=DAY, tour=True, further="more", shift_end="hand_over")
    rooms = {"a": {"more": Offer(tour=True)}}
    found = problems(Sketch({"visit": service(mode="outreach")}, {"a": {"visit": offer}}, rooms=rooms), tmp_path)
    assert [(p.key, p.message) for p in found] == [
        ("row 2, pool", "an outreach service has one pool, that of its teams"),
        ("row 2, shift_end", "a visit of a team cannot be handed over"),
    ]


# appointments


def test_only_a_booked_patient_can_stay_away(tmp_path: Path) -> None:
    missed = {"all": {"share": 0.1, **SAID}}
    only(town({"er": service(no_show=missed)}), tmp_path, CARE, "services.er.no_show")
    town({"er": service(mode="booked", no_show=missed)}).load(tmp_path)


def test_the_ways_of_those_who_stay_away_sum_to_1_and_keep_nothing(tmp_path: Path) -> None:
    missed = {"all": {"share": 0.1, "then": {"again": way("er", 0.5, "holding")}, **SAID}}
    found = problems(town({"er": service(mode="booked", no_show=missed)}), tmp_path)
    assert {p.key for p in found} == {"services.er.no_show.all.then", "services.er.no_show.all.then.again.how"}


def test_a_delay_need_not_be_for_everybody_and_hides_no_other(tmp_path: Path) -> None:
    soon = {"when": {"acuity": ["3"]}, "time": minutes(60), **SAID}
    town({"er": service(mode="booked", not_before={"soon": soon})}).load(tmp_path)
    everybody = {"time": minutes(60), **SAID}
    sketch = town({"er": service(mode="booked", not_before={"all": everybody, "soon": soon})})
    assert "hides the rules after it" in only(sketch, tmp_path, CARE, "services.er.not_before.all").message


# times that no table can hold


def test_a_time_whose_tail_is_too_long_is_refused_with_file_and_key(tmp_path: Path) -> None:
    long = {"dist": "lognormal", "unit": "h", "mu": 0, "sigma": 1.7}
    services = {
        "er": service(long, patience=long, leaves=[way("exit")], then=[way("er", 0.1, after=long), way("exit", 0.9)])
    }
    found = problems(town(services), tmp_path)
    assert [p.key for p in found] == [
        "services.er.duration.all.time", "services.er.patience.all.time", "services.er.next.all.then.w0.after",
    ]  # fmt: skip
    assert all("the tail is too long to be tabulated" in p.message for p in found)
    assert {p.file.removeprefix(f"{tmp_path}/") for p in found} == {CARE}


def test_a_time_of_a_lever_that_no_table_can_hold_is_refused_with_the_lever(tmp_path: Path) -> None:
    long = {"dist": "lognormal", "unit": "h", "mu": 0, "sigma": 1.7}
    lever = {"kind": "pathway", "service": "er", "from_step": "exit", "to_step": "er", "how": "follow_up"}
    scenarios = {"new": {"back": {**lever, "after": long, "share": figure(0.1, 0.1, 0.1)}}}
    sketch = town({"er": service(then=[way("exit")])}, scenarios=scenarios)
    assert "lognormal" in only(sketch, tmp_path, "scenarios/new.yaml", "levers.back.after").message


def test_what_only_compiling_shows_has_an_address_too(tmp_path: Path) -> None:
    sources, targets = {"where": {"sites": ["a"]}}, {"where": {"sites": ["b"]}}
    lever = {"kind": "transfer", "source_pools": sources, "target_pools": targets, "share": figure(0.5, 0.5, 0.5)}
    sites = {"a": {"er": Offer()}, "b": {"er": Offer(0)}}
    world = Sketch({"er": service()}, sites, scenarios={"new": {"moved": lever}}).load(tmp_path)
    with pytest.raises(ConfigErrors) as caught:
        compile_scenario(world, "new")
    problem = caught.value.problems[0]
    assert (problem.file, problem.key) == ("care model test, scenario new", "levers.moved")
    assert "no capacity that could grow" in problem.message


def test_a_profile_that_is_zero_in_the_year_of_the_study_is_named(tmp_path: Path) -> None:
    gone = {"piecewise": {"2020-01-01 00:00": 1, "2021-01-01 00:00": 0}, **SAID}
    ill = {"ill": need({"er": 1}, profile="gone")}
    world = town({"er": service()}, needs=ill, profiles={"gone": gone}).load(tmp_path)
    with pytest.raises(ConfigErrors) as caught:
        compile_scenario(world, "baseline")
    assert caught.value.problems[0].key == "profiles.gone"


# visits to an emergency room


def emergency_room(physician: Offer | None) -> Sketch:
    """A place and a physician within it, open around the clock."""
    services = {
        "er": service(10, then=[way("er_physician", how="within")], kind="emergency"),
        "er_physician": service(30, kind="emergency_physician"),
    }
    sites = {"a": {"er": Offer(), "er_physician": Offer()}, "b": {"er": Offer()}}
    if physician is not None:
        sites["b"]["er_physician"] = physician
    return Sketch(services, sites)


def test_an_emergency_room_without_a_physician_is_refused(tmp_path: Path) -> None:
    problem = only(emergency_room(None), tmp_path, OFFERS, "row 4, service")
    assert "which b does not offer" in problem.message


@pytest.mark.parametrize(
    ("hours", "gap"),
    [
        ("07:00-24:00", "mon 00:00"),
        ({"every_day": [{"hours": "00:00-12:00"}, {"hours": "12:00-24:00", "capacity_factor": 0}]}, "mon 12:00"),
        ({"mon_fri": "00:00-24:00", "sat": "00:00-24:00", "sun": "00:00-23:00"}, "sun 23:00"),
    ],
)
def test_hours_without_a_physician_while_the_emergency_room_is_open_are_refused(
    hours: str | Plain, gap: str, tmp_path: Path
) -> None:
    problem = only(emergency_room(Offer(hours="00:00-24:00", staffed=hours)), tmp_path, OFFERS, "row 4, calendar")
    assert f"on duty {gap}" in problem.message


def test_shifts_that_meet_leave_no_hour_without_a_physician(tmp_path: Path) -> None:
    shifts = {"every_day": [{"hours": "07:00-22:00"}, {"hours": "21:00-07:00", "capacity_factor": 0.5}]}
    emergency_room(Offer(hours="00:00-24:00", staffed=shifts)).load(tmp_path)
