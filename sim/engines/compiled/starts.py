"""Who starts, where a model has more than plain queues: a pool looks whom it can start, and a contact begins.

As ``queues`` for plain models. What follows from a start, as the giving back of what was held, is done before the pool
looks again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.event_list import add, slot_of
from sim.engines.compiled.heaps import drop_first, push
from sim.engines.compiled.jit import called, inlined
from sim.engines.compiled.lookups import COURSE, duration, high, luck, phase_at
from sim.engines.compiled.queues import (
    OUTCOME,
    RELEASE,
    SERVICE_END,
    START,
    STARTED,
    asked_of,
    drive,
    is_waiting,
    leave,
    next_closing,
)  # fmt: skip
from sim.engines.compiled.returns import come_back
from sim.engines.compiled.signal_classes import MILLION, lengthened
from sim.engines.compiled.site_choice import is_open
from sim.engines.compiled.unit_stacks import BEGIN, LOOK, drop_innermost, give_back, note
from sim.model.codes import NEVER, Mode, Outcome, Purpose, ShiftRule
from sim.model.rules import pick
from sim.model.tables import CONTACT_COLUMNS

BOOKED, HAND_OVER, MISSED, MISS = int(Mode.BOOKED), int(ShiftRule.HAND_OVER), int(Outcome.MISSED), int(Purpose.MISS)
POOL = CONTACT_COLUMNS.index("pool")
NOBODY = (-1, -1)  # no unit and no request is left out of a signal
TO_DUE = np.uint64(32)


@inlined
def began_before(p: Any, now: Any) -> Any:
    """Whether a request that starts now began before the run, as a patient who is there at its start."""
    return p.asked < 0 and now == 0 and not p.waits


@inlined
def units_in_use(s: Any, x: Any, pool: Any) -> Any:
    """Units in use that count against the capacity."""
    return s.pools[pool].users - x.outside[pool]


@inlined
def is_in_line(s: Any, x: Any, first: Any, second: Any) -> Any:
    """Whether an entry of a queue stands for a request that waits; who has begun waits in another place than before."""
    return is_waiting(s, second) and (x.more[slot_of(second)].begun == 1) == (first >> TO_DUE == 0)


@inlined
def may_ever(m: Any, x: Any, p: Any, now: Any) -> Any:
    """Whether a contact of the service may start in this second."""
    if x.starts_limited[p.service] == 0 or began_before(p, now):
        return True
    return is_open(x.starts_at, x.starts_ptr, x.starts_time, p.service, now)


@inlined
def fits(m: Any, s: Any, x: Any, p: Any, pool: Any, now: Any) -> Any:
    """Whether a visit, as a tour, ends before the shift does, or its overtime."""
    its, tour = s.pools[pool], m.tour_milli[pool]
    visit = lengthened(m, s, x, p, duration(m, p, p.course, now), (-1, p.pool), now)
    end = now + (drive(m, p) + visit) * tour // 1000
    if its.capacity:
        return end <= next_closing(m, pool, now)
    return end <= its.last_call + m.overtime[pool]


@inlined
def may_start(m: Any, s: Any, x: Any, slot: Any, pool: Any, asked: Any, now: Any) -> Any:
    """Whether a request may take a unit of a pool that has one free, or has one in overtime."""
    p, its = s.slots[slot], s.pools[pool]
    if x.more[slot].begun:
        return units_in_use(s, x, pool) < its.capacity
    users = units_in_use(s, x, pool) + x.keep_free[pool, p.acuity]
    if users >= its.capacity and (users >= its.overtime_units or asked > its.last_call):
        return False
    if x.choosy[pool] == 0:
        return True
    return may_ever(m, x, p, now) and (m.tour_milli[pool] == 0 or fits(m, s, x, p, pool, now))


@inlined
def first_who_may(m: Any, s: Any, x: Any, pool: Any, now: Any) -> Any:
    """The slot of the first request in order that may start, taken from the queue; -1 if there is none."""
    its, found, passed = s.pools[pool], -1, 0
    units = max(its.capacity, its.overtime_units)
    while found < 0 and its.size and units_in_use(s, x, pool) < units:
        first, second = s.queue[its.base, 0], s.queue[its.base, 1]
        slot = slot_of(second)
        waits = is_in_line(s, x, first, second)
        starts = waits and may_start(m, s, x, slot, pool, asked_of(first), now)
        drop_first(s.queue, its.base, its.size)
        its.size -= 1
        if starts:
            found = slot
        elif waits:
            s.passed[passed, 0], s.passed[passed, 1] = first, second
            passed += 1
    for i in range(passed):
        push(s.queue, its.base, its.size, s.passed[i, 0], s.passed[i, 1])
        its.size += 1
    return found


@inlined
def look(m: Any, s: Any, x: Any, pool: Any, now: Any) -> None:
    """A pool starts the first who may, and looks again when all is done that follows from it."""
    slot = first_who_may(m, s, x, pool, now)
    if slot >= 0:
        p, q, its = s.slots[slot], x.more[slot], s.pools[pool]
        leave(s, p.pool, now)
        its.users += 1
        its.users_s -= now
        x.counts[0].in_use += 1
        q.shift, q.took, q.goes_on = x.shift[pool], 1, 0
        if q.begun == 0:
            its.starts += 1
            p.pool = pool
            s.table[POOL, p.row] = pool
        note(x, pool, LOOK, 0)
        note(x, slot, BEGIN, 0)
    elif x.swap_ptr[pool] < x.swap_ptr[pool + 1]:
        swap(m, s, x, pool, now)


@inlined
def first_holder(m: Any, s: Any, x: Any, pool: Any, other: Any, now: Any) -> Any:
    """Place in the queue of the first who holds a unit of another pool until the start; -1 if there is none."""
    its, found = s.pools[pool], -1
    for i in range(its.base, its.base + its.size):
        p, q = s.slots[slot_of(s.queue[i, 1])], x.more[slot_of(s.queue[i, 1])]
        if is_in_line(s, x, s.queue[i, 0], s.queue[i, 1]) and p.held_pool == other and q.below < 0 and q.gives > 0:
            sooner = found < 0 or s.queue[i, 0] < s.queue[found, 0]
            same = found >= 0 and s.queue[i, 0] == s.queue[found, 0]
            if (sooner or (same and s.queue[i, 1] < s.queue[found, 1])) and may_ever(m, x, p, now):
                found = i
    return found


@inlined
def swap(m: Any, s: Any, x: Any, pool: Any, now: Any) -> None:
    """Of two who wait for each other's units both start, in the unit of the other; then the pool looks again."""
    for j in range(x.swap_ptr[pool], x.swap_ptr[pool + 1]):
        other = x.swap_pool[j]
        if units_in_use(s, x, pool) <= s.pools[pool].capacity and units_in_use(s, x, other) <= s.pools[other].capacity:
            here, there = first_holder(m, s, x, pool, other, now), first_holder(m, s, x, other, pool, now)
            if here >= 0 and there >= 0:
                mine, yours = slot_of(s.queue[here, 1]), slot_of(s.queue[there, 1])
                mine_first = s.queue[here, 0] < s.queue[there, 0] or (
                    s.queue[here, 0] == s.queue[there, 0] and s.queue[here, 1] < s.queue[there, 1]
                )
                my_shift, your_shift = x.more[yours].held_shift, x.more[mine].held_shift
                change_place(s, x, mine, pool, my_shift, now)
                change_place(s, x, yours, other, your_shift, now)
                note(x, pool, LOOK, 0)
                note(x, yours if mine_first else mine, BEGIN, 0)
                note(x, mine if mine_first else yours, BEGIN, 0)
                break


@inlined
def change_place(s: Any, x: Any, slot: Any, pool: Any, shift: Any, now: Any) -> None:
    """Who waits leaves the unit that is held, for one of ``pool`` that another leaves in this second."""
    p, q = s.slots[slot], x.more[slot]
    leave(s, p.pool, now)
    s.table[RELEASE, p.held_row] = now
    drop_innermost(s, x, slot)
    p.pool = pool
    s.table[POOL, p.row] = pool
    s.pools[pool].starts += 1
    q.shift, q.gives, q.goes_on, q.took = shift, 0, 1, 0
    p.stage = STARTED  # from now on: the entry in the queue stands for nobody


@inlined
def let_out(limited: Any, ptr: Any, time: Any, service: Any, end: Any) -> Any:
    """The second at which a service ends that would end at ``end``: within its hours of ending."""
    if limited[service] == 0:
        return end
    first, last = ptr[service], ptr[service + 1]
    at = pick(time, first, last, end)
    if (at - first) & 1:
        return end
    return time[at] if at < last else np.int64(NEVER)


@inlined
def send_team(m: Any, s: Any, x: Any, slot: Any, start: Any, busy: Any, now: Any) -> Any:
    """A team drives out, and comes back unless it may carry the patient on; returns how long the contact takes."""
    p, q = s.slots[slot], x.more[slot]
    tour, there = m.tour_milli[p.pool], drive(m, p)
    q.team = p.pool
    q.back = max(start + (2 * there + busy) * tour // 1000, now)
    if x.carries[p.service] == 0:
        come_back(m, s, x, slot, q.back)
    return (there + busy) * tour // 1000


@inlined
def stays_away(m: Any, s: Any, x: Any, p: Any, q: Any, now: Any) -> Any:
    """Row of miss_* if the patient of an appointment does not come; who is there already does."""
    row = np.int64(-1)
    if m.mode[p.service] == BOOKED and p.held_pool < 0 and q.goes_on == 0:
        row = x.miss_row[phase_at(m, now), p.service, p.group]
        if row >= 0 and high(luck(m, p.key, p.service, p.visit, MISS)) >= x.miss_share[row]:
            row = np.int64(-1)
    return row


@inlined
def first_length(m: Any, s: Any, x: Any, slot: Any, now: Any) -> Any:
    """A contact starts for the first time: when its service ends, if nothing interrupts it."""
    p, q = s.slots[slot], x.more[slot]
    early = began_before(p, now)
    start, tour = np.int64(p.asked) if early else np.int64(now), m.tour_milli[p.pool] if p.pool >= 0 else 0
    s.table[START, p.row] = start
    q.miss = -1
    if tour == 0:
        p.course = luck(m, p.key, p.service, p.visit, COURSE)
    busy = duration(m, p, p.course, start)
    if not early:
        busy = lengthened(m, s, x, p, busy, (p.pool if q.took else -1, -1), now)
        q.miss = stays_away(m, s, x, p, q, now)
        if q.miss >= 0:
            s.table[OUTCOME, p.row] = MISSED
            busy = busy * x.miss_occupies_ppm[q.miss] // MILLION
    if tour:
        busy = send_team(m, s, x, slot, start, busy, now)
    return max(start + busy, now)


@inlined
def begin_contact(m: Any, s: Any, x: Any, slot: Any, now: Any) -> None:
    """Service starts, or goes on after an interruption. What is given back at the start is so after it."""
    p, q = s.slots[slot], x.more[slot]
    p.stage = STARTED
    q.ends = now + q.rest if q.begun else first_length(m, s, x, slot, now)
    q.begun, q.sequence = 0, -1
    end = let_out(x.ends_limited, x.ends_ptr, x.ends_time, p.service, q.ends)
    if end < m.horizon:
        add(s, end, SERVICE_END, p.episode, slot)
        q.sequence = s.clock[0].sequence
    if p.pool >= 0 and x.shift_rule[p.pool] == HAND_OVER:
        q.before, q.behind = x.in_service[p.pool], -1
        if q.before >= 0:
            x.more[q.before].behind = slot
        x.in_service[p.pool] = slot
    give_back(s, x, slot, q.gives)
    q.gives = 0


@called
def work_off(m: Any, s: Any, x: Any, now: Any) -> None:
    """Does what was noted last: a unit is given back, a pool looks, or a contact begins."""
    count = x.counts[0]
    count.work -= 1
    what, row, shift = x.work[count.work, 0], x.work[count.work, 1], x.work[count.work, 2]
    if row == LOOK:
        look(m, s, x, what, now)
    elif row == BEGIN:
        begin_contact(m, s, x, what, now)
    else:
        its = s.pools[what]
        s.table[RELEASE, row] = now
        its.users -= 1
        its.users_s += now
        count.in_use -= 1
        if shift != x.shift[what]:
            x.outside[what] -= 1
        if its.size or x.swap_ptr[what] < x.swap_ptr[what + 1]:
            note(x, what, LOOK, 0)


__all__ = ["POOL", "began_before", "is_in_line", "work_off"]
