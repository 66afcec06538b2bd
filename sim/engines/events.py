"""Events in the order of the contract (docs/model.md, section 9), and the generators that wait for them.

A journey is a generator that yields events, as a SimPy process is. SimPy's ``Process`` adds an event for its start and
one for its end, and can be interrupted; a region has millions of journeys and none is interrupted, so this
is what is left of it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush

from simpy import Environment, Event

Journey = Generator["Wake", None, None]


def go_on(journey: Journey) -> None:
    """Lets a journey go on until it waits for its next event, or is over."""
    event = next(journey, None)
    if event is not None:
        event.journey = journey


def _resume(event: Event) -> None:
    go_on(event.journey)  # type: ignore[attr-defined]


class Timeline(Environment):
    """SimPy's environment, with time in whole seconds.

    Events here have one callback each and never fail, so that what SimPy does for others at every event is left out.
    """

    now: int = 0

    def at(self, when: int, order: int, event: Event) -> None:
        """Makes an event happen at second ``when``, in order of ``order`` within it."""
        heappush(self._queue, (when, order, next(self._eid), event))  # type: ignore[misc]

    def run_until(self, horizon: int) -> None:
        """Lets everything happen that is before the horizon."""
        queue = self._queue
        while queue and queue[0][0] < horizon:
            self.now, _, _, event = heappop(queue)  # type: ignore[assignment]
            event.callbacks[0](event)


class Wake(Event):
    """An event that one journey waits for; it knows nothing but whom to wake, since there are millions."""

    __slots__ = ("journey",)
    callbacks = (_resume,)  # type: ignore[assignment]  # of all of them
    journey: Journey

    def __init__(self) -> None:
        """Needs nothing of SimPy's own."""


class Call(Event):
    """An event at which a function is called."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.callbacks = [lambda _: call()]
