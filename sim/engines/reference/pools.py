"""A pool: units that follow a calendar, and the queue in front of them.

SimPy's ``Resource`` has a capacity that stays, and keeps its queue in line by sorting it at every request. This one
is made of SimPy's events: a ``Request`` is what a patient's process waits for, as for one of ``Resource``.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np
from simpy import Event

from sim.engines.audit.tally import Tally
from sim.engines.overload import WAITING_LIMIT, overloaded
from sim.engines.reference.agenda import Agenda
from sim.engines.reference.contacts import OPEN, Contact
from sim.engines.reference.decisions import LEFT, Decisions
from sim.engines.reference.patients import Patient


class Request(Event):
    """A patient waits for a unit. Its value: the outcome of who goes away, OPEN for whose service starts."""

    def __init__(self, pool: Pool, patient: Patient, contact: Contact) -> None:
        super().__init__(pool.agenda)
        self.pool, self.patient, self.contact = pool, patient, contact

    def go_away(self, outcome: int) -> None:
        """The patient waits no more, if they still did."""
        if not self.triggered:
            self.pool.leave()
            self.succeed(outcome)

    def end_patience(self, _: Event) -> None:
        """For SimPy to call when patience ends."""
        self.go_away(LEFT)


class Pool:
    """Units of one kind, and who waits for them.

    The integrals are kept by taking the second away when one comes and adding it when one goes.
    """

    def __init__(self, index: int, name: str, agenda: Agenda) -> None:
        self.index, self.name, self.agenda = index, name, agenda
        self.capacity = self.users = self.waiting = 0
        self.queue_s = self.users_s = self.starts = self.gone = 0  # see Tally
        self.queue: list[tuple[int, int, int, int, Request]] = []  # a heap; who went away is in it until their turn
        self.overtime_units = 0  # units that stay for those who asked until the end of the shift
        self.last_call = 0

    def ask(self, patient: Patient, contact: Contact, due: int) -> Request:
        """A new request, which has succeeded if a unit is free and nobody who may start is before it."""
        request = Request(self, patient, contact)
        heappush(self.queue, (due, contact.request, contact.episode, contact.step, request))
        self.waiting += 1
        self.queue_s -= self.agenda.now
        if self.waiting > WAITING_LIMIT:
            raise overloaded(self.name, self.waiting, self.starts, self.gone)
        self.start_whoever_can()
        return request

    def leave(self) -> None:
        """One who waited goes away."""
        self.waiting -= 1
        self.queue_s += self.agenda.now
        self.gone += 1

    def free(self) -> None:
        """Takes a unit back."""
        self.users -= 1
        self.users_s += self.agenda.now
        self.start_whoever_can()

    def set_capacity(self, units: int) -> None:
        """Follows the calendar."""
        self.capacity = units
        self.start_whoever_can()

    def stay_over(self, units: int, now: int) -> None:
        """End of a shift with overtime: ``units`` serve those who asked until now."""
        self.overtime_units, self.last_call = units, now

    def start_whoever_can(self) -> None:
        """Starts who may, in their order, while units are free; the others wait on."""
        passed = []
        while self.queue and (self.has_free_unit() or self.users < self.overtime_units):
            entry = heappop(self.queue)
            request = entry[-1]
            if request.triggered:
                continue  # went away
            if self.may_start(request):
                self._start(request)
            else:
                passed.append(entry)
        if passed:
            self.queue += passed
            heapify(self.queue)

    def has_free_unit(self) -> bool:
        """Whether the calendar has a unit that is not in use."""
        return self.users < self.capacity

    def may_start(self, request: Request) -> bool:
        """Whether a free unit is one for this request: those of overtime are for who asked until the shift's end."""
        return self.has_free_unit() or request.contact.request <= self.last_call

    def _start(self, request: Request) -> None:
        self.waiting -= 1
        self.queue_s += self.agenda.now
        self.users += 1
        self.users_s -= self.agenda.now
        self.starts += 1
        request.succeed(OPEN)


class Teams(Pool):
    """Teams that drive to the patients' homes."""

    def __init__(self, index: int, name: str, agenda: Agenda, says: Decisions) -> None:
        super().__init__(index, name, agenda)
        self.says = says

    def may_start(self, request: Request) -> bool:
        """Also whether the drive out and the visit end before the shift does, or its overtime."""
        return super().may_start(request) and self._fits(request.patient, request.contact)

    def _fits(self, patient: Patient, contact: Contact) -> bool:
        now, says = self.agenda.now, self.says
        overtime: int = self.last_call + says.m.overtime[self.index]
        return now + says.tour(patient, contact, now)[0] <= (
            says.next_closing(self.index, now) if self.capacity else overtime
        )


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
