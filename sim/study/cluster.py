"""Workers on other machines, by dask.distributed: a scheduler that is there, one of this machine's own, or Slurm's.

Tables and runs lie in the folder of results, which every worker sees; what goes through the scheduler is small. Each
call is given to one worker that was looked at before, and the next only when it is back: so a lost worker is one lost
call, and a worker with another version of the program is never given one.
"""

from __future__ import annotations

import queue
import time
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

from distributed import Client, Future, KilledWorker
from distributed.comm import CommClosedError

from sim.config.sentence import Sentence
from sim.study.backends import KILLED, MOST_LOSSES, Attempt, Call, LostWorker, Outcome, attempt
from sim.study.cluster_workers import unlike_workers
from sim.study.processes import LOOK_S, keep_memory
from sim.study.store import NothingDone


@dataclass(frozen=True, eq=False)
class DaskBackend:
    """Workers of a scheduler, one call each at a time; they may come and go."""

    client: Client
    folder: str  # of results, absolute
    workers: int  # at most; how many there are now is the scheduler's business
    is_far: bool = True

    def attempts(self, calls: Iterable[Call]) -> Generator[Outcome, None, None]:
        """As ``Backend`` says; what is at work when the iterator is closed comes to its end, and is not waited for.

        Raises NothingDone if the scheduler is gone.
        """
        shift = _Shift(self, iter(calls))
        try:
            while shift.begin_calls():
                yield from shift.outcomes()
        except (OSError, CommClosedError) as error:
            raise NothingDone(
                Sentence(
                    "the scheduler at {address} does not answer any more; what was finished is kept",
                    address=self.client.scheduler.address,
                ),
                repr(error),
            ) from error
        finally:
            shift.end()


def far_attempt(call: Call) -> Attempt:
    """Computes a call on a worker of a cluster, which keeps its memory for the next one as a local one does."""
    _prepare()
    return attempt(call)


@cache
def _prepare() -> None:
    keep_memory()


@dataclass
class _Shift:
    """The calls of one ``attempts``, each at work on a worker, by its address."""

    backend: DaskBackend
    calls: Iterator[Call]
    fit: dict[str, bool] = field(default_factory=dict)  # workers that were looked at
    there: set[str] = field(default_factory=set)  # workers now
    at_work: dict[str, tuple[Call, Future]] = field(default_factory=dict)
    again: deque[Call] = field(default_factory=deque)
    losses: Counter[int] = field(default_factory=Counter)
    ended: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)
    looked: float = 0.0
    is_empty: bool = False

    def begin_calls(self) -> bool:
        """Gives every worker that has none a call; whether there is anything left to wait for."""
        self._look()
        for address in sorted(a for a in self.there if self.fit[a] and a not in self.at_work):
            if len(self.at_work) >= self.backend.workers or (call := self._next_call()) is None:
                break
            future = self.backend.client.submit(far_attempt, call, workers=[address], pure=False)
            self.at_work[address] = call, future
            future.add_done_callback(lambda _, address=address: self.ended.put(address))
        return bool(self.at_work or self.again) or not self.is_empty

    def _next_call(self) -> Call | None:
        if self.again:
            return self.again.popleft()
        call = None if self.is_empty else next(self.calls, None)
        self.is_empty = call is None
        return call

    def _look(self) -> None:
        """Which workers there are; who is new is looked at before it is given anything."""
        if time.monotonic() - self.looked < LOOK_S:
            return
        self.there = set(self.backend.client.nthreads())
        if new := sorted(self.there - self.fit.keys()):
            unlike = unlike_workers(self.backend.client, self.backend.folder, new)
            self.fit |= {address: address not in unlike for address in new}
            self._refuse_if_none_is_fit(unlike)
        self.looked = time.monotonic()

    def _refuse_if_none_is_fit(self, unlike: Mapping[str, Sentence]) -> None:
        """Nobody waits for a worker that will be as those that came."""
        if unlike and not any(self.fit[address] for address in self.there):
            address, reason = next(iter(unlike.items()))
            raise NothingDone(
                Sentence(
                    "no worker of the cluster may compute; {address} {reason}; what was finished is kept",
                    address=address, reason=reason,
                )
            )  # fmt: skip

    def outcomes(self) -> Iterator[Outcome]:
        """What has come to an end, once something has or a moment is over, and what was lost meanwhile."""
        with suppress(queue.Empty):
            address = self.ended.get(timeout=LOOK_S)
            if address in self.at_work and self.at_work[address][1].done():
                if outcome := self._outcome(*self.at_work[address]):
                    del self.at_work[address]
                    yield outcome
                else:
                    self.ended.put(address)
        self._look()
        for address in [a for a in self.at_work if a not in self.there]:
            call, future = self.at_work.pop(address)
            future.cancel()
            yield self._loss(call)

    def _outcome(self, call: Call, future: Future) -> Outcome | None:
        """What has become of a call; None if its worker, which has it, does not hand it over for a moment."""
        try:
            found: Attempt = future.result(timeout=LOOK_S)
        except TimeoutError:
            return None
        except KilledWorker:
            return self._loss(call)
        except Exception as error:  # what cannot be sent, there or back
            return Attempt(call.number, None, f"{type(error).__name__}: {error}", 0.0, 0)
        future.release()
        return found

    def _loss(self, call: Call) -> Outcome:
        self.losses[call.number] += 1
        if self.losses[call.number] == MOST_LOSSES:
            return Attempt(call.number, None, KILLED, 0.0, 0)
        self.again.append(call)
        return LostWorker(call.number, KILLED)

    def end(self) -> None:
        """Lets go of the calls that are at work."""
        for _, future in self.at_work.values():
            with suppress(OSError, CommClosedError):
                future.cancel()


__all__ = ["DaskBackend", "far_attempt"]
