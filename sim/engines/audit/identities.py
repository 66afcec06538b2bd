"""What holds in every run, checked after each: the contacts against the model, and against what the engine counted.

An engine that breaks one of these has an error; its run is refused, with the contact or the pool that shows it.
"""

from __future__ import annotations

import numpy as np

from sim.engines.audit.evidence import BrokenIdentity, Evidence, Mask, blocks, look
from sim.engines.audit.mechanism_identities import MechanismIdentities
from sim.engines.audit.pool_integrals import Loads
from sim.engines.audit.routing import Chains
from sim.engines.audit.tally import Tally
from sim.model.codes import ABSENT, ACUITIES, LEVELS, Ints, Origin, Outcome
from sim.model.tables import Contacts, Episodes, Model

BLOCK = 1 << 15  # contacts at a time: their columns stay in the processor's cache
DONE, LEFT, TURNED_AWAY, UNSERVED, OPEN, MISSED = map(int, Outcome)
START, END, RELEASE = 1, 2, 4
TIMES_OF = {
    DONE: (START + END, START + END + RELEASE),
    LEFT: (RELEASE,),
    TURNED_AWAY: (RELEASE,),
    UNSERVED: (0,),
    OPEN: (0, START),
    MISSED: (START, START + END, START + END + RELEASE),
}
ALLOWED = np.array([[times in TIMES_OF[outcome] for times in range(8)] for outcome in range(len(Outcome))])


def check_identities(model: Model, episodes: Episodes, contacts: Contacts, tally: Tally) -> None:
    """Raises BrokenIdentity at the first identity that the contacts of a run break."""
    try:
        _check(model, episodes, contacts, tally, BLOCK)
    except BrokenIdentity as broken:
        fault = broken
    else:
        return
    _check(model, episodes, contacts, tally, len(contacts.episode) or 1)  # all at once: identity after identity
    raise fault


def _check(model: Model, episodes: Episodes, contacts: Contacts, tally: Tally, size: int) -> None:
    destinations, levels = Destinations(model), Levels(model)
    chains, mechanisms = Chains(model, episodes), MechanismIdentities(model, episodes, contacts)
    loads = Loads(model, contacts, mechanisms)
    last_request = 0  # second of the request in the row before the block
    for run in blocks(model, episodes, contacts, size):
        _codes(run)
        last_request = _times(run, last_request)
        destinations.check(run)
        levels.add(run)
        chains.check(run)
        loads.add(run)
    levels.check()
    chains.check_lost(tally)
    loads.check(tally)
    mechanisms.check()


def _codes(run: Evidence) -> None:
    """Every number stands for something."""
    c, m = run.c, run.m
    bounds = (
        ("episode", c.episode, 0, len(run.e.time)), ("service", c.service, 0, len(m.services)),
        ("site", c.site, -1, len(m.sites)), ("pool", c.pool, -1, len(m.pools)), ("origin", c.origin, 0, len(Origin)),
        ("place", c.place, 0, len(m.zones) + len(m.sites)), ("outcome", c.outcome, 0, len(Outcome)),
    )  # fmt: skip
    for name, column, low, end in bounds:
        if not (low <= column.min() and column.max() < end):
            run.require(f"{name} is from {low} to {end - 1}", (low <= column) & (column < end))


def _times(run: Evidence, last_request: int) -> int:
    """Each outcome has its times, in order; rows are in the order in which contacts were asked for.

    ``last_request``: second of the request in the row before the first; returns that of the last.
    """
    c = run.c
    end, release = c.end != ABSENT, c.release != ABSENT
    had = run.started * np.int8(START) + end * np.int8(END) + release * np.int8(RELEASE)
    run.require("an outcome has the times that belong to it", look(ALLOWED, c.outcome, had))
    run.require("nobody starts before asking", (c.start >= c.request) | ~run.started)
    run.require("no service ends before it starts", (c.end >= c.start) | ~end)
    run.require("no unit is free before service ends", (c.release >= c.end) | ~release)
    run.require("nobody leaves before asking", (c.release >= c.request) | ~release)
    early = (c.request < 0) | ((c.start < 0) & run.started)
    run.require("only who is there when the run starts asked before", ~early | (c.origin == Origin.INITIAL))
    run.require("nothing ends before the run starts", ((c.end >= 0) | ~end) & ((c.release >= 0) | ~release))
    for name in ("request", "start", "end", "release"):
        column = getattr(c, name)
        if column.max() >= run.m.horizon:
            run.require(f"nothing happens at the horizon or later: {name}", column < run.m.horizon)
    requests = np.maximum(c.request, 0)
    in_order = np.append(requests[0] >= last_request, requests[1:] >= requests[:-1])
    run.require("contacts are in the order of their requests", in_order)
    return int(requests[-1])


class Destinations:
    """A contact is where its service is offered to its patient, in the pool of the offer; else it needs no site."""

    def __init__(self, model: Model) -> None:
        self.offers, siteless = len(model.offer_pool), np.zeros(len(model.services), dtype=np.int64)
        self.pool = np.concatenate([model.offer_pool, siteless - 1])  # by stop
        self.closes = (model.offer_open == 0).any(axis=0)  # [G] in some phase
        by_class = np.repeat(model.choice_set.reshape(len(siteless), -1), ACUITIES, axis=1)
        self.chosen = np.tile(by_class, (1, model.areas))  # [S, C]
        takes_all = (model.refuse_row < 0).all(axis=(0, 2))
        self.kept = (model.keeps_at_close > 0) & (model.queue_limit < 0) & takes_all  # [S]
        self.pools = len(model.pools)
        self.used = np.repeat(np.arange(self.offers), np.diff(model.offer_pools_ptr)) * self.pools + model.offer_pools
        self.places, rows = len(model.zones) + len(model.sites), len(model.nearest_ptr) - 1
        self.listed: Mask = np.zeros((max(rows, 1), max(len(model.sites), 1)), dtype=np.bool_)  # [K * O, T]
        self.listed[np.repeat(np.arange(rows), np.diff(model.nearest_ptr)), model.nearest_site] = True

    def check(self, run: Evidence) -> None:
        """Raises BrokenIdentity if a contact is where it cannot be."""
        c, at_site, unserved = run.c, run.c.site >= 0, run.c.outcome == UNSERVED
        run.require("a contact at a site is at an offer of its service", (run.stop < self.offers) | ~at_site)
        first = c.pool == self.pool.take(run.stop)
        further = np.flatnonzero(~first)
        some = np.isin(run.stop[further] * self.pools + c.pool[further], self.used) & (c.pool[further] >= 0)
        first[further] = run.started[further] & some
        run.require("a contact uses the pool of its offer", first)
        chosen = look(self.chosen, c.service, run.group)
        run.require("a contact without site needs none, or is unserved", at_site | unserved | (chosen == -1))
        run.require("an unserved contact has no site", ~(at_site & unserved))
        sent = np.flatnonzero(at_site & ((c.origin != Origin.INITIAL) | (chosen < 0)))
        serves = self._serves(run, sent, chosen.take(sent))
        run.require("a site serves the patient's home, need and age", serves, sent)
        away = np.flatnonzero((c.outcome == TURNED_AWAY) & at_site)
        away = away[self.kept[c.service[away]]]
        law = "nobody is turned away from a queue without limit that is kept"
        run.require(law, self.closes[run.stop[away]], away)

    def _serves(self, run: Evidence, rows: Ints, chosen: Ints) -> Mask:
        """Whether the site of each row is among those of its choice set at home, or else where the patient was."""
        table, site = np.maximum(chosen, 0) * self.places, run.c.site.take(rows)
        serves = look(self.listed, table + run.home.take(rows), site)
        other = np.flatnonzero(~serves)
        serves[other] = look(self.listed, table[other] + run.c.place[rows[other]], site[other])
        return serves & (chosen >= 0)


class Levels:
    """Contacts of a level are the sum over their origins, and of all levels all contacts."""

    def __init__(self, model: Model) -> None:
        self.of = np.concatenate([model.offer_level, model.siteless_level])  # [G + S] of offers, and without site
        self.total = np.zeros(len(LEVELS), dtype=np.int64)
        self.parts = np.zeros(len(LEVELS) * len(Origin), dtype=np.int64)

    def add(self, run: Evidence) -> None:
        """Counts contacts."""
        level = self.of.take(run.stop)
        self.total += np.bincount(level, minlength=len(self.total))
        self.parts += np.bincount(level * len(Origin) + run.c.origin, minlength=len(self.parts))

    def check(self) -> None:
        """Raises BrokenIdentity at a level whose contacts are not those of its origins."""
        by_origin = self.parts.reshape(len(LEVELS), -1).sum(axis=1)
        for name, contacts, parts in zip(LEVELS, self.total, by_origin, strict=True):
            if contacts != parts:
                raise BrokenIdentity(f"contacts of a level are the sum over their origins: {name}, {contacts}, {parts}")


__all__ = ["BrokenIdentity", "check_identities"]
