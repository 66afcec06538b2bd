"""Requests, where a model has more than plain queues: refusals, appointments, several pools in order."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.event_list import add
from sim.engines.compiled.jit import called, inlined
from sim.engines.compiled.layout import Stage
from sim.engines.compiled.lookups import COURSE, INITIAL, due_at, high, luck, patience, phase_at
from sim.engines.compiled.queues import (
    RELEASE,
    WAITING,
    count_waiting,
    give_slot,
    go_away,
    leave,
    put_in_queue,
    take_slot,
)
from sim.engines.compiled.signal_classes import class_of_signal, place_of
from sim.engines.compiled.site_choice import accepts
from sim.engines.compiled.starts import POOL, began_before
from sim.engines.compiled.unit_stacks import (
    BEGIN,
    EVERYTHING,
    LOOK,
    drop_innermost,
    exchange_two,
    give_back,
    give_back_around,
    note,
)
from sim.model.codes import NEVER, Action, EventClass, Outcome, Purpose
from sim.model.rules import quantile

AT_ONCE, HOLDING, WITHIN = int(Action.AT_ONCE), int(Action.HOLDING), int(Action.WITHIN)
REQUEST, PATIENCE_END = int(EventClass.REQUEST), int(EventClass.PATIENCE_END)
REFUSE, NOT_BEFORE = int(Purpose.REFUSE), int(Purpose.NOT_BEFORE)
TURNED_AWAY, TIMER = int(Outcome.TURNED_AWAY), int(Stage.TIMER)


@inlined
def uses(pools: Any, first: Any, last: Any, pool: Any) -> Any:
    """Whether a pool is among those of an offer."""
    found = False
    for j in range(first, last):
        found = found or pools[j] == pool
    return found


@called
def part_with(s: Any, x: Any, slot: Any) -> None:
    """Another service is asked for: what is given back now, what when it starts, and in what it starts."""
    p, q = s.slots[slot], x.more[slot]
    q.goes_on, q.gives = 0, 0
    if p.held_pool >= 0 and q.way != WITHIN:
        first, last = np.int64(0), np.int64(0)
        if p.offer >= 0:
            first, last = x.offer_pools_ptr[p.offer], x.offer_pools_ptr[p.offer + 1]
        own = q.own == 1
        at_once = q.way != HOLDING
        if uses(x.offer_pools, first, last, p.held_pool):
            q.goes_on = 1
            own = False
        elif own and q.below >= 0 and uses(x.offer_pools, first, last, x.nodes[q.below].pool):
            q.goes_on = 1
            if at_once:
                give_back(s, x, slot, 1)
                own = False
            else:
                exchange_two(s, x, slot)
        if not at_once:
            q.gives = EVERYTHING if q.all else np.int64(own)
        elif q.goes_on == 0:
            give_back(s, x, slot, EVERYTHING if q.all else np.int64(own))
        elif q.all:
            give_back_around(s, x, slot)


@inlined
def refuses(m: Any, s: Any, x: Any, p: Any, now: Any) -> Any:
    """Whether an offer does not take a patient, as its signal and luck say."""
    row = x.refuse_row[phase_at(m, now), p.service, p.group]
    if row < 0 or p.origin == INITIAL:
        return False
    known = class_of_signal(m, s, x.refuse_signal[row], place_of(m, p), (-1, -1), now)
    share = x.refuse_share[x.refuse_ptr[row] + known]
    return share > 0 and high(luck(m, p.key, p.service, p.visit, REFUSE)) < share


@inlined
def ready_from(m: Any, x: Any, p: Any, now: Any) -> Any:
    """The second from which a request may start."""
    table = x.not_before[phase_at(m, p.asked), p.service, p.group]
    if table < 0 or began_before(p, now):
        return np.int64(p.asked)
    return p.asked + quantile(m.quantile[table], high(luck(m, p.key, p.service, p.visit, NOT_BEFORE)))


@inlined
def starts_without_queue(s: Any, x: Any, slot: Any, now: Any) -> None:
    """A contact starts that needs no unit, or goes on in the unit that is held."""
    p, q = s.slots[slot], x.more[slot]
    q.took = 0
    if q.goes_on:
        p.pool = p.held_pool
        s.table[POOL, p.row] = p.pool
        s.table[RELEASE, p.held_row] = now
        s.pools[p.pool].starts += 1
        q.shift = q.held_shift
        drop_innermost(s, x, slot)
    note(x, slot, BEGIN, 0)


@called
def request(m: Any, s: Any, x: Any, slot: Any, now: Any) -> Any:
    """A contact was just written down: it starts, or is turned away; True if it is to join queues."""
    p, q = s.slots[slot], x.more[slot]
    q.begun, q.joined, q.settled, q.miss = 0, 0, 0, -1
    q.ready = now
    if q.goes_on == 0 and (not (p.pool < 0 or accepts(m, s, p.offer, now)) or refuses(m, s, x, p, now)):
        go_away(s, slot, TURNED_AWAY, now)
        return False
    if q.goes_on or p.pool < 0:
        starts_without_queue(s, x, slot, now)
        return False
    if m.tour_milli[p.pool]:  # whoever waits for a team is looked at often
        p.course = luck(m, p.key, p.service, p.visit, COURSE)
    q.ready = ready_from(m, x, p, now)
    count_waiting(m, s, p.pool, now)
    return True


@inlined
def next_pool_at(x: Any, p: Any, q: Any) -> Any:
    """When a waiting request may join the queue of the next pool of its offer; NEVER if there is none."""
    at = x.offer_pools_ptr[p.offer] + q.joined
    if at >= x.offer_pools_ptr[p.offer + 1] or q.begun:
        return np.int64(NEVER)
    return max(q.ready, p.asked + x.offer_spill_s[at])


@called
def join_next(m: Any, s: Any, x: Any, slot: Any, now: Any) -> Any:
    """Who still waits joins the queue of the next pool, if it may by now; whether it did."""
    p, q = s.slots[slot], x.more[slot]
    if p.stage != WAITING:
        return False
    if next_pool_at(x, p, q) > now:
        return False
    pool = x.offer_pools[x.offer_pools_ptr[p.offer] + q.joined]
    q.joined += 1
    put_in_queue(s, slot, pool, due_at(m, p))
    its = s.pools[pool]
    if its.users < its.capacity + x.outside[pool] or its.overtime_units or x.swap_ptr[pool] < x.swap_ptr[pool + 1]:
        note(x, pool, LOOK, 0)
    return True


@called
def settle_waiting(m: Any, s: Any, x: Any, slot: Any, now: Any) -> None:
    """Who still waits is turned away by a full queue, or will lose patience; or joins more queues later."""
    p, q = s.slots[slot], x.more[slot]
    limit = m.queue_limit[p.service]
    if q.settled == 0 and 0 <= limit < s.pools[p.pool].waiting:
        leave(s, p.pool, now)
        go_away(s, slot, TURNED_AWAY, now)
    else:
        if q.settled == 0:
            q.settled = 1
            ends = p.asked + patience(m, p)
            if ends < m.horizon:
                p.deadline = max(ends, now)
                add(s, p.deadline, PATIENCE_END, p.episode, slot)
        when = next_pool_at(x, p, q)
        if when < m.horizon:
            timer = take_slot(s)
            t = s.slots[timer]
            t.stage, t.row, t.episode = TIMER, p.row, p.episode
            x.more[timer].whose = slot
            add(s, when, REQUEST, p.episode, timer)
            x.more[timer].sequence = s.clock[0].sequence


@called
def waker(s: Any, x: Any, timer: Any) -> Any:
    """A timer is up: the slot of the patient whom it is for, -1 if that one waits no more."""
    slot, t = np.int64(x.more[timer].whose), s.slots[timer]
    p = s.slots[slot]
    waits = p.stage == WAITING and p.episode == t.episode and p.row == t.row and x.more[slot].begun == 0
    give_slot(s, timer)
    return slot if waits else np.int64(-1)


__all__ = ["join_next", "part_with", "request", "settle_waiting", "waker"]
