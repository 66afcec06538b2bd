"""A choice among services, as ``sim.engines.reference.alternatives`` says it, on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.jit import called, inlined
from sim.engines.compiled.layout import NO_CHOICE, NO_SERVICE
from sim.engines.compiled.lookups import high, low, signed
from sim.engines.compiled.signal_classes import class_of_signal
from sim.engines.compiled.site_choice import felt_at
from sim.model.codes import ODDS_BITS
from sim.model.rules import stays

NO_POOL = (-1, -1)  # nobody is in service or waits who is not to be counted


@inlined
def width_of(cum: Any, first: Any, j: Any) -> Any:
    """The share of an item of a row, out of 2**32."""
    return cum[j] - (cum[j - 1] if j > first else np.int64(0))


@inlined
def growth(weight: Any, pull: Any, odds: Any, mean: Any) -> Any:
    """By how much the share of an alternative grows, out of 2**32; 0 where it shrinks."""
    return (weight * max(odds - mean, 0) + pull * odds) // mean


@called
def alternative(m: Any, s: Any, row: Any, picked: Any, p: Any, word: Any, now: Any) -> Any:
    """The item of a row that a patient chooses who picks one in the reference.

    ``row``: thresholds, where its items begin and end, service and weight at hand of each item; ``p``: the slot.
    """
    cum, first, last, to, pull = row
    pattern, s.clock[0].drawn_set = near_pattern(m, s, now), NO_SERVICE
    mean, whole = signed(0), signed(0)
    for j in range(first, last):
        if to[j] != NO_CHOICE:
            odds = odds_of(m, s, to[j], p, pattern, now)
            s.odds[j - first] = odds
            weight = width_of(cum, first, j)
            whole += weight
            mean += (weight + pull[j]) * odds
    mean //= whole
    if stays(s.odds[picked - first], mean, high(word)):
        return np.int64(picked)
    total = np.uint64(0)
    for j in range(first, last):
        if to[j] != NO_CHOICE:
            total += np.uint64(growth(width_of(cum, first, j), pull[j], s.odds[j - first], mean))
    # total <= 2**32: what grows, grows by shares that are lost elsewhere
    place = np.int64((total * np.uint64(low(word))) >> np.uint64(32))
    for j in range(first, last):
        if to[j] != NO_CHOICE:
            grows = growth(width_of(cum, first, j), pull[j], s.odds[j - first], mean)
            if place < grows:
                return np.int64(j)
            place -= grows
    return np.int64(picked)


@inlined
def near_pattern(m: Any, s: Any, now: Any) -> Any:
    """Which sites are open at this second, as a pattern of ``near_odds``; ``now`` never goes back."""
    clock = s.clock[0]
    at = clock.near
    while at + 1 < len(m.near_start) and m.near_start[at + 1] <= now:
        at += 1
    clock.near = at
    return m.near_pattern[at]


@inlined
def odds_of(m: Any, s: Any, service: Any, p: Any, pattern: Any, now: Any) -> Any:
    """How much more a service draws a patient than in the reference, out of 2**ODDS_BITS."""
    odds = np.int64(1 << ODDS_BITS)
    if service == NO_SERVICE:
        return odds
    if m.near_row[service] >= 0:
        odds = np.int64(m.near_odds[pattern, p.home, p.acuity, m.near_row[service]])
    wait = m.wait_row[service, p.acuity]
    if wait >= 0:
        signal = m.wait_signal[wait]
        if now >= m.signal_over_s[signal]:  # before the first period is over nobody knows a mean
            known = class_of_signal(m, s, signal, felt_at(m, s, p, np.int64(service), now), NO_POOL, now)
            odds = odds * m.wait_odds[m.wait_ptr[wait] + known] >> ODDS_BITS
    return odds
