"""The tidy table of one run: columns of measure, unit, by, group, value, note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.measures.definition import Definition
from sim.model.codes import Ints

Floats = NDArray[np.float64]

COLUMNS = ("measure", "unit", "by", "group", "value", "note")
NOT_SETTLED = "not settled"
NO_CONTACTS = "no contacts"


def ratio(over: Ints | Sequence[int], under: Ints | Sequence[int], up: int = 1, down: int = 1) -> Floats:
    """``over * up / (under * down)`` of whole numbers, divided once; NaN where the divisor is 0.

    In Python's integers: products do not overflow, and the quotient is correctly rounded on every machine.
    """
    pairs = zip(np.asarray(over).tolist(), np.asarray(under).tolist(), strict=True)
    return np.array([n * up / (d * down) if d else np.nan for n, d in pairs], dtype=np.float64)


def _each(text: str | Sequence[str], size: int) -> Sequence[str]:
    return [text] * size if isinstance(text, str) else text


class MeasureRows:
    """Collects the rows of a tidy table, many groups at a time."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, str, Sequence[str], Floats, list[str]]] = []

    def add(
        self,
        measure: str,
        by: str,
        groups: Sequence[str],
        values: Floats,
        note: str | Sequence[str] = "",
        missing: str | Sequence[str] = NO_CONTACTS,
    ) -> None:
        """Values of one measure for the groups of one cut.

        ``missing`` is the reason given where a value is NaN, ``note`` what is said of the others; one text for all
        groups, or one for each.
        """
        size = len(groups)
        if len(values) != size:
            raise ValueError(f"{measure} by {by}: {size} groups, {len(values)} values")
        texts, reasons = _each(note, size), _each(missing, size)
        notes = [reasons[i] if gone else texts[i] for i, gone in enumerate(np.isnan(values).tolist())]
        self._parts.append((measure, by, groups, values, notes))

    def values(self, measure: str, by: str) -> Floats:
        """What was added for a measure and a cut."""
        parts = [part[3] for part in self._parts if part[:2] == (measure, by)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def notes(self, measure: str, by: str) -> list[str]:
        """What was said of the values of a measure and a cut."""
        return [note for part in self._parts if part[:2] == (measure, by) for note in part[4]]

    def frame(self, definitions: Mapping[str, Definition]) -> pd.DataFrame:
        """All rows in the order in which they were added; the unit is that of the definition."""
        measure, unit, by, group, note = [], [], [], [], []
        for name, cut, groups, _, notes in self._parts:
            size = len(groups)
            measure += [name] * size
            unit += [definitions[name].unit] * size
            by += [cut] * size
            group += list(groups)
            note += notes
        value = np.concatenate([p[3] for p in self._parts]) if self._parts else np.zeros(0)
        return pd.DataFrame(dict(zip(COLUMNS, (measure, unit, by, group, value, note), strict=True)))


__all__ = ["COLUMNS", "NOT_SETTLED", "NO_CONTACTS", "Floats", "MeasureRows", "ratio"]
