"""The first contact of an episode, as ``sim.engines.reference.first_contacts`` says it, on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.jit import called, inlined
from sim.engines.compiled.lookups import (
    FIRST,
    INDUCED,
    INITIAL,
    SHIFTED,
    SWITCHED,
    high,
    low,
    luck,
    out_of,
    phase_at,
    remainder,
    signed,
)  # fmt: skip
from sim.engines.compiled.signal_classes import class_of_signal
from sim.model.codes import ODDS_BITS, Purpose
from sim.model.rules import phase_of, pick, quantile, stays

SWITCH = int(Purpose.SWITCH)
NO_POOL = (-1, -1)  # nobody is in service or waits who is not to be counted


@inlined
def first_contact(m: Any, e: Any, s: Any, x: Any, i: Any, group: Any) -> Any:
    """Service, origin, and where and after how long a lever's shift is going to fail (-1: it is not)."""
    if e.service[i] >= 0:
        return np.int64(e.service[i]), INITIAL if e.site[i] >= 0 else INDUCED, -1, 0
    phase, word = phase_at(m, e.time[i]), signed(e.first_draw[i])
    row = m.first_row[phase, group]
    first = m.first_ptr[row]
    chosen = pick(m.first_cum, first, m.first_ptr[row + 1], word)
    service = m.first_item[chosen]
    shifts = m.shift_row[phase, group, service]
    if shifts >= 0:
        begin, end, luck_of_shift = m.shift_ptr[shifts], m.shift_ptr[shifts + 1], signed(e.shift_draw[i])
        j = pick(m.shift_cum, begin, end, luck_of_shift)
        if j < end:
            shift, rest = m.shift_item[j], remainder(m.shift_cum, begin, j, luck_of_shift)
            fail = m.shift_fail[shift]
            if rest >= fail:
                return m.shift_to[shift], SHIFTED, -1, 0
            delay = quantile(m.quantile[m.shift_delay[shift]], out_of(rest, fail))
            return m.shift_to[shift], SHIFTED, service, delay
    if m.switches[phase, group]:
        instead = switched(m, e, s, x, i, row, chosen)
        return instead, FIRST if instead == service else SWITCHED, -1, 0
    return service, FIRST, -1, 0


@called
def switched(m: Any, e: Any, s: Any, x: Any, i: Any, row: Any, chosen: Any) -> Any:
    """The service that a patient chooses, where something is not as in the reference."""
    first, last, mean = m.first_ptr[row], m.first_ptr[row + 1], signed(0)
    for j in range(first, last):
        weight = width_of(m.first_cum, first, j) + m.first_pull[j]
        mean += weight * odds_of(m, e, s, x, i, m.first_item[j])
    mean >>= 32
    service = m.first_item[chosen]
    word = luck(m, e.key[i], service, 1, SWITCH)
    if stays(odds_of(m, e, s, x, i, service), mean, high(word)):
        return np.int64(service)
    total = np.uint64(0)
    for j in range(first, last):
        total += np.uint64(growth(m, e, s, x, i, first, j, mean))
    # total <= 2**32: what grows, grows by shares that are lost elsewhere
    place = np.int64((total * np.uint64(low(word))) >> np.uint64(32))
    for j in range(first, last):
        grows = growth(m, e, s, x, i, first, j, mean)
        if place < grows:
            return np.int64(m.first_item[j])
        place -= grows
    return np.int64(service)


@inlined
def width_of(cum: Any, first: Any, j: Any) -> Any:
    """The share of an item of a row, out of 2**32."""
    return cum[j] - (cum[j - 1] if j > first else np.int64(0))


@inlined
def growth(m: Any, e: Any, s: Any, x: Any, i: Any, first: Any, j: Any, mean: Any) -> Any:
    """By how much the share of an item grows, out of 2**32; 0 where it shrinks."""
    odds = odds_of(m, e, s, x, i, m.first_item[j])
    return (width_of(m.first_cum, first, j) * max(odds - mean, 0) + m.first_pull[j] * odds) // mean


@called
def odds_of(m: Any, e: Any, s: Any, x: Any, i: Any, service: Any) -> Any:
    """How much more a service draws a patient than in the reference, out of 2**ODDS_BITS."""
    odds, acuity = np.int64(1 << ODDS_BITS), e.acuity[i]
    if m.near_row[service] >= 0:
        pattern = m.near_pattern[phase_of(m.near_start, e.time[i])]
        odds = m.near_odds[pattern, m.near_row[service], e.zone[i], acuity]
    if x is not None:
        wait = x.wait_row[service, acuity]
        if wait >= 0:
            signal, now = x.wait_signal[wait], np.int64(e.time[i])
            if now >= x.signal_over_s[signal]:  # before the first period is over nobody knows a mean
                known = class_of_signal(m, s, x, signal, e.zone[i], NO_POOL, now)
                odds = odds * x.wait_odds[x.wait_ptr[wait] + known] >> ODDS_BITS
    return odds


__all__ = ["first_contact"]
