"""Workers that are killed, stopped, or hang: each is replaced, and its job is tried once more beside the others."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

from sim.study.admission import BEFORE_MEASURED, Admission, free_mb
from sim.study.backends import KILLED, Call
from sim.study.execute import Job, execute
from sim.study.loky_workers import LokyBackend, Seat, idle_seats
from sim.study.progress import Event, WorkerKilled
from sim.study.supervision import Pulse, RunLimits, memory_mb

QUICK = RunLimits(stall_s=1)


def first_time(folder: Path, name: str) -> bool:
    """Whether this is asked for the first time, whichever process asks."""
    try:
        (folder / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def stops(folder: Path, number: int) -> int:
    if number == 0 and first_time(folder, "stopped"):
        os.kill(os.getpid(), signal.SIGSTOP)
    return number


def waits_for_ever(number: int) -> int:
    if number == 0:
        threading.Event().wait()
    return number


def works_for_ever(number: int) -> int:
    while number == 0:
        pass
    return number


def ends_with_a_lost_one(folder: Path, number: int) -> tuple[float, float]:
    """When it began and ended; the first to begin is killed as soon as it has."""
    began = time.time()
    if first_time(folder, "killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.4)
    return began, time.time()


def jobs(call: object, *given: object, count: int = 3) -> list[Job[int]]:
    return [Job(f"job {n}", call, (*given, n)) for n in range(count)]  # type: ignore[arg-type]


def test_a_stopped_worker_is_noticed_and_its_job_done_by_another(tmp_path: Path) -> None:
    heard: list[Event] = []
    found = list(execute(jobs(stops, tmp_path), LokyBackend(2, QUICK), heard.append))
    assert sorted(r.value for r in found if r.value is not None) == [0, 1, 2]
    (lost,) = (e for e in heard if isinstance(e, WorkerKilled))
    assert lost.names == ("job 0",) and "did nothing for 1 s" in lost.why and lost.why != KILLED


def test_a_job_that_waits_for_ever_is_a_failed_one_by_name_and_the_others_are_done() -> None:
    found = {r.job.name: r for r in execute(jobs(waits_for_ever), LokyBackend(2, QUICK))}
    assert "did nothing for 1 s" in found["job 0"].error
    assert [found[f"job {n}"].value for n in (1, 2)] == [1, 2]


def test_a_job_that_works_for_ever_is_ended_where_a_limit_is_set() -> None:
    found = {r.job.name: r for r in execute(jobs(works_for_ever), LokyBackend(2, RunLimits(limit_s=3)))}
    assert "more than 3 s" in found["job 0"].error
    assert [found[f"job {n}"].value for n in (1, 2)] == [1, 2]


def test_after_a_lost_worker_two_are_still_at_work(tmp_path: Path) -> None:
    found = list(execute(jobs(ends_with_a_lost_one, tmp_path, count=8), LokyBackend(2)))
    spans = [span for r in found if (span := r.value) is not None]
    assert len(spans) == 8
    ends = sorted(end for _, end in spans)[-4:]
    beside = [sum(began < end - 0.05 <= ended for began, ended in spans) for end in ends]  # type: ignore[misc]
    assert max(beside) == 2, "what was left ran one after the other"


def test_a_worker_that_is_killed_while_it_is_idle_is_replaced_unseen() -> None:
    heard: list[Event] = []
    list(execute(jobs(waits_for_ever, count=3)[1:], LokyBackend(2), heard.append))
    for seat in idle_seats():
        os.kill(seat.process, signal.SIGKILL)
    until = time.monotonic() + 20
    while not all(seat.executor._flags.broken for seat in idle_seats()) and time.monotonic() < until:
        time.sleep(0.02)
    found = list(execute(jobs(waits_for_ever, count=3)[1:], LokyBackend(2), heard.append))
    assert sorted(r.value for r in found if r.value is not None) == [1, 2]
    assert not [e for e in heard if isinstance(e, WorkerKilled)]


def test_time_in_which_nobody_looked_does_not_count() -> None:
    seat = Seat()
    try:
        seat.submit(Call(0, os.getpid, ())).result()
        pulse = Pulse(seat.process, RunLimits(stall_s=5))
        assert pulse.look() == ""
        pulse.looked -= 3600  # the lid was closed for an hour
        assert pulse.look() == ""
        assert pulse.waited_s < 3
    finally:
        seat.end()


def test_no_more_runs_are_at_work_than_there_is_memory_for() -> None:
    admission = Admission()
    assert admission.admits([], free=10.0)  # one always
    assert admission.admits([100.0] * 3, free=10_000.0)
    assert not admission.admits([100.0] * BEFORE_MEASURED, free=10_000.0)  # no peak is known yet
    admission.note(2_000.0)
    # 9,000 MB may be taken: two at work may come to need 1,900 more each, and a new process 2,000
    assert admission.admits([100.0] * 2, free=10_000.0)
    assert admission.admits([100.0] * 3, free=10_000.0)
    assert not admission.admits([100.0] * 4, free=10_000.0)
    assert admission.admits([100.0] * 3, idle=2_000.0, free=6_800.0)  # a process that has its memory needs none
    assert not admission.admits([100.0] * 3, free=6_800.0)


def test_a_limit_of_memory_is_for_all_workers_together() -> None:
    admission = Admission(limit_mb=3_000)
    admission.note(1_000.0)
    assert admission.admits([500.0] * 2) and not admission.admits([500.0] * 3)


def takes_memory(number: int) -> tuple[float, float]:
    block = bytearray(120_000_000)
    began = time.time()
    time.sleep(0.5)
    return began, time.time() + len(block) * 0


def most_at_once(spans: list[tuple[float, float]]) -> int:
    return max(sum(a <= began < b for a, b in spans) for began, _ in spans)


def test_real_runs_wait_for_each_other_where_memory_is_limited() -> None:
    free = list(execute(jobs(takes_memory, count=9), LokyBackend(3)))
    peak = max(result.peak_mb for result in free)
    assert peak > 120
    assert most_at_once([span for r in free if (span := r.value) is not None]) == 3  # type: ignore[misc]
    tight = execute(jobs(takes_memory, count=6), LokyBackend(3, memory_mb=int(2.5 * peak)))
    spans = sorted(span for r in tight if (span := r.value) is not None)
    after_first = [span for span in spans if span[0] > min(end for _, end in spans)]  # type: ignore[index,misc]
    assert len(after_first) >= 3 and most_at_once(after_first) == 2  # type: ignore[arg-type]


def test_free_memory_is_less_than_the_machine_has_and_a_process_tells_what_it_has() -> None:
    assert 50 < free_mb() < 10_000_000
    assert 5 < memory_mb(os.getpid()) < 5_000
    assert memory_mb(2**22 + 1) == 0  # above the largest id of Linux
