"""A pool: units that follow a calendar, and the queue in front of them.

SimPy's ``Resource`` cannot follow a calendar and sorts its queue at every request; this one is a heap of
requests by (due, request, episode, step) and a number of units in use.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Protocol

import numpy as np

from sim.engines.audit.tally import Tally
from sim.engines.overload import WAITING_LIMIT, overloaded
from sim.engines.reference.patients import Patient

WAITING, STARTED, GONE = 0, 1, 2


class Clock(Protocol):
    """What knows the second that it is."""

    now: int


class Request:
    """One contact: in a queue, then in service."""

    __slots__ = (
        "course",
        "held",
        "offer",
        "outcome",
        "patient",
        "pool",
        "row",
        "service",
        "state",
        "time",
        "visit",
    )

    def __init__(self, patient: Patient, service: int, visit: int, offer: int, pool: Pool | None, time: int) -> None:
        self.patient = patient
        self.service = service
        self.visit = visit
        self.offer = offer
        self.pool = pool
        self.time = time  # when it was asked for
        self.course = -1  # random word of its duration and of what comes next, once drawn
        self.row = -1  # where its row of the table of contacts begins
        self.state = WAITING
        self.outcome = -1
        self.held: Request | None = None  # the contact whose unit is kept until this one starts


class Pool:
    """Units of one kind. ``begin`` is called for each request that starts.

    The integrals are kept by taking the second away when one comes and adding it when one goes.
    """

    __slots__ = (
        "begin", "capacity", "env", "fits", "gone", "index", "last_call", "name", "overtime_units", "queue", "queue_s",
        "starts", "users", "users_s", "waiting",
    )  # fmt: skip

    def __init__(self, index: int, name: str, env: Clock, begin: Callable[[Request], None]) -> None:
        self.index = index
        self.name = name
        self.env = env
        self.capacity = 0
        self.users = 0
        self.waiting = 0
        self.queue_s = self.users_s = self.starts = self.gone = 0  # see Tally
        self.queue: list[tuple[int, int, int, int, Request]] = []
        self.begin = begin
        self.fits: Callable[[Request], bool] | None = None
        self.overtime_units = 0  # units that stay for those who waited at the end of the shift
        self.last_call = 0

    def join(self, request: Request, due: int, step: int) -> None:
        """Puts a request in the queue, and starts it if a unit is free and nobody is before it."""
        if self.users < self.capacity and not self.queue and self.fits is None:
            self._start(request)
            return
        self.waiting += 1
        self.queue_s -= self.env.now
        heappush(self.queue, (due, request.time, request.patient.index, step, request))
        if self.waiting > WAITING_LIMIT:
            raise overloaded(self.name, self.waiting, self.starts, self.gone)
        if self.users < self.capacity or self.overtime_units:
            self.start_whoever_can()

    def leave(self) -> None:
        """One waits no more: who gives up stays in the heap until its turn comes."""
        self.waiting -= 1
        self.queue_s += self.env.now

    def free(self) -> None:
        """Gives a unit back."""
        self.users -= 1
        self.users_s += self.env.now
        if self.queue:
            self.start_whoever_can()

    def set_capacity(self, units: int) -> None:
        """Follows the calendar."""
        self.capacity = units
        self.start_whoever_can()

    def stay_over(self, units: int, now: int) -> None:
        """End of a shift with overtime: ``units`` serve those who asked until now."""
        self.overtime_units = units
        self.last_call = now

    def start_whoever_can(self) -> None:
        """Starts requests in their order while units are free."""
        if self.fits is not None or self.overtime_units:
            self._start_those_who_may()
            return
        queue = self.queue
        while queue and self.users < self.capacity:
            request = heappop(queue)[4]
            if request.state == WAITING:
                self.leave()
                self._start(request)

    def _start(self, request: Request) -> None:
        self.users += 1
        self.users_s -= self.env.now
        self.starts += 1
        self.begin(request)

    def _start_those_who_may(self) -> None:
        """In overtime, or if a visit must fit the shift: the first in order who may start; the others wait on."""
        passed = []
        while self.queue and self.users < max(self.capacity, self.overtime_units):
            entry = heappop(self.queue)
            if entry[4].state != WAITING:
                continue
            if self._may_start(entry[4]):
                self.leave()
                self._start(entry[4])
            else:
                passed.append(entry)
        for entry in passed:
            heappush(self.queue, entry)

    def _may_start(self, request: Request) -> bool:
        if self.users >= self.capacity and request.time > self.last_call:
            return False
        return self.fits is None or self.fits(request)


def count(pools: list[Pool], horizon: int, onward: list[int], unasked: list[int]) -> Tally:
    """What was counted until the horizon."""
    columns = {
        "queue_s": [pool.queue_s + pool.waiting * horizon for pool in pools],
        "users_s": [pool.users_s + pool.users * horizon for pool in pools],
        **{name: [getattr(pool, name) for pool in pools] for name in ("waiting", "users", "starts", "gone")},
        "onward": onward,
        "unasked": unasked,
    }
    return Tally(**{name: np.array(column, dtype=np.int64) for name, column in columns.items()})
