"""Who counts: contacts with what their episode, service and site say of them, and the cuts of people and contacts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.tables import ABSENT, AGE_GROUPS, LEVELS, Contacts, Episodes, Ints, Kind, Model, Origin, Outcome

Codes = NDArray[np.integer]
Mask = NDArray[np.bool_]
SELF_CARE = LEVELS.index("self_care")
ORIGINS = tuple(o.name.lower() for o in Origin)
NOBODY = -1  # no next contact


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
        """Level of care of every contact: that of its offer; without a site it is self-care."""
        m, c = self.model, self.contacts
        table = np.full((len(m.sites) + 1, len(m.services)), SELF_CARE, dtype=np.int8)
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
        return self.model.kind == kind


class View:
    """Some contacts of a run; each column is read when it is first asked for."""

    def __init__(self, run: Run, index: Ints) -> None:
        self.run, self.index = run, index

    def where(self, mask: Mask) -> View:
        """Those of these contacts."""
        return View(self.run, self.index[mask])

    def of_kind(self, kind: Kind) -> View:
        """Those at services of a kind."""
        return self.where(self.run.kind[self.index] == kind)

    def __len__(self) -> int:
        return len(self.index)

    def _column(self, name: str) -> Ints:
        values: Ints = getattr(self.run.contacts, name)
        return values[self.index]

    @cached_property
    def episode(self) -> Ints:
        return self._column("episode")

    @cached_property
    def service(self) -> Ints:
        return self._column("service")

    @cached_property
    def site(self) -> Ints:
        return self._column("site")

    @cached_property
    def pool(self) -> Ints:
        return self._column("pool")

    @cached_property
    def place(self) -> Ints:
        return self._column("place")

    @cached_property
    def request(self) -> Ints:
        return self._column("request")

    @cached_property
    def start(self) -> Ints:
        return self._column("start")

    @cached_property
    def end(self) -> Ints:
        return self._column("end")

    @cached_property
    def release(self) -> Ints:
        return self._column("release")

    @cached_property
    def outcome(self) -> Ints:
        return self._column("outcome")

    @cached_property
    def origin(self) -> Ints:
        return self._column("origin")

    @cached_property
    def started(self) -> Mask:
        return self.start != ABSENT

    @cached_property
    def ended(self) -> Mask:
        return self.end != ABSENT

    @cached_property
    def out(self) -> Ints:
        """Second at which the patient is out of the service: released, left, or still there at the horizon."""
        return np.where(self.release != ABSENT, self.release, self.run.high)

    @cached_property
    def wait_end(self) -> Ints:
        """Second at which waiting ended: by start, by leaving, or not before the horizon."""
        return np.where(self.started, self.start, self.out)

    @cached_property
    def acuity(self) -> Ints:
        return self.run.episodes.acuity[self.episode]

    @cached_property
    def need(self) -> Ints:
        return self.run.episodes.need[self.episode]

    @cached_property
    def age(self) -> Ints:
        return self.run.episodes.age[self.episode]

    @cached_property
    def zone(self) -> Ints:
        return self.run.episodes.zone[self.episode]

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

    def cut(self, by: str) -> Cut:
        """These contacts by all, municipality, age_group, need, level, service or origin."""
        model, run = self.run.model, self.run
        whole = run.total_people
        if by == "municipality":
            return Cut(by, model.municipalities, model.zone_municipality[self.zone], run.municipality_people)
        if by == "age_group":
            return Cut(by, AGE_GROUPS, self.age, model.people.sum(axis=0))
        groups, code = {
            "all": (("",), lambda: np.zeros(len(self), dtype=np.int64)),
            "need": (model.needs, lambda: self.need),
            "level": (LEVELS, lambda: self.level),
            "service": (model.services, lambda: self.service),
            "origin": (ORIGINS, lambda: self.origin),
        }[by]
        return Cut(by, groups, code(), np.full(len(groups), whole))

    def by_site(self, sites: Ints) -> Cut:
        """These contacts, all of them at ``sites``, by site."""
        names = tuple(self.run.model.sites[t] for t in sites)
        return Cut("site", names, np.searchsorted(sites, self.site), np.full(len(sites), self.run.total_people))


__all__ = ["NOBODY", "ORIGINS", "Cut", "Mask", "Run", "View"]
