"""What comes next, where a model has more than plain queues: answers to signals, missed appointments, next sites.

As ``lookups.after`` for plain models.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.jit import called, inlined
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
from sim.engines.compiled.switching import NO_CHOICE, alternative
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
        return row + class_of_signal(m, s, x, signal, p.place, (-1, -1), now)
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
def way_of(m: Any, s: Any, x: Any, p: Any, row: Any, word: Any, now: Any) -> Any:
    """A way of a row at a 32-bit word: action, service, delay, whether all that is held is given back."""
    if row < 0:
        return EXIT, np.int64(-1), np.int64(0), np.int64(0)
    first, last = m.next_ptr[row], m.next_ptr[row + 1]
    chosen = pick(m.next_cum, first, last, word)
    if x.answers[p.service] and x.next_to[chosen] != NO_CHOICE:
        luck_of_switch, who = luck(m, p.key, p.service, p.visit, SWITCH), (p.home, p.acuity)
        items = m.next_cum, first, last, x.next_to, x.next_pull
        chosen = alternative(m, s, x, items, chosen, who, luck_of_switch, now)
    item, delay = m.next_item[chosen], np.int64(0)
    if m.next_action[item] == FOLLOW:
        delay = np.int64(quantile(m.quantile[m.next_delay[item]], remainder(m.next_cum, first, chosen, word)))
    return m.next_action[item], m.next_service[item], delay, x.next_gives_all[item]


@called
def way_on(m: Any, s: Any, x: Any, slot: Any, had_held: Any, accepted: Any, now: Any) -> Any:
    """As ``lookups.after``; what the way says of units that are held is noted."""
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


__all__ = ["end_contact", "way_on"]
