"""Rules for shifts, hours of starting and pools in order that could never do anything are refused, with address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from worlds import SAID, Offer, Plain, Sketch, exponential, need, service, way

from sim.compile import compile_scenario
from sim.config.errors import ConfigErrors, Problem
from sim.study.evaluate import evaluate
from sim.study.plan import plan, refuse_impossible

POOLS = "configs/region/town/pools.csv"
OFFERS = "configs/region/town/offers.csv"
CARE = "configs/care/test.yaml"
SHIFTS = {day: ["07:00-15:00", "15:00-23:00", "23:00-07:00"] for day in ("mon_fri", "sat_sun")}
HALF_LESS = {"value": -0.5, "low": -0.5, "high": -0.5, "source": "test", "quality": "X"}


def refusal(sketch: Sketch, root: Path) -> Problem:
    """The one problem of a network."""
    with pytest.raises(ConfigErrors) as caught:
        sketch.load(root)
    (problem,) = caught.value.problems
    return problem


def ward(offer: Offer, **more: object) -> Sketch:
    return Sketch({"ward": service(60)}, {"a": {"ward": offer}}, {"ill": need({"ward": 1})}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("rule", "overtime_h"), [("fresh", 0), ("hand_over", 0), ("overtime", 2)])
def test_a_rule_for_the_end_of_shifts_needs_shifts_that_end(tmp_path: Path, rule: str, overtime_h: float) -> None:
    problem = refusal(ward(Offer(2, shift_end=rule, overtime_h=overtime_h)), tmp_path)
    assert (problem.file.endswith(POOLS), problem.key) == (True, "row 2, shift_end")
    assert "no shift ends" in problem.message
    ward(Offer(2, staffed=SHIFTS, shift_end=rule, overtime_h=overtime_h)).load(tmp_path / "with shifts")


@pytest.mark.parametrize("rule", ["finish", "fresh", "hand_over"])
def test_hours_of_overtime_are_said_where_it_is_worked(tmp_path: Path, rule: str) -> None:
    problem = refusal(ward(Offer(2, staffed="08:00-16:00", shift_end=rule, overtime_h=2)), tmp_path)
    assert problem.key == "row 2, overtime_h"
    assert rule in problem.message


def test_overtime_without_hours_is_no_overtime(tmp_path: Path) -> None:
    problem = refusal(ward(Offer(2, staffed="08:00-16:00", shift_end="overtime")), tmp_path)
    assert problem.key == "row 2, overtime_h"
    assert "finish" in problem.message


def test_a_further_pool_stands_where_the_offer_is(tmp_path: Path) -> None:
    sites = {"a": {"ward": Offer(further="b_annex")}, "b": {"ward": Offer()}}
    sketch = Sketch({"ward": service(60)}, sites, rooms={"b": {"b_annex": Offer()}})
    problem = refusal(sketch, tmp_path)
    assert (problem.file.endswith(OFFERS), problem.key, problem.value) == (True, "row 2, pool", "b_annex")
    assert "stands at b" in problem.message and "next_site" in problem.message


@pytest.mark.parametrize("part", ["starts", "ends"])
def test_hours_that_dates_close_all_the_run_are_refused(tmp_path: Path, part: str) -> None:
    def sketch(dates: str) -> Sketch:
        rounds = {"rounds": {"every_day": "10:00-18:00", "dates": {dates: "closed"}}}
        return Sketch(
            {"ward": service(60) | {part: "rounds"}}, {"a": {"ward": Offer()}}, calendars=rounds,
            start=date(2027, 3, 1), end=date(2027, 3, 7),
        )  # fmt: skip

    problem = refusal(sketch("2027-02-01..2027-03-31"), tmp_path)
    assert (problem.file.endswith(CARE), problem.key) == (True, f"services.ward.{part}")
    assert "closed all the run, from 2027-03-01 to 2027-03-07" in problem.message
    sketch("2027-02-01..2027-03-06").load(tmp_path / "one day is left")


def levers(**lever: object) -> Plain:
    return {"less": {"change": lever}}


def test_levers_that_leave_only_units_that_are_kept_free_are_refused(tmp_path: Path) -> None:
    cut = levers(kind="capacity", pools={"resource": "unit"}, scale=HALF_LESS)
    world = ward(Offer(4, keep_free="0 0 2 2 2"), scenarios=cut).load(tmp_path)
    compile_scenario(world, "baseline")
    compile_scenario(ward(Offer(4, keep_free="0 0 1 2 2"), scenarios=cut).load(tmp_path / "nobody is 4 or 5"), "less")
    with pytest.raises(ConfigErrors) as caught:
        compile_scenario(world, "less")
    (problem,) = caught.value.problems
    assert "scenario less" in problem.file and problem.key == "pools.a_ward.keep_free"
    assert "leave a_ward 2 units" in problem.message and "start ward at a" in problem.message


def test_opening_hours_without_shifts_are_refused_for_a_pool_with_a_rule_for_their_end(tmp_path: Path) -> None:
    longer = levers(kind="opening_hours", service="ward", calendar="always")
    sketch = ward(Offer(4, staffed=SHIFTS, shift_end="fresh"), scenarios=longer, calendars={"always": "00:00-24:00"})
    with pytest.raises(ConfigErrors) as caught:
        compile_scenario(sketch.load(tmp_path), "less")
    (problem,) = caught.value.problems
    assert problem.key == "levers.change"
    assert "no shift of a_ward would ever end" in problem.message


def test_levers_are_held_against_units_kept_free_at_both_ends_of_the_assumptions(tmp_path: Path) -> None:
    """In the middle three of four beds are left, at the stronger end two, which are kept."""
    less = {"value": -1, "low": -2, "high": -1, "source": "test", "quality": "X"}
    cut = levers(kind="capacity", pools={"resource": "unit"}, add_units=less)
    world = ward(Offer(4, keep_free="0 0 2 2 2"), scenarios=cut).load(tmp_path)
    world = replace(world, study=world.study.model_copy(update={"assumption_runs": True}))
    compile_scenario(world, "less")
    with pytest.raises(ConfigErrors) as caught:
        refuse_impossible(plan(world))
    (problem,) = caught.value.problems
    assert problem.file.endswith("scenario less, with every effect at its stronger end")
    with pytest.raises(ConfigErrors) as refused:
        evaluate(plan(world), world.execution.model_copy(update={"results": str(tmp_path / "results")}))
    assert refused.value.problems == [problem]


def test_hours_of_starting_that_no_pool_of_an_offer_shares_are_refused(tmp_path: Path) -> None:
    def sketch(staffed: str) -> Sketch:
        evenings = {"evenings": {"every_day": "20:00-22:00"}}
        return Sketch(
            {"ward": service(60) | {"starts": "evenings"}}, {"a": {"ward": Offer(staffed=staffed)}}, calendars=evenings
        )

    problem = refusal(sketch("08:00-20:00"), tmp_path)
    assert (problem.file.endswith(OFFERS), problem.key) == (True, "row 2, pool")
    assert "may start (starts)" in problem.message
    sketch("21:00-07:00").load(tmp_path / "an hour is shared")
    sketch("08:00-20:01").load(tmp_path / "a minute is shared")


def test_hours_of_starting_in_dates_of_the_run_alone_are_hours(tmp_path: Path) -> None:
    two_days = {"two_days": {"dates": {"2027-03-02..2027-03-03": {"every_day": "08:00-10:00"}}}}
    Sketch(
        {"ward": service(60) | {"starts": "two_days"}}, {"a": {"ward": Offer()}}, calendars=two_days,
        start=date(2027, 3, 1), end=date(2027, 3, 7),
    ).load(tmp_path)  # fmt: skip


def test_a_later_pool_waits_at_least_as_long_as_those_before_it(tmp_path: Path) -> None:
    rooms = {"a": {"over": Offer(), "overbed": Offer()}}
    offer = Offer(further="over overbed", spill_after_h="6 2")
    problem = refusal(Sketch({"ward": service(60)}, {"a": {"ward": offer}}, rooms=rooms), tmp_path)
    assert problem.key == "row 2, spill_after_h"
    assert "falls" in problem.message


@pytest.mark.parametrize("hours", ["8-10", "08.00-10.00", "08:00-25:00", "08:00 - 10:00", "08:60-10:00"])
def test_hours_that_are_none_are_told_by_how_hours_are_written_and_by_nothing_else(tmp_path: Path, hours: str) -> None:
    sketch = Sketch(
        {"ward": service(60) | {"starts": "mornings"}}, {"a": {"ward": Offer()}}, calendars={"mornings": hours}
    )
    problem = refusal(sketch, tmp_path)
    assert problem.file.endswith("calendars.yaml")
    assert "must be hours of a day, as 08:00-17:00" in problem.message


def test_hours_that_begin_and_end_at_once_are_refused(tmp_path: Path) -> None:
    sketch = Sketch({"ward": service(60)}, {"a": {"ward": Offer(hours="17:00-17:00")}})
    assert "00:00-24:00 for all day" in refusal(sketch, tmp_path).message


@pytest.mark.parametrize("how", ["at_once", "follow_up"])
def test_who_misses_every_appointment_and_asks_again_goes_in_a_circle(tmp_path: Path, how: str) -> None:
    after = exponential(60) if how == "follow_up" else None
    again = {"all": {"share": 1, "then": {"w0": way("clinic", 1, after=after)}, **SAID}}
    problem = refusal(Sketch({"clinic": service(60, "booked", no_show=again)}, {"a": {"clinic": Offer()}}), tmp_path)
    assert problem.key == "services.clinic.next"
    assert "circle without exit" in problem.message
