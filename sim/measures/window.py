"""Who counts: contacts with what their episode, service and site say of them, and the cuts of people and contacts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.measures.columns import Columns, Mask
from sim.tables import (
    ACUITIES,
    AGE_GROUPS,
    LEVELS,
    Contacts,
    Episodes,
    Ints,
    Kind,
    Mode,
    Model,
    Origin,
    Outcome,
)  # fmt: skip

Codes = NDArray[np.integer]
ORIGINS = tuple(o.name.lower() for o in Origin)
NOBODY = -1  # no next contact
SPANS = {"18plus": AGE_GROUPS.index("18_64"), "65plus": AGE_GROUPS.index("65_79")}  # ages of published figures


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


class Run:
    """One run to be measured: the model, the episodes, all contacts, and the window [low, high)."""

    def __init__(self, model: Model, episodes: Episodes, contacts: Contacts) -> None:
        self.model, self.episodes, self.contacts = model, episodes, contacts
        self.low, self.high = model.window_start, model.horizon
        self.seconds = self.high - self.low

    @cached_property
    def all(self) -> View:
        """Every contact that has a service: all but the unserved."""
        return View(self, np.flatnonzero(self.contacts.outcome != Outcome.UNSERVED))

    @cached_property
    def asked(self) -> View:
        """Contacts requested in the window, the unserved not among them."""
        c = self.contacts
        return View(self, np.flatnonzero((c.request >= self.low) & (c.outcome != Outcome.UNSERVED)))

    @cached_property
    def unserved(self) -> View:
        """Contacts asked for in the window that no open site could serve."""
        c = self.contacts
        return View(self, np.flatnonzero((c.request >= self.low) & (c.outcome == Outcome.UNSERVED)))

    @cached_property
    def _order(self) -> Ints:
        """Rows by episode, and within it in the order in which they were made."""
        row = np.arange(len(self.contacts.episode))
        return np.sort(self.contacts.episode << 32 | row) & 0xFFFFFFFF

    @cached_property
    def next_row(self) -> NDArray[np.int32]:
        """Row of the next contact of the same episode, NOBODY if there is none."""
        order, episode = self._order, self.contacts.episode
        out = np.full(len(order), NOBODY, dtype=np.int32)
        same = episode[order[1:]] == episode[order[:-1]]
        out[order[:-1][same]] = order[1:][same]
        return out

    @cached_property
    def previous_row(self) -> NDArray[np.int32]:
        """Row of the contact before in the same episode, NOBODY if there is none."""
        out = np.full(len(self.next_row), NOBODY, dtype=np.int32)
        has = np.flatnonzero(self.next_row >= 0)
        out[self.next_row[has]] = has
        return out

    @cached_property
    def kind(self) -> NDArray[np.int8]:
        """Kind of the service of every contact."""
        return self.model.kind.astype(np.int8)[self.contacts.service]

    @cached_property
    def level(self) -> NDArray[np.int8]:
        """Level of care of every contact: that of its offer, without a site that of its service."""
        m, c = self.model, self.contacts
        table = np.tile(m.siteless_level.astype(np.int8), (len(m.sites) + 1, 1))
        known = m.offer >= 0
        table[:-1][known] = m.offer_level[m.offer[known]]
        return table[c.site, c.service]  # site -1 is the last row

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

    def sites_of(self, services: Mask) -> Ints:
        """Sites with an offer of any of these services, open or not."""
        return np.unique(self.model.offer_site[services[self.model.offer_service]])

    def services_of(self, kind: Kind) -> Mask:
        """[S] which services are of a kind."""
        of_kind: Mask = self.model.kind == kind
        return of_kind


class View(Columns):
    """Some contacts of a run, and what the model and the rest of the episode say of them."""

    def __init__(self, run: Run, index: NDArray[np.integer]) -> None:
        super().__init__(run.contacts, run.episodes, run.high, index.astype(np.int64, copy=False))
        self.run = run

    def where(self, mask: Mask) -> View:
        """Those of these contacts."""
        return View(self.run, self.index[mask])

    def of_kind(self, kind: Kind) -> View:
        """Those at services of a kind."""
        return self.where(self.run.kind[self.index] == kind)

    @cached_property
    def level(self) -> NDArray[np.int8]:
        return self.run.level[self.index]

    @cached_property
    def next_kind(self) -> Ints:
        """Kind of the service that the episode asks for next, NOBODY if nothing."""
        row = self.run.next_row[self.index]
        return np.where(row >= 0, self.run.kind[row], NOBODY)

    @cached_property
    def previous_kind(self) -> Ints:
        """Kind of the service that the episode asked for before, NOBODY if nothing."""
        row = self.run.previous_row[self.index]
        return np.where(row >= 0, self.run.kind[row], NOBODY)

    @cached_property
    def went_on(self) -> Mask:
        """Whether the next contact of the episode followed at once, not from home after a delay."""
        row = self.run.next_row[self.index]
        at_once: Mask = (row >= 0) & (self.contacts.origin[row] != Origin.FOLLOWED)
        return at_once

    @cached_property
    def sent_on(self) -> Mask:
        """Whether the contact before in the episode was completed and led to this one."""
        sent: Mask = np.isin(self.origin, (Origin.REFERRED, Origin.FOLLOWED))
        return sent

    @cached_property
    def departure(self) -> Ints:
        """Place where the journey begins: home for a booked contact that was waited for, else where the patient was."""
        waited = (self.run.model.mode[self.service] == Mode.BOOKED) & (self.start > self.request)
        return np.where(waited, self.zone, self.place)

    def of_age(self, span: str) -> View:
        """Those in one of the ``SPANS``."""
        return self.where(self.age >= SPANS[span])

    def cut(self, by: str) -> Cut:
        """These contacts by all, municipality, age_group, acuity, need, level, service, origin or one of the SPANS.

        A span has one group, and fits a view ``of_age``.
        """
        model, run = self.run.model, self.run
        if by == "municipality":
            return Cut(by, model.municipalities, model.zone_municipality[self.zone], run.municipality_people)
        if by == "age_group":
            return Cut(by, AGE_GROUPS, self.age, model.people.sum(axis=0))
        if by in SPANS:
            return Cut("age", (by,), self._together(), np.array([model.people[:, SPANS[by] :].sum()]))
        groups, code = self._coded(by)
        return Cut(by, groups, code, np.full(len(groups), run.total_people))

    def _coded(self, by: str) -> tuple[tuple[str, ...], Codes]:
        model = self.run.model
        if by == "all":
            return ("",), self._together()
        names = {
            "acuity": tuple(str(q + 1) for q in range(ACUITIES)),
            "need": model.needs,
            "level": LEVELS,
            "service": model.services,
            "origin": ORIGINS,
        }
        code: Codes = getattr(self, by)
        return names[by], code

    def _together(self) -> Ints:
        return np.zeros(len(self), dtype=np.int64)

    def by_site(self, sites: Ints) -> Cut:
        """These contacts, all of them at ``sites``, by site."""
        names = tuple(self.run.model.sites[t] for t in sites)
        return Cut("site", names, np.searchsorted(sites, self.site), np.full(len(sites), self.run.total_people))


__all__ = ["NOBODY", "ORIGINS", "SPANS", "Codes", "Cut", "Mask", "Run", "View"]
