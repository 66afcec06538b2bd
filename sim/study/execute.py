"""Jobs to results, as they come: whatever computes them, however they end, and whoever watches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sim.study.backends import Attempt, Backend, Call, WorkerLost
from sim.study.progress import Course, Finished, JobDone, JobFailed, Listener, Started, WorkerKilled, silence

T = TypeVar("T")
KILLED = "the worker process was killed (out of memory?)"


class Cancelled(Exception):
    """A listener cancelled an execution; the results that had come are kept."""


@dataclass(frozen=True)
class Job(Generic[T]):
    """A plain function with arguments that can be sent to another process; a name for people, and a key."""

    name: str
    call: Callable[..., T]
    arguments: tuple[Any, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class JobResult(Generic[T]):
    """What became of a job: its value, or why it has none."""

    job: Job[T]
    value: T | None
    error: str  # a traceback, or that the worker was killed; empty if the job came to its end
    seconds: float
    peak_mb: int  # of the process that computed it, so far


def execute(
    jobs: Sequence[Job[T]], backend: Backend, listener: Listener = silence, done: int = 0, rest: int = 0
) -> Generator[JobResult[T], None, None]:
    """One result for each job, in the order in which they end.

    A job that raises is a result with its error. If a worker is killed, the jobs that were in the backend's hands are
    tried once more, each alone, once the others are done. ``done`` and ``rest``: further jobs that are done already,
    and that will come later, for who watches. Raises Cancelled at the next end of a job after a listener called
    ``Started.cancel``; then, and on KeyboardInterrupt, what is at work is ended.
    """
    cancelled = threading.Event()
    with Course(listener, done + len(jobs) + rest, done, backend.workers) as course:
        course.tell(Started, workers=backend.workers, cancel=cancelled.set)
        with closing(_attempts(jobs, backend, course)) as attempts:
            for attempt in attempts:
                yield _job_result(jobs[attempt.number], attempt, course)
                if cancelled.is_set():
                    raise Cancelled
        course.tell(Finished, failed=course.failed)


def _attempts(jobs: Sequence[Job[T]], backend: Backend, course: Course) -> Generator[Attempt, None, None]:
    """What became of each job; one whose worker is lost twice is an attempt with that for its error."""
    waiting = list(range(len(jobs)))
    lost: list[int] = []
    while waiting:
        taken: list[int] = []
        ended: set[int] = set()
        try:
            yield from _finished_attempts(jobs, waiting, backend, taken, ended)
        except WorkerLost:
            if not taken:
                raise
            lost_numbers = [number for number in taken if number not in ended]
            course.tell(WorkerKilled, names=tuple(jobs[number].name for number in lost_numbers))
            lost += lost_numbers
        waiting = waiting[len(taken) :]
    for number in lost:
        try:
            yield from _finished_attempts(jobs, [number], backend, [], set())
        except WorkerLost:
            yield Attempt(number, None, KILLED, 0.0, 0)


def _finished_attempts(
    jobs: Sequence[Job[T]], numbers: Sequence[int], backend: Backend, taken: list[int], ended: set[int]
) -> Generator[Attempt, None, None]:
    """The attempts of some jobs; ``taken`` and ``ended`` are told what the backend takes and gives back."""

    def calls() -> Iterator[Call]:
        for number in numbers:
            taken.append(number)
            yield Call(number, jobs[number].call, jobs[number].arguments)

    with closing(backend.attempts(calls())) as attempts:
        for attempt in attempts:
            ended.add(attempt.number)
            yield attempt


def _job_result(job: Job[T], attempt: Attempt, course: Course) -> JobResult[T]:
    about = {"name": job.name, "key": job.key}
    if attempt.error:
        course.count(JobFailed, attempt.seconds, **about, error=attempt.error)
    else:
        course.count(JobDone, attempt.seconds, **about, peak_mb=attempt.peak_mb)
    return JobResult(job, attempt.value, attempt.error, attempt.seconds, attempt.peak_mb)


__all__ = ["KILLED", "Cancelled", "Job", "JobResult", "execute"]
