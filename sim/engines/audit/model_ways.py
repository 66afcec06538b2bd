"""Where a model allows a patient to go next."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.engines.audit.evidence import Mask
from sim.model.codes import Action, Ints
from sim.model.tables import Discrete, Model

FOLLOW, WITHIN = int(Action.FOLLOW_UP), int(Action.WITHIN)


class Ways:
    """Where the model allows a patient to go next."""

    def __init__(self, model: Model) -> None:
        self.m, services = model, len(model.services)
        to, later = model.next_service[model.next.item], model.next_action[model.next.item] == FOLLOW
        self.at_once = members(model.next, to, services, ~later & (to >= 0))
        inside = model.next_action[model.next.item] == WITHIN
        other = members(model.next, to, services, ~later & (to >= 0) & ~inside)
        self.within = members(model.next, to, services, inside) & ~other  # only so
        self.classes = int(np.diff(model.signal_ptr).max(initial=0)) + 1 if (model.next_signal >= 0).any() else 1
        self.later = members(model.next, to, services, later)
        self.turned_to = members(model.first, model.first.item, services)
        self.first = members(model.first, model.first.item, services, model.first_pull == 0)
        moved = model.shift_to[model.shift.item]
        self.shifts = members(model.shift, moved, services)
        self.fails = members(model.shift, moved, services, model.shift_fail[model.shift.item] > 0)

    @cached_property
    def shifted(self) -> Mask:
        """[F, C, S] services to which first contacts may be moved from one at which they may begin."""
        moved: Mask = self.shifts[self.m.shift_row] & self.first[self.m.first_row][..., None]
        shifts: Mask = np.logical_or.reduce(moved, axis=2)
        return shifts

    def phase(self, second: Ints) -> Ints:
        """Phase of each second; mostly the same for all."""
        starts = self.m.phase_start
        if len(second):
            low, high = np.searchsorted(starts, [second.min(), second.max()], side="right")
            if low == high:
                return np.full(len(second), low - 1)
        return np.searchsorted(starts, second, side="right") - 1


def members(table: Discrete, value: Ints, size: int, where: Mask | None = None) -> Mask:
    """[rows + 1, size] whether a row of a discrete table has a value; the last row, -1, has none."""
    rows = len(table.ptr) - 1
    row = np.repeat(np.arange(rows), np.diff(table.ptr))
    is_member = np.zeros((rows + 1, size), dtype=np.bool_)
    if where is not None:
        row, value = row[where], value[where]
    is_member[row, value] = True
    return is_member


__all__ = ["Ways"]
