"""Chains of patients who hold one unit while they use or wait for another: units within units, boarding, exchange.

Rates are a minute and times minutes; all times are exponential. What a function returns is named in its docstring.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf
from typing import NamedTuple

import numpy as np

from sim.credibility.verification.state_spaces import State, stationary


def within(
    places: int, doctors: int, arrivals: float, own: float, seen: float, patience: float = inf, most: int = 250
) -> tuple[float, float, float]:
    """Mean wait for a place, mean wait in it for a doctor, and places in use.

    A patient takes a place for a time of their own and keeps it until a doctor has seen them; whose patience with the
    doctor ends leaves the place too. The chain of (patients in or waiting for a place, of those who wait for or are
    with a doctor), cut at ``most`` patients.
    """

    def follow(m: int, b: int) -> Iterator[tuple[State, float]]:
        alone = min(m, places) - b
        if m < most:
            yield (m + 1, b), arrivals
        if alone:
            yield (m, b + 1), alone / own
        if b:
            yield (m - 1, b - 1), min(b, doctors) / seen + max(b - doctors, 0) / patience

    chain = stationary((0, 0), follow)
    waiting = chain.mean(lambda m, b: np.maximum(m - places, 0))
    unseen = chain.mean(lambda m, b: np.maximum(b - doctors, 0))
    return waiting / arrivals, unseen / arrivals, chain.mean(lambda m, b: np.minimum(m, places))


def three_deep(
    units: tuple[int, int, int], arrivals: float, times: tuple[float, float, float]
) -> tuple[float, float, float, float]:
    """Share turned away, beds in use, mean wait in the bed for a nurse, and with bed and nurse for a doctor.

    Beds, nurses, doctors: a patient takes a bed, then a nurse within, then a doctor within both, each after a time of
    its own; nobody waits for a bed. The chain of (alone in the bed, waiting for or with a nurse alone, waiting for or
    with a doctor).
    """
    beds, nurses, doctors = units

    def follow(x: int, y: int, z: int) -> Iterator[tuple[State, float]]:
        if x + y + z < beds:
            yield (x + 1, y, z), arrivals
        if x:
            yield (x - 1, y + 1, z), x / times[0]
        if min(y, nurses - z):
            yield (x, y - 1, z + 1), min(y, nurses - z) / times[1]
        if z:
            yield (x, y, z - 1), min(z, doctors) / times[2]

    chain = stationary((0, 0, 0), follow)
    away = chain.mean(lambda x, y, z: x + y + z == beds)
    taken = arrivals * (1 - away)
    for_nurse = chain.mean(lambda x, y, z: np.maximum(y + z - nurses, 0)) / taken
    for_doctor = chain.mean(lambda x, y, z: np.maximum(z - doctors, 0)) / taken
    return away, chain.mean(lambda x, y, z: x + y + z), for_nurse, for_doctor


def boarding_within(
    units: tuple[int, int, int], arrivals: float, times: tuple[float, float, float], most: int = 150
) -> tuple[float, float, float]:
    """Share who wait for a place, mean wait in it for a doctor, and mean number who wait for a bed.

    Places, doctors, beds: as ``within``, and whoever has been seen keeps place and doctor until a bed is free. The
    chain of (patients before the end of the doctor's time, of those who wait for or are with one, who have a bed or
    wait for it).
    """
    places, doctors, beds = units

    def follow(m: int, b: int, k: int) -> Iterator[tuple[State, float]]:
        boarding = max(k - beds, 0)
        alone, seen = min(m, places - boarding) - b, min(b, doctors - boarding)
        if m < most:
            yield (m + 1, b, k), arrivals
        if alone:
            yield (m, b + 1, k), alone / times[0]
        if seen:
            yield (m - 1, b - 1, k + 1), seen / times[1]
        if k:
            yield (m, b, k - 1), min(k, beds) / times[2]

    chain = stationary((0, 0, 0), follow)
    boarding = chain.mean(lambda m, b, k: np.maximum(k - beds, 0))
    waits = chain.mean(lambda m, b, k: m + np.maximum(k - beds, 0) >= places)  # what an arrival sees (Wolff 1982)
    unseen = chain.mean(lambda m, b, k: np.maximum(b - doctors + np.maximum(k - beds, 0), 0))
    return waits, unseen / arrivals, boarding


def exchanged(
    units: tuple[int, int], arrivals: float, times: tuple[float, float], back: float
) -> tuple[float, float, float]:
    """Share turned away, and mean number who wait in each of two units for a bed in the other.

    Intensive care and ward: nobody waits to come in; all go on to the ward, a share ``back`` of the ward's go back to
    intensive care, and each keeps the bed until the other has one. Two who wait for each other's beds exchange them.
    The chain of (in intensive care, done there and waiting, in the ward, done there and waiting).
    """

    def settled(i: int, x: int, w: int, y: int) -> State:
        while True:
            if x and (w + y < units[1] or y):  # a free bed in the ward, or an exchange
                x, w = x - 1, w + 1
                if w + y > units[1]:
                    y, i = y - 1, i + 1
            elif y and i + x < units[0]:
                y, i = y - 1, i + 1
            else:
                return i, x, w, y

    def follow(i: int, x: int, w: int, y: int) -> Iterator[tuple[State, float]]:
        if i + x < units[0]:
            yield (i + 1, x, w, y), arrivals
        if i:
            yield settled(i - 1, x + 1, w, y), i / times[0]
        if w:
            yield settled(i, x, w - 1, y), w * (1 - back) / times[1]
            yield settled(i, x, w - 1, y + 1), w * back / times[1]

    chain = stationary((0, 0, 0, 0), follow)
    away = chain.mean(lambda i, x, w, y: i + x == units[0])
    return away, chain.mean(lambda i, x, w, y: x), chain.mean(lambda i, x, w, y: y)


class UnitUse(NamedTuple):
    """Mean numbers of a unit that exchanges patients with another, and the share of those from outside turned away."""

    in_service: float
    done: float  # in a bed here, waiting for one of the other unit
    outside: float  # from outside, waiting for a bed here
    away: float


def exchanged_past_queues(
    beds: tuple[int, int],
    room: tuple[int, int],
    arrivals: tuple[float, float],
    times: tuple[float, float],
    on: tuple[float, float],
) -> tuple[UnitUse, UnitUse]:
    """Two units that exchange patients, each with a queue from outside too.

    A share ``on`` of a unit's patients goes to the other and keeps the bed until there is one. They stand before those
    from outside in the queue for the first unit, and behind them in that for the second. Who comes from outside and
    finds no bed free is turned away if as many wait for the unit as there is ``room``, those of the other unit counted.
    Two who wait for each other's beds exchange them, whoever stands before them. The chain of (in service, done and
    waiting for the other unit, from outside and waiting), of the first unit and of the second.
    """

    def follow(*state: int) -> Iterator[tuple[State, float]]:
        for j in (0, 1):
            mine, others = 3 * j, 3 - 3 * j
            served = state[mine]
            if served + state[mine + 1] < beds[j] or state[mine + 2] + state[others + 1] < room[j]:
                yield _settled(beds, state, {mine + 2: 1}), arrivals[j]
            if served:
                yield _settled(beds, state, {mine: -1}), served * (1 - on[j]) / times[j]
                yield _settled(beds, state, {mine: -1, mine + 1: 1}), served * on[j] / times[j]

    chain = stationary((0, 0, 0, 0, 0, 0), follow)

    def use(j: int) -> UnitUse:
        def mean(place: int) -> float:
            return chain.mean(lambda *state: state[place])

        full = chain.mean(
            lambda *state: (
                (state[3 * j] + state[3 * j + 1] == beds[j]) & (state[3 * j + 2] + state[4 - 3 * j] >= room[j])
            )
        )
        return UnitUse(mean(3 * j), mean(3 * j + 1), mean(3 * j + 2), full)

    return use(0), use(1)


def _settled(beds: tuple[int, int], state: State, change: Mapping[int, int]) -> State:
    """What a change of a state leads to in the same second: a free bed is taken, or two exchange theirs."""
    a, done_a, to_a, b, done_b, to_b = (n + change.get(place, 0) for place, n in enumerate(state))
    while True:
        if a + done_a < beds[0] and done_b:
            a, done_b = a + 1, done_b - 1
        elif a + done_a < beds[0] and to_a:
            a, to_a = a + 1, to_a - 1
        elif b + done_b < beds[1] and to_b:
            b, to_b = b + 1, to_b - 1
        elif (b + done_b < beds[1] and done_a) or (done_a and done_b):
            b, done_a = b + 1, done_a - 1
            if b + done_b > beds[1]:
                a, done_b = a + 1, done_b - 1
        else:
            return a, done_a, to_a, b, done_b, to_b


__all__ = ["UnitUse", "boarding_within", "exchanged", "exchanged_past_queues", "three_deep", "within"]
