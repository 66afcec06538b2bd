"""The first contact of an episode, as ``sim.engines.reference.first_contacts`` says it, on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.jit import inlined
from sim.engines.compiled.lookups import (
    FIRST,
    INDUCED,
    INITIAL,
    SHIFTED,
    SWITCHED,
    luck,
    out_of,
    phase_at,
    remainder,
    signed,
)  # fmt: skip
from sim.engines.compiled.switching import alternative
from sim.model.codes import Purpose
from sim.model.rules import pick, quantile

SWITCH, FIRST_OF_ALL = int(Purpose.SWITCH), 0  # the visit of a choice before any visit


@inlined
def first_contact(m: Any, e: Any, s: Any, p: Any, i: Any) -> Any:
    """Service, origin, and where and after how long a lever's shift is going to fail (-1: it is not)."""
    if e.service[i] >= 0:
        return np.int64(e.service[i]), INITIAL if e.site[i] >= 0 else INDUCED, -1, 0
    phase, word = phase_at(m, e.time[i]), signed(e.first_draw[i])
    row = m.first_row[phase, p.group]
    first = m.first_ptr[row]
    chosen = pick(m.first_cum, first, m.first_ptr[row + 1], word)
    service = m.first_item[chosen]
    shifts = m.shift_row[phase, p.group, service]
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
    if m.switches[phase, p.group]:
        luck_of_switch = luck(m, e.key[i], service, FIRST_OF_ALL, SWITCH)
        items = m.first_cum, first, m.first_ptr[row + 1], m.first_item, m.first_pull
        j = alternative(m, s, items, chosen, p, luck_of_switch, np.int64(e.time[i]))
        return np.int64(m.first_item[j]), FIRST if j == chosen else SWITCHED, -1, 0
    return service, FIRST, -1, 0


__all__ = ["first_contact"]
