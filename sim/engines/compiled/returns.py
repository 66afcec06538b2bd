"""Teams that come back to their base: from the home of the patient, or from the site to which they carried them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.event_list import add
from sim.engines.compiled.jit import inlined
from sim.engines.compiled.queues import RETURNING, SERVICE_END, take_slot
from sim.model.codes import Action, Mode

CARRIED, WALK_IN = int(Action.CARRIED), int(Mode.WALK_IN)


@inlined
def come_back(m: Any, s: Any, x: Any, slot: Any, when: Any) -> None:
    """The team of the patient's contact is at its base at second ``when``; its unit is as it was when it left."""
    p, q = s.slots[slot], x.more[slot]
    q.back = -1
    if when < m.horizon:
        team = take_slot(s)
        t, u = s.slots[team], x.more[team]
        t.stage, t.pool, t.row, t.episode = RETURNING, q.team, p.row, p.episode
        add(s, when, SERVICE_END, p.episode, team)
        u.sequence, u.shift = s.clock[0].sequence, q.shift


@inlined
def wait_no_more(m: Any, s: Any, x: Any, slot: Any) -> None:
    """A team that waits for the patient, if there is one, drives home without them."""
    if x.more[slot].back >= 0:
        come_back(m, s, x, slot, np.int64(x.more[slot].back))


@inlined
def set_off(m: Any, s: Any, x: Any, slot: Any, site: Any, now: Any) -> None:
    """A team that waits for the patient leaves for the site of the next contact, if there is one, and then home."""
    p, q = s.slots[slot], x.more[slot]
    if q.back >= 0:
        when = np.int64(q.back)
        if q.way == CARRIED and site >= 0 and m.mode[p.service] == WALK_IN:
            base, tour = m.pool_site[q.team], m.tour_milli[q.team]
            away = m.travel_s[m.zones + site, base] * tour // 1000
            when = now + m.travel_s[p.came_from, site] + away
        come_back(m, s, x, slot, when)


__all__ = ["CARRIED", "come_back", "set_off", "wait_no_more"]
