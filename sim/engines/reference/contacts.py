"""The contacts of a run, and the table that they become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np

from sim.engines.reference.agenda import Moment
from sim.model.codes import ABSENT, Codes, Outcome
from sim.model.tables import CONTACT_COLUMNS, Contacts

OPEN = int(Outcome.OPEN)


@dataclass(slots=True, eq=False)
class Contact:
    """One contact, written on as it goes: the columns of its row (see ``Contacts``), and what only the engine reads."""

    episode: int
    step: int
    service: int
    site: int
    pool: int
    origin: int
    place: int
    request: int
    visit: int  # 1 for the first to this service in the episode
    offer: int  # -1: without site
    back: int = -1  # second at which a team that may carry the patient is at its base if it does not
    course: int = -1  # random word of its duration and of what comes next, once drawn
    start: int = ABSENT
    end: int = ABSENT
    release: int = ABSENT
    outcome: int = OPEN
    miss: int = -1  # row of miss_* of who did not come
    goes_on: bool = False  # starts in the unit that is held
    gives: int = 0  # units that are given back when it starts, innermost first
    shift: int = 0  # of its pool, in which its unit was taken
    drawn_end: int = ABSENT  # of the service, before the hours of ending
    rest: int = 0  # s that are left of an interrupted service
    ends: Moment = field(init=False)  # of the service


def table_of(contacts: Sequence[Contact]) -> Contacts:
    """The contacts as columns of 32 bits, or of 64 where a number needs them."""
    columns = [np.fromiter(map(attrgetter(name), contacts), np.int64, len(contacts)) for name in CONTACT_COLUMNS]
    narrow = [column.astype(np.int32) for column in columns]
    fits = all((a == b).all() for a, b in zip(narrow, columns, strict=True))
    table: list[Codes] = list(narrow if fits else columns)
    return Contacts(**dict(zip(CONTACT_COLUMNS, table, strict=True)))
