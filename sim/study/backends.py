"""Where jobs are computed: in this process, by worker processes of this machine, or by those of a cluster.

A backend takes calls and gives back what became of each, as they come. It owns its workers: how many there are, how
they begin, what is done when one is lost, and that they do not outlive this process.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from sim.config.sentence import Sentence
from sim.study.processes import peak_mb

KILLED = Sentence("the worker process was killed (out of memory?)")
MOST_LOSSES = 2  # a call whose worker is lost so often has failed: it is likely to be the reason


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


@dataclass(frozen=True)
class LostWorker:
    """A worker ended before its call did, and why; the call is tried once more, beside the others."""

    number: int
    why: str


Outcome = Attempt | LostWorker


class Backend(Protocol):
    """What computes calls."""

    @property
    def workers(self) -> int:
        """How many calls are computed at a time, at most."""

    @property
    def is_far(self) -> bool:
        """Whether workers may be on other machines, which see nothing of this one but the folder of results."""

    def attempts(self, calls: Iterable[Call]) -> Generator[Outcome, None, None]:
        """What became of each call, in the order in which they end, and each worker that is lost meanwhile.

        Calls are taken as there is room for them. A call whose worker is lost is tried once more; one whose worker is
        lost twice is an attempt with that for its error. Closing the iterator ends what is at work.
        """


@dataclass(frozen=True)
class SerialBackend:
    """One call after the other, in this process."""

    workers: int = 1
    is_far: bool = False

    def attempts(self, calls: Iterable[Call]) -> Generator[Outcome, None, None]:
        """As ``Backend`` says; no worker can be lost."""
        for call in calls:
            yield attempt(call)


def attempt(call: Call) -> Attempt:
    """Computes a call, here."""
    started, value, error = time.perf_counter(), None, ""
    try:
        value = call.function(*call.arguments)
    except Exception:
        error = traceback.format_exc()
    return Attempt(call.number, value, error, time.perf_counter() - started, peak_mb())


__all__ = ["KILLED", "MOST_LOSSES", "Attempt", "Backend", "Call", "LostWorker", "Outcome", "SerialBackend", "attempt"]
