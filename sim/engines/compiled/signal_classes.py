"""Signals: what can be known of an offer's pool at a second, as a class; and the durations that answer to it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.jit import inlined
from sim.engines.compiled.lookups import phase_at
from sim.engines.compiled.site_choice import opens
from sim.model.codes import NEVER, SignalKind
from sim.model.rules import pick

OCCUPANCY, PER_UNIT, QUEUE, EXPECTED_WAIT, SITE_OCCUPANCY = map(int, SignalKind)
INFINITE = 1 << 62
MILLION = 1_000_000


@inlined
def units_at(ptr: Any, time: Any, value: Any, pool: Any, now: Any) -> Any:
    """Units of a pool in a second, by its calendar."""
    return value[pick(time, ptr[pool], ptr[pool + 1], now) - 1]


@inlined
def units_over(ptr: Any, time: Any, value: Any, pool: Any, begin: Any, end: Any) -> Any:
    """Unit seconds of a pool between two seconds, by its calendar."""
    step = pick(time, ptr[pool], ptr[pool + 1], begin) - 1
    total, at = np.int64(0), begin
    while at < end:
        until = min(time[step + 1], end) if step + 1 < ptr[pool + 1] else end
        total += value[step] * (until - at)
        at = until
        step += 1
    return total


@inlined
def per_thousand(part: Any, whole: Any) -> Any:
    """``part`` in thousandths of ``whole``; INFINITE if there is no whole."""
    return 1000 * part // whole if whole > 0 else np.int64(INFINITE)


@inlined
def at_the_moment(m: Any, s: Any, signal: Any, pool: Any, taken: Any, asking: Any, now: Any) -> Any:
    """The value now without ``taken`` users and ``asking`` waiting; of an expected wait seconds, hours left out."""
    kind, its = m.signal_kind[signal], s.pools[pool]
    users, waiting = its.users - taken, its.waiting - asking
    if kind == QUEUE:
        return waiting
    if kind == OCCUPANCY:
        return per_thousand(users, units_at(m.capacity_ptr, m.capacity_time, m.places_value, pool, now))
    units = units_at(m.capacity_ptr, m.capacity_time, m.capacity_value, pool, now)
    if kind == PER_UNIT:
        return per_thousand(users + waiting, units)
    return waiting * m.pool_mean_s[pool] // max(units, 1)


@inlined
def of_all_pools(m: Any, s: Any, offer: Any, own: Any, now: Any) -> Any:
    """Units in use per 1,000 places, of all pools of an offer together; a unit of pool ``own`` is not counted."""
    users, places = np.int64(0), np.int64(0)
    for j in range(m.offer_pools_ptr[offer], m.offer_pools_ptr[offer + 1]):
        pool = np.int64(m.offer_pools[j])
        users += s.pools[pool].users - (own == pool)
        places += units_at(m.capacity_ptr, m.capacity_time, m.places_value, pool, now)
    return per_thousand(users, places)


@inlined
def class_of_signal(m: Any, s: Any, signal: Any, place: Any, request: Any, now: Any) -> Any:
    """The class of a signal at a place. ``request``: pools of the unit, and of the one who waits, not counted."""
    offer = m.signal_offer[signal, place]
    if offer < 0 or m.offer_pool[offer] < 0:
        return 0
    pool = m.offer_pool[offer]
    value = s.known[signal, pool]
    if m.signal_kind[signal] == SITE_OCCUPANCY:
        value = of_all_pools(m, s, offer, request[0], now)
    elif value < 0:
        value = at_the_moment(m, s, signal, pool, request[0] == pool, request[1] == pool, now)
    if m.signal_kind[signal] == EXPECTED_WAIT:
        if not opens(m, s, offer, now):
            at = s.open_at[offer]
            value += m.open_time[at] - now if at < m.open_ptr[offer + 1] else NEVER
        value //= 60
    first, last = m.signal_ptr[signal], m.signal_ptr[signal + 1]
    return pick(m.signal_threshold, first, last, value) - first


@inlined
def end_period(m: Any, s: Any, signal: Any, now: Any) -> None:
    """A whole period is over: its means are the signal's values until the next is."""
    over, kind = m.signal_over_s[signal], m.signal_kind[signal]
    for pool in range(len(s.pools)):
        if m.signal_pool[signal, pool]:
            its = s.pools[pool]
            users, waiting = its.users_s + its.users * now, its.queue_s + its.waiting * now
            used, waited = users - s.users_before[signal, pool], waiting - s.waiting_before[signal, pool]
            s.users_before[signal, pool], s.waiting_before[signal, pool] = users, waiting
            value = waited // over
            if kind == OCCUPANCY:
                places = units_over(m.capacity_ptr, m.capacity_time, m.places_value, pool, now - over, now)
                value = per_thousand(used, places)
            elif kind != QUEUE:
                units = units_over(m.capacity_ptr, m.capacity_time, m.capacity_value, pool, now - over, now)
                value = per_thousand(used + waited, units)
                if kind == EXPECTED_WAIT:
                    value = waited * m.pool_mean_s[pool] // max(units, over)
            s.known[signal, pool] = value


@inlined
def place_of(m: Any, p: Any) -> Any:
    """Where a patient's offer is read: its site, without site the home."""
    return np.int64(m.zones + p.site) if p.site >= 0 else np.int64(p.home)


@inlined
def lengthened(m: Any, s: Any, x: Any, p: Any, busy: Any, request: Any, now: Any) -> Any:
    """A drawn duration, longer or shorter as the signal says that it answers to."""
    row = x.length_row[phase_at(m, now), p.service, p.group]
    if row >= 0:
        known = class_of_signal(m, s, x.length_signal[row], place_of(m, p), request, now)
        busy = busy * x.length_ppm[x.length_ptr[row] + known] // MILLION
    return busy


__all__ = ["MILLION", "class_of_signal", "end_period", "lengthened", "place_of"]
