"""What becomes of a request: it is written down, starts at once, joins a queue, or is turned away."""

from __future__ import annotations

from typing import Any

from sim.engines.compiled.event_list import add
from sim.engines.compiled.jit import inlined
from sim.engines.compiled.layout import Stage
from sim.engines.compiled.lookups import COURSE, INITIAL, due_at, duration, luck, patience
from sim.engines.compiled.queues import (
    RELEASE,
    begin,
    count_waiting,
    give_slot,
    go_away,
    leave,
    put_in_queue,
    take_unit,
)  # fmt: skip
from sim.engines.compiled.request_course import join_next, request, settle_waiting
from sim.engines.compiled.site_choice import accepts
from sim.engines.compiled.starts import let_out
from sim.model.codes import ABSENT, EventClass, Outcome

PATIENCE_END, WAITING = int(EventClass.PATIENCE_END), int(Stage.WAITING)
TURNED_AWAY, OPEN = int(Outcome.TURNED_AWAY), int(Outcome.OPEN)
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
def was_there(m: Any, x: Any, p: Any) -> Any:
    """Whether an initial request is still in service or in the queue when the run starts."""
    if p.waits:
        return p.asked + patience(m, p) > 0
    end = p.asked + duration(m, p, luck(m, p.key, p.service, p.visit, COURSE), p.asked)
    if x is not None:  # one may leave within the hours of ending alone
        end = let_out(x.ends_limited, x.ends_ptr, x.ends_time, p.service, end)
    return end > 0


@inlined
def ask(m: Any, s: Any, x: Any, slot: Any, now: Any) -> Any:
    """Makes the contact; starts it at once or joins the queue."""
    p = s.slots[slot]
    p.asked = p.time if p.origin == INITIAL else now
    p.stage, p.deadline, p.outcome = WAITING, -1, OPEN
    if p.origin == INITIAL and not was_there(m, x, p):
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
    put_in_queue(s, slot, p.pool, due_at(m, p))
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


__all__ = [
    "ASKS", "DECIDES", "ENDS", "GOES_ON", "JOINS", "NOTHING", "SETS_OUT", "SETTLES", "ask", "join_more", "record",
    "settle",
]  # fmt: skip
