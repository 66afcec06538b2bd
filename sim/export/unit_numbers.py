"""Which unit of its pool each contact had: engines count units in use, and number them nowhere.

A number is found afterwards. In the order of starts each contact is given the lowest number that is free in its pool;
one that goes on in a unit that the patient has keeps it. As long as whoever starts finds a unit free (which the audit
of every run holds), the numbers are within the capacity of that second. Two kinds of pools are an exception, since more
contacts are open in them than units are in use: where the next shift begins with all units free while the last one
finishes (``fresh``), and where contacts are interrupted at the end of a shift (``hand_over``).
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from sim.engines.audit.evidence import may_go_on
from sim.model.codes import ABSENT, NEVER, Codes, Ints
from sim.model.tables import Contacts, Model

NO_UNIT = 0


def unit_numbers(model: Model, contacts: Contacts) -> Ints:
    """[contacts] the unit of its pool, from 1; 0 of one that did not start, or of a service without limit.

    The same contacts give the same numbers. A unit is in use from ``start`` until before ``release``: who leaves in a
    second makes room for who starts in it.
    """
    pool, start = contacts.pool.astype(np.int64), contacts.start.astype(np.int64)
    release = np.where(contacts.release == ABSENT, NEVER, contacts.release)
    first = _first_contacts(model, contacts)
    until = release.copy()
    np.maximum.at(until, first, release)
    uses = np.flatnonzero((pool >= 0) & (start != ABSENT) & (first == np.arange(len(pool))))
    uses = uses[np.lexsort((uses, start[uses], pool[uses]))]
    units = np.zeros(len(pool), dtype=np.int64)
    units[uses] = _lowest_free(pool[uses].tolist(), start[uses].tolist(), until[uses].tolist())
    return units[first]


def _lowest_free(pools: list[int], starts: list[int], ends: list[int]) -> list[int]:
    """The lowest free number of each use; uses are in order of pool and start, and end before they are free again."""
    numbers: list[int] = []
    busy: list[tuple[int, int]] = []  # end and number, the first to end first
    free: list[int] = []
    last_pool, highest = -1, 0
    for pool, start, end in zip(pools, starts, ends, strict=True):
        if pool != last_pool:
            busy, free, highest, last_pool = [], [], 0, pool
        while busy and busy[0][0] <= start:
            heappush(free, heappop(busy)[1])
        if free:
            number = heappop(free)
        else:
            highest += 1
            number = highest
        heappush(busy, (end, number))
        numbers.append(number)
    return numbers


def _first_contacts(model: Model, contacts: Contacts) -> Ints:
    """[contacts] the contact that took the unit in which each goes on; itself where it took one of its own."""
    first = np.arange(len(contacts.episode))
    goes_on = np.flatnonzero(may_go_on(model, contacts))
    before = _contacts_before(contacts, goes_on)
    earlier = (before >= 0) & (before < goes_on)
    first[goes_on[earlier]] = before[earlier]
    while not np.array_equal(further := first[first], first):
        first = further
    return first


def _contacts_before(contacts: Contacts, goes_on: Ints) -> Ints:
    """Of each contact that goes on: the one of the same episode and pool that leaves the unit as it starts, or -1.

    Where several leave and start in the same second, the first that leaves is followed by the first that starts.
    """
    episodes, pools = np.unique(contacts.episode[goes_on]), int(contacts.pool.max(initial=0)) + 1
    earliest = min(int(contacts.start[goes_on].min(initial=0)), 0)
    span = int(contacts.release.max(initial=0)) + 1 - earliest

    def moments(second: Codes, rows: Ints) -> Ints:
        """Episode, second and pool as one number."""
        episode = np.searchsorted(episodes, contacts.episode[rows])
        return (episode * span + second[rows].astype(np.int64) - earliest) * pools + contacts.pool[rows]

    held = np.flatnonzero((contacts.pool >= 0) & (contacts.start != ABSENT) & (contacts.release != ABSENT))
    held = held[np.isin(contacts.episode[held], episodes)]
    left, taken = moments(contacts.release, held), moments(contacts.start, goes_on)
    held, left = (column[np.argsort(left, kind="stable")] for column in (held, left))
    in_order = np.argsort(taken, kind="stable")
    rank = np.empty(len(taken), dtype=np.int64)
    rank[in_order] = np.arange(len(taken)) - np.searchsorted(taken[in_order], taken[in_order])
    at = np.searchsorted(left, taken) + rank
    found = at < np.searchsorted(left, taken, side="right")
    before = np.full(len(taken), -1, dtype=np.int64)
    before[found] = held[at[found]]
    return before


__all__ = ["NO_UNIT", "unit_numbers"]
