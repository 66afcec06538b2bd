"""A visit to an emergency room: the contact with its door, and those with physician and tests that follow at once."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.measures.columns import Codes, Mask, Times, either
from sim.measures.view import NOBODY, ObservedRun, View
from sim.model.codes import ER_PARTS, Kind, Origin


class Visits(View):
    """Visits to emergency rooms, a row each: how they began is said by the first contact, how they ended by the last.

    ``last`` is the row of the last contact of each visit, ``physician`` that of the first with a physician, NOBODY
    where none was asked for.
    """

    def __init__(self, run: ObservedRun, index: Codes, last: Codes, physician: Codes) -> None:
        super().__init__(run, index)
        self._last, self._physician = last, physician

    def where(self, mask: Mask) -> Visits:
        """Those of these visits."""
        some = np.flatnonzero(mask)
        if len(some) == len(self):
            return self
        return Visits(self.run, self.rows.take(some), self._last.take(some), self._physician.take(some))

    @cached_property
    def end_of_visit(self) -> View:
        """The last contacts."""
        return View(self.run, self._last)

    @cached_property
    def end(self) -> Times:
        return self.end_of_visit.end

    @cached_property
    def release(self) -> Times:
        return self.end_of_visit.release

    @cached_property
    def outcome(self) -> Codes:
        return self.end_of_visit.outcome

    @cached_property
    def next_kind(self) -> Codes:
        return self.end_of_visit.next_kind

    @cached_property
    def went_on(self) -> Mask:
        return self.end_of_visit.went_on

    @cached_property
    def kept_until(self) -> Times:
        return self.end_of_visit.kept_until

    @cached_property
    def _with_physician(self) -> View:
        return View(self.run, np.maximum(self._physician, 0))

    @cached_property
    def meets_physician(self) -> Mask:
        """Whether a physician began with the patient."""
        meets: Mask = (self._physician != NOBODY) & self._with_physician.started
        return meets

    @cached_property
    def unseen_until(self) -> Times:
        """Second at which the wait for the physician ended: by being seen, by leaving, or not before the horizon.

        Where no service is a physician's, the wait for the place is all that there is.
        """
        asked, there = self._with_physician, self.run.services_of(Kind.EMERGENCY_PHYSICIAN).any()
        return either(self._physician != NOBODY, asked.wait_end, self.out if there else self.wait_end)


def er_visits(run: ObservedRun) -> Visits:
    """All visits to emergency rooms."""
    first = run.ever(Kind.EMERGENCY).rows
    last, physician = first.copy(), np.full(len(first), NOBODY, dtype=first.dtype)
    going = np.flatnonzero(run.next_row[first] != NOBODY) if np.isin(run.model.kind, ER_PARTS).any() else first[:0]
    while len(going):
        row = run.next_row[last[going]]
        kind = run.kind[row]
        stays = np.isin(kind, ER_PARTS) & (run.contacts.origin[row] != Origin.FOLLOWED)
        going, row, kind = going[stays], row[stays], kind[stays]
        last[going] = row
        new = going[(kind == Kind.EMERGENCY_PHYSICIAN) & (physician[going] == NOBODY)]
        physician[new] = last[new]
    return Visits(run, first, last, physician)


__all__ = ["Visits", "er_visits"]
