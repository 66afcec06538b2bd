"""Jobs to results, as they come: whatever computes them, however they end, and whoever watches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sim.study.backends import Attempt, Backend, Call, LostWorker
from sim.study.progress import Course, Finished, JobDone, JobFailed, Listener, Started, WorkerKilled, silence

T = TypeVar("T")


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

    A job that raises is a result with its error. A job whose worker is lost is tried once more beside the
    others (``Backend.attempts``). ``done`` and ``rest``: further jobs that are done already,
    and that will come later, for who watches. Raises Cancelled at the next end of a job after a listener called
    ``Started.cancel``; then, and on KeyboardInterrupt, what is at work is ended.
    """
    cancelled = threading.Event()
    with Course(listener, done + len(jobs) + rest, done, backend.workers) as course:
        course.tell(Started, workers=backend.workers, cancel=cancelled.set)
        calls = (Call(number, job.call, job.arguments) for number, job in enumerate(jobs))
        with closing(backend.attempts(calls)) as outcomes:
            for outcome in outcomes:
                if isinstance(outcome, LostWorker):
                    course.tell(WorkerKilled, names=(jobs[outcome.number].name,), why=outcome.why)
                    continue
                yield _job_result(jobs[outcome.number], outcome, course)
                if cancelled.is_set():
                    raise Cancelled
        course.tell(Finished, failed=course.failed)


def _job_result(job: Job[T], attempt: Attempt, course: Course) -> JobResult[T]:
    about = {"name": job.name, "key": job.key}
    if attempt.error:
        course.count(JobFailed, attempt.seconds, **about, error=attempt.error)
    else:
        course.count(JobDone, attempt.seconds, **about, peak_mb=attempt.peak_mb)
    return JobResult(job, attempt.value, attempt.error, attempt.seconds, attempt.peak_mb)


__all__ = ["Cancelled", "Job", "JobResult", "execute"]
