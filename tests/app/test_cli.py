"""The commands: what they print, and what their exit codes say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from commands import MINE, TINY, careshift


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the tiny world, to stand in."""
    return Path(shutil.copytree(TINY, tmp_path / "root"))


def test_help_names_the_commands(root: Path) -> None:
    done = careshift(root, "--help")
    assert done.returncode == 0
    for name in ("run", "check", "scenarios", "report"):
        assert name in done.stdout


def test_run_prints_the_comparison_and_leaves_a_report(root: Path) -> None:
    done = careshift(root, "run", "scenarios=[baseline,near_care]", "workers=2")
    assert done.returncode == 0, done.stderr
    assert "ER arrivals/day" in done.stdout
    assert "near_care" in done.stdout
    divided = done.stdout.partition("Of the change")[2]
    assert divided.count("near_care") >= 2
    assert (root / "results" / "tiny" / "report.html").stat().st_size > 10_000
    assert (root / "results" / "tiny" / "validation.csv").exists()


def test_check_tells_what_a_run_would_do_and_runs_nothing(root: Path) -> None:
    done = careshift(root, "check")
    assert done.returncode == 0, done.stderr
    assert "3 scenarios, 12 runs" in done.stdout
    assert "contacts a run" in done.stdout
    assert "near_care: put in as assumptions: less_er; by mechanism: more_rooms.\n" in done.stdout
    assert "closed_er: put in as assumptions: none; by mechanism: close_north.\n" in done.stdout
    assert "No errors." in done.stdout
    assert not (root / "results").exists()


def test_a_users_own_scenario_is_checked_and_run_by_its_file(root: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(MINE, encoding="utf-8")
    checked = careshift(root, "check", str(mine), "scenarios=[baseline]")
    assert checked.returncode == 0, checked.stderr
    assert "More rooms" in checked.stdout
    done = careshift(root, "run", str(mine), "scenarios=[baseline]", "name=own")
    assert done.returncode == 0, done.stderr
    assert (root / "results" / "own" / "report.html").exists()


def test_a_users_own_scenario_is_found_in_the_scenarios_folder(root: Path) -> None:
    (root / "scenarios" / "mine.yaml").write_text(MINE, encoding="utf-8")
    assert "mine" in careshift(root, "scenarios").stdout
    done = careshift(root, "run", "scenarios=[baseline,mine]", "assumption_runs=false", "replications=1")
    assert done.returncode == 0, done.stderr
    assert "mine" in done.stdout


def test_bad_input_ends_with_2_all_errors_and_no_traceback(root: Path) -> None:
    (root / "scenarios" / "mine.yaml").write_text(MINE.replace("resource: room", "resource: rom"), encoding="utf-8")
    done = careshift(root, "run", "scenarios=[baseline,mine]", "replications=0")
    assert done.returncode == 2
    assert "did you mean room?" in done.stderr
    assert "replications" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (root / "results").exists()


def test_an_unknown_command_ends_with_2(root: Path) -> None:
    done = careshift(root, "rnu")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_another_configuration_in_the_same_folder_ends_with_2_and_a_free_name(root: Path) -> None:
    few = ("scenarios=[baseline,near_care]", "replications=1", "assumption_runs=false")
    assert careshift(root, "run", *few).returncode == 0
    done = careshift(root, "run", *few, "seed=7")
    assert done.returncode == 2
    assert "name=tiny_2" in done.stderr
    assert "study.seed: 1 there, 7 now" in done.stderr


def test_results_that_cannot_be_written_end_with_4(root: Path) -> None:
    (root / "results").write_text("a file in the way", encoding="utf-8")
    done = careshift(root, "run")
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert "results" in done.stderr


def test_the_report_is_written_again_in_the_other_language(root: Path) -> None:
    few = ("scenarios=[baseline,near_care]", "replications=2", "assumption_runs=false")
    assert careshift(root, "run", *few).returncode == 0
    report = root / "results" / "tiny" / "report.html"
    assert '<html lang="sv"' in report.read_text("utf-8")
    done = careshift(root, "report", "results/tiny", "--language", "en")
    assert done.returncode == 0, done.stderr
    assert '<html lang="en"' in report.read_text("utf-8")


@pytest.mark.parametrize("words", [("results/none",), ("results/none", "--language", "fi")])
def test_a_report_of_nothing_ends_with_2(root: Path, words: tuple[str, ...]) -> None:
    done = careshift(root, "report", *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_all_emergency_rooms_closed_is_a_study_that_completes(root: Path) -> None:
    text = MINE.split("levers:", maxsplit=1)[0] + (
        "levers:\n  close_all:\n    kind: close\n    services: [er]\n"
        "    where: {sites: [hospital_north, hospital_south]}\n"
        "    moved: {value: 0, low: 0, high: 0, source: assumption, quality: D}\n"
    )
    (root / "scenarios" / "no_er.yaml").write_text(text, encoding="utf-8")
    done = careshift(root, "run", "scenarios=[baseline,no_er]")
    assert done.returncode == 0, done.stderr
    page = (root / "results" / "tiny" / "report.html").read_text("utf-8")
    assert 'role="alert"' in page  # what is shown in red: some get no care
