"""A choice among services, as ``sim.engines.reference.alternatives`` says it, on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.jit import called, inlined
from sim.engines.compiled.lookups import high, low, signed
from sim.engines.compiled.signal_classes import class_of_signal
from sim.model.codes import ODDS_BITS
from sim.model.rules import phase_of, stays

NO_POOL = (-1, -1)  # nobody is in service or waits who is not to be counted
NO_SERVICE, NO_CHOICE = -1, -2  # an alternative without a service, and what is none


@inlined
def width_of(cum: Any, first: Any, j: Any) -> Any:
    """The share of an item of a row, out of 2**32."""
    return cum[j] - (cum[j - 1] if j > first else np.int64(0))


@inlined
def growth(weight: Any, pull: Any, odds: Any, mean: Any) -> Any:
    """By how much the share of an alternative grows, out of 2**32; 0 where it shrinks."""
    return (weight * max(odds - mean, 0) + pull * odds) // mean


@called
def alternative(m: Any, s: Any, x: Any, row: Any, picked: Any, who: Any, word: Any, now: Any) -> Any:
    """The item of a row that a patient chooses who picks one in the reference.

    ``row``: thresholds, where its items begin and end, service and weight at hand of each item; ``who``: zone, acuity.
    """
    cum, first, last, to, pull = row
    zone, acuity = who
    mean, whole = signed(0), signed(0)
    for j in range(first, last):
        if to[j] != NO_CHOICE:
            weight = width_of(cum, first, j)
            whole += weight
            mean += (weight + pull[j]) * odds_of(m, s, x, to[j], zone, acuity, now)
    mean //= whole
    if stays(odds_of(m, s, x, to[picked], zone, acuity, now), mean, high(word)):
        return np.int64(picked)
    total = np.uint64(0)
    for j in range(first, last):
        if to[j] != NO_CHOICE:
            odds = odds_of(m, s, x, to[j], zone, acuity, now)
            total += np.uint64(growth(width_of(cum, first, j), pull[j], odds, mean))
    # total <= 2**32: what grows, grows by shares that are lost elsewhere
    place = np.int64((total * np.uint64(low(word))) >> np.uint64(32))
    for j in range(first, last):
        if to[j] != NO_CHOICE:
            grows = growth(width_of(cum, first, j), pull[j], odds_of(m, s, x, to[j], zone, acuity, now), mean)
            if place < grows:
                return np.int64(j)
            place -= grows
    return np.int64(picked)


@called
def odds_of(m: Any, s: Any, x: Any, service: Any, zone: Any, acuity: Any, now: Any) -> Any:
    """How much more a service draws a patient than in the reference, out of 2**ODDS_BITS."""
    odds = np.int64(1 << ODDS_BITS)
    if service == NO_SERVICE:
        return odds
    if m.near_row[service] >= 0:
        pattern = m.near_pattern[phase_of(m.near_start, now)]
        odds = m.near_odds[pattern, m.near_row[service], zone, acuity]
    if x is not None:
        wait = x.wait_row[service, acuity]
        if wait >= 0:
            signal = x.wait_signal[wait]
            if now >= x.signal_over_s[signal]:  # before the first period is over nobody knows a mean
                known = class_of_signal(m, s, x, signal, zone, NO_POOL, now)
                odds = odds * x.wait_odds[x.wait_ptr[wait] + known] >> ODDS_BITS
    return odds


__all__ = ["NO_CHOICE", "alternative"]
