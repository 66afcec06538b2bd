"""Of each lever: whether anybody would mean its size, and on whom and on what it acts, before anything runs."""

from __future__ import annotations

from datetime import date

import pytest
from lever_world import between, exactly, with_levers
from lever_world import world as tiny

from sim.compile import compile_scenario
from sim.compile.acted_on import ActedOn, ActedUnits, acted_on
from sim.compile.lever_sizes import questions, size_questions
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.schema import scenario as s
from sim.config.schema.pathway_rules import When
from sim.config.sentence import from_plain_data, plain_data
from sim.config.world import resolved
from sim.report.acted_on_lines import acted_on_lines
from sim.report.language import Language
from sim.report.names import Names

ROOMS, BEDS, ER = (s.Pools(resource=one) for one in ("room", "bed", "er_place"))
FRAIL = When(needs=["frailty"], ages=["65_79", "80plus"])


def shift(share: float, **whom: list[str]) -> s.ShiftLever:
    return s.ShiftLever(
        kind="shift", when=When(**whom), from_service="er", to_service="primary_care", share=exactly(share)
    )  # type: ignore[arg-type]


def enrolment(eligible: float) -> s.EnrolmentLever:
    return s.EnrolmentLever(
        kind="enrolment", when=FRAIL, enrolled=exactly(10), eligible=exactly(eligible), reduction=exactly(0.2),
        staff_min_per_week=exactly(10), sek_per_staff_h=exactly(400),
    )  # fmt: skip


ASKED = {
    "many more rooms": (s.CapacityLever(kind="capacity", pools=ROOMS, add_units=exactly(9)), "4 units become 13"),
    "many more at an end alone": (
        s.CapacityLever(kind="capacity", pools=ROOMS, add_units=between(1, 2, 30)), "4 units become 34",
    ),
    "hardly a bed is left": (
        s.CapacityLever(kind="capacity", pools=BEDS, add_units=exactly(-15)), "16 units become 1",
    ),
    "a flood of beds' money into rooms": (
        s.TransferLever(kind="transfer", source_pools=BEDS, target_pools=ROOMS, share=exactly(0.8)),
        "12.8 units are freed for pools that have 4",
    ),
    "more than the region has": (
        s.OpenLever(
            kind="open", service="telephone", sites={"hospital_south": 3}, resource="line", level="primary_care",
            calendar="always",
        ),
        "3 units at one place, and the whole region has 2 of this kind",
    ),
    "nearly everybody moves": (shift(0.9), "moves 90 % of all first contacts with er"),
    "more than live there": (enrolment(3000), "3000 people are eligible, and 2100 of these ages live there"),
}  # fmt: skip


@pytest.mark.parametrize(("lever", "words"), ASKED.values(), ids=ASKED)
def test_a_change_that_nobody_would_mean_is_asked_about(lever: s.AnyLever, words: str) -> None:
    (asked,) = size_questions(with_levers(lever), "x")
    assert asked.startswith(f"x: levers.it: {words}")


UNASKED = [
    s.CapacityLever(kind="capacity", pools=ROOMS, add_units=exactly(8)),
    s.CapacityLever(kind="capacity", pools=BEDS, add_units=exactly(-14)),
    s.TransferLever(kind="transfer", source_pools=BEDS, target_pools=ROOMS, share=exactly(0.75)),
    shift(0.9, ages=["0_17"]),
    shift(0.8),
    enrolment(2100),
]


@pytest.mark.parametrize("lever", UNASKED, ids=range(len(UNASKED)))
def test_a_change_that_somebody_may_mean_is_not(lever: s.AnyLever) -> None:
    assert size_questions(with_levers(lever), "x") == []


def test_nothing_is_asked_about_the_levers_that_come_with_the_program() -> None:
    for study in ("vgr_first", "vastmanland_first", "teaching"):
        assert questions(load_study([f"study={study}"])) == [], study


def test_a_question_is_kept_with_a_study_and_told_in_another_language() -> None:
    (asked,) = size_questions(with_levers(shift(0.9)), "x")
    kept = from_plain_data(plain_data(asked))
    assert (kept, kept.template) == (asked, asked.template)
    assert "flyttar 90 % av alla första kontakter" in Language("sv").sentence(kept)


def found(lever: s.AnyLever) -> ActedOn:
    """What the lever acts on."""
    world = with_levers(lever)
    return acted_on(world, "x", compile_scenario(world, "x"), compile_scenario(world, "baseline"))["it"]


def test_a_lever_about_units_tells_how_many_there_are_and_will_be_and_where() -> None:
    one = found(s.CapacityLever(kind="capacity", pools=BEDS, add_units=exactly(4)))
    assert (one.begins, one.units) == (tiny().study.start, [ActedUnits("bed", 16, 20, 21, 2)])  # 7.5 and 12.5: 8 and 13
    assert one.services == ["ward"]
    assert one.contacts > 0


def test_units_of_pools_that_close_are_not_rounded() -> None:
    assert found(s.CapacityLever(kind="capacity", pools=ROOMS, scale=exactly(0.1))).units == [
        ActedUnits("room", 4, 4.4, None, 1)
    ]


def test_a_lever_about_a_need_tells_its_episodes_a_day() -> None:
    one = found(s.DemandLever(kind="demand", when=When(needs=["acute"], ages=["0_17"]), change=exactly(0.1)))
    rate = tiny().care.needs["acute"].rate_per_1000_year["0_17"].value
    assert one.contacts == pytest.approx(1.1 * 2000 * rate / 1000 / 365.25, rel=0.005)


def test_a_shift_tells_the_first_contacts_a_day_that_it_is_about() -> None:
    everybody, children = found(shift(0.5)).contacts, found(shift(0.5, ages=["0_17"])).contacts
    assert 0 < children < everybody
    assert found(shift(0.5)).services == ["er"]


def test_the_day_from_which_a_ramp_acts_is_told_and_a_ramp_elsewhere_is_left_out() -> None:
    last = tiny().study.end
    late = shift(0.5).model_copy(update={"ramp": {last: 1.0}})
    assert found(late).begins == last
    world = with_levers(shift(0.5).model_copy(update={"ramp": {date(2040, 1, 1): 1.0}}))
    model = compile_scenario(world, "x")
    assert acted_on(world, "x", model, model) == {}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "x: it acts on bed at 2 sites (16 become 20, in whole units 21) and "),
        ("sv", "x: it berör vårdplats på 2 platser (16 blir 20, i hela enheter 21) och "),
    ],
)
def test_the_line_of_a_lever_is_told_in_both_languages(code: str, words: str) -> None:
    world = with_levers(s.CapacityLever(kind="capacity", pools=BEDS, add_units=exactly(4)))
    language = Language(code)  # type: ignore[arg-type]
    model = compile_scenario(world, "x")
    (line,) = acted_on_lines(world, "x", (model, model), Names(resolved(world), language), language)
    assert line.startswith(words)


def test_what_is_saved_for_pools_that_cannot_grow_is_refused() -> None:
    nobody = s.Pools(resource="room", where=s.Where(sites=["hospital_south"]))
    lever = s.CapacityLever(kind="capacity", pools=BEDS, add_units=exactly(-4), paid_by=nobody)
    with pytest.raises(ConfigErrors, match="no capacity that could grow"):
        compile_scenario(with_levers(lever), "x")
