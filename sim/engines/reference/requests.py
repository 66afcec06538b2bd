"""What a patient's process waits for who asks a pool for a unit."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import Any, Protocol

from simpy import Event

from sim.engines.reference.agenda import Agenda
from sim.engines.reference.contacts import Contact
from sim.engines.reference.patients import Patient
from sim.model.codes import LONG_AGO, EventClass, Outcome

Place = tuple[int, int, int, int, Any]  # in a queue: due, request, episode, step; and the request
LEFT = int(Outcome.LEFT)
LINE_UP = EventClass.REQUEST


class Queueing(Protocol):
    """A pool, as one who asks knows it."""

    agenda: Agenda
    unready: list[Place]

    def join(self, request: Request) -> None:
        """The request stands in the queue from now on."""

    def count_out(self) -> None:
        """One who was counted among those who wait is so no more."""

    def leave(self) -> None:
        """The same, of one who goes away."""


class Request(Event):
    """A patient waits for a unit. Its value: whether service starts; else the patient goes away."""

    def __init__(self, pool: Queueing, patient: Patient, contact: Contact, due: int, begun: bool = False) -> None:
        super().__init__(pool.agenda)
        self.pool = pool  # in which the patient is counted among those who wait
        self.patient, self.contact = patient, contact
        self.begun = begun  # was interrupted, and goes on before all who have not begun
        self.place = (LONG_AGO if begun else due, contact.request, contact.episode, contact.step, self)
        self.lines: list[list[Place]] = []  # in which the request stands
        self.turns: list[tuple[int, Queueing]] = []  # pools that it may join, each from a second on

    def stand_in(self, line: list[Place]) -> None:
        """Takes its place in a line."""
        insort(line, self.place)
        self.lines.append(line)

    def step_out(self) -> None:
        """Stands in no line any more."""
        for line in self.lines:
            del line[bisect_left(line, self.place)]
        self.lines.clear()

    def go_away(self, outcome: int) -> None:
        """The patient waits no more, if they still did."""
        if not self.triggered:
            self.step_out()
            self.pool.leave()
            self.contact.outcome = outcome
            self.succeed(False)

    def end_patience(self, _: Event) -> None:
        """For SimPy to call when patience ends."""
        self.go_away(LEFT)

    # where there is more than one pool, or a second before which nothing starts

    def ask(self, now: int) -> None:
        """Joins the pools whose turn has come, one after another, until one has a free unit."""
        while self.turns and not self.triggered and self.turns[0][0] <= now:
            self.turns.pop(0)[1].join(self)
        if not self.lines and not self.triggered:
            self.stand_in(self.pool.unready)

    def expect_turn(self) -> None:
        """Lets the request join the next pool when its turn comes."""
        if self.turns and not self.triggered:
            when, pool = self.turns[0]
            pool.agenda.call(when, LINE_UP, self.contact.episode, self._come_forward)

    def _come_forward(self, _: Event) -> None:
        if not self.triggered:
            if self.lines[0] is self.pool.unready:
                self.step_out()
            self.ask(self.pool.agenda.now)
            self.expect_turn()
