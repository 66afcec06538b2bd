"""The contacts of a run as those who check them see them, and how a broken identity is told."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.tables import ABSENT, Contacts, Episodes, Ints, Model, Origin, Outcome

Mask = NDArray[np.bool_]


class BrokenIdentity(RuntimeError):
    """Something that holds in every run does not hold in this one: its contacts are not to be believed."""


class Evidence:
    """Contacts beside their model and episodes, in the order of the table and by episode."""

    def __init__(self, model: Model, episodes: Episodes, contacts: Contacts) -> None:
        self.m, self.e, self.c = model, episodes, contacts
        self.rows = len(contacts.episode)

    def require(self, identity: str, holds: Mask, rows: Ints | None = None) -> None:
        """Raises BrokenIdentity with the first contact for which ``identity`` does not hold; ``rows``: of ``holds``."""
        if not holds.all():
            j = int(np.argmin(holds))
            raise BrokenIdentity(f"{identity}: {self.told(j if rows is None else int(rows[j]))}")

    def told(self, row: int) -> str:
        """A contact in words; times in seconds, - where it did not happen."""
        c = self.c
        times = {name: int(getattr(c, name)[row]) for name in ("request", "start", "end", "release")}
        said = ", ".join(f"{name} {'-' if t == ABSENT else t}" for name, t in times.items())
        where = _name(self.m.sites, int(c.site[row]), "no site")
        what = f"{_name(self.m.services, int(c.service[row]), '?')} at {where}"
        origin, outcome = (_name([k.name.lower() for k in kind], int(v), "?") for kind, v in self._codes(row))
        step = f"episode {c.episode[row]}, step {c.step[row]}"
        return f"contact in row {row} ({step}, {what}, {said} s, origin {origin}, outcome {outcome})"

    def _codes(self, row: int) -> list[tuple[type[Origin] | type[Outcome], int]]:
        return [(Origin, int(self.c.origin[row])), (Outcome, int(self.c.outcome[row]))]

    @cached_property
    def started(self) -> Mask:
        """Contacts whose service started."""
        started: Mask = self.c.start != ABSENT
        return started

    @cached_property
    def _order(self) -> tuple[Ints, Mask]:
        """Rows by episode, and whether each is of the same episode as the one before it."""
        key = np.sort(self.c.episode << 32 | np.arange(self.rows))
        episode = key >> 32
        return key & 0xFFFFFFFF, episode[1:] == episode[:-1]

    @cached_property
    def before(self) -> Ints:
        """Rows that are followed by another of their episode."""
        order, same = self._order
        return order[:-1][same]

    @cached_property
    def after(self) -> Ints:
        """The rows that follow them."""
        order, same = self._order
        return order[1:][same]

    @cached_property
    def first(self) -> Ints:
        """The first row of each episode."""
        order, same = self._order
        return order[np.concatenate([[True], ~same])] if self.rows else order

    @cached_property
    def offer(self) -> Ints:
        """Offer of each row; -1 where there is none."""
        return np.where(self.c.site >= 0, self.m.offer[self.c.site, self.c.service], -1)

    @cached_property
    def decided(self) -> Ints:
        """For each of ``before``: the second at which it was decided what comes next."""
        end, release = self.c.end[self.before], self.c.release[self.before]
        return np.where(self.c.outcome[self.before] == Outcome.DONE, end, release)


def _name(names: tuple[str, ...] | list[str], index: int, otherwise: str) -> str:
    return names[index] if 0 <= index < len(names) else otherwise


__all__ = ["BrokenIdentity", "Evidence", "Mask"]
