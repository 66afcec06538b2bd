"""The journey of an episode, cut where the patient waits for something: what follows an event, until the next one.

The same journey as in ``sim.engines.reference.simpy_engine``. Where a unit became free in between, the loop lets others
start before the patient goes on, as they do there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.event_list import add, time_of
from sim.engines.compiled.held_units import forget_tried, give_up
from sim.engines.compiled.jit import inlined
from sim.engines.compiled.layout import Stage
from sim.engines.compiled.lookups import (
    COURSE,
    FELL_BACK,
    FOLLOW,
    HOLDING,
    INITIAL,
    after,
    duration,
    luck,
    patience,
    phase_at,
)  # fmt: skip
from sim.engines.compiled.queues import (
    END,
    OUTCOME,
    RELEASE,
    begin,
    count_waiting,
    give_slot,
    go_away,
    leave,
    let_go,
    put_in_queue,
    take_unit,
)  # fmt: skip
from sim.engines.compiled.requests import join_next, part_with, request, settle_waiting
from sim.engines.compiled.returns import CARRIED, set_off, wait_no_more
from sim.engines.compiled.site_choice import NOWHERE, accepts, choose_site, idle_site
from sim.engines.compiled.ways import end_contact, way_on
from sim.model.codes import ABSENT, Action, EventClass, Mode, Outcome

WALK_IN, BOOKED = int(Mode.WALK_IN), int(Mode.BOOKED)
EXIT = int(Action.EXIT)
REQUEST, PATIENCE_END, FOLLOW_UP = int(EventClass.REQUEST), int(EventClass.PATIENCE_END), int(EventClass.FOLLOW_UP)
WAITING, STARTED, GONE, BETWEEN = int(Stage.WAITING), int(Stage.STARTED), int(Stage.GONE), int(Stage.BETWEEN)
DONE, LEFT, TURNED_AWAY, UNSERVED, OPEN, _ = map(int, Outcome)
STEPS = 500  # contacts of one episode; beyond this a pathway has no exit
# what the patient does before the next event; or the run ends
NOTHING, GOES_ON, SETS_OUT, ASKS, JOINS, SETTLES, DECIDES, ENDS = range(8)


@inlined
def record(s: Any, p: Any, site: Any, pool: Any, asked: Any, outcome: Any) -> None:
    """Adds a contact."""
    row = s.clock[0].rows
    s.clock[0].rows = row + 1
    p.row = row
    t = s.table
    t[0, row], t[1, row], t[2, row], t[3, row] = p.episode, p.step, p.service, site
    t[4, row], t[5, row], t[6, row], t[7, row] = pool, p.origin, p.came_from, asked
    t[8, row], t[9, row], t[10, row], t[11, row] = ABSENT, ABSENT, ABSENT, outcome


@inlined
def gives_all_back(s: Any, x: Any, slot: Any, now: Any) -> None:
    """Frees all units that a patient holds."""
    if x is None:
        let_go(s, s.slots[slot], now)
    else:
        give_up(s, x, slot)


@inlined
def stops_here(s: Any, x: Any, slot: Any, now: Any) -> Any:
    """The episode is over."""
    gives_all_back(s, x, slot, now)
    if x is not None:
        forget_tried(x, slot)
    give_slot(s, slot)
    return NOTHING


@inlined
def wake(m: Any, s: Any, slot: Any, when: Any, kind: Any) -> Any:
    """The patient waits until second ``when``."""
    p = s.slots[slot]
    if when < m.horizon:
        p.stage = BETWEEN
        add(s, when, kind, p.episode, slot)
    else:
        s.unasked[p.stop] += 1
        give_slot(s, slot)
    return NOTHING


@inlined
def is_next(m: Any, e: Any, s: Any, now: Any) -> Any:
    """Whether nothing else happens in this second, so that who asks now is next."""
    clock = s.clock[0]
    if clock.events and time_of(s.events[0, 0]) <= now:
        return False
    if clock.line < clock.line_end and time_of(s.line[clock.line, 0]) <= now:
        return False
    if clock.arrival < len(e.time) and e.time[clock.arrival] <= now:
        return False
    return clock.calendar == len(m.calendar_key) or time_of(m.calendar_key[clock.calendar]) > now


@inlined
def site_of(m: Any, e: Any, s: Any, x: Any, slot: Any, now: Any) -> Any:
    """Site of the next contact: that to which the patient is sent, or chosen."""
    p = s.slots[slot]
    if x is None:
        return choose_site(m, s, p, e.site[p.episode], now)
    q = x.more[slot]
    if q.sent >= 0:
        return np.int64(q.sent)
    if x.choice_idle[p.service]:
        return idle_site(m, s, x, p, e.site[p.episode], now)
    return choose_site(m, s, p, e.site[p.episode], now)


@inlined
def go_on(m: Any, e: Any, s: Any, x: Any, slot: Any, now: Any) -> Any:
    """The patient turns to the next service, and gives back what is not held any more."""
    p = s.slots[slot]
    while True:
        if p.step >= STEPS:
            s.unasked[p.stop] += 1
            if x is not None:
                wait_no_more(m, s, x, slot)
            return stops_here(s, x, slot, now)
        bit = np.uint64(1) << np.uint64(p.service & 63)
        if p.asked_for & bit:
            p.visit = s.visits[slot, p.service] + 1
        else:  # nearly always: the count, in memory that is far away, need not be waited for
            p.asked_for |= bit
            p.visit = 1
        s.visits[slot, p.service] = p.visit
        site = site_of(m, e, s, x, slot, now)
        if site != NOWHERE or m.fallback[p.service] < 0:
            break
        p.service, p.origin, p.fail_service = m.fallback[p.service], FELL_BACK, -1
        p.step += 1
    walks = m.mode[p.service] == WALK_IN
    start = np.int64(p.place) if walks else np.int64(p.home)
    p.came_from = start
    p.offer = m.offer[site, p.service] if site >= 0 else -1
    p.pool = m.offer_pool[p.offer] if p.offer >= 0 else -1
    if x is not None:
        set_off(m, s, x, slot, site, now)
        part_with(s, x, slot)
    elif p.held_pool >= 0 and not p.holding and not (site >= 0 and p.held_pool == p.pool):
        let_go(s, p, now)
    if site == NOWHERE:
        record(s, p, -1, -1, now, UNSERVED)
        return stops_here(s, x, slot, now)
    p.site = site
    p.place = m.zones + site if walks and site >= 0 else p.home
    return SETS_OUT


@inlined
def set_out(m: Any, e: Any, s: Any, slot: Any, now: Any) -> Any:
    """The patient goes there; who others have started for, as a unit was given back, is known by now."""
    p = s.slots[slot]
    travel = m.travel_s[p.came_from, p.site] if p.place != p.came_from and p.origin != INITIAL else 0
    if travel or not is_next(m, e, s, now):
        return wake(m, s, slot, now + travel, REQUEST)
    return ASKS


@inlined
def was_there(m: Any, p: Any) -> Any:
    """Whether an initial request is still in service or in the queue when the run starts."""
    if p.waits:
        return p.asked + patience(m, p) > 0
    return p.asked + duration(m, p, luck(m, p.key, p.service, p.visit, COURSE), p.asked) > 0


@inlined
def ask(m: Any, s: Any, x: Any, slot: Any, now: Any) -> Any:
    """Makes the contact; starts it at once or joins the queue."""
    p = s.slots[slot]
    p.asked = p.time if p.origin == INITIAL else now
    p.stage, p.deadline, p.outcome = WAITING, -1, OPEN
    if p.origin == INITIAL and not was_there(m, p):
        s.unasked[p.stop] += 1
        give_slot(s, slot)
        return NOTHING
    record(s, p, p.site, p.pool, p.asked, OPEN)
    if x is None:
        return join(m, s, slot, now)
    return JOINS if request(m, s, x, slot, now) else NOTHING


@inlined
def join(m: Any, s: Any, slot: Any, now: Any) -> Any:
    """Who asks starts at once or joins the queue."""
    p = s.slots[slot]
    starts = p.pool < 0
    if p.pool >= 0:
        its = s.pools[p.pool]
        if m.tour_milli[p.pool]:  # whoever waits for a team is looked at often
            p.course = luck(m, p.key, p.service, p.visit, COURSE)
        if p.held_pool == p.pool:
            s.table[RELEASE, p.held_row] = now
            p.held_pool = -1
            its.starts += 1
            starts = True
        elif not accepts(m, s, p.offer, now):
            go_away(s, slot, TURNED_AWAY, now)
            return NOTHING
        elif its.users < its.capacity and its.size == 0 and m.tour_milli[p.pool] == 0:
            take_unit(s, p.pool, now)
            starts = True
    if starts:
        begin(m, s, slot, now)
        return NOTHING
    put_in_queue(s, slot, p.pool, p.asked + m.target[phase_at(m, p.asked), p.service, p.acuity])
    count_waiting(m, s, p.pool, now)
    if its.users < its.capacity or its.overtime_units:
        s.stack[s.clock[0].stack] = p.pool
        s.clock[0].stack += 1
    return SETTLES


@inlined
def join_more(m: Any, s: Any, x: Any, slot: Any, now: Any) -> Any:
    """Who waits joins the queues of the offer's pools in their order, each of which looks whom it can start."""
    if x is not None:  # noqa: SIM102  # numba leaves out only a branch on None alone
        if join_next(m, s, x, slot, now):
            return JOINS
    return SETTLES


@inlined
def settle(m: Any, s: Any, x: Any, slot: Any, now: Any) -> Any:
    """Who still waits after asking is turned away by a full queue, or will lose patience."""
    p = s.slots[slot]
    if x is not None:
        if p.stage == WAITING:
            settle_waiting(m, s, x, slot, now)
    elif p.stage == WAITING:
        limit = m.queue_limit[p.service]
        if 0 <= limit < s.pools[p.pool].waiting:
            leave(s, p.pool, now)
            go_away(s, slot, TURNED_AWAY, now)
        else:
            ends = p.asked + patience(m, p)
            if ends < m.horizon:
                p.deadline = max(ends, now)
                add(s, p.deadline, PATIENCE_END, p.episode, slot)
    return NOTHING


@inlined
def finish(m: Any, s: Any, x: Any, slot: Any, now: Any) -> Any:
    """Service ended; the patient holds the unit until it is clear what comes next."""
    if x is None:
        finish_plain(m, s, slot, now)
    else:
        end_contact(m, s, x, slot, now)
    return DECIDES


@inlined
def finish_plain(m: Any, s: Any, slot: Any, now: Any) -> None:
    """As ``ways.end_contact`` of who holds nothing else."""
    p = s.slots[slot]
    p.outcome = DONE
    s.table[OUTCOME, p.row] = DONE
    s.table[END, p.row] = now
    if p.pool < 0:
        s.table[RELEASE, p.row] = now
    elif m.tour_milli[p.pool] == 0:
        p.held_pool, p.held_row = p.pool, p.row
    if m.mode[p.service] == BOOKED and p.site >= 0:
        p.place = m.zones + p.site


@inlined
def decide(m: Any, s: Any, x: Any, slot: Any, had_held: Any, now: Any) -> Any:
    """What comes next: nothing, another service at once, or one after a delay."""
    p = s.slots[slot]
    if x is None:
        accepted = p.outcome == TURNED_AWAY and m.fallback[p.service] < 0 and accepts(m, s, p.offer, now)
        action, service, origin, delay = after(m, p, had_held, accepted, now)
    else:
        accepted = p.outcome == TURNED_AWAY and (p.offer < 0 or accepts(m, s, p.offer, now))
        action, service, origin, delay = way_on(m, s, x, slot, had_held, accepted, now)
        if action != CARRIED:
            wait_no_more(m, s, x, slot)
    p.fail_service = -1
    if action == EXIT:
        return stops_here(s, x, slot, now)
    p.stop = p.offer if p.offer >= 0 else len(m.offer_pool) + p.service
    s.onward[p.stop] += 1
    p.holding = action == HOLDING
    p.service, p.origin = service, origin
    p.step += 1
    if action == FOLLOW:
        gives_all_back(s, x, slot, now)
        p.place = p.home
        return wake(m, s, slot, now + delay, FOLLOW_UP)
    return GOES_ON


__all__ = [
    "ASKS",
    "DECIDES",
    "ENDS",
    "GOES_ON",
    "JOINS",
    "LEFT",
    "NOTHING",
    "SETS_OUT",
    "SETTLES",
    "TURNED_AWAY",
    "ask",
    "decide",
    "finish",
    "gives_all_back",
    "go_away",
    "go_on",
    "join_more",
    "set_out",
    "settle",
]  # fmt: skip
