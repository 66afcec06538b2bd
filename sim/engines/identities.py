"""What holds in every run, checked after each: the contacts against the model, and against what the engine counted.

An engine that breaks one of these has an error; its run is refused, with the contact or the pool that shows it.
"""

from __future__ import annotations

import numpy as np

from sim.engines.chains import check_chains
from sim.engines.evidence import BrokenIdentity, Evidence
from sim.engines.loads import check_loads
from sim.engines.tally import Tally
from sim.tables import ABSENT, LEVELS, Contacts, Episodes, Model, Origin, Outcome

DONE, LEFT, TURNED_AWAY, UNSERVED, OPEN = map(int, Outcome)
START, END, RELEASE = 1, 2, 4
TIMES_OF = {
    DONE: (START + END, START + END + RELEASE),
    LEFT: (RELEASE,),
    TURNED_AWAY: (RELEASE,),
    UNSERVED: (0,),
    OPEN: (0, START),
}


def check_identities(model: Model, episodes: Episodes, contacts: Contacts, tally: Tally) -> None:
    """Raises BrokenIdentity at the first identity that the contacts of a run break."""
    run = Evidence(model, episodes, contacts)
    _codes(run)
    _times(run)
    _destinations(run)
    _levels(run)
    check_chains(run, tally)
    check_loads(run, tally)


def _codes(run: Evidence) -> None:
    """Every number stands for something."""
    c, m = run.c, run.m
    bounds = (
        ("episode", c.episode, 0, len(run.e.time)), ("service", c.service, 0, len(m.services)),
        ("site", c.site, -1, len(m.sites)), ("pool", c.pool, -1, len(m.pools)), ("origin", c.origin, 0, len(Origin)),
        ("place", c.place, 0, len(m.zones) + len(m.sites)), ("outcome", c.outcome, 0, len(Outcome)),
    )  # fmt: skip
    for name, column, low, end in bounds:
        if run.rows and not (low <= column.min() and column.max() < end):
            run.require(f"{name} is from {low} to {end - 1}", (low <= column) & (column < end))


def _times(run: Evidence) -> None:
    """Each outcome has its times, in order; rows are in the order in which contacts were asked for."""
    c = run.c
    allowed = np.zeros((len(Outcome), 8), dtype=bool)
    for outcome, times in TIMES_OF.items():
        allowed[outcome, list(times)] = True
    end, release = c.end != ABSENT, c.release != ABSENT
    had = run.started * np.int8(START) + end * np.int8(END) + release * np.int8(RELEASE)
    run.require("an outcome has the times that belong to it", allowed[c.outcome, had])
    run.require("nobody starts before asking", (c.start >= c.request) | ~run.started)
    run.require("no service ends before it starts", (c.end >= c.start) | ~end)
    run.require("no unit is free before service ends", (c.release >= c.end) | ~release)
    run.require("nobody leaves before asking", (c.release >= c.request) | ~release)
    early = (c.request < 0) | ((c.start < 0) & run.started)
    run.require("only who is there when the run starts asked before", ~early | (c.origin == Origin.INITIAL))
    run.require("nothing ends before the run starts", ((c.end >= 0) | ~end) & ((c.release >= 0) | ~release))
    for name in ("request", "start", "end", "release"):
        column = getattr(c, name)
        if run.rows and column.max() >= run.m.horizon:
            run.require(f"nothing happens at the horizon or later: {name}", column < run.m.horizon)
    asked = np.maximum(c.request, 0)
    run.require("contacts are in the order of their requests", np.diff(asked) >= 0, np.arange(1, run.rows))


def _destinations(run: Evidence) -> None:
    """A contact is where its service is offered to its patient, in the pool of the offer; else it needs no site."""
    c, m, e = run.c, run.m, run.e
    at_site = c.site >= 0
    offered = np.where(run.offer >= 0, m.offer_pool[run.offer], -1) if len(m.offer_pool) else np.full(run.rows, -1)
    run.require("a contact at a site is at an offer of its service", (run.offer >= 0) | ~at_site)
    run.require("a contact uses the pool of its offer", c.pool == offered)
    chosen = m.choice_set[c.service, e.need[c.episode], e.age[c.episode]]
    unserved = c.outcome == UNSERVED
    run.require("a contact without site needs none, or is unserved", at_site | unserved | (chosen == -1))
    run.require("an unserved contact has no site", ~(at_site & unserved))
    listed, places = _listed(run), len(m.zones) + len(m.sites)
    sent = np.flatnonzero(at_site & ((c.origin != Origin.INITIAL) | (chosen < 0)))
    row, site = np.maximum(chosen[sent], 0) * places, c.site[sent]
    fits = listed[row + e.zone[c.episode[sent]], site] | listed[row + c.place[sent], site]
    run.require("a site serves the patient's home, need and age", fits & (chosen[sent] >= 0), sent)
    still = run.m.keeps_at_close[c.service] & (run.m.queue_limit[c.service] < 0) & (c.outcome == TURNED_AWAY)
    kept = np.flatnonzero(still & (run.offer >= 0))
    closed = (m.offer_open[:, run.offer[kept]] == 0).any(axis=0)
    run.require("nobody is turned away from a queue without limit that is kept", closed, kept)


def _listed(run: Evidence) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """[K * O, T] whether a site is among those of a choice set at a place."""
    m = run.m
    rows = len(m.nearest_ptr) - 1
    listed = np.zeros((max(rows, 1), max(len(m.sites), 1)), dtype=np.bool_)
    listed[np.repeat(np.arange(rows), np.diff(m.nearest_ptr)), m.nearest_site] = True
    return listed


def _levels(run: Evidence) -> None:
    """Contacts of a level are the sum over their origins, and of all levels all contacts."""
    c, m = run.c, run.m
    here = m.offer_level[run.offer] if len(m.offer_level) else -1
    level = np.where(run.offer >= 0, here, m.siteless_level[c.service])
    total = np.bincount(level, minlength=len(LEVELS))
    parts = np.bincount(level * len(Origin) + c.origin, minlength=len(LEVELS) * len(Origin))
    for name, contacts, by_origin in zip(LEVELS, total, parts.reshape(len(LEVELS), -1).sum(axis=1), strict=True):
        if contacts != by_origin:
            raise BrokenIdentity(f"contacts of a level are the sum over their origins: {name}, {contacts}, {by_origin}")


__all__ = ["BrokenIdentity", "check_identities"]
