"""SimPy's clock, in whole seconds and with the contract's order within a second (docs/model.md, section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simpy import Environment, Event, Timeout
from simpy.events import NORMAL, EventCallback, EventPriority

from sim.model.codes import EventClass


class Moment(Timeout):
    """A timeout with its place within the second: by class, then by index (an episode, a pool, an offer)."""

    def __init__(self, agenda: Agenda, when: int, kind: EventClass, index: int) -> None:
        self.place = kind << 40 | index
        super().__init__(agenda, when - agenda.now)


class Agenda(Environment):
    """SimPy's environment, which gives each ``Moment`` its place as priority.

    What SimPy schedules by itself has a priority below every place: a process begins, and a request succeeds, before
    the next moment of the same second. So what follows from a start or from going away happens at once.
    """

    if TYPE_CHECKING:  # whole seconds: every delay is

        @property
        def now(self) -> int: ...

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: float = 0) -> None:
        """Puts an event in line."""
        place = event.place if isinstance(event, Moment) else priority
        Environment.schedule(self, event, place, delay)  # type: ignore[arg-type]

    def call(self, when: int, kind: EventClass, index: int, what: EventCallback[Event]) -> None:
        """Lets something happen to which no process leads."""
        Moment(self, when, kind, index).callbacks.append(what)
