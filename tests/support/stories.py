"""People whom a test makes by hand, and what happens to them, in minutes since the start of the run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.model.codes import ABSENT, AGE_GROUPS, Outcome, Words
from sim.model.tables import Contacts, Episodes, Model
from sim.simulation import simulate_episodes

MINUTE = 60


@dataclass(frozen=True)
class Person:
    """An episode that a test makes by hand; ``key`` is its luck."""

    at: float  # minutes; negative: there when the run starts
    need: str = "ill"
    zone: str = "home"
    acuity: int = 3
    age: str = "18_64"
    key: int = 1
    first: float = 0.0  # uniform of the first contact
    shift: float = 0.0  # uniform of the shift
    service: str | None = None
    site: str | None = None


def episodes(model: Model, people: Sequence[Person]) -> Episodes:
    """The people as episodes; they are told in order of time."""
    assert [p.at for p in people] == sorted(p.at for p in people)

    def column(values: Iterable[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.array(list(values), dtype=np.int64)

    keys: Words = np.array([(p.key * 0x9E3779B97F4A7C15) % 2**64 for p in people], dtype=np.uint64)
    return Episodes(
        key=keys,
        time=column(round(MINUTE * p.at) for p in people),
        need=column(model.needs.index(p.need) for p in people),
        zone=column(model.zones.index(p.zone) for p in people),
        age=column(AGE_GROUPS.index(p.age) for p in people),
        acuity=column(p.acuity - 1 for p in people),
        first_draw=column(int(p.first * 2**32) for p in people),
        shift_draw=column(int(p.shift * 2**32) for p in people),
        service=column(model.services.index(p.service) if p.service else -1 for p in people),
        site=column(model.sites.index(p.site) if p.site else -1 for p in people),
    )


Row = tuple[object, ...]


def happens(model: Model, *people: Person, columns: str = "request start end release outcome") -> list[Row]:
    """What happens to the people: (person, service, site, and the columns), in order of request."""
    return told(model, simulate_episodes(model, episodes(model, people), "simpy"), columns)


def told(model: Model, contacts: Contacts, columns: str = "request start end release outcome") -> list[Row]:
    """Contacts as rows with names and minutes; None where it did not happen."""
    rows = []
    for j in range(len(contacts.episode)):
        site = int(contacts.site[j])
        said = [_said(model, contacts, column, j) for column in columns.split()]
        where = model.sites[site] if site >= 0 else None
        rows.append((int(contacts.episode[j]), model.services[contacts.service[j]], where, *said))
    return rows


def _said(model: Model, contacts: Contacts, column: str, j: int) -> object:
    value = int(getattr(contacts, column)[j])
    if column == "outcome":
        return Outcome(value).name.lower()
    if column == "place":
        return (*model.zones, *model.sites)[value]
    if column in ("request", "start", "end", "release"):
        return None if value == ABSENT else value // MINUTE if value % MINUTE == 0 else value / MINUTE
    return value
