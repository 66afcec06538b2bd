"""What comes next after a contact: by plain ways, or with missed appointments, next sites and units that are held."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.jit import called, inlined
from sim.engines.compiled.layout import NO_CHOICE
from sim.engines.compiled.lookups import (
    DONE,
    FELL_BACK,
    FOLLOW,
    FOLLOWED,
    LEAVE_ROW,
    LEFT_ELSEWHERE,
    NEXT_ROW,
    REFERRED,
    TURNED_AWAY,
    low,
    luck,
    phase_at,
    remainder,
)  # fmt: skip
from sim.engines.compiled.queues import END, OUTCOME, RELEASE
from sim.engines.compiled.shifts import unlink
from sim.engines.compiled.signal_classes import class_of_signal
from sim.engines.compiled.site_choice import opens
from sim.engines.compiled.switching import alternative
from sim.engines.compiled.unit_stacks import add_tried, forget_tried, has_tried, hold
from sim.model.codes import Action, Mode, Outcome, Purpose, ShiftRule, WhenFull
from sim.model.rules import pick, quantile

EXIT, AT_ONCE = int(Action.EXIT), int(Action.AT_ONCE)
WALK_IN, BOOKED = int(Mode.WALK_IN), int(Mode.BOOKED)
LEFT, MISSED = int(Outcome.LEFT), int(Outcome.MISSED)
MISS, SWITCH, WAIT = int(Purpose.MISS), int(Purpose.SWITCH), int(Purpose.WAIT)
HAND_OVER = int(ShiftRule.HAND_OVER)
NEXT_SITE, LEAVE = int(WhenFull.NEXT_SITE), int(WhenFull.LEAVE)


@called
def end_contact(m: Any, s: Any, x: Any, slot: Any, now: Any) -> None:
    """Service ended; the patient holds the unit until it is clear what comes next."""
    p, q = s.slots[slot], x.more[slot]
    p.outcome = MISSED if q.miss >= 0 else DONE
    s.table[OUTCOME, p.row] = p.outcome
    s.table[END, p.row] = now
    q.own = 0
    if p.pool < 0:
        s.table[RELEASE, p.row] = now
    elif m.tour_milli[p.pool] == 0:
        if x.shift_rule[p.pool] == HAND_OVER:
            unlink(x, p.pool, slot)
        hold(s, x, slot, p.pool, p.row, q.shift)
        q.own = 1
    if m.mode[p.service] == BOOKED and p.site >= 0 and q.miss < 0:
        p.place = m.zones + p.site


@inlined
def next_row(m: Any, s: Any, x: Any, p: Any, now: Any) -> Any:
    """Row of the ways on after a service that was given, as the signal says that they answer to."""
    phase = phase_at(m, now)
    row, signal = m.cell[phase, p.service, p.group, NEXT_ROW], x.next_signal[phase, p.service, p.group]
    if row >= 0 and signal >= 0:
        return row + class_of_signal(m, s, signal, p.place, (-1, -1), now)
    return np.int64(row)


@inlined
def next_site(m: Any, s: Any, x: Any, slot: Any, now: Any) -> Any:
    """The nearest site that offers the service, is open, and has not turned the patient away in this chain; -1 none."""
    p, q = s.slots[slot], x.more[slot]
    add_tried(x, slot, p.site)
    chosen = m.choice_set[p.service, p.need, p.age]
    row = chosen * m.places + p.home
    if m.mode[p.service] == WALK_IN:
        there = chosen * m.places + m.zones + p.site
        if m.nearest_ptr[there] < m.nearest_ptr[there + 1]:
            row = there
    found = np.int64(-1)
    for j in range(m.nearest_ptr[row], m.nearest_ptr[row + 1]):
        site = m.nearest_site[j]
        if found < 0 and not has_tried(x.nodes, q.tried, site) and opens(m, s, m.offer[site, p.service], now):
            found = np.int64(site)
    return found


@inlined
def way_at(m: Any, s: Any, p: Any, first: Any, last: Any, word: Any, now: Any) -> Any:
    """The item of a row of ways at a 32-bit word, or the one that the patient chooses instead."""
    chosen = pick(m.next_cum, first, last, word)
    if m.answers[p.service] and m.next_to[chosen] != NO_CHOICE:
        luck_of_switch = luck(m, p.key, p.service, p.visit, SWITCH)
        items = m.next_cum, first, last, m.next_to, m.next_pull
        chosen = alternative(m, s, items, chosen, p, luck_of_switch, now)
    return chosen


@inlined
def delay_of(m: Any, item: Any, first: Any, chosen: Any, word: Any) -> Any:
    """After how long a follow-up comes, s; 0 of any other way."""
    if m.next_action[item] == FOLLOW:
        return np.int64(quantile(m.quantile[m.next_delay[item]], remainder(m.next_cum, first, chosen, word)))
    return np.int64(0)


@inlined
def way_on_plain(m: Any, s: Any, p: Any, was_held: Any, accepted: Any, now: Any) -> Any:
    """What a contact leads to: action, service, origin, delay in seconds.

    ``was_held``: the patient gave up with another unit in hand; ``accepted``: one may wait at the offer now.
    """
    done = p.outcome == DONE
    if done and p.fail_service >= 0:
        return FOLLOW, np.int64(p.fail_service), FELL_BACK, np.int64(p.fail_delay)
    instead = m.fallback[p.service]
    if p.outcome == TURNED_AWAY:
        if instead < 0 and accepted:
            return EXIT, np.int64(-1), 0, np.int64(0)
        return AT_ONCE, instead if instead >= 0 else np.int64(p.service), FELL_BACK, np.int64(0)
    if not done and was_held and instead >= 0:
        return AT_ONCE, instead, LEFT_ELSEWHERE, np.int64(0)
    row = m.cell[phase_at(m, now), p.service, p.group, NEXT_ROW if done else LEAVE_ROW]
    if row < 0:
        return EXIT, np.int64(-1), 0, np.int64(0)
    word = low(p.course if done else luck(m, p.key, p.service, p.visit, WAIT))
    first, last = m.next_ptr[row], m.next_ptr[row + 1]
    chosen = way_at(m, s, p, first, last, word, now)
    item = m.next_item[chosen]
    action = m.next_action[item]
    origin = (FOLLOWED if action == FOLLOW else REFERRED) if done else LEFT_ELSEWHERE
    return action, m.next_service[item], origin, delay_of(m, item, first, chosen, word)


@inlined
def way_of(m: Any, s: Any, x: Any, p: Any, row: Any, word: Any, now: Any) -> Any:
    """A way of a row at a 32-bit word: action, service, delay, whether all that is held is given back."""
    if row < 0:
        return EXIT, np.int64(-1), np.int64(0), np.int64(0)
    first, last = m.next_ptr[row], m.next_ptr[row + 1]
    chosen = way_at(m, s, p, first, last, word, now)
    item = m.next_item[chosen]
    return m.next_action[item], m.next_service[item], delay_of(m, item, first, chosen, word), x.next_gives_all[item]


@called
def way_on(m: Any, s: Any, x: Any, slot: Any, had_held: Any, accepted: Any, now: Any) -> Any:
    """As ``way_on_plain``; what the way says of units that are held is noted."""
    p, q = s.slots[slot], x.more[slot]
    q.way, q.all, q.sent = AT_ONCE, 0, -1
    outcome, full = p.outcome, p.outcome == TURNED_AWAY and accepted
    if full and x.when_full[p.service] == LEAVE:
        outcome = LEFT
    if full and x.when_full[p.service] == NEXT_SITE and p.site >= 0:
        q.sent = next_site(m, s, x, slot, now)
    if q.sent >= 0:
        return AT_ONCE, np.int64(p.service), FELL_BACK, np.int64(0)
    forget_tried(x, slot)
    if outcome == TURNED_AWAY or (outcome == LEFT and had_held and m.fallback[p.service] >= 0):
        instead = np.int64(m.fallback[p.service])
        if instead < 0 and accepted:
            return EXIT, np.int64(-1), 0, np.int64(0)
        origin = FELL_BACK if outcome == TURNED_AWAY else LEFT_ELSEWHERE
        return AT_ONCE, instead if instead >= 0 else np.int64(p.service), origin, np.int64(0)
    if outcome == DONE and p.fail_service >= 0:
        return FOLLOW, np.int64(p.fail_service), FELL_BACK, np.int64(p.fail_delay)
    if outcome == DONE:
        row, word = np.int64(next_row(m, s, x, p, now)), p.course
    elif outcome == MISSED:
        row, word = np.int64(x.miss_next[q.miss]), luck(m, p.key, p.service, p.visit, MISS)
    else:
        row = np.int64(m.cell[phase_at(m, now), p.service, p.group, LEAVE_ROW])
        word = luck(m, p.key, p.service, p.visit, WAIT)
    action, service, delay, q.all = way_of(m, s, x, p, row, low(word), now)
    q.way = action
    origin = LEFT_ELSEWHERE if outcome == LEFT else FOLLOWED if action == FOLLOW else REFERRED
    return action, service, origin, delay


__all__ = ["end_contact", "way_on", "way_on_plain"]
