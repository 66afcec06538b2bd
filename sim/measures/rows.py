"""The tidy table of one run: columns of measure, unit, by, group, value, note."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.measures.definitions import DEFINITIONS
from sim.tables import Ints

Floats = NDArray[np.float64]

COLUMNS = ("measure", "unit", "by", "group", "value", "note")
NOT_SETTLED = "not settled"


def ratio(over: Ints | Sequence[int], under: Ints | Sequence[int], up: int = 1, down: int = 1) -> Floats:
    """``over * up / (under * down)`` of whole numbers, divided once; NaN where the divisor is 0.

    In Python's integers: products do not overflow, and the quotient is correctly rounded on every machine.
    """
    pairs = zip(np.asarray(over).tolist(), np.asarray(under).tolist(), strict=True)
    return np.array([n * up / (d * down) if d else np.nan for n, d in pairs], dtype=np.float64)


class Rows:
    """Collects the rows of a tidy table, many groups at a time."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, str, Sequence[str], Floats, list[str]]] = []

    def add(
        self,
        measure: str,
        by: str,
        groups: Sequence[str],
        values: Floats,
        note: str = "",
        missing: str = "no contacts",
    ) -> None:
        """Values of one measure for the groups of one cut. ``missing`` is the reason given where a value is NaN."""
        notes = [missing if gone else note for gone in np.isnan(values).tolist()]
        if len(notes) != len(groups):
            raise ValueError(f"{measure} by {by}: {len(groups)} groups, {len(notes)} values")
        self._parts.append((measure, by, groups, values, notes))

    def frame(self) -> pd.DataFrame:
        """All rows in the order in which they were added; the unit is the definition's."""
        measure, unit, by, group, note = [], [], [], [], []
        for name, cut, groups, _, notes in self._parts:
            size = len(groups)
            measure += [name] * size
            unit += [DEFINITIONS[name].unit] * size
            by += [cut] * size
            group += list(groups)
            note += notes
        value = np.concatenate([p[3] for p in self._parts]) if self._parts else np.zeros(0)
        return pd.DataFrame(dict(zip(COLUMNS, (measure, unit, by, group, value, note), strict=True)))


__all__ = ["COLUMNS", "NOT_SETTLED", "Floats", "Rows", "ratio"]
