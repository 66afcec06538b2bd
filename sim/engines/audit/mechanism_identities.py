"""What holds besides where a model has more than plain queues: units within units, hours, pools in order."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.engines.audit.evidence import SECONDS, BrokenIdentity, Mask, contact_text, may_go_on
from sim.model.codes import ABSENT, Action, Codes, Ints, Mode, Origin, Outcome
from sim.model.tables import Contacts, Episodes, Model

DONE, LEFT, TURNED_AWAY, UNSERVED, _, MISSED = map(int, Outcome)


class MechanismIdentities:
    """The contacts of a run that uses units within units, hours of starting and ending, several pools, appointments."""

    def __init__(self, model: Model, episodes: Episodes, contacts: Contacts) -> None:
        self.m, self.e, self.c = model, episodes, contacts

    def check(self) -> None:
        """Raises BrokenIdentity at the first contact that breaks one."""
        m = self.m
        if (m.next_action == Action.WITHIN).any():
            self._held_units()
        if len(m.offer_pools) > len(m.offer_pool):
            self._spilled()
        if m.starts_limited.any():
            self._starts()
        if m.ends_limited.any():
            self._ends()
        if (m.not_before >= 0).any():
            self._ready()
        if (self.c.outcome == MISSED).any():
            self._no_shows()
        if m.carries.any():
            self._carriage()

    def _require(self, identity: str, rows: Ints, holds: Mask) -> None:
        if not holds.all():
            raise BrokenIdentity(f"{identity}: {contact_text(self.m, self.c, int(rows[np.argmin(holds)]))}")

    def _when(self, times: Codes, rows: Ints) -> Ints:
        """Episode and time of rows as one number."""
        return self.c.episode[rows].astype(np.int64) * SECONDS + times[rows]

    @cached_property
    def goes_on(self) -> Mask:
        """[contacts] whether each may have begun in a unit that the patient had: one is left as it starts."""
        return may_go_on(self.m, self.c)

    @cached_property
    def _group(self) -> Ints:
        e, c = self.e, self.c
        return self.m.class_of(*(who[c.episode] for who in (e.zone, e.need, e.age, e.acuity)))

    @cached_property
    def _anew(self) -> Ints:
        """Rows that started in the run, in a unit that the patient did not have, or without one."""
        c = self.c
        there = (c.origin == Origin.INITIAL) & (c.start < 0)
        return np.flatnonzero((c.start != ABSENT) & ~there & ~self.goes_on)

    def _phase(self, second: Codes) -> Ints:
        return np.searchsorted(self.m.phase_start, second, side="right") - 1

    def _held_units(self) -> None:
        """A unit that is held after its service is given back when a later contact starts, ends or comes to nothing."""
        c = self.c
        drives_back = np.append(self.m.tour_milli > 0, False)[c.pool]
        lasting = np.flatnonzero((c.release != ABSENT) & (c.end != ABSENT) & (c.release > c.end) & ~drives_back)
        held = np.zeros(len(self.e.time), dtype=np.bool_)
        held[c.episode[lasting]] = True
        theirs = np.flatnonzero(held[c.episode])  # all contacts of those who held one: the others' are many
        started, ended = theirs[c.start[theirs] != ABSENT], theirs[c.end[theirs] != ABSENT]
        gone, unserved = theirs[c.start[theirs] == ABSENT], theirs[c.outcome[theirs] == UNSERVED]
        moments = [(c.start, started), (c.end, ended), (c.release, gone), (c.request, unserved)]
        there = np.sort(np.concatenate([self._when(times, rows) for times, rows in moments]))
        mine = self._when(c.release, lasting)
        law = "a unit that is held is given back when a contact of the episode starts, ends or comes to nothing"
        self._require(law, lasting, there[np.minimum(np.searchsorted(there, mine), len(there) - 1)] == mine)

    def _spilled(self) -> None:
        """Who starts in a further pool has waited as long as that pool asks for."""
        m, c = self.m, self.c
        rows = self._anew[(c.site[self._anew] >= 0) & (c.pool[self._anew] >= 0)]
        offer = m.offer[c.site[rows], c.service[rows]]
        further = np.flatnonzero(c.pool[rows] != m.offer_pool[offer])
        rows, offer = rows[further], offer[further]
        delay = np.full((len(m.offer_pool), len(m.pools)), 1 << 40, dtype=np.int64)
        for g in range(len(delay)):
            some = slice(m.offer_pools_ptr[g], m.offer_pools_ptr[g + 1])
            delay[g, m.offer_pools[some]] = np.maximum.accumulate(m.offer_spill_s[some])
        waited = np.maximum(c.start[rows], 0).astype(np.int64) - c.request[rows]
        self._require("nobody starts in a further pool before its delay", rows, waited >= delay[offer, c.pool[rows]])

    def _starts(self) -> None:
        """Nobody starts outside the hours of starting, but who goes on in a unit or was there before the run."""
        rows = self._anew[self.m.starts_limited[self.c.service[self._anew]] == 1]
        holds = self._is_open("starts", self.c.service[rows], self.c.start[rows])
        self._require("nobody starts outside the hours of starting", rows, holds)

    def _ends(self) -> None:
        """No service ends outside its hours of ending."""
        ended = np.flatnonzero(self.c.end != ABSENT)
        rows = ended[self.m.ends_limited[self.c.service[ended]] == 1]
        holds = self._is_open("ends", self.c.service[rows], self.c.end[rows])
        self._require("no service ends outside its hours of ending", rows, holds)

    def _is_open(self, name: str, service: Codes, second: Codes) -> Mask:
        ptr, time = getattr(self.m, f"{name}_ptr"), getattr(self.m, f"{name}_time")
        is_open = np.zeros(len(service), dtype=np.bool_)
        for s in np.unique(service):
            some = service == s
            is_open[some] = np.searchsorted(time[ptr[s] : ptr[s + 1]], second[some], side="right") % 2 == 1
        return is_open

    def _ready(self) -> None:
        """No appointment starts before the shortest delay that its rule can draw."""
        m, c = self.m, self.c
        early = (c.origin == Origin.INITIAL) & (c.request <= -m.start_queue[c.service])
        rows = self._anew[(c.pool[self._anew] >= 0) & ~early[self._anew]]
        table = m.not_before[self._phase(c.request[rows]), c.service[rows], self._group[rows]]
        rows, table = rows[table >= 0], table[table >= 0]
        least = m.quantile[table, 0]
        self._require("no appointment starts before its delay", rows, c.start[rows] >= c.request[rows] + least)

    def _no_shows(self) -> None:
        """Only an appointment that may be missed is, and by nobody who had the unit in the contact just before."""
        m, c = self.m, self.c
        rows = np.flatnonzero(c.outcome == MISSED)
        before = np.flatnonzero(self._next_row >= 0)
        after = self._next_row[before]
        kept = after[(c.pool[before] == c.pool[after]) & (c.pool[after] >= 0) & (c.release[before] == c.start[after])]
        may = m.miss_row[self._phase(c.start[rows]), c.service[rows], self._group[rows]] >= 0
        self._require(
            "who misses an appointment is one who may", rows, may & ~(self.goes_on[rows] & np.isin(rows, kept))
        )

    def _carriage(self) -> None:
        """A team that may carry comes back from its patient's home, or from the site where that patient asks next."""
        m, c = self.m, self.c
        rows = np.flatnonzero((c.release != ABSENT) & (c.start >= 0) & (m.carries[c.service] == 1) & (c.pool >= 0))
        base, tour = m.pool_site[c.pool[rows]], m.tour_milli[c.pool[rows]]
        release, end = c.release[rows].astype(np.int64), c.end[rows].astype(np.int64)
        drive = m.travel_s[self.e.zone[c.episode[rows]], base] * tour // 1000
        alone = (release - end >= drive) & (release - end <= drive + 1)  # each is rounded down once
        after = self._next_row[rows]
        carried = (after >= 0) & (c.site[after] >= 0) & (m.mode[c.service[after]] == Mode.WALK_IN)
        away = m.travel_s[len(m.zones) + np.maximum(c.site[after], 0), base] * tour // 1000
        carried &= release == c.request[after] + away
        self._require("a team comes back from a home, or from where it carried the patient", rows, alone | carried)

    @cached_property
    def _next_row(self) -> Ints:
        """[contacts] row of the next contact of the episode, -1 if there is none."""
        order = np.argsort(self.c.episode, kind="stable")
        same = self.c.episode[order[1:]] == self.c.episode[order[:-1]]
        next_row = np.full(len(order), -1, dtype=np.int64)
        next_row[order[:-1][same]] = order[1:][same]
        return next_row


__all__ = ["MechanismIdentities"]
