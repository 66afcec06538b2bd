"""What is to happen, hour by hour: SimPy's heap holds the events of the running hour alone.

A region has hundreds of thousands of patients who wait, most of them for days; one heap of all their ends
of patience and follow-ups is slow for want of cache. Later hours are plain lists, and whoever was
served in time never enters the heap. The order of events is that of SimPy's heap.
"""

from __future__ import annotations

from collections.abc import Callable

from simpy import Event

from sim.engines.events import Call, Journey, Timeline, Wake, go_on
from sim.engines.pools import WAITING, Request
from sim.tables import EventClass

HOUR = 3600
PATIENCE_END = int(EventClass.PATIENCE_END)


class Agenda:
    """Events of a run by hour. ``give_up`` is called for a request whose patience ends while it waits."""

    def __init__(self, env: Timeline, horizon: int, give_up: Callable[[Request], None]) -> None:
        hours = range(-(-horizon // HOUR))
        self.env = env
        self.hour = 0
        self.events: list[list[tuple[int, int, Event]]] = [[] for _ in hours]
        self.deadlines: list[list[tuple[int, Request]]] = [[] for _ in hours]
        self.give_up = give_up
        go_on(self._turn_hours())

    def add(self, event: Event, when: int, kind: int, index: int) -> None:
        """Makes an event happen at second ``when``, in the order (class, index) within it; never at the horizon."""
        hour = when // HOUR
        if hour <= self.hour:
            self.env.at(when, kind << 40 | index, event)
        elif hour < len(self.events):
            self.events[hour].append((when, kind << 40 | index, event))

    def wake(self, when: int, kind: int, index: int) -> Wake:
        """An event for a journey to wait for."""
        event = Wake()
        hour = when // HOUR
        if hour <= self.hour:
            self.env.at(when, kind << 40 | index, event)
        elif hour < len(self.events):
            self.events[hour].append((when, kind << 40 | index, event))
        return event

    def add_deadline(self, request: Request, when: int) -> None:
        """Ends the patience of a request at second ``when``, if it still waits then."""
        hour = when // HOUR
        if hour <= self.hour:
            self.add(Call(lambda: self.give_up(request)), when, PATIENCE_END, request.patient.index)
        elif hour < len(self.deadlines):
            self.deadlines[hour].append((when, request))

    def _turn_hours(self) -> Journey:
        """Before anything else of an hour: its events enter the heap."""
        for hour in range(1, len(self.events)):
            turn = Wake()
            self.env.at(hour * HOUR, 0, turn)
            yield turn
            self.hour = hour
            for when, order, event in self.events[hour]:
                self.env.at(when, order, event)
            for when, request in self.deadlines[hour]:
                if request.state == WAITING:
                    self.add_deadline(request, when)
            self.events[hour], self.deadlines[hour] = [], []
