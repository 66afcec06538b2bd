"""However a command ends, and wherever its words go: what is computed is computed, and nothing half written stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from damage import SHORT, STUDY

from sim.app import exits
from sim.app.interruption import signals_interrupt

QUEUE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "mmc"
CLI = [sys.executable, "-m", "sim.app.cli"]
LONG = ("replications=4000", "workers=2", "engine=simpy")


def events(results: Path) -> list[dict[str, object]]:
    lines = (results / STUDY / "journal.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_a_signal_ends_a_study_as_ctrl_c_does(tmp_path: Path) -> None:
    results = tmp_path / "results"
    process = subprocess.Popen([*CLI, "run", *LONG, f"results={results}"], cwd=QUEUE, text=True, stdout=-1, stderr=-1)
    until = time.monotonic() + 240
    while len(list((results / "runs").glob("*.parquet")) if results.exists() else []) < 3:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=240)
    assert process.returncode == exits.INTERRUPTED, errors
    assert errors.splitlines()[-1].startswith("Ended by SIGTERM. What was finished is kept")
    assert "Traceback" not in errors
    assert events(results)[-1]["event"] == "interrupted"
    assert events(results)[-1]["by"] == "SIGTERM"
    assert [path.name for path in results.rglob(".*") if path.name != ".lock"] == []


def test_words_that_nobody_takes_stop_nothing(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)  # as after | head, at once
    words = [*CLI, "run", *SHORT, f"results={tmp_path / 'closed'}"]
    environment = {**os.environ, "LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii", "CARESHIFT_LANGUAGE": "sv"}
    closed = subprocess.run(words, cwd=QUEUE, stdout=write, stderr=-1, text=True, env=environment, check=False)
    os.close(write)
    assert (closed.returncode, closed.stderr) == (0, "")
    assert (tmp_path / "closed" / STUDY / "report.html").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_both_signals_interrupt_and_are_as_before_afterwards(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt, match=number.name), signals_interrupt():
        os.kill(os.getpid(), number)
        time.sleep(5)
    assert signal.getsignal(number) is before


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with signals_interrupt():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_words_on_a_full_device_are_lost_and_that_is_told_by_the_code() -> None:
    with Path("/dev/full").open("w") as device:
        full = subprocess.run([*CLI, "check", *SHORT], cwd=QUEUE, stdout=device, stderr=-1, text=True, check=False)
    assert full.returncode == exits.ENVIRONMENT
    assert full.stderr == "standard output: No space left on device. What was to be told is lost\n"
