"""From each statement of the strategies to levers, scenarios and findings, or to why nothing expresses it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from reports import study, writer
from typer.testing import CliRunner

from sim.app.cli import app
from sim.config.errors import ConfigErrors
from sim.config.folders import folders
from sim.report.language import Language
from sim.report.strategy_rows import StrategyRow, all_statements, empty_rows, shipped_scenarios, strategy_rows
from sim.results.read import Results

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = Language("en")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A study of the tiny world, run for real."""
    return study(tmp_path_factory.mktemp("strategies"))


def test_no_statement_is_without_a_lever_and_without_a_reason() -> None:
    rows = strategy_rows(folders(ROOT), ENGLISH)
    assert len(rows) == 37
    assert empty_rows(rows) == []
    assert all(not row.reason or not any(row.levers.values()) for row in rows)


def test_a_row_that_says_nothing_is_found() -> None:
    silent = StrategyRow("", "X-1", "", {"a": ()}, [], [], "")
    assert empty_rows([silent]) == ["X-1"]


def test_what_is_expressed_promises_something_that_is_measured() -> None:
    statements = all_statements(folders(ROOT)).statements
    assert {name for name, one in statements.items() if not one.outcomes} == {
        name for name, one in statements.items() if one.reason is not None
    }


def test_a_promise_of_what_is_not_measured_is_refused_by_statement(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    (tmp_path / "configs").mkdir()
    text = (ROOT / "configs" / "statements.yaml").read_text("utf-8")
    (tmp_path / "configs" / "statements.yaml").write_text(text.replace("bed_occupancy", "bed_occupanzy", 1), "utf-8")
    with pytest.raises(ConfigErrors) as errors:
        all_statements(folders(tmp_path))
    assert "statements.VGR17-6.outcomes: unknown measure (found 'bed_occupanzy')" in str(errors.value)


def test_every_scenario_that_can_be_found_is_read_with_what_it_inherits() -> None:
    scenarios = shipped_scenarios(folders(ROOT))
    assert set(scenarios["near_care"].levers) < set(scenarios["whole_shift_2027"].levers)


def test_findings_are_those_of_the_study_s_scenarios_that_express_the_statement(results: Results) -> None:
    tiny = writer(results)
    rows = {row.statement: row for row in strategy_rows(folders(ROOT), ENGLISH, tiny)}
    names = {tiny.names.scenario(name): name for name in tiny.effects.scenarios}
    for row in rows.values():
        told = [name for label, name in names.items() for line in row.found if line.startswith(f"{label}: ")]
        assert set(told) <= set(row.levers), row.statement
    assert any(row.found for row in rows.values())


@pytest.mark.parametrize(("language", "told"), [("en", "it promises something of"), ("sv", "lovar något om")])
def test_the_command_tells_every_statement_in_both_languages(language: str, told: str) -> None:
    done = CliRunner().invoke(app, ["strategies", f"language={language}"])
    assert done.exit_code == 0
    for statement in all_statements(folders(ROOT)).statements:
        assert f"{statement}  " in done.output
    assert told in done.output
