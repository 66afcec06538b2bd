"""Journeys, and what makes them go on.

A journey is a generator that yields where it waits, as a SimPy process is. SimPy's ``Process`` adds an event for its
start and one for its end, and can be interrupted; a region has millions of journeys and none is interrupted, so this
is what is left of it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

Journey = Generator[None, None, None]


class Wake:
    """An event that makes a journey go on: SimPy's ``Event`` without its state and its list of callbacks.

    Nobody waits for two things at a time, so that one serves for a whole journey. A patient is the event of their own.
    """

    __slots__ = ("journey",)
    journey: Journey


def begin(steps: Callable[..., Journey], *told: object) -> None:
    """Lets a journey go on until it first waits. Its steps are told the event that wakes it, then ``told``."""
    wake = Wake()
    wake.journey = steps(wake, *told)
    next(wake.journey, None)


def once(call: Callable[..., None], *told: object) -> Wake:
    """An event at which a function is called."""
    wake = Wake()
    wake.journey = _one_step(call, *told)
    return wake


def _one_step(call: Callable[..., None], *told: object) -> Journey:
    call(*told)
    yield
