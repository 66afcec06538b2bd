"""How far an execution has come, as events that a listener is sent: a bar, a page, or nothing at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

QUIET_S = 1.5  # the longest silence: nobody should wonder for two seconds whether anything goes on


@dataclass(frozen=True)
class Event:
    """Something that happened, and how far the jobs have come."""

    done: int  # jobs, also those that were done before and those that failed
    total: int
    seconds: float  # since the execution began
    left_s: float | None  # until all is done, from the mean of the jobs so far; None before the first


@dataclass(frozen=True)
class Started(Event):
    """Jobs are begun; ``cancel``, called from any thread, ends them at the next event of a job."""

    workers: int
    cancel: Callable[[], None]


@dataclass(frozen=True)
class JobDone(Event):
    """A job came to its end."""

    name: str
    key: str
    job_s: float
    peak_mb: int


@dataclass(frozen=True)
class JobFailed(Event):
    """A job raised, or its worker was lost twice."""

    name: str
    key: str
    job_s: float
    error: str


@dataclass(frozen=True)
class WorkerKilled(Event):
    """A worker is gone, and why; with it what the named jobs had done, which are tried once more."""

    names: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class RunDamaged(Event):
    """A stored run is not believed, and is computed again."""

    path: str
    why: str


@dataclass(frozen=True)
class Message(Event):
    """What goes on, in words."""

    text: str


@dataclass(frozen=True)
class Waiting(Event):
    """Nothing has happened for a while; it goes on."""


@dataclass(frozen=True)
class Finished(Event):
    """No job is left."""

    failed: int


Listener = Callable[[Event], None]


def silence(event: Event) -> None:
    """The listener that tells nobody."""


def both(first: Listener, second: Listener) -> Listener:
    """A listener of which two others hear everything."""

    def listener(event: Event) -> None:
        first(event)
        second(event)

    return listener


class Course:
    """The course of an execution: counts its jobs and tells the listener, who never waits longer than ``QUIET_S``.

    Events come one at a time, most from the thread that executes, ``Waiting`` from another one.
    """

    def __init__(self, listener: Listener, total: int, done: int = 0, workers: int = 1) -> None:
        self.listener, self.total, self.done, self.workers = listener, total, done, workers
        self.computed, self.spent_s, self.failed = 0, 0.0, 0
        self.began = self.heard = time.monotonic()
        self._one_at_a_time = threading.RLock()
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._wait, daemon=True, name="waiting")

    def __enter__(self) -> Course:
        self._beat.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._beat.join()

    def tell(self, kind: type[Event], **fields: object) -> None:
        """Sends the listener an event of a kind."""
        with self._one_at_a_time:
            self.heard = time.monotonic()
            event = kind(self.done, self.total, self.heard - self.began, self._left_s(), **fields)
            self.listener(event)

    def count(self, kind: type[Event], job_s: float, **fields: object) -> None:
        """Counts a job that came to an end, and tells of it."""
        self.done += 1
        self.computed += 1
        self.failed += kind is JobFailed
        self.spent_s += job_s
        self.tell(kind, job_s=job_s, **fields)

    def _left_s(self) -> float | None:
        if not self.computed:
            return None
        return (self.total - self.done) * self.spent_s / self.computed / self.workers

    def _wait(self) -> None:
        while not self._ended.wait(max(self.heard + QUIET_S - time.monotonic(), 0.01)):
            if time.monotonic() - self.heard >= QUIET_S:
                self.tell(Waiting)


__all__ = [
    "QUIET_S",
    "Course",
    "Event",
    "Finished",
    "JobDone",
    "JobFailed",
    "Listener",
    "Message",
    "RunDamaged",
    "Started",
    "Waiting",
    "WorkerKilled",
    "both",
    "silence",
]
