"""Pools: units that follow a calendar, and the queue in front of them, as ``sim.engines.reference.pools`` has them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.event_list import add, slot_of
from sim.engines.compiled.heaps import drop_first, push
from sim.engines.compiled.jit import inlined
from sim.engines.compiled.layout import INDEX_BITS, SLOT_BITS, Stage
from sim.engines.compiled.lookups import COURSE, duration, luck
from sim.model.codes import NEVER, EventClass, Origin
from sim.model.rules import pick
from sim.model.tables import CONTACT_COLUMNS

SERVICE_END = int(EventClass.SERVICE_END)
WAITING, STARTED, GONE, BETWEEN, RETURNING, FREE, _ = map(int, Stage)
START, END, RELEASE, OUTCOME = (CONTACT_COLUMNS.index(c) for c in ("start", "end", "release", "outcome"))
INITIAL = int(Origin.INITIAL)
ZERO_TIME = 1 << 31  # added to a second, so that one before the run has a place too
STEP_BITS = 64 - SLOT_BITS - INDEX_BITS
STEP_MASK = (1 << STEP_BITS) - 1


@inlined
def due_word(due: Any, asked: Any) -> Any:
    """First word of a request in a queue."""
    return np.uint64(due + ZERO_TIME) << np.uint64(32) | np.uint64(asked + ZERO_TIME)


@inlined
def request_word(episode: Any, step: Any, slot: Any) -> Any:
    """Second word of a request in a queue."""
    return (np.uint64(episode) << np.uint64(STEP_BITS) | np.uint64(step)) << np.uint64(SLOT_BITS) | np.uint64(slot)


@inlined
def asked_of(word: Any) -> Any:
    """When a request was made, of its first word."""
    return np.int64(word & np.uint64(0xFFFFFFFF)) - ZERO_TIME


@inlined
def is_waiting(s: Any, word: Any) -> Any:
    """Whether the request of a second word still waits; who gave up stays in the heap until its turn comes."""
    p = s.slots[slot_of(word)]
    request = np.int64(word >> np.uint64(SLOT_BITS))
    return p.stage == WAITING and p.episode == request >> STEP_BITS and p.step == request & STEP_MASK


@inlined
def take_slot(s: Any) -> Any:
    """A free slot."""
    clock = s.clock[0]
    slot = clock.free_slot
    clock.free_slot = s.slots[slot].free_next
    clock.free_slots -= 1
    return slot


@inlined
def give_slot(s: Any, slot: Any) -> None:
    """Gives a slot back."""
    clock = s.clock[0]
    s.slots[slot].stage = FREE
    s.slots[slot].free_next = clock.free_slot
    clock.free_slot = slot
    clock.free_slots += 1


@inlined
def leave(s: Any, pool: Any, now: Any) -> None:
    """One waits no more."""
    s.pools[pool].waiting -= 1
    s.pools[pool].queue_s += now
    s.clock[0].waiting -= 1


@inlined
def release(s: Any, pool: Any, row: Any, now: Any) -> None:
    """Gives a unit back; the pool is noted, to start whoever can."""
    clock, its = s.clock[0], s.pools[pool]
    s.table[RELEASE, row] = now
    its.users -= 1
    its.users_s += now
    if its.size:
        s.stack[clock.stack] = pool
        clock.stack += 1


@inlined
def let_go(s: Any, p: Any, now: Any) -> None:
    """Frees the unit that a patient holds, if any."""
    if p.held_pool >= 0:
        release(s, p.held_pool, p.held_row, now)
        p.held_pool = -1


@inlined
def drive(m: Any, p: Any) -> Any:
    """Seconds from the team's base to the patient's home."""
    return m.travel_s[p.home, m.pool_site[p.pool]]


@inlined
def begin(m: Any, s: Any, slot: Any, now: Any) -> None:
    """Service starts. What the patient held elsewhere is free from now on."""
    p = s.slots[slot]
    start = np.int64(now)
    if p.asked < 0 and now == 0 and not p.waits:
        start = np.int64(p.asked)
    p.stage = STARTED
    s.table[START, p.row] = start
    if p.pool < 0 or m.tour_milli[p.pool] == 0:
        p.course = luck(m, p.key, p.service, p.visit, COURSE)
    busy = duration(m, p, p.course, start)
    if p.pool >= 0 and m.tour_milli[p.pool]:
        tour, there = m.tour_milli[p.pool], drive(m, p)
        back = max(start + (2 * there + busy) * tour // 1000, now)
        if back < m.horizon:
            team = take_slot(s)
            s.slots[team].stage, s.slots[team].pool, s.slots[team].row = RETURNING, p.pool, p.row
            add(s, back, SERVICE_END, p.episode, team)
        busy = (there + busy) * tour // 1000
    end = max(start + busy, now)
    if end < m.horizon:
        add(s, end, SERVICE_END, p.episode, slot)
    let_go(s, p, now)


@inlined
def take_unit(s: Any, pool: Any, now: Any) -> None:
    """One more unit is in use."""
    its = s.pools[pool]
    its.users += 1
    its.users_s -= now
    its.starts += 1


@inlined
def make_room(s: Any, pool: Any) -> None:
    """A queue that is full moves to where there is room for twice as many."""
    its, clock = s.pools[pool], s.clock[0]
    if its.size == its.room:
        for i in range(its.size):
            s.queue[clock.queue_end + i, 0] = s.queue[its.base + i, 0]
            s.queue[clock.queue_end + i, 1] = s.queue[its.base + i, 1]
        its.base = clock.queue_end
        its.room = max(2 * its.room, 8)
        clock.queue_end += its.room
        clock.largest_queue = max(clock.largest_queue, its.room)


@inlined
def put_in_queue(s: Any, slot: Any, pool: Any, due: Any) -> None:
    """Puts a request in the queue of a pool."""
    p, its = s.slots[slot], s.pools[pool]
    make_room(s, pool)
    push(s.queue, its.base, its.size, due_word(due, p.asked), request_word(p.episode, p.step, slot))
    its.size += 1


@inlined
def count_waiting(m: Any, s: Any, pool: Any, now: Any) -> None:
    """One more waits."""
    clock, its = s.clock[0], s.pools[pool]
    its.waiting += 1
    its.queue_s -= now
    clock.waiting += 1
    if its.waiting > m.waiting_limit:
        clock.overloaded = pool + 1


@inlined
def go_away(s: Any, slot: Any, outcome: Any, now: Any) -> None:
    """Who waits gives up or is turned away, and goes on at once."""
    p = s.slots[slot]
    if p.pool >= 0:
        s.pools[p.pool].gone += 1
    p.stage, p.outcome = GONE, outcome
    s.table[OUTCOME, p.row] = outcome
    s.table[RELEASE, p.row] = now
    add(s, now, 0, 0, slot)


@inlined
def next_closing(m: Any, pool: Any, now: Any) -> Any:
    """The second at which a pool next has no units, NEVER if it stays open."""
    last = m.capacity_ptr[pool + 1]
    step = pick(m.capacity_time, m.capacity_ptr[pool], last, now)
    while step < last and m.capacity_value[step] > 0:
        step += 1
    return m.capacity_time[step] if step < last else NEVER


@inlined
def may_start(m: Any, s: Any, entry: Any, now: Any) -> Any:
    """Whether a request may start in overtime, or whether its visit, as a tour, ends before the shift does."""
    p = s.slots[slot_of(entry[1])]
    its, tour = s.pools[p.pool], m.tour_milli[p.pool]
    if its.users >= its.capacity and asked_of(entry[0]) > its.last_call:
        return False
    if tour == 0:
        return True
    visit = duration(m, p, p.course, now)
    end = now + (drive(m, p) + visit) * tour // 1000
    if its.capacity:
        return end <= next_closing(m, p.pool, now)
    return end <= its.last_call + m.overtime[p.pool]


@inlined
def start_whoever_can(m: Any, s: Any, pool: Any, now: Any) -> None:
    """Starts requests in their order while units are free; who may not start yet waits on."""
    its = s.pools[pool]
    choosy = m.tour_milli[pool] > 0 or its.overtime_units > 0
    units = max(its.capacity, its.overtime_units) if choosy else its.capacity
    passed = 0
    while its.size and its.users < units:
        entry = s.queue[its.base]
        first, second = entry[0], entry[1]
        waits, starts = is_waiting(s, second), True
        if waits and choosy:
            starts = may_start(m, s, entry, now)
        drop_first(s.queue, its.base, its.size)
        its.size -= 1
        if waits and starts:
            leave(s, pool, now)
            take_unit(s, pool, now)
            begin(m, s, slot_of(second), now)
        elif waits:
            s.passed[passed, 0], s.passed[passed, 1] = first, second
            passed += 1
    for i in range(passed):
        push(s.queue, its.base, its.size, s.passed[i, 0], s.passed[i, 1])
        its.size += 1


__all__ = [
    "END", "OUTCOME", "RELEASE", "START", "asked_of", "begin", "count_waiting", "drive", "due_word", "give_slot",
    "go_away", "is_waiting", "leave", "let_go", "make_room", "next_closing", "put_in_queue", "release",
    "request_word", "start_whoever_can", "take_slot", "take_unit",
]  # fmt: skip
