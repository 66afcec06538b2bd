"""Chains of patients who hold one unit while they use or wait for another: units within units, boarding, exchange.

Rates are a minute and times minutes; all times are exponential. What a function returns is named in its docstring.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.credibility.verification.state_spaces import State, stationary


def within(
    places: int, doctors: int, arrivals: float, own: float, seen: float, most: int = 250
) -> tuple[float, float, float]:
    """Mean wait for a place, mean wait in it for a doctor, and places in use.

    A patient takes a place for a time of their own and keeps it until a doctor has seen them. The chain of (patients
    in or waiting for a place, of those who wait for or are with a doctor), cut at ``most`` patients.
    """

    def follow(m: int, b: int) -> Iterator[tuple[State, float]]:
        alone = min(m, places) - b
        if m < most:
            yield (m + 1, b), arrivals
        if alone:
            yield (m, b + 1), alone / own
        if b:
            yield (m - 1, b - 1), min(b, doctors) / seen

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


__all__ = ["boarding_within", "exchanged", "three_deep", "within"]
