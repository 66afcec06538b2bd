"""Pools whose shifts begin anew or hand over: of those who started since a shift began, no more are in use than it has.

Where shifts hand over, the table does not say when a contact was interrupted. Nobody is between two ends of shifts, so
the same holds there. Time that was waited and time in a unit are then exact only together; the first is no less, the
second no more than what request, start and release say.
"""

from __future__ import annotations

import numpy as np

from sim.engines.audit.evidence import BrokenIdentity, contact_text
from sim.engines.audit.tally import Tally
from sim.model.codes import ABSENT, Ints, ShiftRule
from sim.model.tables import Contacts, Model

SECONDS = 1 << 32


def check_shifts(model: Model, c: Contacts) -> None:
    """Raises BrokenIdentity at a contact that started in a unit that its shift does not have."""
    for pool in np.flatnonzero(renews(model)):
        rows = np.flatnonzero((c.pool == pool) & (c.start != ABSENT))
        start, release = np.maximum(c.start[rows], 0).astype(np.int64), c.release[rows].astype(np.int64)
        release = np.where(release == ABSENT, model.horizon, release)
        who = c.episode[rows].astype(np.int64) * SECONDS
        anew = ~np.isin(who + start, who + release) | (c.start[rows] != c.request[rows])
        if model.swap_ptr[pool] < model.swap_ptr[pool + 1]:  # a unit that was exchanged may be one of the shift before
            anew &= ~np.isin(start, release)
        steps = slice(model.capacity_ptr[pool], model.capacity_ptr[pool + 1])
        times, units = np.maximum(model.capacity_time[steps], 0), model.capacity_value[steps]
        for k, begin in enumerate(times):
            end = times[k + 1] if k + 1 < len(times) else model.horizon
            mine = np.flatnonzero(anew & (start >= begin) & (start < end))
            slack = int((release == begin).sum())  # given back in that second, maybe before the shift ended
            over = _beyond(start[mine], release[mine], int(units[k]) + slack)
            if over >= 0:
                contact = contact_text(model, c, int(rows[mine[over]]))
                raise BrokenIdentity(f"nobody starts beyond the units of a shift of {model.pools[pool]}: {contact}")


def _beyond(start: Ints, release: Ints, units: int) -> int:
    """Which of these starts first finds so many of them in use; -1 if none does."""
    order, ends = np.argsort(start, kind="stable"), np.sort(release)
    users = np.arange(1, len(start) + 1) - np.searchsorted(ends, start[order], side="right")
    beyond = np.flatnonzero(users > units)
    return int(order[beyond[0]]) if len(beyond) else -1


def renews(model: Model) -> Ints:
    """[P] 1: units in use do not count against the capacity for as long as the contact lasts."""
    renews_units: Ints = np.isin(model.shift_rule, (ShiftRule.FRESH, ShiftRule.HAND_OVER)).astype(np.int64)
    return renews_units


def check_interrupted(model: Model, tally: Tally, waited: Ints, used: Ints) -> Ints:
    """[P] 1: the pool hands over. Raises BrokenIdentity where time by the contacts (s, [P]) is not what was counted."""
    hands_over: Ints = (model.shift_rule == ShiftRule.HAND_OVER).astype(np.int64)
    there = (tally.queue_s + tally.users_s == waited + used) & (tally.queue_s >= waited)
    for p in np.flatnonzero((hands_over == 1) & ~there)[:1]:
        seconds = f"{waited[p]} and {used[p]} by the contacts, {tally.queue_s[p]} and {tally.users_s[p]} event by event"
        raise BrokenIdentity(f"who is interrupted waits: seconds waited and in units of {model.pools[p]}: {seconds}")
    return hands_over


__all__ = ["check_interrupted", "check_shifts", "renews"]
