"""What the model's tables say to one patient: how long, what comes next. Nothing here changes anything.

As ``sim.engines.reference.decisions`` says it, on arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.jit import inlined
from sim.engines.compiled.layout import VISITS, Stage
from sim.model.codes import ACUITIES, NEVER, Action, Origin, Outcome, Purpose
from sim.model.randomness import draw, salt
from sim.model.rules import phase_of, quantile

COURSE, WAIT = int(Purpose.COURSE), int(Purpose.WAIT)
FIRST, SHIFTED, INDUCED, SWITCHED, FELL_BACK, LEFT_ELSEWHERE, REFERRED, FOLLOWED, INITIAL = map(int, Origin)
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
def due_at(m: Any, p: Any) -> Any:
    """The second by which a request is to start, which is its place in the queue."""
    column = m.zone_area[p.home] * ACUITIES + p.acuity
    return p.asked + m.target[phase_at(m, p.asked), p.service, column]


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


__all__ = [
    "FIRST", "INDUCED", "INITIAL", "SHIFTED", "SWITCHED", "due_at", "duration", "high", "low", "luck", "out_of",
    "patience", "phase_at", "remainder", "signed",
]  # fmt: skip
