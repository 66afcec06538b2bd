"""Where jobs are computed: in this process, or by worker processes of this machine.

A backend takes calls and gives back what became of each, as they come. It owns its workers: how many there are, how
they begin, and that they do not outlive this process. A cluster would be one more class with the same two members.
"""

from __future__ import annotations

import os
import resource
import time
import traceback
import warnings
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import BrokenProcessPool

from sim.study.processes import cores, die_with, keep_memory


class WorkerLost(Exception):
    """A worker ended before its call did; what the backend had taken and not given back is lost."""


@dataclass(frozen=True)
class Call:
    """A plain function and its arguments, all of which can be sent to another process; its number is given back."""

    number: int
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Attempt:
    """What became of a call: its value, or the traceback of what it raised; seconds, and the process's peak memory."""

    number: int
    value: Any
    error: str
    seconds: float
    peak_mb: int


class Backend(Protocol):
    """What computes calls."""

    @property
    def workers(self) -> int:
        """How many calls are computed at a time."""

    def attempts(self, calls: Iterable[Call]) -> Generator[Attempt, None, None]:
        """What became of each call, in the order in which they end.

        Calls are taken as there is room for them. Raises WorkerLost. Closing the iterator ends what is at work.
        """


@dataclass(frozen=True)
class SerialBackend:
    """One call after the other, in this process."""

    workers: int = 1

    def attempts(self, calls: Iterable[Call]) -> Generator[Attempt, None, None]:
        """As ``Backend`` says; no worker can be lost."""
        for call in calls:
            yield _attempt(call)


@dataclass(frozen=True)
class LokyBackend:
    """Two or more processes of this machine, by joblib and loky. They are kept, and used again by the next calls."""

    workers: int

    def attempts(self, calls: Iterable[Call]) -> Generator[Attempt, None, None]:
        """As ``Backend`` says."""
        pool = Parallel(
            n_jobs=self.workers,
            backend="loky",
            return_as="generator_unordered",
            pre_dispatch="n_jobs + 1",
            batch_size=1,
            initializer=_begin_worker,
            initargs=(os.getpid(),),
        )
        attempts = pool(delayed(_attempt)(call) for call in calls)
        try:
            for attempt in attempts:  # noqa: UP028  # closed below, without joblib's warning that jobs are left
                yield attempt
        except BrokenProcessPool as error:
            raise WorkerLost(str(error)) from error
        finally:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                attempts.close()


def local_backend(workers: int) -> SerialBackend | LokyBackend:
    """The backend for a number of processes; 0: as many as there are cores."""
    workers = workers or cores()
    return LokyBackend(workers) if workers > 1 else SerialBackend()


def _begin_worker(parent: int) -> None:
    """What a worker does first: it will end with the process that it works for, and keeps memory for the next call."""
    die_with(parent)
    keep_memory()


def _attempt(call: Call) -> Attempt:
    started, value, error = time.perf_counter(), None, ""
    try:
        value = call.function(*call.arguments)
    except Exception:
        error = traceback.format_exc()
    return Attempt(call.number, value, error, time.perf_counter() - started, _peak_mb())


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


__all__ = ["Attempt", "Backend", "Call", "LokyBackend", "SerialBackend", "WorkerLost", "local_backend"]
