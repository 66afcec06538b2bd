"""The shipped scenarios: they load and compile at every end of their ranges, and are what they say."""

from __future__ import annotations

import re
import shutil
from functools import cache
from itertools import product
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from worlds import at_variant

from sim.compile import compile_scenario
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.schema.base import EffectSize, Label
from sim.config.schema.scenario import AnyLever, CloseLever, Lever
from sim.config.schema.statements import Expression, expressions
from sim.config.variants import Variant
from sim.config.world import World
from sim.model.codes import LEVELS
from sim.model.tables import Model

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny"
SHIPPED = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
WANTED = {
    "baseline", "near_care", "mobile_teams", "concentrated_hospital", "closed_er", "digital_first", "whole_shift_2027",
}  # fmt: skip
VARIANTS: tuple[Variant, ...] = ("value", "low", "high")
NEUTRAL = 0.005
RUNS: list[tuple[str, Variant]] = [("baseline", "value"), *product(sorted(WANTED - {"baseline"}), VARIANTS)]


@cache
def world() -> World:
    return load_study([f"scenarios=[{','.join(sorted(SHIPPED, key=lambda n: n != 'baseline'))}]"], root=ROOT)


@cache
def model(name: str, variant: Variant = "value") -> Model:
    return compile_scenario(at_variant(world(), name, variant), name)


def levers() -> list[tuple[str, str, Lever]]:
    return [(name, key, lever) for name, s in world().scenarios.items() for key, lever in s.levers.items()]


def effects(lever: Lever) -> list[EffectSize]:
    return [value for _, value in lever if isinstance(value, EffectSize)]


def sek_per_year(compiled: Model, level: str | None = None) -> float:
    """Cost in the window, scaled to a year: open unit seconds times staff times pay, and what has no pool."""
    total, kept = 0.0, [LEVELS.index(level)] if level else list(range(len(LEVELS)))
    for p, (a, b) in enumerate(zip(compiled.capacity_ptr[:-1], compiled.capacity_ptr[1:], strict=True)):
        if compiled.pool_level[p] not in kept:
            continue
        times = np.append(compiled.capacity_time[a:b], compiled.horizon)
        seconds = np.diff(np.clip(times, compiled.window_start, compiled.horizon))
        r = compiled.pool_resource[p]
        total += float((seconds * compiled.places_value[a:b]).sum()) * compiled.staff_milli[r] * compiled.staff_sek[r]
    window = compiled.horizon - compiled.window_start
    return total / 1000 / 3600 * compiled.year_s / window + float(compiled.extra_sek_per_year[-1, kept].sum())


def test_the_seven_scenarios_are_shipped() -> None:
    assert set(SHIPPED) >= WANTED


@pytest.mark.parametrize(("name", "variant"), RUNS)
def test_every_scenario_compiles_at_every_end_and_is_neutral_where_it_says_so(name: str, variant: Variant) -> None:
    compiled = model(name, variant)
    assert compiled.phase_start.tolist() == [model("baseline").phase_start[0]]  # every ramp is done
    change = sek_per_year(compiled) / sek_per_year(model("baseline")) - 1
    if world().scenarios[name].budget_neutral:
        assert abs(change) < NEUTRAL, f"{name} at {variant} changes cost by {change:.2%}"


def test_the_pure_cut_is_not_neutral() -> None:
    assert not world().scenarios["closed_er"].budget_neutral
    assert sek_per_year(model("closed_er")) < sek_per_year(model("baseline")) - 40e6


def test_every_lever_is_in_full_before_the_study_begins() -> None:
    for name, key, lever in levers():
        if lever.ramp is not None:
            last = max(lever.ramp)
            assert lever.ramp[last] == 1, f"{name}: {key}"
            assert last < world().study.start, f"{name}: {key}"


def test_every_effect_size_has_a_source_and_what_is_assumed_is_of_quality_d_or_derived() -> None:
    found = [(f"{name}: {key}", effect) for name, key, lever in levers() for effect in effects(lever)]
    assert len(found) > 40
    for where, effect in found:
        assert len(effect.source) > 5, where
        assert not effect.source.startswith("assumption") or effect.quality == "D", where


def test_every_lever_says_why_and_which_statements_it_expresses() -> None:
    for name, key, lever in levers():
        assert isinstance(lever.note, Label) and min(len(lever.note.sv), len(lever.note.en)) > 10, f"{name}: {key}"
        assert lever.statements, f"{name}: {key}"


def test_a_strategist_can_read_every_scenario_in_both_languages() -> None:
    for name, scenario in world().scenarios.items():
        for text in (scenario.label, scenario.description):
            assert text.sv, name
            assert text.en, name
            assert text.sv != text.en, name


def test_what_a_scenario_cites_is_what_its_levers_cite() -> None:
    """But for the timetable, which ramps express, not levers."""
    for name, scenario in world().scenarios.items():
        by_levers = {s for lever in scenario.levers.values() for s in lever.statements}
        assert set(scenario.statements) - by_levers <= {"FP30-2"}, name
        if not scenario.inherits:
            assert by_levers <= set(scenario.statements), name


def test_each_statement_is_expressed_or_says_why_not() -> None:
    statements = world().statements
    assert statements is not None
    assert len(statements.statements) == 11 + 7 + 8 + 5 + 6
    for name, found in expressions(statements.statements, world().scenarios).items():
        assert bool(found) != (statements.statements[name].reason is not None), name


def test_the_whole_shift_is_all_its_parts() -> None:
    parts = ["near_care", "mobile_teams", "concentrated_hospital", "digital_first"]
    whole = world().scenarios["whole_shift_2027"]
    assert whole.inherits == parts
    assert list(whole.levers) == [key for part in parts for key in world().scenarios[part].levers]


def test_near_care_moves_money_from_hospital_to_primary_care() -> None:
    near, base = model("near_care"), model("baseline")
    assert sek_per_year(near, "primary_care") > sek_per_year(base, "primary_care") + 60e6
    hospital = sum(sek_per_year(near, level) for level in ("local_hospital", "concentrated_hospital"))
    assert hospital < sum(sek_per_year(base, level) for level in ("local_hospital", "concentrated_hospital")) - 60e6


def test_the_same_emergency_room_is_closed_in_both_and_no_decision_is_implied() -> None:
    closed = {}
    for name in ("concentrated_hospital", "closed_er"):
        found = [x for x in world().scenarios[name].levers.values() if isinstance(x, CloseLever) and "er" in x.services]
        closed[name] = [lever.where.sites for lever in found]
        assert "no such decision is taken" in world().scenarios[name].description.en
        assert "inget beslut är fattat" in world().scenarios[name].description.sv
    assert closed["concentrated_hospital"] == closed["closed_er"]
    assert len(closed["closed_er"]) == 1


def test_rare_care_is_at_one_site_when_concentrated() -> None:
    rare = model("concentrated_hospital")
    for service in ("rare_clinic", "rare_ward"):
        offers = np.flatnonzero(rare.offer_service == rare.services.index(service))
        still_open = [rare.sites[rare.offer_site[g]] for g in offers if rare.open_ptr[g] < rare.open_ptr[g + 1]]
        assert still_open == ["su_sahlgrenska"], service
        assert len(offers) == 4


# what scenarios and statements may say


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "root"))


def refused(root: Path, file: str, old: str, new: str) -> str:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigErrors) as caught:
        load_study(root=root)
    return str(caught.value)


def test_a_closing_by_halves_is_refused(root: Path) -> None:
    ramp = "to_sites: {hospital_south: 1}\n    ramp: {2027-10-05: 0.5}"
    said = refused(root, "scenarios/closed_er.yaml", "to_sites: {hospital_south: 1}", ramp)
    assert "levers.close_north.ramp.2027-10-05: close is off or on (found '0.5'); allowed: 0, 1" in said


def test_a_statement_that_does_not_exist_is_refused_in_a_lever_too(root: Path) -> None:
    said = refused(root, "scenarios/near_care.yaml", "kind: capacity", "kind: capacity\n    statements: [S11]")
    assert "levers.more_rooms.statements: unknown statement (found 'S11')" in said
    assert "did you mean S1?" in said


def test_a_pool_that_pays_must_exist(root: Path) -> None:
    said = refused(root, "scenarios/near_care.yaml", "pools: {", "paid_by: {resource: bedd}\n    pools: {")
    assert "levers.more_rooms.paid_by.resource: unknown resource (found 'bedd')" in said


def test_a_statement_of_an_unknown_document_is_refused(root: Path) -> None:
    said = refused(root, "configs/statements.yaml", "S1: {document: plan", "S1: {document: plans")
    assert "statements.S1.document: unknown document (found 'plans')" in said


def test_statements_are_found_with_their_scenarios_and_levers(root: Path) -> None:
    path = root / "scenarios" / "near_care.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("kind: capacity", "kind: capacity\n    statements: [S1]"), encoding="utf-8")
    found = load_study(root=root)
    assert found.statements is not None
    assert expressions(found.statements.statements, found.scenarios) == {
        "S1": [Expression("near_care", ("more_rooms",))],
        "S2": [Expression("closed_er", ())],
        "S3": [],
    }


# the guide

GUIDE = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")


def test_the_guides_example_is_a_scenario_of_the_region(tmp_path: Path) -> None:
    example = next(block for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL) if block.startswith("label"))
    (tmp_path / "mine.yaml").write_text(example, encoding="utf-8")
    found = load_study(["scenarios=[baseline]"], root=ROOT, files=[tmp_path / "mine.yaml"])
    compiled = compile_scenario(found, "mine")
    assert found.scenarios["mine"].budget_neutral
    assert abs(sek_per_year(compiled) / sek_per_year(model("baseline")) - 1) < NEUTRAL
    assert compiled.shift_row.max() >= 0


def test_the_guide_tells_every_kind_of_lever_and_every_field() -> None:
    kinds = get_args(get_args(AnyLever)[0])
    for kind in kinds:
        name = get_args(kind.model_fields["kind"].annotation)[0]
        assert f"### `{name}`" in GUIDE
        section = GUIDE.split(f"### `{name}`")[1].split("\n### ")[0]
        own = set(kind.model_fields) - set(Lever.model_fields) - {"kind"}
        assert {field for field in own if f"`{field}`" not in section} == set(), name
