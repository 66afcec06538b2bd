"""Events in the order of the contract (docs/model.md, section 9), and the generators that wait for them.

A journey is a generator that yields events, as a SimPy process is. SimPy's ``Process`` adds an event for its start and
one for its end, and can be interrupted; a region has millions of journeys and none is interrupted, so this
is what is left of it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from simpy import Environment, Event

Journey = Generator["Wake", None, None]


def go_on(journey: Journey) -> None:
    """Lets a journey go on until it waits for its next event, or is over."""
    event = next(journey, None)
    if event is not None:
        event.journey = journey


class Timeline(Environment):
    """SimPy's environment, with time in whole seconds."""

    now: int


class Wake(Event):
    """An event that one journey waits for; it knows nothing but whom to wake, since there are millions."""

    __slots__ = ("callbacks", "journey")
    _ok = True
    _value = None

    def __init__(self) -> None:
        self.callbacks = _RESUME  # type: ignore[assignment]
        self.journey: Journey


class Call(Event):
    """An event at which a function is called."""

    _ok = True
    _value = None

    def __init__(self, call: Callable[[], None]) -> None:
        self.callbacks = [lambda _: call()]


def _resume(event: Event) -> None:
    go_on(event.journey)  # type: ignore[attr-defined]


_RESUME = (_resume,)
