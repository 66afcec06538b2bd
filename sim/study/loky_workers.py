"""Worker processes of this machine, by joblib's loky: each in an executor of its own, so that losing one costs one.

An executor of loky's is broken as a whole when one of its processes ends; so is that of the standard library. An
executor with one process is a seat: it is left, and a new one is taken.
"""

from __future__ import annotations

import os
import traceback
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

from joblib.externals.loky.process_executor import ProcessPoolExecutor, ShutdownExecutorError

from sim.study.admission import Admission
from sim.study.backends import KILLED, MOST_LOSSES, Attempt, Call, LostWorker, Outcome, attempt
from sim.study.processes import LOOK_S, begin_worker
from sim.study.supervision import Pulse, RunLimits, memory_mb

IDLE_S = 300  # after which a worker that nobody asks for anything ends


class Seat:
    """A worker process that can be lost alone."""

    def __init__(self) -> None:
        self.executor = ProcessPoolExecutor(
            max_workers=1, timeout=IDLE_S, initializer=begin_worker, initargs=(os.getpid(),)
        )

    def submit(self, call: Call) -> Future[Attempt]:
        """Has the worker compute a call; it is begun if it is not there."""
        future: Future[Attempt] = self.executor.submit(attempt, call)
        return future

    @property
    def process(self) -> int:
        """Its id; 0 before it is there."""
        return next(iter(self.executor._processes or ()), 0)

    def end(self) -> None:
        """Ends the worker, whatever it does and whether it is stopped."""
        self.executor.shutdown(wait=False, kill_workers=True)


@cache
def idle_seats() -> list[Seat]:
    """The workers of this process that wait for calls: they are used again by whatever comes next."""
    return []


@dataclass(frozen=True)
class LokyBackend:
    """Two or more processes of this machine."""

    workers: int
    patience: RunLimits = field(default_factory=RunLimits)
    memory_mb: int = 0  # for all together; 0: what is free
    is_far: bool = False

    def attempts(self, calls: Iterable[Call]) -> Generator[Outcome, None, None]:
        """As ``Backend`` says. A worker that does nothing for too long is ended, and is then as any that is lost."""
        shift = _Shift(self, iter(calls))
        try:
            while shift.begin_calls():
                yield from shift.outcomes()
        finally:
            shift.end()


def _begin(call: Call) -> tuple[Seat, Future[Attempt]]:
    """A seat, and what will become of the call there; that a worker was lost while it was idle is noticed here."""
    while idle_seats():
        seat = idle_seats().pop()
        with suppress(BrokenProcessPool, ShutdownExecutorError):
            return seat, seat.submit(call)
    seat = Seat()
    return seat, seat.submit(call)


@dataclass
class _Task:
    """A call at work."""

    call: Call
    seat: Seat
    pulse: Pulse
    why: str = ""  # its worker was ended by us


@dataclass
class _Shift:
    """The calls of one ``attempts``: those at work, and those that are to be tried once more."""

    backend: LokyBackend
    calls: Iterator[Call]
    at_work: dict[Future[Attempt], _Task] = field(default_factory=dict)
    again: deque[Call] = field(default_factory=deque)
    losses: Counter[int] = field(default_factory=Counter)
    admission: Admission = field(default_factory=Admission)

    def __post_init__(self) -> None:
        self.admission.limit_mb = self.backend.memory_mb

    def begin_calls(self) -> bool:
        """Begins what there is room for; whether anything is at work."""
        while len(self.at_work) < self.backend.workers and self._has_room():
            call = self.again.popleft() if self.again else next(self.calls, None)
            if call is None:
                break
            seat, future = _begin(call)
            self.at_work[future] = _Task(call, seat, Pulse(seat.process, self.backend.patience))
        return bool(self.at_work)

    def _has_room(self) -> bool:
        held = [memory_mb(task.seat.process) for task in self.at_work.values()]
        return self.admission.admits(held, memory_mb(idle_seats()[-1].process) if idle_seats() else 0.0)

    def outcomes(self) -> Iterator[Outcome]:
        """What has come to an end, once something has or a moment is over; who does nothing is ended meanwhile."""
        ended, _ = wait(self.at_work, timeout=LOOK_S, return_when=FIRST_COMPLETED)
        for future in ended:
            yield self._outcome(self.at_work.pop(future), future)
        for task in self.at_work.values():
            task.pulse.process = task.seat.process  # one that was idle for too long is another one by now
            task.why = task.why or task.pulse.look()
            if task.why:
                task.seat.end()

    def _outcome(self, task: _Task, future: Future[Attempt]) -> Outcome:
        number = task.call.number
        try:
            found = future.result()
        except (BrokenProcessPool, ShutdownExecutorError):
            task.seat.end()
            self.losses[number] += 1
            why = task.why or KILLED
            if self.losses[number] == MOST_LOSSES:
                return Attempt(number, None, why, 0.0, 0)
            self.again.append(task.call)
            return LostWorker(number, why)
        except Exception:  # what cannot be sent, there or back
            found = Attempt(number, None, traceback.format_exc(), 0.0, 0)
        self.admission.note(found.peak_mb)
        idle_seats().append(task.seat)
        return found

    def end(self) -> None:
        """Ends the workers that are at work."""
        for task in self.at_work.values():
            task.seat.end()


__all__ = ["LokyBackend", "Seat", "idle_seats"]
