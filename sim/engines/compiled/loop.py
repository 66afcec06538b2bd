"""The loop of the compiled engine: takes the next event, lets it happen, and starts whoever can."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.asking import (
    ASKS,
    DECIDES,
    ENDS,
    GOES_ON,
    JOINS,
    NOTHING,
    SETS_OUT,
    SETTLES,
    ask,
    join_more,
    settle,
)  # fmt: skip
from sim.engines.compiled.event_list import (
    NO_EVENT,
    class_of,
    drop_soonest,
    index_of,
    key_of,
    sequence_of,
    slot_of,
    soonest,
    still_waits,
    time_of,
    turn,
)  # fmt: skip
from sim.engines.compiled.first_services import first_contact
from sim.engines.compiled.heaps import drop_first, push
from sim.engines.compiled.jit import compiled, inlined
from sim.engines.compiled.journey import decide, finish, gives_all_back, go_on, set_out
from sim.engines.compiled.layout import BUCKET_BITS, Stage, Status
from sim.engines.compiled.packed import packed
from sim.engines.compiled.queues import (
    BETWEEN,
    GONE,
    RETURNING,
    give_slot,
    go_away,
    is_waiting,
    leave,
    release,
    start_whoever_can,
    take_slot,
)  # fmt: skip
from sim.engines.compiled.request_course import waker
from sim.engines.compiled.rooms import lacking_more, new_patient
from sim.engines.compiled.shifts import keep_calendar
from sim.engines.compiled.signal_classes import end_period
from sim.engines.compiled.site_choice import accepts
from sim.engines.compiled.starts import work_off
from sim.engines.compiled.unit_stacks import note
from sim.model.codes import ACUITIES, AGE_GROUPS, WAITS, EventClass, Outcome

ARRIVAL, PATIENCE_END, FOLLOW_UP = map(int, (EventClass.ARRIVAL, EventClass.PATIENCE_END, EventClass.FOLLOW_UP))
SERVICE_END, TIMER = int(EventClass.SERVICE_END), int(Stage.TIMER)
LEFT, TURNED_AWAY = int(Outcome.LEFT), int(Outcome.TURNED_AWAY)
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
OVER, MORE_ROWS, MORE_SLOTS, MORE_EVENTS, MORE_CHUNKS, MORE_QUEUE, OVERLOAD, _, _ = map(int, Status)
AGES = len(AGE_GROUPS)


@inlined
def lacking(m: Any, s: Any, x: Any) -> Any:
    """What has too little room for all that one event can bring; OVER if nothing has."""
    clock = s.clock[0]
    if x is not None:
        more = lacking_more(m, s, x)
        if more != OVER:
            return more
    if clock.rows >= s.table.shape[1]:
        return MORE_ROWS
    if clock.free_slots < m.units + 2:
        return MORE_SLOTS
    if max(clock.events + 2 * m.units + clock.waiting + 8, clock.largest_bucket) > len(s.events):
        return MORE_EVENTS
    if clock.free_chunks < 2 * m.units + 8:
        return MORE_CHUNKS
    if clock.queue_end + max(2 * clock.largest_queue, 8) > len(s.queue):
        return MORE_QUEUE
    return OVERLOAD if clock.overloaded else OVER


@inlined
def arrive(m: Any, e: Any, s: Any, x: Any) -> Any:
    """The next patient falls ill; returns the slot."""
    clock = s.clock[0]
    i, slot = clock.arrival, take_slot(s)
    clock.arrival = i + 1
    p = s.slots[slot]
    p.key, p.episode, p.time, p.home = e.key[i], i, e.time[i], e.zone[i]
    p.need, p.age, p.acuity = e.need[i], e.age[i], e.acuity[i]
    p.group = ((m.zone_area[p.home] * m.needs + p.need) * AGES + p.age) * ACUITIES + p.acuity
    p.step, p.place, p.held_pool, p.holding, p.stage = 0, p.home, -1, 0, BETWEEN
    p.asked_for = 0
    if x is not None:
        new_patient(x, slot)
    if s.visits.shape[1] > 64:
        p.asked_for = ALL
        s.visits[slot, :] = 0
    p.service, p.origin, p.fail_service, p.fail_delay = first_contact(m, e, s, p, i)
    p.waits = e.first_draw[i] == WAITS or p.time > -m.start_queue[p.service]
    p.stop = len(s.onward) - 1
    s.onward[p.stop] += 1
    return slot


@inlined
def follow_calendar(m: Any, s: Any, key: Any, now: Any) -> None:
    """A pool gets other units, its overtime ends, an offer closes, or a signal's period is over."""
    clock, pools, offers = s.clock[0], len(s.pools), len(m.offer_pool)
    value, index = m.calendar_value[clock.calendar], index_of(key)
    clock.calendar += 1
    if index < pools:
        its = s.pools[index]
        if m.overtime[index] and value < its.capacity:
            its.overtime_units, its.last_call = its.capacity, now
        its.capacity = value
        s.stack[clock.stack] = index
        clock.stack += 1
    elif index < 2 * pools:
        if s.pools[index - pools].last_call == value:
            s.pools[index - pools].overtime_units = 0
    elif index >= 2 * pools + offers:
        end_period(m, s, index - 2 * pools - offers - len(m.service_hash), now)
    elif not accepts(m, s, index - 2 * pools, now):
        turn_away(m, s, index - 2 * pools, now)


@inlined
def turn_away(m: Any, s: Any, offer: Any, now: Any) -> None:
    """Those who wait at an offer go on, in the order of the queue."""
    its, found = s.pools[m.offer_pool[offer]], 0
    for i in range(its.base, its.base + its.size):
        word = s.queue[i, 1]
        if is_waiting(s, word) and s.slots[slot_of(word)].offer == offer:
            push(s.passed, 0, found, s.queue[i, 0], word)
            found += 1
    for left in range(found, 0, -1):
        slot = slot_of(s.passed[0, 1])
        drop_first(s.passed, 0, left)
        leave(s, m.offer_pool[offer], now)
        go_away(s, slot, TURNED_AWAY, now)


@inlined
def turn_back(s: Any, x: Any, slot: Any, now: Any) -> None:
    """A team is back at its base."""
    p = s.slots[slot]
    if x is None:
        release(s, p.pool, p.row, now)
    else:
        note(x, p.pool, p.row, x.more[slot].shift)
    give_slot(s, slot)


@inlined
def is_over(s: Any, x: Any, slot: Any, word: Any) -> Any:
    """Whether an event is of a contact that was interrupted after it was made: its service ends later."""
    return x.more[slot].sequence != sequence_of(word)


@inlined
def happen(m: Any, s: Any, x: Any, key: Any, word: Any, slot: Any, now: Any) -> Any:
    """An event of a patient, or of a team that returns: what the patient does next, and had a unit in hand or not."""
    p, kind = s.slots[slot], class_of(key)
    if x is not None:  # noqa: SIM102  # numba leaves out only a branch on None alone
        if kind == SERVICE_END and is_over(s, x, slot, word):
            return NOTHING, False
    if kind == PATIENCE_END:
        if still_waits(p, key):
            leave(s, p.pool, now)
            go_away(s, slot, LEFT, now)
        return NOTHING, False
    if p.stage == RETURNING:
        turn_back(s, x, slot, now)
        return NOTHING, False
    if p.stage == BETWEEN:
        return ASKS if kind != FOLLOW_UP else GOES_ON, False
    had_held = p.held_pool >= 0
    if p.stage == GONE:
        gives_all_back(s, x, slot, now)
        return DECIDES, had_held
    return finish(m, s, x, slot, now), False


@inlined
def patient_of(s: Any, x: Any, slot: Any, word: Any) -> Any:
    """Whom an event is for, and whether it is a timer that is up; -1 if that one waits no more."""
    if x is not None:  # noqa: SIM102  # as above
        if s.slots[slot].stage == TIMER and not is_over(s, x, slot, word):
            return waker(s, x, slot), True
    return slot, False


@inlined
def coming(m: Any, e: Any, s: Any) -> Any:
    """The keys of the next arrival and change of the calendar; NO_EVENT where nothing comes."""
    clock = s.clock[0]
    calendar = m.calendar_key[clock.calendar] if clock.calendar < len(m.calendar_key) else NO_EVENT
    if clock.arrival < len(e.time):
        return key_of(max(e.time[clock.arrival], 0), ARRIVAL, clock.arrival), calendar
    return NO_EVENT, calendar


@inlined
def next_event(m: Any, e: Any, s: Any, x: Any) -> Any:
    """The next event happens: its slot, second, what the patient does next, and whether with another unit in hand."""
    clock, slot, doing, had_held = s.clock[0], np.int64(0), NOTHING, False
    (event, word, in_line), (arrival, calendar) = soonest(s), coming(m, e, s)
    first = min(event, arrival, calendar)
    now = time_of(first)
    if now >> BUCKET_BITS > clock.bucket:
        if clock.bucket < len(s.bucket_chunk) - 1:
            turn(s)
        else:
            doing = ENDS
    elif first == calendar:
        if x is None:
            follow_calendar(m, s, first, now)
        else:
            keep_calendar(m, s, x, first, now)
    elif first == arrival:
        slot, doing = arrive(m, e, s, x), GOES_ON
    else:
        drop_soonest(s, in_line)
        slot, wakes = patient_of(s, x, slot_of(word), word)
        if not wakes:
            doing, had_held = happen(m, s, x, first, word, slot, now)
        elif slot >= 0:
            doing = JOINS
    return slot, now, doing, had_held


@inlined
def finish_work(m: Any, s: Any, x: Any, now: Any) -> None:
    """Starts whoever can, in every pool in which a unit became free."""
    clock = s.clock[0]
    if x is None:
        while clock.stack:
            clock.stack -= 1
            start_whoever_can(m, s, s.stack[clock.stack], now)
    else:
        while x.counts[0].work:
            work_off(m, s, x, now)


@compiled
def run(tables: Any, people: Any, state: Any, mechanisms: Any) -> Any:
    """Runs until the horizon, or until something lacks room (``Status``); called again, it goes on where it was.

    ``mechanisms``: of a model that has more than plain queues; None leaves their parts out when it is compiled.
    """
    return follow_events(packed(tables), packed(people), packed(state), packed(mechanisms))


@inlined
def follow_events(m: Any, e: Any, s: Any, x: Any) -> Any:
    """One event after the other: tables, people, state and mechanisms, each behind one pointer."""
    slot, now, doing, had_held = np.int64(0), np.int64(0), NOTHING, False
    while doing != ENDS:
        finish_work(m, s, x, now)
        if doing == NOTHING:
            status = lacking(m, s, x)
            if status != OVER:
                return status
            slot, now, doing, had_held = next_event(m, e, s, x)
        elif doing == GOES_ON:
            doing = go_on(m, e, s, x, slot, now)
        elif doing == SETS_OUT:
            doing = set_out(m, e, s, slot, now)
        elif doing == ASKS:
            doing = ask(m, s, x, slot, now)
        elif doing == SETTLES:
            doing = settle(m, s, x, slot, now)
        elif doing == JOINS:
            doing = join_more(m, s, x, slot, now)
        else:
            doing = decide(m, s, x, slot, had_held, now)
    return OVER


__all__ = ["run"]
