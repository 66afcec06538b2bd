"""What the model's tables say to one patient: first contact, how long, what comes next. Nothing here changes anything.

As ``sim.engines.reference.decisions`` says it, on arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.jit import inlined
from sim.engines.compiled.layout import VISITS, Stage
from sim.model.codes import NEVER, Action, Origin, Outcome, Purpose
from sim.model.randomness import draw, salt
from sim.model.rules import phase_of, pick, quantile

COURSE, WAIT = int(Purpose.COURSE), int(Purpose.WAIT)
FIRST, SHIFTED, INDUCED, DETERRED, FELL_BACK, LEFT_ELSEWHERE, REFERRED, FOLLOWED, INITIAL = map(int, Origin)
EXIT, AT_ONCE, HOLDING, FOLLOW, *_ = map(int, Action)
DONE, TURNED_AWAY = int(Outcome.DONE), int(Outcome.TURNED_AWAY)
STARTED = int(Stage.STARTED)
HALF = np.uint64(0xFFFFFFFF)
TO_HIGH = np.uint64(32)
DURATION, PATIENCE, NEXT_ROW, LEAVE_ROW = range(4)  # of a cell


@inlined
def high(word: Any) -> Any:
    """The upper half of a random word, out of 2**32."""
    return np.int64(word >> TO_HIGH)


@inlined
def low(word: Any) -> Any:
    """The lower half of a random word, out of 2**32."""
    return np.int64(word & HALF)


@inlined
def unsigned(number: Any) -> Any:
    """A number as a 64-bit word without sign."""
    return np.uint64(number)


@inlined
def signed(draw: Any) -> Any:
    """A draw of 32 bits as a number to calculate with."""
    return np.int64(draw)


@inlined
def out_of(part: Any, whole: Any) -> Any:
    """``part`` of ``whole`` as a part of 2**32; without sign, since the product can be above 2**63."""
    return np.int64((np.uint64(part) << TO_HIGH) // np.uint64(whole))


@inlined
def remainder(cum: Any, first: Any, chosen: Any, word: Any) -> Any:
    """As ``rules.remainder``."""
    below = cum[chosen - 1] if chosen > first else np.int64(0)
    return out_of(word - below, cum[chosen] - below)


@inlined
def luck(m: Any, key: Any, service: Any, visit: Any, purpose: Any) -> Any:
    """The random word of an episode's visit to a service, for a purpose."""
    return word_of(m.salt, m.service_hash, key, service, visit, purpose)


@inlined
def word_of(salts: Any, hashes: Any, key: Any, service: Any, visit: Any, purpose: Any) -> Any:
    """A draw, with the salt of a first visits from the table."""
    if visit < VISITS:
        return draw(key, salts[service, visit, purpose])
    return draw(key, salt(hashes[service], unsigned(visit), unsigned(purpose)))


@inlined
def phase_at(m: Any, second: Any) -> Any:
    """The phase in which a second lies."""
    return 0 if len(m.phase_start) == 1 else phase_of(m.phase_start, second)


@inlined
def first_contact(m: Any, e: Any, i: Any, group: Any) -> Any:
    """Service, origin, and where and after how long a lever's shift is going to fail (-1: it is not)."""
    if e.service[i] >= 0:
        return np.int64(e.service[i]), INITIAL if e.site[i] >= 0 else INDUCED, -1, 0
    phase, word = phase_at(m, e.time[i]), signed(e.first_draw[i])
    row = m.first_row[phase, group]
    first = m.first_ptr[row]
    chosen = pick(m.first_cum, first, m.first_ptr[row + 1], word)
    service = m.first_item[chosen]
    shifts = m.shift_row[phase, group, service]
    if shifts >= 0:
        begin, end, luck_of_shift = m.shift_ptr[shifts], m.shift_ptr[shifts + 1], signed(e.shift_draw[i])
        j = pick(m.shift_cum, begin, end, luck_of_shift)
        if j < end:
            shift, rest = m.shift_item[j], remainder(m.shift_cum, begin, j, luck_of_shift)
            fail = m.shift_fail[shift]
            if rest >= fail:
                return m.shift_to[shift], SHIFTED, -1, 0
            delay = quantile(m.quantile[m.shift_delay[shift]], out_of(rest, fail))
            return m.shift_to[shift], SHIFTED, service, delay
    if service == m.deter_from:
        deter = m.deter[phase, e.zone[i], e.acuity[i]]
        if deter and remainder(m.first_cum, first, chosen, word) < deter:
            return m.deter_to, DETERRED, -1, 0
    return service, FIRST, -1, 0


@inlined
def duration(m: Any, p: Any, course: Any, start: Any) -> Any:
    """Duration of a service that starts at ``start``, s."""
    table = m.cell[phase_at(m, start), p.service, p.group, DURATION]
    return quantile(m.quantile[table], high(course))


@inlined
def patience(m: Any, p: Any) -> Any:
    """How long the patient waits for the start of service, s; without end: NEVER."""
    table = m.cell[phase_at(m, p.asked), p.service, p.group, PATIENCE]
    if table < 0:
        return NEVER
    return quantile(m.quantile[table], high(luck(m, p.key, p.service, p.visit, WAIT)))


@inlined
def after(m: Any, p: Any, was_held: Any, accepted: Any, now: Any) -> Any:
    """What a contact leads to: action, service, origin, delay in seconds.

    ``was_held``: the patient gave up with another unit in hand; ``accepted``: one may wait at the offer now.
    """
    done = p.outcome == DONE
    if done and p.fail_service >= 0:
        return FOLLOW, np.int64(p.fail_service), FELL_BACK, np.int64(p.fail_delay)
    instead = m.fallback[p.service]
    if p.outcome == TURNED_AWAY:
        if instead < 0 and accepted:
            return EXIT, -1, 0, 0
        return AT_ONCE, instead if instead >= 0 else np.int64(p.service), FELL_BACK, 0
    if not done and was_held and instead >= 0:
        return AT_ONCE, instead, LEFT_ELSEWHERE, 0
    row = m.cell[phase_at(m, now), p.service, p.group, NEXT_ROW if done else LEAVE_ROW]
    if row < 0:
        return EXIT, -1, 0, 0
    word = low(p.course if done else luck(m, p.key, p.service, p.visit, WAIT))
    first = m.next_ptr[row]
    chosen = pick(m.next_cum, first, m.next_ptr[row + 1], word)
    item = m.next_item[chosen]
    action, delay = m.next_action[item], 0
    if action == FOLLOW:
        delay = quantile(m.quantile[m.next_delay[item]], remainder(m.next_cum, first, chosen, word))
    origin = (FOLLOWED if action == FOLLOW else REFERRED) if done else LEFT_ELSEWHERE
    return action, m.next_service[item], origin, delay


__all__ = ["after", "duration", "first_contact", "luck", "patience", "phase_at"]
