"""From contact to contact: each follows from the one before by a way of the model, and none is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.engines.evidence import BrokenIdentity, Evidence, Mask
from sim.engines.tally import Tally
from sim.tables import Action, Discrete, Ints, Model, Origin, Outcome

DONE, LEFT, TURNED_AWAY = int(Outcome.DONE), int(Outcome.LEFT), int(Outcome.TURNED_AWAY)
FOLLOW = int(Action.FOLLOW_UP)


def check_chains(run: Evidence, tally: Tally) -> None:
    """Raises BrokenIdentity if contacts do not follow from each other."""
    _in_time(run)
    _from_where(run)
    _by_the_ways(run)
    _none_lost(run, tally)


def _in_time(run: Evidence) -> None:
    c = run.c
    over = np.isin(c.outcome[run.before], (DONE, LEFT, TURNED_AWAY))
    run.require("a contact follows one that is over", over, run.after)
    run.require("a contact is asked for when the one before is over", c.request[run.after] >= run.decided, run.after)
    run.require("steps of an episode rise", c.step[run.after] > c.step[run.before], run.after)


def _from_where(run: Evidence) -> None:
    """A patient comes from home, or from the site of the contact before."""
    c, zones = run.c, len(run.m.zones)
    home = run.e.zone[c.episode]
    run.require("an episode begins at home", c.place[run.first] == home[run.first], run.first)
    place, site = c.place[run.after], c.site[run.before]
    there = (place == home[run.after]) | ((site >= 0) & (place == zones + site))
    run.require("a patient comes from home or from the contact before", there, run.after)


def _by_the_ways(run: Evidence) -> None:
    ways = Ways(run)
    asked = Asked(run.c.service[run.first], run.c.origin[run.first], run.c.step[run.first])
    run.require("an episode begins as its need says", ways.allowed(asked, ways.begins), run.first)
    skipped = run.c.step[run.after] - run.c.step[run.before] - 1
    asked = Asked(run.c.service[run.after], run.c.origin[run.after], skipped)
    run.require("a contact follows by a way of the model", ways.allowed(asked, ways.follows), run.after)


def _none_lost(run: Evidence, tally: Tally) -> None:
    """Who was to go on from a stop asked for the next contact, or is on the way at the horizon."""
    m, c = run.m, run.c
    stops = len(m.offer_pool) + len(m.services) + 1
    stop = np.where(run.offer >= 0, run.offer, len(m.offer_pool) + c.service)[run.before]
    asked = np.bincount(stop, minlength=stops)
    asked[-1] = len(run.first)
    door = int(np.searchsorted(run.e.time, m.horizon, side="left"))
    if tally.onward[-1] != door:
        raise BrokenIdentity(f"everybody comes in by the door: {door} episodes began, {tally.onward[-1]} came in")
    for j in np.flatnonzero(asked + tally.unasked != tally.onward)[:1]:
        went = f"{tally.onward[j]} were to go on, {asked[j]} did, {tally.unasked[j]} are on the way or had gone"
        raise BrokenIdentity(f"whoever is to go on asks for the next contact: {_stop(m, int(j))}: {went}")


def _stop(model: Model, j: int) -> str:
    offers = len(model.offer_pool)
    if j < offers:
        return f"{model.services[model.offer_service[j]]} at {model.sites[model.offer_site[j]]}"
    return model.services[j - offers] if j - offers < len(model.services) else "first contacts"


@dataclass(frozen=True)
class Asked:
    """What was asked for: the service, why, and after how many closed services."""

    service: Ints
    origin: Ints
    skipped: Ints


Leads = dict[Origin, Callable[[Ints, Ints], Mask]]  # by origin: whether some of those who asked may go to a service


class Ways:
    """Where the model allows a patient to go next, and with which origin."""

    def __init__(self, run: Evidence) -> None:
        self.run, self.m, self.c, self.e = run, run.m, run.c, run.e
        m, services = run.m, len(run.m.services)
        self.group = m.class_of(run.e.need, run.e.age, run.e.acuity)
        to, later = m.next_service[m.next.item], m.next_action[m.next.item] == FOLLOW
        self.at_once = members(m.next, to, services, ~later & (to >= 0))
        self.later = members(m.next, to, services, later)
        self.first = members(m.first, m.first.item, services)
        moved = m.shift_to[m.shift.item]
        self.shifts = members(m.shift, moved, services)
        self.fails = members(m.shift, moved, services, m.shift_fail[m.shift.item] > 0)
        self.begins: Leads = {
            Origin.FIRST: self._first,
            Origin.SHIFTED: self._shifted,
            Origin.DETERRED: self._deterred,
            Origin.INDUCED: lambda rows, to: self._forced(rows, to, at_site=False),
            Origin.INITIAL: lambda rows, to: self._forced(rows, to, at_site=True),
        }
        self.follows: Leads = {
            Origin.REFERRED: lambda rows, to: self._done(rows, to, self.at_once),
            Origin.FOLLOWED: lambda rows, to: self._done(rows, to, self.later),
            Origin.LEFT: self._left,
            Origin.FELL_BACK: self._fell_back,
        }

    def allowed(self, asked: Asked, leads: Leads) -> Mask:
        """Whether each may have asked for what it asked for, closed services on the way included."""
        fits = np.zeros(len(asked.service), dtype=np.bool_)
        for origin, holds in leads.items():
            rows = np.flatnonzero((asked.origin == origin) & (asked.skipped == 0))
            fits[rows] = holds(rows, asked.service[rows])
        passed = np.flatnonzero((asked.skipped > 0) & (asked.origin == Origin.FELL_BACK))
        to = np.arange(len(self.m.services))  # where one is sent who asks for a service that is closed, and so on
        for n in range(1, int(asked.skipped.max(initial=0)) + 1):
            to = np.where(to >= 0, self.m.fallback[to], -1)
            rows = passed[asked.skipped[passed] == n]
            for closed in np.flatnonzero(to >= 0):
                some = rows[asked.service[rows] == to[closed]]
                for holds in leads.values():
                    fits[some] |= holds(some, np.full(len(some), closed))
        return fits

    def _whose(self, rows: Ints) -> tuple[Ints, Ints, Ints]:
        """Of first contacts: episode, phase and class."""
        episode = self.c.episode[self.run.first[rows]]
        return episode, self._phase(self.e.time[episode]), self.group[episode]

    def _first(self, rows: Ints, to: Ints) -> Mask:
        episode, phase, group = self._whose(rows)
        fits: Mask = (self.e.service[episode] < 0) & self.first[self.m.first_row[phase, group], to]
        return fits

    def _shifted(self, rows: Ints, to: Ints) -> Mask:
        episode, phase, group = self._whose(rows)
        moved = self.shifts[self.m.shift_row[phase, group], to[:, None]] & self.first[self.m.first_row[phase, group]]
        fits: Mask = (self.e.service[episode] < 0) & moved.any(axis=1)
        return fits

    def _deterred(self, rows: Ints, to: Ints) -> Mask:
        episode, phase, group = self._whose(rows)
        deters = self.m.deter[phase, self.e.zone[episode], self.e.acuity[episode]] > 0
        wanted = self.first[self.m.first_row[phase, group], self.m.deter_from]
        fits: Mask = (self.e.service[episode] < 0) & deters & wanted & (to == self.m.deter_to)
        return fits

    def _forced(self, rows: Ints, to: Ints, at_site: bool) -> Mask:
        episode = self._whose(rows)[0]
        fits: Mask = (self.e.service[episode] == to) & ((self.e.site[episode] >= 0) == at_site)
        return fits

    def _where(self, rows: Ints) -> tuple[Ints, Ints, Ints]:
        """Of contacts that lead to others: phase of the decision, service and class."""
        before = self.run.before[rows]
        return self._phase(self.run.decided[rows]), self.c.service[before], self.group[self.c.episode[before]]

    def _is(self, rows: Ints, outcome: int) -> Mask:
        fits: Mask = self.c.outcome[self.run.before[rows]] == outcome
        return fits

    def _done(self, rows: Ints, to: Ints, ways: Mask) -> Mask:
        fits: Mask = self._is(rows, DONE) & ways[self.m.next_row[self._where(rows)], to]
        return fits

    def _left(self, rows: Ints, to: Ints) -> Mask:
        row, other = self.m.leave_row[self._where(rows)], self.m.fallback[self.c.service[self.run.before[rows]]]
        fits: Mask = self._is(rows, LEFT) & (self.at_once[row, to] | self.later[row, to] | (to == other))
        return fits

    def _fell_back(self, rows: Ints, to: Ints) -> Mask:
        """Who was turned away; or whose first contact, moved by a lever, failed."""
        before = self.run.before[rows]
        service, episode = self.c.service[before], self.c.episode[before]
        other = self.m.fallback[service]
        away: Mask = self._is(rows, TURNED_AWAY) & (to == np.where(other >= 0, other, service))
        row = self.m.shift_row[self._phase(self.e.time[episode]), self.group[episode], to]
        failed: Mask = (self.c.origin[before] == Origin.SHIFTED) & self._is(rows, DONE) & self.fails[row, service]
        return away | failed

    def _phase(self, second: Ints) -> Ints:
        return np.searchsorted(self.m.phase_start, second, side="right") - 1


def members(table: Discrete, value: Ints, size: int, kept: Mask | None = None) -> Mask:
    """[rows + 1, size] whether a row of a discrete table has a value; the last row, -1, has none."""
    rows = len(table.ptr) - 1
    row = np.repeat(np.arange(rows), np.diff(table.ptr))
    found = np.zeros((rows + 1, size), dtype=np.bool_)
    if kept is not None:
        row, value = row[kept], value[kept]
    found[row, value] = True
    return found


__all__ = ["check_chains"]
