"""From contact to contact: each follows from the one before by a way of the model, and none is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.engines.audit.evidence import BrokenIdentity, Evidence, Mask, look
from sim.engines.audit.model_ways import Ways
from sim.engines.audit.tally import Tally
from sim.model.codes import ABSENT, Action, Codes, Ints, Origin, Outcome, WhenFull
from sim.model.tables import Episodes, Model

DONE, LEFT, TURNED_AWAY, MISSED = (int(o) for o in (Outcome.DONE, Outcome.LEFT, Outcome.TURNED_AWAY, Outcome.MISSED))
FOLLOW, WITHIN = int(Action.FOLLOW_UP), int(Action.WITHIN)
NEXT_SITE, LEAVE = int(WhenFull.NEXT_SITE), int(WhenFull.LEAVE)


class Chains:
    """The contacts of each episode, one after another."""

    def __init__(self, model: Model, episodes: Episodes) -> None:
        self.m, self.e, self.ways = model, episodes, Ways(model)
        self.latest = np.full(len(episodes.time), -1, dtype=np.int64)  # the last row of each episode so far
        self.asked = np.zeros(len(model.offer_pool) + len(model.services) + 1, dtype=np.int64)  # by stop before

    def check(self, run: Evidence) -> None:
        """Raises BrokenIdentity if contacts do not follow from each other."""
        run.link(self.latest)
        _in_time(run)
        _from_where(run)
        _by_the_ways(run, Turns(self.ways, run))
        self.asked += np.bincount(look(run.stops, run.was("site"), run.was("service")), minlength=len(self.asked))
        self.asked[-1] += len(run.first)

    def check_lost(self, tally: Tally) -> None:
        """Who was to go on from a stop asked for the next contact, or is on the way at the horizon."""
        door = int(np.searchsorted(self.e.time, self.m.horizon, side="left"))
        if tally.onward[-1] != door:
            raise BrokenIdentity(f"everybody comes in by the door: {door} episodes began, {tally.onward[-1]} came in")
        for j in np.flatnonzero(self.asked + tally.unasked != tally.onward)[:1]:
            went = (
                f"{tally.onward[j]} were to go on, {self.asked[j]} did, {tally.unasked[j]} are on the way or had gone"
            )
            raise BrokenIdentity(f"whoever is to go on asks for the next contact: {_stop(self.m, int(j))}: {went}")


def _in_time(run: Evidence) -> None:
    c = run.c
    over = np.isin(np.arange(len(Outcome)), (DONE, LEFT, TURNED_AWAY, MISSED))
    ended = (run.was("outcome") != MISSED) | (run.was("end") != ABSENT)
    run.require("a contact follows one that is over", over.take(run.was("outcome")) & ended, run.after)
    late = c.request.take(run.after) >= run.decided
    run.require("a contact is asked for when the one before is over", late, run.after)
    run.require("steps of an episode rise", c.step.take(run.after) > run.was("step"), run.after)


def _from_where(run: Evidence) -> None:
    """A patient comes from home, or from the site of the contact before."""
    at_home = run.c.place == run.home
    run.require("an episode begins at home", at_home.take(run.first), run.first)
    site, place = run.was("site"), run.c.place.take(run.after)
    there = at_home.take(run.after) | ((site >= 0) & (place == len(run.m.zones) + site))
    run.require("a patient comes from home or from the contact before", there, run.after)


def _by_the_ways(run: Evidence, turns: Turns) -> None:
    c = run.c
    requests = Asked(c.service.take(run.first), c.origin.take(run.first), c.step.take(run.first))
    run.require("an episode begins as its need says", turns.allowed(requests, turns.begins()), run.first)
    skipped = c.step.take(run.after) - run.was("step") - 1
    requests = Asked(c.service.take(run.after), c.origin.take(run.after), skipped)
    run.require("a contact follows by a way of the model", turns.allowed(requests, turns.follows()), run.after)
    if turns.ways.within.any():
        run.require("a unit is held until what is within has ended", turns.is_held(skipped), run.after)


def _stop(model: Model, j: int) -> str:
    offers = len(model.offer_pool)
    if j < offers:
        return f"{model.services[model.offer_service[j]]} at {model.sites[model.offer_site[j]]}"
    return model.services[j - offers] if j - offers < len(model.services) else "first contacts"


@dataclass(frozen=True)
class Asked:
    """What was asked for: the service, why, and after how many closed services."""

    service: Codes
    origin: Codes
    skipped: Codes


Leads = dict[Origin, Callable[[Ints, Codes], Mask]]  # by origin: whether some of those who asked may go to a service


class Turns:
    """Where some patients may have gone, and with which origin; rows are those of ``run.first`` or ``run.after``."""

    def __init__(self, ways: Ways, run: Evidence) -> None:
        self.ways, self.run, self.m, self.c, self.e = ways, run, run.m, run.c, run.e

    def begins(self) -> Leads:
        """Of first contacts; made anew when asked for: kept, it would refer to itself and outlive the run."""
        return {
            Origin.FIRST: self._first,
            Origin.SHIFTED: self._shifted,
            Origin.SWITCHED: self._switched,
            Origin.INDUCED: lambda rows, to: self._forced(rows, to, at_site=False),
            Origin.INITIAL: lambda rows, to: self._forced(rows, to, at_site=True),
        }

    def follows(self) -> Leads:
        """Of contacts that follow another."""
        return {
            Origin.REFERRED: lambda rows, to: self._done(rows, to, self.ways.at_once),
            Origin.FOLLOWED: lambda rows, to: self._done(rows, to, self.ways.later),
            Origin.LEFT: self._reneges,
            Origin.FELL_BACK: self._fell_back,
        }

    def allowed(self, requests: Asked, leads: Leads) -> Mask:
        """Whether each may have asked for what it asked for, closed services on the way included."""
        fits = np.zeros(len(requests.service), dtype=np.bool_)
        straight = requests.skipped == 0
        for origin, holds in leads.items():
            rows = np.flatnonzero((requests.origin == origin) & straight)
            if len(rows):
                fits[rows] = holds(rows, requests.service.take(rows))
        passed = np.flatnonzero((requests.skipped > 0) & (requests.origin == Origin.FELL_BACK))
        to = np.arange(len(self.m.services))  # where one is sent who asks for a service that is closed, and so on
        for n in range(1, int(requests.skipped[passed].max(initial=0)) + 1):
            to = np.where(to >= 0, self.m.fallback[to], -1)
            rows = passed[requests.skipped[passed] == n]
            for closed in np.flatnonzero(to >= 0):
                some = rows[requests.service[rows] == to[closed]]
                for holds in leads.values() if len(some) else ():
                    fits[some] |= holds(some, np.full(len(some), closed))
        return fits

    @cached_property
    def _began(self) -> tuple[Codes, Ints, Ints]:
        """Of first contacts: episode, phase and class."""
        episode = self.c.episode.take(self.run.first)
        return episode, self.ways.phase(self.e.time.take(episode)), self.run.group.take(self.run.first)

    def _whose(self, rows: Ints) -> tuple[Codes, Ints, Ints]:
        episode, phase, group = self._began
        return episode.take(rows), phase.take(rows), group.take(rows)

    def _first(self, rows: Ints, to: Codes) -> Mask:
        episode, phase, group = self._whose(rows)
        begins = look(self.ways.first, look(self.m.first_row, phase, group), to)
        fits: Mask = (self.e.service.take(episode) < 0) & begins
        return fits

    def _shifted(self, rows: Ints, to: Codes) -> Mask:
        episode, phase, group = self._whose(rows)
        fits: Mask = (self.e.service.take(episode) < 0) & self.ways.shifted[phase, group, to]
        return fits

    def _switched(self, rows: Ints, to: Codes) -> Mask:
        episode, phase, group = self._whose(rows)
        may = (self.e.service[episode] < 0) & (self.m.switches[phase, group] == 1)
        fits: Mask = may & self.ways.turned_to[self.m.first_row[phase, group], to]
        return fits

    def _forced(self, rows: Ints, to: Codes, at_site: bool) -> Mask:
        episode = self._whose(rows)[0]
        fits: Mask = (self.e.service[episode] == to) & ((self.e.site[episode] >= 0) == at_site)
        return fits

    @cached_property
    def _left_from(self) -> tuple[Ints, Ints, Ints]:
        """Of contacts that lead to others: phase of the decision, service and class."""
        run = self.run
        return self.ways.phase(run.decided), run.was("service"), run.group.take(run.after)

    def _where(self, rows: Ints) -> tuple[Ints, Ints, Ints]:
        phase, service, group = self._left_from
        return phase.take(rows), service.take(rows), group.take(rows)

    def _is(self, rows: Ints, outcome: int) -> Mask:
        fits: Mask = self.run.was("outcome").take(rows) == outcome
        return fits

    def _done(self, rows: Ints, to: Codes, ways: Mask) -> Mask:
        """Who was served, or did not come to be, and goes on by a way."""
        fits: Mask = self._is(rows, DONE) & self._leads(rows, to, ways)
        if (self.m.miss_row >= 0).any():
            missed = np.flatnonzero(self._is(rows, MISSED))
            fits[missed] = look(ways, self._after_missing(rows[missed]), to[missed])
        return fits

    def _leads(self, rows: Ints, to: Codes, ways: Mask) -> Mask:
        """Whether a way of those served leads to a service, in whatever class their signal was."""
        where = self._where(rows)
        row = look(self.m.next_row, *where)
        fits = look(ways, row, to)
        if self.ways.classes > 1:
            signal = look(self.m.next_signal, *where)
            last = np.diff(self.m.signal_ptr)[signal]
            for k in range(1, self.ways.classes):
                more = (signal >= 0) & (row >= 0) & (k <= last)
                fits = fits | (more & look(ways, np.where(more, row + k, -1), to))
        return fits

    def _after_missing(self, rows: Ints) -> Ints:
        """Row of next of those who did not come."""
        phase = self.ways.phase(self.run.was("start")[rows])
        _, service, group = self._where(rows)
        row: Ints = self.m.miss_next[look(self.m.miss_row, phase, service, group)]
        return row

    def is_held(self, skipped: Codes) -> Mask:
        """Whether a unit within which alone one goes on is held until then. ``skipped``: closed services on the way."""
        run, c, rows = self.run, self.c, np.arange(len(self.run.after))
        to, row = c.service.take(run.after), look(self.m.next_row, *self._where(rows))
        inside = look(self.ways.within, row, to) & (skipped == 0) & (run.was("outcome") == DONE)
        inside &= c.origin.take(run.after) == Origin.REFERRED
        if self.ways.classes > 1:
            inside &= look(self.m.next_signal, *self._where(rows)) < 0
        end, release = c.end.take(run.after), c.release.take(run.after)
        over = np.where(end != ABSENT, end, release)
        until = np.where(over == ABSENT, self.m.horizon, over)
        mine = np.where(run.was("release") == ABSENT, self.m.horizon, run.was("release"))
        unserved = c.outcome.take(run.after) == Outcome.UNSERVED
        fits: Mask = ~inside | (mine >= until) | (run.was("pool") < 0) | unserved
        return fits

    def _reneges(self, rows: Ints, to: Codes) -> Mask:
        row, other = look(self.m.leave_row, *self._where(rows)), self.m.fallback[self.run.was("service")[rows]]
        leaves = self._is(rows, LEFT) | (self._is(rows, TURNED_AWAY) & self._full(rows, LEAVE))
        fits: Mask = leaves & (self.ways.at_once[row, to] | self.ways.later[row, to] | (to == other))
        return fits

    def _full(self, rows: Ints, does: int) -> Mask:
        """Whether who finds the service full does so."""
        fits: Mask = self.m.when_full[self.run.was("service")[rows]] == does
        return fits

    def _fell_back(self, rows: Ints, to: Codes) -> Mask:
        """Who was turned away; or whose first contact, moved by a lever, failed."""
        service, after = self.run.was("service")[rows], self.run.after[rows]
        other = self.m.fallback[service]
        instead = (to == np.where(other >= 0, other, service)) | ((to == service) & self._full(rows, NEXT_SITE))
        away: Mask = self._is(rows, TURNED_AWAY) & instead
        began = self.ways.phase(self.e.time[self.c.episode[after]])
        row = self.m.shift_row[began, self.run.group[after], to]
        moved = self.run.was("origin")[rows] == Origin.SHIFTED
        failed: Mask = moved & self._is(rows, DONE) & self.ways.fails[row, service]
        return away | failed


__all__ = ["Chains"]
