"""Queues whose rules follow the clock: hours of starting, rounds, and what a shift's end does to who is in service.

Rates are a minute, times minutes; stays are exponential, and every day is alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from sim.credibility.verification.markov_chains import Floats, StaffedShift
from sim.credibility.verification.state_spaces import Day, DayPart, State, periodic


def after_rounds(number: float, stay: float, closed: float, since: float) -> float:
    """Mean number in beds of which there are always enough, ``since`` hours after rounds closed; rounds are daily.

    ``number`` comes an hour, evenly, and stays ``stay`` hours on average; who is done while rounds are ``closed``
    goes when they open. The done and the others are independent Poisson numbers, as in M/G/inf (Takacs 1962).
    """
    return number * (stay + min(max(since, 0.0), closed) * (since < closed))


def extra_stay(closed: float) -> float:
    """Mean hours between the end of a stay and rounds that are closed for so many hours of each day.

    The end of a stay that began at an even hour is even over the day: a share closed / 24 waits half of ``closed``.
    """
    return closed / 24 * closed / 2


def rounds(beds: int, arrivals: float, stay: float, opens: int, closes: int) -> Day:
    """States (in their stay, done and waiting for rounds) of a ward where nobody waits for a bed.

    Rounds are between the hours ``opens`` and ``closes``.
    """

    def follow(busy: int, done: int, kept: int) -> Iterator[tuple[State, float]]:
        if busy + done < beds:
            yield (busy + 1, done), arrivals
        if busy:
            yield (busy - 1, done + kept), busy / stay

    closed, opened = partial(follow, kept=1), partial(follow, kept=0)
    parts = [
        DayPart(60 * opens, closed),
        DayPart(60 * (closes - opens), opened, lambda busy, done: (busy, 0)),
        DayPart(60 * (24 - closes), closed),
    ]
    return periodic((0, 0), parts)


def planned_starts(units: int, acute: float, planned: float, mean: float, opens: int, closes: int, most: int) -> Day:
    """States (planned patients waiting, units busy) where planned service starts between two hours alone.

    Acute patients start at any hour if a unit is free, and else go.
    """

    def follow(waiting: int, busy: int, may: bool) -> Iterator[tuple[State, float]]:
        if busy < units:
            yield (waiting, busy + 1), acute + planned * may
        if waiting < most and not (may and busy < units):
            yield (waiting + 1, busy), planned
        if busy:
            next_one = int(may and waiting > 0)
            yield (waiting - next_one, busy - 1 + next_one), busy / mean

    def begin(waiting: int, busy: int) -> State:
        starts = min(waiting, units - busy)
        return waiting - starts, busy + starts

    closed, opened = partial(follow, may=False), partial(follow, may=True)
    parts = [
        DayPart(60 * opens, closed),
        DayPart(60 * (closes - opens), opened, begin),
        DayPart(60 * (24 - closes), closed),
    ]
    return periodic((0, 0), parts)


def fresh_shifts(day: Sequence[StaffedShift], mean: float, most: int) -> Floats:
    """Mean number in the system at each minute, if each shift begins with all of its units free.

    Whoever is in service at a shift's end is served to the end beside the next shift's units. The chain of (waiting,
    in service in this shift's units, in those of earlier ones), the last at most twice the units.
    """
    beside = 2 * max(shift.units for shift in day)

    def follow(waiting: int, busy: int, left: int, shift: StaffedShift) -> Iterator[tuple[State, float]]:
        if busy < shift.units:
            yield (waiting, busy + 1, left), shift.arrivals
        elif waiting < most:
            yield (waiting + 1, busy, left), shift.arrivals
        if busy:
            next_one = int(waiting > 0)
            yield (waiting - next_one, busy - 1 + next_one, left), busy / mean
        if left:
            yield (waiting, busy, left - 1), left / mean

    def begin(waiting: int, busy: int, left: int, units: int) -> State:
        starts = min(waiting, units)
        return waiting - starts, starts, min(left + busy, beside)

    parts = [DayPart(s.length, partial(follow, shift=s), partial(begin, units=s.units)) for s in day]
    return periodic((0, 0, 0), parts).mean(lambda waiting, busy, left: waiting + busy + left)


def handed_over(day: Sequence[StaffedShift], mean: float, most: int) -> Floats:
    """Mean number in the system at each minute, if a shift's end interrupts whoever it has no unit for.

    The rest of an exponential time is as a new one, so the number present is a chain by itself.
    """

    def follow(n: int, shift: StaffedShift) -> Iterator[tuple[State, float]]:
        if n < most:
            yield (n + 1,), shift.arrivals
        if n:
            yield (n - 1,), min(n, shift.units) / mean

    chain = periodic((0,), [DayPart(s.length, partial(follow, shift=s)) for s in day])
    return chain.mean(lambda n: n)


__all__ = ["after_rounds", "extra_stay", "fresh_shifts", "handed_over", "planned_starts", "rounds"]
