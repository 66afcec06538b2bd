"""When the patience of those who wait ends."""

from __future__ import annotations

from simpy.events import ProcessGenerator

from sim.engines.reference.agenda import Agenda
from sim.engines.reference.requests import Request
from sim.model.codes import EventClass

HOUR = 3600


class Patience:
    """Tells SimPy the ends of patience of an hour when the hour begins, and only of those who still wait then.

    A region has hundreds of thousands who wait for weeks, and most are served in time.
    """

    def __init__(self, agenda: Agenda, horizon: int) -> None:
        self.agenda = agenda
        self.hour = 0  # the last one that SimPy was told of
        self.later: list[list[tuple[int, Request]]] = [[] for _ in range(0, horizon, HOUR)]
        agenda.process(self._follow())

    def add(self, request: Request, when: int) -> None:
        """Lets a patient go away at second ``when``, if they wait then. At the horizon nobody does any more."""
        if when // HOUR <= self.hour:
            self._tell(request, when)
        elif when // HOUR < len(self.later):
            self.later[when // HOUR].append((when, request))

    def _follow(self) -> ProcessGenerator:
        for hour in range(1, len(self.later)):
            yield self.agenda.timeout(HOUR)  # comes before every moment of its second
            self.hour = hour
            waiting, self.later[hour] = self.later[hour], []
            for when, request in waiting:
                if not request.triggered:
                    self._tell(request, when)

    def _tell(self, request: Request, when: int) -> None:
        self.agenda.call(when, EventClass.PATIENCE_END, request.contact.episode, request.end_patience)
