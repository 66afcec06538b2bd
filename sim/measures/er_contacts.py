"""Visits to emergency rooms, and which numbers of their patients stand still."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.measures.columns import Times
from sim.measures.er_visits import er_visits
from sim.measures.intervals import time_between_marks
from sim.measures.rows import Behind
from sim.measures.stationarity import Drift
from sim.measures.view import SPANS, ObservedRun
from sim.model.codes import ACUITIES, AGE_GROUPS, Ints, Kind

WAITING, UNSEEN, PRESENT = "waiting", "unseen", "present"


class Emergencies:
    """All visits to emergency rooms (``ever``), those requested in the window (``requests``), and the ``sites``."""

    def __init__(self, run: ObservedRun, drift: Drift) -> None:
        self.drift = drift
        self.sites = run.sites_of(run.services_of(Kind.EMERGENCY))
        self.ever = er_visits(run)
        self.requests = self.ever.where(self.ever.request >= run.low)

    def behind(self, what: str, by: str) -> Behind:
        """The number of patients WAITING for a place, UNSEEN by a physician or PRESENT.

        ``by`` all, site, age_group, acuity or a span.
        """
        pieces = self._waiting if what == WAITING else self._unseen if what == UNSEEN else self._present
        if by in SPANS:
            return self.drift.behind(pieces[:, SPANS[by] :].sum(axis=(0, 1, 2))[np.newaxis])
        axes = ("site", "age_group", "acuity")
        return self.drift.behind(np.atleast_2d(pieces.sum(axis=tuple(i for i, axis in enumerate(axes) if axis != by))))

    @cached_property
    def _waiting(self) -> Ints:
        return self._pieces(self.ever.wait_end)

    @cached_property
    def _unseen(self) -> Ints:
        return self._pieces(self.ever.unseen_until)

    @cached_property
    def _present(self) -> Ints:
        return self._pieces(self.ever.out)

    def _pieces(self, until: Times) -> Ints:
        """[sites, age groups, acuities, pieces of ``Drift.marks``] seconds since the request."""
        shape = len(self.sites), len(AGE_GROUPS), ACUITIES
        ever = self.ever
        code = np.ravel_multi_index((ever.by_site(self.sites).code, ever.age, ever.acuity), shape)
        marks = self.drift.marks
        return time_between_marks(code, ever.request, until, int(np.prod(shape)), marks).reshape(*shape, len(marks) - 1)


__all__ = ["PRESENT", "UNSEEN", "WAITING", "Emergencies"]
