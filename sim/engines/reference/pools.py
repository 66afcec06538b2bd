"""A pool: units that follow a calendar, and the queue in front of them.

SimPy's ``Resource`` has a capacity that stays, and keeps its queue in line by sorting it at every request. This one
is made of SimPy's events: a ``Request`` is what a patient's process waits for, as for one of ``Resource``.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from sim.engines.audit.tally import Tally
from sim.engines.overload import WAITING_LIMIT, overloaded
from sim.engines.reference.agenda import Agenda
from sim.engines.reference.contacts import Contact
from sim.engines.reference.decisions import Decisions
from sim.engines.reference.patients import Patient
from sim.engines.reference.requests import Place, Request
from sim.model.codes import LONG_AGO, ShiftRule

FRESH, HAND_OVER = int(ShiftRule.FRESH), int(ShiftRule.HAND_OVER)


class Starts(Protocol):
    """What becomes of a contact that starts."""

    def draw(self, patient: Patient, contact: Contact) -> None:
        """How long it takes."""

    def begin(self, patient: Patient, contact: Contact) -> None:
        """It goes on until its end."""

    def fits(self, patient: Patient, contact: Contact, closes: int) -> bool:
        """Whether a team would have ended the visit by then."""


class Pool:
    """Units of one kind, and who waits for them.

    The integrals are kept by taking the second away when one comes and adding it when one goes.
    """

    def __init__(self, index: int, name: str, agenda: Agenda, says: Decisions, starts: Starts) -> None:
        self.index, self.name, self.agenda, self.says, self.service = index, name, agenda, says, starts
        self.capacity = self.users = self.waiting = 0
        self.queue_s = self.users_s = self.starts = self.gone = 0  # see Tally
        self.queue: list[Place] = []  # in order
        self.unready: list[Place] = []  # those who may not start before a second that is to come
        self.overtime_units = 0  # units that stay for those who asked until the end of the shift
        self.last_call = 0
        self.rule = says.m.shift_rule[index]
        self.keep_free: list[int] = says.m.keep_free[index]
        self.limited = any(says.m.starts_limited)
        self.shift = 0  # the number of shifts that are over, where each begins with all units free
        self.outside = 0  # units in use of those shifts: they do not count against the capacity
        self.in_service: list[tuple[Contact, Patient]] = []  # where shifts hand over
        self.partners: list[Pool] = []  # with whose waiting holders those of this pool exchange units

    def ask(self, patient: Patient, contact: Contact, due: int) -> Request:
        """A new request, which is counted among those who wait but stands in no queue yet."""
        request = Request(self, patient, contact, due)
        self._count_in()
        if self.waiting > WAITING_LIMIT:
            raise overloaded(self.name, self.waiting, self.starts, self.gone)
        return request

    def join(self, request: Request) -> None:
        """A request takes its place in the queue; it has succeeded after that if a unit is free for it."""
        request.stand_in(self.queue)
        self.start_whoever_can()

    def _count_in(self) -> None:
        self.waiting += 1
        self.queue_s -= self.agenda.now

    def count_out(self) -> None:
        """One who waited does so no more."""
        self.waiting -= 1
        self.queue_s += self.agenda.now

    def leave(self) -> None:
        """One who waited goes away."""
        self.count_out()
        self.gone += 1

    def free(self, shift: int) -> None:
        """Takes a unit back that was taken in a shift."""
        self._take_back(shift)
        self.start_whoever_can()

    def _take_back(self, shift: int) -> None:
        self.users -= 1
        self.users_s += self.agenda.now
        if shift != self.shift:
            self.outside -= 1

    # the calendar

    def set_capacity(self, units: int) -> None:
        """Follows the calendar."""
        self.capacity = units
        if self.rule == FRESH:
            self.outside = self.users
            self.shift += 1
        while self.rule == HAND_OVER and self.users > units and self.in_service:
            self._interrupt(*max(self.in_service, key=_started))
        self.start_whoever_can()

    def _interrupt(self, contact: Contact, patient: Patient) -> None:
        """A contact stops, and waits in front of all who have not begun; the rest of its time is kept."""
        now = self.agenda.now
        self.in_service.remove((contact, patient))
        self._take_back(contact.shift)
        contact.rest = max(contact.drawn_end - now, 0)
        request = Request(self, patient, contact, LONG_AGO, begun=True)
        request.stand_in(self.queue)
        self._count_in()
        patient.journey.interrupt(request)

    def stay_over(self, units: int, now: int) -> None:
        """End of a shift with overtime: ``units`` serve those who asked until now."""
        self.overtime_units, self.last_call = units, now

    # who starts

    def start_whoever_can(self) -> None:
        """Starts the first who may, with all that follows from it, until nobody may; those before them wait on."""
        while (request := self._first_who_may()) is not None:
            self._start(request)
        if self.partners and self._exchange():
            self.start_whoever_can()

    def _first_who_may(self) -> Request | None:
        users = self.users - self.outside
        if self.queue and (users < self.capacity or users < self.overtime_units):
            for *_, request in self.queue:
                if self.may_start(request):
                    return request  # type: ignore[no-any-return]
        return None

    def has_free_unit(self, kept: int = 0) -> bool:
        """Whether the calendar has a unit that is not in use, when ``kept`` are kept free for others."""
        return self.users - self.outside + kept < self.capacity

    def may_start(self, request: Request) -> bool:
        """Whether a free unit is one for this request: those of overtime are for who asked until the shift's end."""
        if request.begun:
            return self.has_free_unit()
        kept = self.keep_free[request.patient.acuity]
        late = request.contact.request > self.last_call or self.users - self.outside + kept >= self.overtime_units
        if late and not self.has_free_unit(kept):
            return False
        return not self.limited or self.says.may_begin(request.patient, request.contact, self.agenda.now)

    def _start(self, request: Request) -> None:
        patient, contact, now = request.patient, request.contact, self.agenda.now
        request.step_out()
        request.pool.count_out()
        if request.begun:
            contact.drawn_end = now + contact.rest
        else:
            contact.pool = self.index
            self.service.draw(patient, contact)
            self.starts += 1
        contact.shift = self.shift
        self.users += 1
        self.users_s -= now
        self.service.begin(patient, contact)
        request.succeed(True)

    # exchange of units

    def _exchange(self) -> bool:
        """Of two who each hold what the other waits for both start, in the unit of the other; whether there were two.

        No unit becomes free, so nobody else can start.
        """
        for other in self.partners:
            if self.users - self.outside <= self.capacity and other.users - other.outside <= other.capacity:
                mine, theirs = self._first_holder(other), other._first_holder(self)
                if mine is not None and theirs is not None:
                    units = mine.patient.held.pop(), theirs.patient.held.pop()
                    self._move_in(mine, units[1])
                    other._move_in(theirs, units[0])
                    for request in sorted((mine, theirs), key=lambda request: request.place[:-1]):
                        self.service.draw(request.patient, request.contact)
                        self.service.begin(request.patient, request.contact)
                        request.succeed(True)
                    return True
        return False

    def _first_holder(self, other: Pool) -> Request | None:
        """The first in the queue who holds one unit, of another pool, until the start."""
        for *_, request in self.queue:
            patient, contact = request.patient, request.contact
            alone = len(patient.held) == 1 and patient.held[0].pool == other.index
            if alone and contact.gives and self.says.may_begin(patient, contact, self.agenda.now):
                return request  # type: ignore[no-any-return]
        return None

    def _move_in(self, request: Request, unit: Contact) -> None:
        """A request is given the unit that was held for another contact."""
        contact = request.contact
        request.step_out()
        request.pool.count_out()
        unit.release = self.agenda.now
        contact.pool, contact.shift, contact.gives, contact.goes_on = self.index, unit.shift, 0, True
        self.starts += 1


class Teams(Pool):
    """Teams that drive to the patients' homes."""

    def may_start(self, request: Request) -> bool:
        """Also whether the drive out and the visit end before the shift does, or its overtime."""
        if not super().may_start(request):
            return False
        now, says = self.agenda.now, self.says
        overtime: int = self.last_call + says.m.overtime[self.index]
        closes = says.next_closing(self.index, now) if self.capacity else overtime
        return self.service.fits(request.patient, request.contact, closes)


def _started(one: tuple[Contact, Patient]) -> tuple[int, int, int, int]:
    contact = one[0]
    return contact.start, contact.request, contact.episode, contact.step


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
