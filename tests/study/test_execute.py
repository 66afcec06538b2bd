"""Jobs: each comes to one result whatever becomes of it, and who watches is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from sim.study.backends import KILLED, Backend, SerialBackend
from sim.study.execute import Cancelled, Job, execute
from sim.study.loky_workers import LokyBackend
from sim.study.progress import Event, Finished, JobDone, JobFailed, Message, Started, Waiting, WorkerKilled, both
from sim.study.progress_bar import ProgressBar, watch

BACKENDS = (SerialBackend(), LokyBackend(2))


def square(number: int) -> int:
    return number**2


def fails(number: int) -> int:
    if number == 2:
        raise ValueError("two is too many")
    return number


def dies_once(folder: Path, number: int) -> int:
    """Kills its own process the first time that number 1 is asked for."""
    mark = folder / "died"
    if number == 1 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def dies_always(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def leaves_a_mark(folder: Path, number: int) -> int:
    time.sleep(0.05)
    (folder / f"{number}").touch()
    return number


def sleeps(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def jobs(call: Callable[..., int], *given: object, count: int = 4) -> list[Job[int]]:
    return [Job(f"job {n}", call, (*given, n), f"key {n}") for n in range(count)]


@pytest.fixture
def heard() -> list[Event]:
    return []


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_job_has_one_result(backend: Backend) -> None:
    found = {r.job.name: r.value for r in execute(jobs(square), backend)}
    assert found == {"job 0": 0, "job 1": 1, "job 2": 4, "job 3": 9}


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_job_that_raises_is_a_result_with_its_error_and_the_others_have_theirs(
    backend: Backend, heard: list[Event]
) -> None:
    found = {r.job.key: r for r in execute(jobs(fails), backend, heard.append)}
    assert found["key 2"].value is None and "ValueError: two is too many" in found["key 2"].error
    assert [found[f"key {n}"].value for n in (0, 1, 3)] == [0, 1, 3]
    assert not found["key 1"].error
    (failed,) = (e for e in heard if isinstance(e, JobFailed))
    assert (failed.name, failed.key) == ("job 2", "key 2") and "two is too many" in failed.error


@pytest.mark.parametrize("backend", BACKENDS)
def test_events_count_the_jobs_from_start_to_finish(backend: Backend, heard: list[Event]) -> None:
    list(execute(jobs(square), backend, heard.append, done=3, rest=2))
    told = [e for e in heard if not isinstance(e, Waiting)]
    assert isinstance(told[0], Started) and told[0].workers == backend.workers and told[0].left_s is None
    assert [(e.done, e.total) for e in told] == [(3, 9), (4, 9), (5, 9), (6, 9), (7, 9), (7, 9)]
    ended = [e for e in told if isinstance(e, JobDone)]
    assert {(e.name, e.key) for e in ended} == {(f"job {n}", f"key {n}") for n in range(4)}
    assert all(e.left_s is not None and e.left_s >= 0 and e.peak_mb > 0 for e in ended)
    assert isinstance(told[-1], Finished) and told[-1].failed == 0


def test_a_job_whose_worker_is_killed_is_done_by_another_worker(tmp_path: Path, heard: list[Event]) -> None:
    found = list(execute(jobs(dies_once, tmp_path, count=8), LokyBackend(2), heard.append))
    assert sorted(r.value for r in found if r.value is not None) == list(range(8))
    (lost,) = (e for e in heard if isinstance(e, WorkerKilled))
    assert lost.names == ("job 1",) and lost.why == KILLED  # whatever else was at work has gone on


def test_a_job_that_kills_its_worker_again_fails_alone() -> None:
    found = {r.job.name: r for r in execute(jobs(dies_always, count=6), LokyBackend(2))}
    assert len(found) == 6
    assert found["job 1"].error == KILLED
    assert [found[f"job {n}"].value for n in (0, 2, 3, 4, 5)] == [0, 2, 3, 4, 5]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_listener_can_cancel_and_what_was_done_is_kept(backend: Backend, tmp_path: Path) -> None:
    started: list[Started] = []

    def cancels(event: Event) -> None:
        if isinstance(event, Started):
            started.append(event)
        if isinstance(event, JobDone):
            started[0].cancel()

    kept = []
    with pytest.raises(Cancelled):
        for result in execute(jobs(leaves_a_mark, tmp_path, count=40), backend, cancels):
            kept.append(result.value)
    assert len(kept) == 1 and (tmp_path / f"{kept[0]}").exists()
    time.sleep(0.5)
    assert len(list(tmp_path.iterdir())) <= 5


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_interruption_ends_what_is_at_work(backend: Backend, tmp_path: Path) -> None:
    def interrupts(event: Event) -> None:
        if isinstance(event, JobDone):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(execute(jobs(leaves_a_mark, tmp_path, count=40), backend, interrupts))
    time.sleep(0.5)
    assert 1 <= len(list(tmp_path.iterdir())) <= 5
    assert {r.value for r in execute(jobs(square), backend)} == {0, 1, 4, 9}


def test_nobody_waits_two_seconds_for_an_event() -> None:
    times: list[float] = []
    list(execute([Job("long", sleeps, (4.0,))], SerialBackend(), lambda _: times.append(time.monotonic())))
    assert max(b - a for a, b in pairwise(times)) < 2
    assert len(times) >= 5


def test_a_worker_ends_itself_when_its_parent_is_gone(tmp_path: Path) -> None:
    """The workers of a process that is killed, seen from outside: none is left."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from test_execute import *; "
        "asked = [Job('x', sleeps, (0,)), Job('y', sleeps, (60,))]; "
        "[print(result.value, flush=True) for result in execute(asked, LokyBackend(2))]"
    )

    here = str(Path(__file__).parent)
    process = subprocess.Popen([sys.executable, "-c", code, here], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    assert worker != process.pid and Path(f"/proc/{worker}").exists()
    process.kill()
    process.wait()
    process.stdout.close()
    until = time.monotonic() + 20
    while Path(f"/proc/{worker}").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path(f"/proc/{worker}").exists()


def test_a_listener_hears_one_event_at_a_time() -> None:
    inside = threading.Lock()

    def listener(_: Event) -> None:
        assert inside.acquire(blocking=False)
        time.sleep(0.001)
        inside.release()

    assert len(list(execute(jobs(square, count=50), SerialBackend(), listener))) == 50


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    def read() -> list[str]:
        return capsys.readouterr().out.splitlines()

    return read


def test_where_there_is_no_terminal_each_event_is_a_line(lines: Callable[[], list[str]]) -> None:
    shown = ProgressBar()
    shown(JobDone(1, 4, 2.0, 100.0, "baseline value 0", "k", 2.0, 100))
    shown(Waiting(1, 4, 4.0, 300.0))
    shown(JobFailed(2, 4, 5.0, 3.0, "near_care value 0", "k", 1.0, "Traceback"))
    shown(Message(2, 4, 5.0, None, "making the engine ready"))
    assert lines() == [
        "1/4 baseline value 0: 2 s 2 min left",
        "1/4 baseline value 0: 2 s 5 min left",
        "2/4 near_care value 0: failed 3 s left",
        "2/4 making the engine ready",
    ]


def test_progress_is_a_bar_silence_or_a_listener_of_ones_own(
    heard: list[Event], lines: Callable[[], list[str]]
) -> None:
    for progress in (False, heard.append):
        with watch(progress) as listener:
            both(listener, listener)(Message(0, 1, 0.0, None, "told"))
    assert [e.text for e in heard if isinstance(e, Message)] == ["told", "told"]
    assert not lines()
    with watch(True) as listener:
        listener(Message(0, 1, 0.0, None, "told"))
    assert lines() == ["0/1 told"]
