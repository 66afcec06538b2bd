"""The tidy table of one run: columns of measure, unit, by, group, value, note, early, late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.measures.definition import Definition
from sim.model.codes import Ints

Floats = NDArray[np.float64]

COLUMNS = ("measure", "unit", "by", "group", "value", "note", "early", "late")
NOT_SETTLED = "not settled"
NO_CONTACTS = "no contacts"


def ratio(over: Ints | Sequence[int], under: Ints | Sequence[int], up: int = 1, down: int = 1) -> Floats:
    """``over * up / (under * down)`` of whole numbers, divided once; NaN where the divisor is 0.

    In Python's integers: products do not overflow, and the quotient is correctly rounded on every machine.
    """
    pairs = zip(np.asarray(over).tolist(), np.asarray(under).tolist(), strict=True)
    return np.array([n * up / (d * down) if d else np.nan for n, d in pairs], dtype=np.float64)


@dataclass(frozen=True)
class Behind:
    """The number of patients behind each value: its mean over both ends of the window, and what the run says of it."""

    early: Floats
    late: Floats
    notes: list[str]

    def repeat(self, times: int) -> Behind:
        """Each so many times, one after another."""
        notes = [note for note in self.notes for _ in range(times)]
        return Behind(self.early.repeat(times), self.late.repeat(times), notes)


def _each(text: str | Sequence[str], size: int) -> Sequence[str]:
    return [text] * size if isinstance(text, str) else text


class MeasureRows:
    """Collects the rows of a tidy table, many groups at a time."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, str, Sequence[str], Floats, list[str], Floats, Floats]] = []

    def add(
        self,
        measure: str,
        by: str,
        groups: Sequence[str],
        values: Floats,
        behind: Behind | None = None,
        missing: str | Sequence[str] = NO_CONTACTS,
    ) -> None:
        """Values of one measure for the groups of one cut.

        ``behind``: the number of patients of each group that must stand still for the value to be settled; nothing
        where there is none. ``missing`` is the reason given where a value is NaN, one text for all groups or one each.
        """
        size = len(groups)
        if len(values) != size:
            raise ValueError(f"{measure} by {by}: {size} groups, {len(values)} values")
        unknown = np.full(size, np.nan)
        known = behind or Behind(unknown, unknown, [""] * size)
        texts, reasons = known.notes, _each(missing, size)
        notes = [reasons[i] if gone else texts[i] for i, gone in enumerate(np.isnan(values).tolist())]
        self._parts.append((measure, by, groups, values, notes, known.early, known.late))

    def values(self, measure: str, by: str) -> Floats:
        """What was added for a measure and a cut."""
        parts = [part[3] for part in self._parts if part[:2] == (measure, by)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def behind(self, measure: str, by: str) -> Behind | None:
        """What is behind the values of a measure and a cut that were added; nothing if they were not."""
        for name, cut, _, _, notes, early, late in self._parts:
            if (name, cut) == (measure, by):
                return Behind(early, late, [note if note == NOT_SETTLED else "" for note in notes])
        return None

    def frame(self, definitions: Mapping[str, Definition]) -> pd.DataFrame:
        """All rows in the order in which they were added; the unit is that of the definition."""
        measure, unit, by, group, note = [], [], [], [], []
        for name, cut, groups, _, notes, *_ in self._parts:
            size = len(groups)
            measure += [name] * size
            unit += [definitions[name].unit] * size
            by += [cut] * size
            group += list(groups)
            note += notes
        value, early, late = (
            np.concatenate([p[i] for p in self._parts]) if self._parts else np.zeros(0) for i in (3, 5, 6)
        )
        return pd.DataFrame(dict(zip(COLUMNS, (measure, unit, by, group, value, note, early, late), strict=True)))


__all__ = ["COLUMNS", "NOT_SETTLED", "NO_CONTACTS", "Behind", "Floats", "MeasureRows", "ratio"]
