"""Who counts: contacts with what their episode, service and site say of them, and the cuts of people and contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.measures.columns import Codes, Columns, Mask, Narrow, Times, either
from sim.model.codes import ABSENT, ACUITY_NAMES, AGE_GROUPS, LEVELS, STAGES, Ints, Kind, Mode, Origin, Outcome
from sim.model.tables import Contacts, Episodes, Model

ORIGINS = tuple(o.name.lower() for o in Origin)
NOBODY = -1  # no next contact
HOME = STAGES.index("home")  # level of no contact: where an episode's first contact comes from
SPANS = {"18plus": AGE_GROUPS.index("18_64"), "65plus": AGE_GROUPS.index("65_79")}  # ages of published figures
COLUMNS = {"municipality": "town", "age_group": "age"}  # of cuts that have another name than their column
# looked at in other respects than all contacts
STUDIED = (Kind.TELEPHONE, Kind.EMERGENCY, Kind.WARD, Kind.CLINIC, Kind.AMBULANCE, Kind.OPERATION)
BLOCK = 1 << 18  # contacts looked at together where all are: what is made of them stays in the processor's cache


@dataclass(frozen=True, eq=False)
class Cut:
    """One way to divide contacts: the groups' names, each contact's group, and the residents of each group."""

    by: str
    groups: tuple[str, ...]
    code: Codes
    people: Ints

    @property
    def size(self) -> int:
        """Number of groups."""
        return len(self.groups)


class ObservedRun:
    """One run to be measured: the model, the episodes, all contacts, and the window [low, high).

    ``since``: from which second on numbers over time are counted; that of the window where the run is not ``whole``.
    """

    def __init__(self, model: Model, episodes: Episodes, contacts: Contacts, whole: bool = True) -> None:
        self.model, self.episodes, self.contacts = model, episodes, contacts
        self.low, self.high = model.window_start, model.horizon
        self.whole, self.since = whole, 0 if whole else self.low
        self.seconds = self.high - self.low
        self.narrow = Narrow(model, episodes)

    @cached_property
    def all(self) -> View:
        """Every contact that has a service: all but the unserved."""
        return View(self, np.flatnonzero(self.contacts.outcome != Outcome.UNSERVED))

    @cached_property
    def requests(self) -> View:
        """Contacts requested in the window, the unserved not among them."""
        c = self.contacts
        return View(self, np.flatnonzero((c.request >= self.low) & (c.outcome != Outcome.UNSERVED)))

    def unserved(self) -> View:
        """Contacts asked for in the window that no open site could serve."""
        view = View(self, self._unserved)
        return view.where(view.request >= self.low)

    @cached_property
    def _unserved(self) -> Ints:
        return np.flatnonzero(self.contacts.outcome == Outcome.UNSERVED)

    def blocks(self) -> Iterator[View]:
        """All contacts that have a service, in the order in which they were made, ``BLOCK`` rows or fewer at a time."""
        for rows in self._stretches():
            view = View(self, rows)
            yield view.where(view.outcome != Outcome.UNSERVED)

    def those(self, test: Callable[[View], Mask]) -> View:
        """Of the contacts that have a service those that pass a test."""
        parts = [block.where(test(block)).rows for block in self.blocks()]
        return View(self, np.concatenate(parts))

    def _stretches(self) -> Iterator[slice]:
        size = len(self.contacts.episode)
        for first in range(0, max(size, 1), BLOCK):
            yield slice(first, min(first + BLOCK, size))

    @cached_property
    def _by_kind(self) -> dict[Kind, Codes]:
        """Rows of the contacts with each kind of service that is looked at by itself."""
        rows: dict[Kind, list[Codes]] = {kind: [] for kind in STUDIED}
        for block in self.blocks():
            for kind, parts in rows.items():
                parts.append(block.where(block.kind == kind).rows.astype(np.int32))
        return {kind: np.concatenate(parts) for kind, parts in rows.items()}

    def ever(self, kind: Kind) -> View:
        """All contacts with a kind of service, one of ``STUDIED``."""
        return View(self, self._by_kind[kind])

    def of_kind(self, kind: Kind) -> View:
        """Contacts with a kind of service, one of ``STUDIED``, requested in the window."""
        ever = self.ever(kind)
        return ever.where(ever.request >= self.low)

    @cached_property
    def _neighbours(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Rows of the contact before and of the next, NOBODY if there is none."""
        episode, step = self.contacts.episode, self.contacts.step
        several = np.zeros(len(self.episodes.time), dtype=bool)  # episodes that may have several contacts
        for rows in self._stretches():
            several[episode[rows].take(np.flatnonzero(step[rows] > 0))] = True
        row = np.flatnonzero(several.take(episode))
        row |= episode.take(row).astype(np.int64, copy=False) << 32
        row.sort()  # by episode, and within it in the order in which they were made
        whose = row >> 32
        row &= 0xFFFFFFFF
        same = np.flatnonzero(whose[1:] == whose[:-1])
        del whose
        first, second = row.take(same).astype(np.int32), row.take(same + 1).astype(np.int32)
        before, after = (np.full(len(episode), NOBODY, dtype=np.int32) for _ in range(2))
        before[second], after[first] = first, second
        return before, after

    @property
    def next_row(self) -> NDArray[np.int32]:
        """Row of the next contact of the same episode, NOBODY if there is none."""
        return self._neighbours[1]

    @property
    def previous_row(self) -> NDArray[np.int32]:
        """Row of the contact before in the same episode, NOBODY if there is none."""
        return self._neighbours[0]

    @cached_property
    def kind(self) -> NDArray[np.int8]:
        """Kind of the service of every contact; the last entry, NOBODY, is for the row NOBODY."""
        kind = np.full(len(self.contacts.service) + 1, NOBODY, dtype=np.int8)
        for rows in self._stretches():
            kind[rows] = self.model.kind.take(self.contacts.service[rows])
        return kind

    @cached_property
    def level(self) -> NDArray[np.int8]:
        """Level of care of every contact: that of its offer, without a site that of its service; HOME at the end."""
        m, c = self.model, self.contacts
        table = np.tile(m.siteless_level.astype(np.int8), (len(m.sites) + 1, 1))  # site -1 is the last row
        known = m.offer >= 0
        table[:-1][known] = m.offer_level[m.offer[known]]
        level = np.full(len(c.service) + 1, HOME, dtype=np.int8)
        for rows in self._stretches():
            level[rows] = table.take(c.site[rows] * np.int64(len(m.services)) + c.service[rows])
        return level

    @cached_property
    def municipality_people(self) -> Ints:
        """[municipalities] residents."""
        m = self.model
        out = np.zeros(len(m.municipalities), dtype=np.int64)
        np.add.at(out, m.zone_municipality, m.people.sum(axis=1))
        return out

    @cached_property
    def total_people(self) -> int:
        """Residents of the region."""
        return int(self.model.people.sum())

    def groups(self, by: str) -> tuple[str, ...]:
        """Names by all, municipality, age_group, acuity, need, level, service or origin."""
        model = self.model
        names = {
            "all": ("",),
            "municipality": model.municipalities,
            "age_group": AGE_GROUPS,
            "acuity": ACUITY_NAMES,
            "need": model.needs,
            "level": LEVELS,
            "service": model.services,
            "origin": ORIGINS,
        }
        return names[by]

    def people(self, by: str) -> Ints:
        """Residents of each group; of groups of contacts, of the whole region."""
        if by == "municipality":
            return self.municipality_people
        if by == "age_group":
            people: Ints = self.model.people.sum(axis=0)
            return people
        return np.full(len(self.groups(by)), self.total_people)

    def sites_of(self, services: Mask) -> Ints:
        """Sites with an offer of any of these services, open or not."""
        return np.unique(self.model.offer_site[services[self.model.offer_service]])

    def services_of(self, kind: Kind) -> Mask:
        """[S] which services are of a kind."""
        of_kind: Mask = self.model.kind == kind
        return of_kind


class View(Columns):
    """Some contacts of a run, and what the model and the rest of the episode say of them."""

    def __init__(self, run: ObservedRun, index: Codes | slice) -> None:
        super().__init__(run.contacts, run.narrow, run.high, index)
        self.run = run

    @property
    def rows(self) -> Codes:
        """Rows of these contacts in the run's table."""
        return np.arange(self.index.start, self.index.stop) if isinstance(self.index, slice) else self.index

    def where(self, mask: Mask) -> View:
        """Those of these contacts."""
        some = np.flatnonzero(mask)
        if len(some) == len(self):
            return self
        if isinstance(self.index, slice):
            return View(self.run, some + self.index.start)
        return View(self.run, self.index.take(some))

    @cached_property
    def level(self) -> Codes:
        return self.run.level[self.index]

    @cached_property
    def kind(self) -> Codes:
        return self.run.kind[self.index]

    @cached_property
    def next_kind(self) -> Codes:
        """Kind of the service that the episode asks for next, NOBODY if nothing."""
        return self.run.kind[self.run.next_row[self.index]]

    @cached_property
    def previous_kind(self) -> Codes:
        """Kind of the service that the episode asked for before, NOBODY if nothing."""
        return self.run.kind[self.run.previous_row[self.index]]

    @cached_property
    def went_on(self) -> Mask:
        """Whether the next contact of the episode followed at once, not from home after a delay."""
        row = self.run.next_row[self.index]
        at_once: Mask = (row >= 0) & (self.contacts.origin[row] != Origin.FOLLOWED)
        return at_once

    @cached_property
    def kept_until(self) -> Times:
        """Second until which the unit was kept for the next contact: its start, or the end of being there."""
        run = self.run
        row = np.maximum(run.next_row[self.index], 0)
        start = run.contacts.start.take(row)
        sooner = (run.next_row[self.index] >= 0) & (start != ABSENT) & (start >= self.end) & (start < self.out)
        return either(sooner, start, self.out)

    @cached_property
    def sent_on(self) -> Mask:
        """Whether the contact before in the episode was completed and led to this one."""
        sent: Mask = np.isin(self.origin, (Origin.REFERRED, Origin.FOLLOWED))
        return sent

    @cached_property
    def departure(self) -> Codes:
        """Place where the journey begins: home for a booked contact that was waited for, else where the patient was."""
        waited = (self.run.model.mode[self.service] == Mode.BOOKED) & (self.start > self.request)
        return either(waited, self.zone, self.place)

    def of_age(self, span: str) -> View:
        """Those in one of the ``SPANS``."""
        return self.where(self.age >= SPANS[span])

    def cut(self, by: str) -> Cut:
        """These contacts by one of the ways of ``Run.groups`` or one of the SPANS.

        A span has one group, and fits a view ``of_age``.
        """
        run = self.run
        if by in SPANS:
            return Cut("age", (by,), self._together(), np.array([run.model.people[:, SPANS[by] :].sum()]))
        code: Codes = self._together() if by == "all" else getattr(self, COLUMNS.get(by, by))
        return Cut(by, run.groups(by), code, run.people(by))

    def _together(self) -> Ints:
        return np.zeros(len(self), dtype=np.int64)

    def by_site(self, sites: Ints) -> Cut:
        """These contacts, all of them at ``sites``, by site."""
        names = tuple(self.run.model.sites[t] for t in sites)
        return Cut("site", names, np.searchsorted(sites, self.site), np.full(len(sites), self.run.total_people))


__all__ = ["HOME", "NOBODY", "ORIGINS", "SPANS", "Codes", "Cut", "Mask", "ObservedRun", "View"]
