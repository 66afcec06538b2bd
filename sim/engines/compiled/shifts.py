"""What the calendar does where a model has more than plain queues: ends of shifts, hours, ends of periods."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.event_list import index_of, slot_of
from sim.engines.compiled.heaps import drop_first, push
from sim.engines.compiled.jit import called, inlined
from sim.engines.compiled.lookups import due_at
from sim.engines.compiled.queues import START, WAITING, due_word, go_away, leave, make_room, request_word
from sim.engines.compiled.signal_classes import end_period
from sim.engines.compiled.site_choice import accepts
from sim.engines.compiled.starts import is_in_line
from sim.engines.compiled.unit_stacks import LOOK, note, turn_round
from sim.model.codes import Outcome, ShiftRule

FRESH, HAND_OVER, TURNED_AWAY = int(ShiftRule.FRESH), int(ShiftRule.HAND_OVER), int(Outcome.TURNED_AWAY)


@called
def keep_calendar(m: Any, s: Any, x: Any, key: Any, now: Any) -> None:
    """A pool gets other units, its overtime ends, an offer closes, hours of starting begin, or a period is over."""
    clock, pools, offers = s.clock[0], len(s.pools), len(m.offer_pool)
    value, index = m.calendar_value[clock.calendar], index_of(key)
    clock.calendar += 1
    if index < pools:
        end_shift(m, s, x, index, value, now)
        note(x, index, LOOK, 0)
    elif index < 2 * pools:
        if s.pools[index - pools].last_call == value:
            s.pools[index - pools].overtime_units = 0
    elif index < 2 * pools + offers:
        if not accepts(m, s, index - 2 * pools, now):
            close(m, s, x, index - 2 * pools, now)
    elif index < 2 * pools + offers + len(m.service_hash):
        open_starts(s, x, index - 2 * pools - offers)
    else:
        end_period(m, s, index - 2 * pools - offers - len(m.service_hash), now)


@inlined
def end_shift(m: Any, s: Any, x: Any, pool: Any, units: Any, now: Any) -> None:
    """The next shift has so many units: what becomes of those in use is as the pool's rule says."""
    its = s.pools[pool]
    if m.overtime[pool] and units < its.capacity:
        its.overtime_units, its.last_call = its.capacity, now
    its.capacity = units
    if x.shift_rule[pool] == FRESH:
        x.shift[pool] += 1
        x.outside[pool] = its.users
    elif x.shift_rule[pool] == HAND_OVER:
        while its.users > its.capacity and x.in_service[pool] >= 0:
            interrupt(m, s, x, last_started(s, x, pool), now)


@inlined
def last_started(s: Any, x: Any, pool: Any) -> Any:
    """The slot of the contact in service that started last; of the same second the last in order."""
    last = slot = x.in_service[pool]
    while slot >= 0:
        p, best = s.slots[slot], s.slots[last]
        later, best_start = s.table[START, p.row], s.table[START, best.row]
        if later > best_start or (later == best_start and comes_after(p, best)):
            last = slot
        slot = np.int64(x.more[slot].before)
    return last


@inlined
def comes_after(p: Any, other: Any) -> Any:
    """Whether a request is later in order than another: by request, episode, step."""
    if p.asked != other.asked:
        return p.asked > other.asked
    return p.episode > other.episode or (p.episode == other.episode and p.step > other.step)


@inlined
def unlink(x: Any, pool: Any, slot: Any) -> None:
    """One who is in service in a pool that hands over is so no more."""
    q = x.more[slot]
    if q.before >= 0:
        x.more[q.before].behind = q.behind
    if q.behind >= 0:
        x.more[q.behind].before = q.before
    else:
        x.in_service[pool] = q.before


@inlined
def interrupt(m: Any, s: Any, x: Any, slot: Any, now: Any) -> None:
    """A contact stops, gives its unit to nobody, and waits in front of all who have not begun."""
    p, q, clock = s.slots[slot], x.more[slot], s.clock[0]
    its = s.pools[p.pool]
    unlink(x, p.pool, slot)
    its.users -= 1
    its.users_s += now
    x.counts[0].in_use -= 1
    q.begun, q.rest, q.sequence = 1, max(q.ends - now, 0), -1
    p.stage, p.deadline = WAITING, -1
    make_room(s, p.pool)
    push(s.queue, its.base, its.size, np.uint64(p.asked + (1 << 31)), request_word(p.episode, p.step, slot))
    its.size += 1
    its.waiting += 1
    its.queue_s -= now
    clock.waiting += 1


@inlined
def open_starts(s: Any, x: Any, service: Any) -> None:
    """Hours of starting begin: the pools in which somebody waits for the service look, the first pool first."""
    first = x.counts[0].work
    for j in range(x.service_pools_ptr[service], x.service_pools_ptr[service + 1]):
        pool, asked = x.service_pools[j], False
        its = s.pools[pool]
        for i in range(its.base, its.base + its.size):
            mine = s.slots[slot_of(s.queue[i, 1])].service == service
            asked = asked or (mine and is_in_line(s, x, s.queue[i, 0], s.queue[i, 1]))
        if asked:
            note(x, pool, LOOK, 0)
    turn_round(x.work, first, x.counts[0].work)


@inlined
def close(m: Any, s: Any, x: Any, offer: Any, now: Any) -> None:
    """Those who wait at an offer go on, in the order of the queue; who has begun waits on."""
    pool, service = m.offer_pool[offer], m.offer_service[offer]
    its, found = s.pools[pool], 0
    for i in range(its.base, its.base + its.size):
        first, word = s.queue[i, 0], s.queue[i, 1]
        slot = slot_of(word)
        if is_in_line(s, x, first, word) and s.slots[slot].offer == offer and x.more[slot].begun == 0:
            push(s.passed, 0, found, first, word)
            found += 1
    if x.waits_unready[service]:
        for slot in range(len(s.slots)):
            p = s.slots[slot]
            if p.stage == WAITING and p.offer == offer and x.more[slot].joined == 0 and x.more[slot].begun == 0:
                push(s.passed, 0, found, due_word(due_at(m, p), p.asked), request_word(p.episode, p.step, slot))
                found += 1
    for left in range(found, 0, -1):
        slot = slot_of(s.passed[0, 1])
        drop_first(s.passed, 0, left)
        leave(s, pool, now)
        go_away(s, slot, TURNED_AWAY, now)


__all__ = ["keep_calendar", "unlink"]
