"""The journey of an episode, cut where the patient waits for something: what follows an event, until the next one.

The same journey as in ``sim.engines.reference.simpy_engine``. Where a unit became free in between, the loop lets others
start before the patient goes on, as they do there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.asking import ASKS, DECIDES, GOES_ON, NOTHING, SETS_OUT, record
from sim.engines.compiled.event_list import add, time_of
from sim.engines.compiled.jit import inlined
from sim.engines.compiled.layout import Stage
from sim.engines.compiled.lookups import FELL_BACK, FOLLOW, HOLDING, INITIAL
from sim.engines.compiled.onward import end_contact, way_on, way_on_plain
from sim.engines.compiled.queues import END, OUTCOME, RELEASE, give_slot, let_go
from sim.engines.compiled.request_course import part_with
from sim.engines.compiled.returns import CARRIED, set_off, wait_no_more
from sim.engines.compiled.site_choice import NOWHERE, accepts, choose_site, idle_site
from sim.engines.compiled.unit_stacks import forget_tried, give_up
from sim.model.codes import Action, EventClass, Mode, Outcome

WALK_IN, BOOKED = int(Mode.WALK_IN), int(Mode.BOOKED)
EXIT = int(Action.EXIT)
REQUEST, FOLLOW_UP = int(EventClass.REQUEST), int(EventClass.FOLLOW_UP)
BETWEEN = int(Stage.BETWEEN)
DONE, TURNED_AWAY, UNSERVED = int(Outcome.DONE), int(Outcome.TURNED_AWAY), int(Outcome.UNSERVED)
STEPS = 500  # contacts of one episode; beyond this a pathway has no exit


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
        action, service, origin, delay = way_on_plain(m, s, p, had_held, accepted, now)
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


__all__ = ["decide", "finish", "gives_all_back", "go_on", "set_out"]
