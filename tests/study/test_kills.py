"""A study that is killed, interrupted or robbed of a worker loses nothing that was done, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from studies import children, command, events, run_files, shared, start, wait_for, workers

from sim.config.load import load_study
from sim.study.store import StudyFolder, StudyLocked
from sim.study.study import run_study

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny"
LONG = ("end=2028-04-05", "engine=simpy")  # half a year: a run is long enough to be interrupted


def test_a_study_that_is_killed_goes_on_where_it_was(root: Path) -> None:
    process = start(root, *LONG, "workers=2")
    wait_for(lambda: len(run_files(root)) >= 2, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    there = {path.stem for path in run_files(root)}
    assert 2 <= len(there) < 12
    world = load_study([f"results={root / 'results'}", *LONG, "workers=2"], root=root)
    results = run_study(world, progress=False)
    folder, manifest = results.folder, results.manifest
    assert len(manifest["runs"]) == 12  # type: ignore[arg-type]
    again = [e["key"] for e in events(folder)[1:] if e["event"] == "run done"]
    started = [i for i, e in enumerate(events(folder)) if e["event"] == "started"]
    later = {e["key"] for e in events(folder)[started[1] :] if e["event"] == "run done"}
    assert not later & there
    assert len(set(again) | there) == 12


def test_workers_do_not_outlive_a_killed_study(root: Path) -> None:
    process = start(root, *LONG, "workers=2")
    wait_for(lambda: len(run_files(root)) >= 1, process)
    below = children(process.pid)
    assert below
    process.kill()
    process.communicate()
    end = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in below) and time.monotonic() < end:
        time.sleep(0.1)
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]


def test_each_core_has_one_worker_for_the_whole_study(root: Path) -> None:
    process = start(root, "replications=5", "workers=2", "engine=simpy")
    seen: set[int] = set()
    while process.poll() is None:
        seen |= set(workers(process.pid))
        time.sleep(0.02)
    assert process.communicate()[0]
    assert process.returncode == 0
    assert len(run_files(root)) == 22
    assert len(seen) == 2


@pytest.mark.parametrize("end", [None, signal.SIGINT, signal.SIGKILL], ids=["done", "interrupted", "killed"])
def test_what_workers_share_is_gone_when_the_study_is(root: Path, end: signal.Signals | None) -> None:
    process = start(root, *LONG, "workers=2", "scenarios=[baseline,near_care]")
    wait_for(lambda: shared(process.pid), process)
    wait_for(lambda: len(run_files(root)) >= 1, process)
    if end is not None:
        process.send_signal(end)
    process.communicate(timeout=240)
    until = time.monotonic() + 20
    while shared(process.pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert not shared(process.pid)


def test_a_killed_worker_costs_no_run(root: Path) -> None:
    process = start(root, *LONG, "workers=2")
    wait_for(lambda: len(run_files(root)) >= 1, process)
    victim = workers(process.pid)[0]
    os.kill(victim, signal.SIGKILL)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, (out, err)
    assert len(run_files(root)) == 12
    assert "worker lost" in [e["event"] for e in events(root / "results" / "tiny")]


def test_a_worker_that_is_killed_before_all_is_compiled_costs_no_scenario(tmp_path: Path) -> None:
    words = [
        "study=vastmanland_quick",
        "scenarios=[baseline,near_care]",
        "replications=1",
        "worlds=0",
        "workers=2",
        f"results={tmp_path / 'results'}",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim.app.cli", "run", *words], cwd=ROOT, text=True, stdout=-1, stderr=-1
    )
    wait_for(lambda: workers(process.pid), process)
    os.kill(workers(process.pid)[0], signal.SIGKILL)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, (out, err)
    measures = pd.read_parquet(tmp_path / "results" / "vastmanland_quick" / "measures.parquet")
    cells = set(zip(measures["scenario"], measures["variant"], strict=True))
    assert cells == {("baseline", "value"), ("near_care", "value"), ("near_care", "mechanism")}
    assert len(run_files(tmp_path)) == len(cells)


def test_an_interrupted_study_says_so_and_keeps_what_is_done(root: Path) -> None:
    process = start(root, *LONG, "workers=2")
    wait_for(lambda: len(run_files(root)) >= 1, process)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=240)
    assert process.returncode == 130, err
    assert "start the same study again" in err
    assert "Traceback" not in err
    assert run_files(root)


def test_a_study_folder_has_one_writer_at_a_time(root: Path) -> None:
    folder = StudyFolder(root / "results", "tiny")
    with folder.locked():
        with pytest.raises(StudyLocked), StudyFolder(root / "results", "tiny").locked():
            pass
        done = subprocess.run(command(root), cwd=root, text=True, capture_output=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "another run" in done.stderr
