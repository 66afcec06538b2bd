"""The ledger: contacts requested in the window, counted by all that they and their patients are."""

from __future__ import annotations

import numpy as np

from sim.measures.columns import Codes
from sim.measures.intervals import add
from sim.measures.view import HOME, ORIGINS, ObservedRun, View
from sim.model.codes import ACUITIES, AGE_GROUPS, ER_PARTS, LEVELS, Ints, Kind, Outcome

AXES = ("service", "level", "origin", "outcome", "started", "need", "age_group", "acuity")
UNKNOWN, WRONG, RIGHT = range(3)  # what the care model says of the level of a contact


class Ledger:
    """Numbers of contacts requested in the window: in cells by ``AXES``, by municipality, and from level to level.

    A visit to an emergency room is one contact: what happens within it is counted by service alone, and by outcome.
    """

    def __init__(self, run: ObservedRun) -> None:
        model = run.model
        self.run = run
        self._whole = ~np.isin(model.kind, ER_PARTS)  # [S] services whose contacts are no parts of a visit
        patients = len(model.needs), len(AGE_GROUPS), ACUITIES
        self._shape = len(model.services), len(LEVELS), len(ORIGINS), len(Outcome), 2, *patients
        self._cells = np.zeros(int(np.prod(self._shape)), dtype=np.int64)
        self._towns = np.zeros(len(model.municipalities) * 3, dtype=np.int64)
        self._flows = np.zeros((HOME + 1) * len(LEVELS), dtype=np.int64)
        # [S] an ambulance is on the way to care: no level is wrong for it
        self._judged = self._whole & (model.kind != Kind.AMBULANCE)
        known = model.right_level.any(axis=2, keepdims=True)
        verdict = np.where(model.right_level == 1, RIGHT, np.where(known, WRONG, UNKNOWN))  # [N, Q, LEVELS]
        self._verdict = np.stack([verdict] * len(AGE_GROUPS), axis=1)  # [N, A, Q, LEVELS]

    def add(self, requests: View) -> None:
        """More contacts requested in the window."""
        code: Codes = requests.service.astype(np.int64)
        columns = requests.level, requests.origin, requests.outcome, requests.started.view(np.int8), requests.patient
        sizes = *self._shape[1:5], len(self.run.narrow.need)
        for size, column in zip(sizes, columns, strict=True):
            code = code * size + column
        add(self._cells, code)
        requests = requests.where(self._whole.take(requests.service))
        verdict = self._verdict.take(requests.patient * np.int64(len(LEVELS)) + requests.level)
        verdict = verdict * (requests.started & self._judged.take(requests.service))
        add(self._towns, requests.town * 3 + verdict)
        before = self.run.level.take(self.run.previous_row[requests.index])
        add(self._flows, before * np.int64(len(LEVELS)) + requests.level)

    def by(self, *names: str, outcome: Outcome | None = None) -> Ints:
        """Numbers by one or several ``AXES`` in their order, by 'all' or 'municipality'; of one outcome, or of all."""
        if names == ("municipality",):
            towns: Ints = self._town_states.sum(axis=1)
            return towns
        cells = self._cells.reshape(self._shape)
        if outcome is not None:
            cells = cells[:, :, :, outcome : outcome + 1]
        elif "service" not in names and not self._whole.all():
            cells = cells[self._whole]
        return _margin(cells, AXES, names)

    def level_verdicts(self, by: str) -> tuple[Ints, Ints]:
        """Of contacts that started those of whose level the care model says whether it is right, and the right ones.

        Those with ambulances are not among them.
        """
        if by == "municipality":
            states = self._town_states
            return states[:, WRONG] + states[:, RIGHT], states[:, RIGHT]
        started = self._cells.reshape(self._shape)[self._judged, :, :, :, 1].sum(axis=(0, 2, 3))
        axes, verdict = ("level", *AXES[5:]), np.moveaxis(self._verdict, -1, 0)
        judged, right = (np.where(those, started, 0) for those in (verdict != UNKNOWN, verdict == RIGHT))
        return _margin(judged, axes, (by,)), _margin(right, axes, (by,))

    @property
    def flows(self) -> Ints:
        """[levels and home, levels] from the contact before to this one."""
        return self._flows.reshape(-1, len(LEVELS))

    @property
    def _town_states(self) -> Ints:
        return self._towns.reshape(-1, 3)


def _margin(cells: Ints, axes: tuple[str, ...], names: tuple[str, ...]) -> Ints:
    """Sums over all other axes; one number of 'all'."""
    return np.atleast_1d(cells.sum(axis=tuple(i for i, axis in enumerate(axes) if axis not in names)))


__all__ = ["Ledger"]
