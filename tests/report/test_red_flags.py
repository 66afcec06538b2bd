"""What in a study to doubt stands on one screen, and the first line tells how far the baseline is what is published."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest
from reports import page, study, text
from typer.testing import CliRunner

from sim.app.cli import app
from sim.export.formats import export
from sim.export.nothing_written import NothingWritten
from sim.report import write_report
from sim.report.language import Language
from sim.report.red_flags import hidden_sentence, published, published_sentence, red_flags
from sim.results.plausibility import ALWAYS, missed_totals, tellable, with_effects
from sim.results.read import Results, read_results

ENGLISH = Language("en")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A study of the tiny world, run for real."""
    return study(tmp_path_factory.mktemp("doubts"))


def held(results: Results, folder: Path, deviations: list[float | None]) -> Results:
    """The results with published figures that the baseline deviates from by so much."""
    rows = [
        {
            "target": f"figure_{i}",
            "measure": "er_left_share",
            "by": "all",
            "tolerance": 0.15,
            "deviation": off,
            "within_15": None if off is None else abs(off) <= 0.15,
        }
        for i, off in enumerate(deviations)
    ]
    pd.DataFrame(rows).to_csv(folder / "validation.csv", index=False)
    return dataclasses.replace(results, folder=folder)


def test_how_many_published_figures_are_met_leaves_out_those_that_cannot_be_judged(
    results: Results, tmp_path: Path
) -> None:
    found = published(held(results, tmp_path, [0.15, -0.1, 0.2, None]).folder)
    assert found is not None
    assert (found.hits, found.number, found.far) == (2, 3, [])


def test_a_figure_that_is_missed_by_three_tolerances_is_named(results: Results, tmp_path: Path) -> None:
    flags = red_flags(held(results, tmp_path, [0.0, -0.46, 0.45]), ENGLISH)
    assert flags[0] == "The baseline comes within 15% of 1 of 3 published figures."
    assert flags[1] == "The baseline is off by more than 45%: figure_1 (−46%)."


def test_a_baseline_that_was_held_against_nothing_says_so(results: Results, tmp_path: Path) -> None:
    assert red_flags(held(results, tmp_path, [None]), ENGLISH)[0] == (
        "The baseline was held against no published figure."
    )


def test_failed_runs_rejected_worlds_idle_levers_and_the_unserved_are_told(results: Results, tmp_path: Path) -> None:
    manifest = {
        **results.manifest,
        "failed": [{}],
        "worlds": {"rejected": {"world_03": "it missed a total"}},
        "without_effect": {"near_care": {next(iter(results.config["scenarios"]["near_care"]["levers"])): "nobody"}},
        "overloaded": [{"pool": "p1", "site": "nowhere", "scenario": "baseline", "load": 2.0, "services": ["er"]}],
    }
    said = "\n".join(red_flags(dataclasses.replace(results, manifest=manifest), ENGLISH))
    for words in ("1 of ", "world_03 was rejected: it missed a total", "has no effect in this study", "p1 (nowhere)",
                  "contacts a day that no one could take care of"):  # fmt: skip
        assert words in said


def test_terminal_and_report_begin_with_it_and_the_command_prints_it(
    results: Results, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = published_sentence(results.folder, ENGLISH)
    assert sentence.startswith("The baseline comes within 15% of ")
    assert sentence in text(page(results, "en")).partition("The answer")[0]
    done = CliRunner().invoke(app, ["doctor", str(results.folder)])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == red_flags(read_results(results.folder), ENGLISH)
    missing = CliRunner().invoke(app, ["doctor", str(tmp_path / "nothing")])
    assert missing.exit_code == 2


def off(results: Results, folder: Path, **cells: object) -> Results:
    """The results whose baseline misses a total of the region by so much."""
    table = pd.read_csv(results.folder / "validation.csv").head(1)
    miss = {"target": "er_visits", "measure": "er_visits_per_year", "by": "all", "deviation": -0.31, "tolerance": 0.1}
    table.assign(**{**miss, "within_15": False, **cells}).to_csv(folder / "validation.csv", index=False)
    return dataclasses.replace(results, folder=folder)


def test_a_baseline_more_than_three_tolerances_off_a_total_shows_no_changes(results: Results, tmp_path: Path) -> None:
    far = off(results, tmp_path)
    assert "more than three tolerances off er_visits (−31%)" in hidden_sentence(far, ENGLISH)
    assert set(tellable(far).comparison["scenario"]) <= {results.manifest["baseline"]}
    told = text(write_report(far, "en").read_text("utf-8"))
    assert "No changes are told" in told and "Does the model resemble reality?" in told
    for scenario in results.config["study"]["scenarios"][1:]:
        assert results.config["scenarios"][scenario]["label"]["en"] not in told


def test_no_program_is_given_changes_that_no_reader_may_see(results: Results, tmp_path: Path) -> None:
    for to in ("xlsx", "docx", "pptx", "csv"):
        with pytest.raises(NothingWritten, match="No changes are told"):
            export(off(results, tmp_path), to, "en")
    assert not (tmp_path / "export").exists()


@pytest.mark.parametrize(
    "cells",
    [{"deviation": 0.3}, {"tolerance": None}, {"by": "site"}, {"measure": "er_left_share"}],
    ids=["three tolerances", "none is said", "one site's", "no total"],
)
def test_all_is_told_of_a_baseline_that_is_not_far_off_a_total(
    results: Results, tmp_path: Path, cells: dict[str, object]
) -> None:
    near = off(results, tmp_path, **cells)
    assert tellable(near) is near and hidden_sentence(near, ENGLISH) == ""


def test_all_is_told_where_it_is_asked_for_and_where_the_baseline_is_a_world_of_its_own(
    results: Results, tmp_path: Path
) -> None:
    far = off(results, tmp_path)
    assert tellable(with_effects(far, ALWAYS)).comparison is far.comparison
    first = far.config["study"]["scenarios"][0]
    levers = {"levers": {"more": {"kind": "demand"}}}
    own = far.config | {"scenarios": far.config["scenarios"] | {first: far.config["scenarios"][first] | levers}}
    assert missed_totals(dataclasses.replace(far, config=own)) == []
