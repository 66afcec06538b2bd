"""What a study will take is told before it starts; what nobody means is refused, unless the limit is raised."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lever_world import BEDS_POOLS, between, exactly, with_levers
from lever_world import world as tiny

from sim.compile import compile_scenario
from sim.compile.expected_work import expected_work
from sim.compile.traffic import expected_contacts
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.schema import scenario as s
from sim.config.schema.pathway_rules import When
from sim.config.world import World
from sim.report.language import Language
from sim.study.study import run_study
from sim.study.work_limits import refuse_too_much, work_of

MINOR = When(needs=["minor"])


def limited(world: World, **limits: float | str) -> World:
    return replace(world, execution=world.execution.model_copy(update=limits))


def refusal(world: World) -> str:
    with pytest.raises(ConfigErrors) as caught:
        refuse_too_much(world)
    return str(caught.value)


def test_what_is_expected_of_drafts_is_what_the_compiled_model_expects() -> None:
    world = load_study(["study=teaching", "scenarios=[baseline]"])
    exact = expected_contacts(compile_scenario(world, "baseline"))
    assert expected_work(world, "baseline").contacts == pytest.approx(exact, rel=0.15)


def test_a_study_as_large_as_any_that_is_meant_is_told_and_not_refused() -> None:
    work = refuse_too_much(load_study(["study=vgr_quick"]))
    assert 4e5 < work.contacts < 6e5
    assert f"{work.contacts:,.0f} contacts; {work.runs} runs" in work.sentence
    assert "Den största körningen" in Language("sv").sentence(work.sentence)


def test_demand_without_measure_is_refused_with_the_key_that_allows_it() -> None:
    world = with_levers(s.DemandLever(kind="demand", when=MINOR, change=exactly(1000)))
    assert "most_contacts" not in str(work_of(world).sentence)
    said = refusal(limited(world, most_contacts=50_000))
    assert "most_contacts: would take about" in said
    assert "contacts in a run of x value, and the limit is 50,000" in said
    assert refuse_too_much(limited(world, most_contacts=1e9)).contacts > 100 * work_of(tiny()).contacts


def test_what_only_the_strong_end_would_take_is_refused_too() -> None:
    world = with_levers(s.DemandLever(kind="demand", when=MINOR, change=between(0, 0.1, 900)))
    assert "a run of x high" in refusal(limited(world, most_contacts=50_000))


@pytest.mark.parametrize("limit", ["most_hours", "most_memory_mb", "most_disk_mb"])
def test_every_limit_refuses_by_its_name(limit: str) -> None:
    assert f"{limit}: would take about" in refusal(limited(tiny(), **{limit: 1e-9}))


def test_units_count_in_what_a_run_keeps_in_memory() -> None:
    few, many = (
        work_of(with_levers(s.CapacityLever(kind="capacity", pools=BEDS_POOLS, add_units=exactly(units)))).memory_mb
        for units in (1, 90_000)
    )
    assert many > few + 40


def test_patients_who_would_go_round_for_ever_are_named() -> None:
    back = s.PathwayLever(
        kind="pathway",
        service="primary_care",
        from_step="exit",
        to_step="primary_care",
        how="at_once",
        share=exactly(1),
    )
    assert "patients would go round for ever: no way leads out of primary_care" in refusal(with_levers(back))


def test_a_run_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="most_contacts"):
        run_study(limited(tiny(), most_contacts=10, results=str(tmp_path / "there")), progress=False)
    assert list(tmp_path.iterdir()) == []
