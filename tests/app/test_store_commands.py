"""The commands that look after a results folder: what they tell, and that nothing goes but what they show."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from commands import here, standing_in_queue
from damage import SHORT, flip, run_files

from sim.app import exits
from sim.config.load import load_study
from sim.results.files import temporary_name
from sim.study.heartbeat import RUNNING, Heartbeat
from sim.study.progress import Waiting
from sim.study.store import StudyFolder
from sim.study.study import run_study


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = standing_in_queue(tmp_path, monkeypatch)
    run_study(load_study([*SHORT], root=root), progress=False)
    return Path("results")


def states(*words: str) -> dict[str, str]:
    done = here("status", *words)
    assert done.code == 0, done.errors
    return {line.split()[0]: line.split()[1] for line in done.output.splitlines()[1:] if line.strip()}


def abandoned_file(folder: Path) -> Path:
    """A temporary file of a process that is gone."""
    process = subprocess.Popen(["true"])
    process.wait()
    path = folder / temporary_name("x.parquet").replace(f"-{os.getpid()}.", f"-{process.pid}.")
    path.write_bytes(b"half")
    return path


def test_status_tells_of_every_study_what_it_is(results: Path) -> None:
    assert states() == {"mmc": "done"}
    manifest = results / "mmc" / "manifest.json"
    manifest.rename("away")
    assert states()["mmc"] == "interrupted"
    Path("away").rename(manifest)
    flip(results / "mmc" / "comparison.csv", 800)
    assert states()["mmc"] == "damaged"
    assert "results/mmc/comparison.csv is damaged" in here("status").output
    folder = StudyFolder(results, "mmc")
    with folder.locked(), Heartbeat(folder.path) as heart:
        heart.heard = float("-inf")
        heart(Waiting(3, 4, 1.0, None))
        told = here("status").output
        assert "running" in told
        assert f"process {os.getpid()} on " in told
        assert ", 3 of 4, " in told
        about = (folder.path / RUNNING).read_text("utf-8")
    assert not (folder.path / RUNNING).exists()
    (folder.path / RUNNING).write_text(about, "utf-8")  # as a kill leaves it
    assert "was killed at 3 of 4" in here("status").output
    assert "skadad" in here("status", "language=sv").output


def test_verify_results_ends_with_a_code_where_something_is_damaged(results: Path) -> None:
    done = here("verify-results")
    assert (done.code, done.output) == (0, "1 studies and 4 runs were looked at; 0 files are damaged.\n")
    first = run_files(results)[0]
    flip(first, 4000)
    done = here("verify-results", "results")
    assert done.code == exits.SOME_FAILED
    assert f"{first} is damaged: its content is not what was stored." in done.output
    assert here("verify-results", "nowhere").code == exits.BAD_INPUT


def test_clean_shows_what_it_would_remove_and_removes_nothing_else(results: Path) -> None:
    unnamed = results / "runs" / f"{'0' * 32}.parquet"
    unnamed.write_bytes(run_files(results)[0].read_bytes())
    left = abandoned_file(results / "runs"), abandoned_file(results / "mmc")
    mine = results / "runs" / temporary_name("y.parquet")  # of a process that is at work
    others = [results / "runs" / "notes.txt", results / "runs" / "mine.parquet", results / "mmc" / ".hidden", mine]
    for path in others:
        path.write_text("of somebody", "utf-8")
    (results / "runs" / f"{'1' * 32}.parquet").symlink_to(others[0].absolute())
    before = sorted(path for path in results.rglob("*"))
    shown = here("clean")
    assert shown.code == 0
    assert all(str(path) in shown.output for path in (unnamed, *left))
    assert "1 runs that no study names, 2 temporary files" in shown.output
    assert "Nothing was removed" in shown.output
    assert sorted(results.rglob("*")) == before
    assert "Removed." in here("clean", "--yes").output
    assert sorted(results.rglob("*")) == [path for path in before if path not in (unnamed, *left)]
    assert here("verify-results").code == exits.SOME_FAILED  # mine.parquet is no run


def test_runs_stay_while_a_study_runs_and_while_nothing_tells_whose_they_are(results: Path) -> None:
    unnamed = results / "runs" / f"{'0' * 32}.parquet"
    unnamed.write_bytes(b"a run")
    folder = StudyFolder(results, "mmc")
    with folder.locked(), Heartbeat(folder.path):
        assert "stay: results/mmc is running" in here("clean", "--yes").output
    for name in ("manifest.json", "journal.jsonl"):
        (results / "mmc" / name).write_bytes(b"")
    assert "nothing tells its runs" in here("clean", "--yes").output
    assert unnamed.exists()
    assert len(run_files(results)) == 5


def test_the_runs_of_a_study_that_was_interrupted_are_named(results: Path) -> None:
    (results / "mmc" / "manifest.json").unlink()
    assert json.loads((results / "mmc" / "journal.jsonl").read_text("utf-8").splitlines()[0])["event"] == "started"
    assert "0 runs that no study names" in here("clean", "--yes").output
    assert len(run_files(results)) == 4
