"""The contacts of a run as those who check them see them, and how a broken identity is told."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.codes import ABSENT, Codes, Ints, Origin, Outcome
from sim.model.tables import CONTACT_COLUMNS, Contacts, Episodes, Model

Mask = NDArray[np.bool_]
SECONDS = 1 << 32  # from one episode to the next, where the times of all episodes stand in one line


class BrokenIdentity(RuntimeError):
    """Something that holds in every run does not hold in this one: its contacts are not to be believed."""


def may_go_on(model: Model, c: Contacts) -> Mask:
    """[contacts] whether each may have begun in a unit that the patient had, in whichever contact: one is left then."""
    pools = len(model.pools) + 1

    def moments(second: Codes, rows: Ints) -> Ints:
        return (c.episode[rows].astype(np.int64) * SECONDS + second[rows]) * pools + c.pool[rows]

    uses = (c.start != ABSENT) & (c.pool >= 0)
    starts = np.flatnonzero(uses & (c.start == c.request))
    left, count = np.unique(moments(c.release, np.flatnonzero(uses & (c.release != ABSENT))), return_counts=True)
    mine = moments(c.start, starts)
    at = np.minimum(np.searchsorted(left, mine), len(left) - 1)
    others = np.where(left[at] == mine, count[at], 0) if len(left) else np.zeros(len(mine), dtype=np.int64)
    goes_on: Mask = np.zeros(len(c.episode), dtype=np.bool_)
    goes_on[starts] = others > (c.release[starts] == c.start[starts])  # who takes no time leaves a unit as they start
    return goes_on


def blocks(model: Model, episodes: Episodes, contacts: Contacts, size: int) -> Iterator[Evidence]:
    """The contacts, ``size`` rows at a time."""
    stops = stops_of(model)
    for at in range(0, len(contacts.episode), size):
        yield Evidence(model, episodes, contacts, slice(at, at + size), stops)


class Evidence:
    """Some rows of the table of contacts, beside their model, their episodes and the contacts before them.

    Row numbers are those within ``c``, but for ``before``.
    """

    first: Ints  # the rows with which episodes begin, by episode
    after: Ints  # the rows that follow another of their episode, by episode
    before: Ints  # for each of ``after``: the row of the whole table that it follows

    def __init__(self, model: Model, episodes: Episodes, contacts: Contacts, part: slice, stops: Ints) -> None:
        self.m, self.e, self.whole, self.at, self.stops = model, episodes, contacts, part.start, stops
        self.c = Contacts(*(getattr(contacts, name)[part].astype(np.int64) for name in CONTACT_COLUMNS))
        self.rows = len(self.c.episode)
        self._was: dict[str, Ints] = {}

    def require(self, identity: str, holds: Mask, rows: Ints | None = None) -> None:
        """Raises BrokenIdentity with the first contact for which ``identity`` does not hold; ``rows``: of ``holds``."""
        if not holds.all():
            j = int(np.argmin(holds))
            row = self.at + (j if rows is None else int(rows[j]))
            raise BrokenIdentity(f"{identity}: {contact_text(self.m, self.whole, row)}")

    def link(self, latest: Ints) -> None:
        """Finds what each row follows. ``latest``: the last row of each episode in the table so far, -1; is updated."""
        bits = self.rows.bit_length()
        key = np.sort(self.c.episode << bits | np.arange(self.rows))
        row, episode = key & ((1 << bits) - 1), key >> bits
        again = np.append(False, episode[1:] == episode[:-1])
        follows = np.where(again, np.append(0, row[:-1]) + self.at, latest.take(episode))
        latest[episode] = row + self.at  # of an episode's rows the last stays
        first, after = np.flatnonzero(follows < 0), np.flatnonzero(follows >= 0)
        self.first, self.after, self.before = row.take(first), row.take(after), follows.take(after)

    def was(self, column: str) -> Ints:
        """A column of the contacts ``before``."""
        if column not in self._was:
            self._was[column] = getattr(self.whole, column).take(self.before).astype(np.int64)
        return self._was[column]

    @cached_property
    def started(self) -> Mask:
        """Contacts whose service started."""
        started: Mask = self.c.start != ABSENT
        return started

    @cached_property
    def stop(self) -> Ints:
        """Where each row is served: an offer, or from the number of offers on a service without site."""
        return look(self.stops, self.c.site, self.c.service)

    @cached_property
    def home(self) -> Ints:
        """Zone of each row's episode."""
        return self.e.zone.take(self.c.episode).astype(np.int64)

    @cached_property
    def group(self) -> Ints:
        """Class of each row's episode."""
        e, episode = self.e, self.c.episode
        return self.m.class_of(*(who.take(episode) for who in (e.zone, e.need, e.age, e.acuity)))

    @cached_property
    def decided(self) -> Ints:
        """For each of ``before``: the second at which it was decided what comes next."""
        served = (self.was("outcome") == Outcome.DONE) | (self.was("outcome") == Outcome.MISSED)
        return np.where(served, self.was("end"), self.was("release"))


def look(table: NDArray[Any], *index: NDArray[Any]) -> NDArray[Any]:
    """``table[index]`` by one flat index, which numpy follows twice as fast; a first index of -1 is the last row."""
    flat = index[0].astype(np.int64, copy=False)
    for one, size in zip(index[1:], table.shape[1:], strict=True):
        flat = flat * size + one
    return table.ravel().take(flat)


def stops_of(model: Model) -> Ints:
    """[T + 1, S] stop of a service at a site, at last without site; the tables of stops are [G + S]."""
    services = np.arange(len(model.services)) + len(model.offer_pool)
    offers = np.append(model.offer, np.full((1, len(services)), -1), axis=0)
    return np.where(offers >= 0, offers, services)


def contact_text(model: Model, c: Contacts, row: int) -> str:
    """A contact in words; times in seconds, - where it did not happen."""
    times = {name: int(getattr(c, name)[row]) for name in ("request", "start", "end", "release")}
    times_text = ", ".join(f"{name} {'-' if t == ABSENT else t}" for name, t in times.items())
    where = _name(model.sites, int(c.site[row]), "no site")
    what = f"{_name(model.services, int(c.service[row]), '?')} at {where}"
    origin = _name([k.name.lower() for k in Origin], int(c.origin[row]), "?")
    outcome = _name([k.name.lower() for k in Outcome], int(c.outcome[row]), "?")
    step = f"episode {c.episode[row]}, step {c.step[row]}"
    return f"contact in row {row} ({step}, {what}, {times_text} s, origin {origin}, outcome {outcome})"


def _name(names: tuple[str, ...] | list[str], index: int, otherwise: str) -> str:
    return names[index] if 0 <= index < len(names) else otherwise


__all__ = ["BrokenIdentity", "Evidence", "Mask", "blocks", "contact_text", "look"]
