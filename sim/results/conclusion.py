"""What can be said of a change: robust, depends on the assumptions, no change, not tested, or cannot be told.

The last three are three different things. *No change*: whatever the change is, it is smaller than what matters
(``sim.results.smallest_changes``). *Not tested*: it is beyond luck, and nobody asked what the assumptions do to it.
*Cannot be told*: luck, or a queue that has not settled, hides it; more runs may tell.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.results.smallest_changes import smallest_changes

Mask = NDArray[np.bool_]
MOST_WORLDS = 0.9  # of the worlds, that must have the sign of the estimate


class Conclusion(StrEnum):
    """What can be said of a change, in words."""

    ROBUST = "robust"
    ASSUMPTION = "depends on the assumptions"
    NO_CHANGE = "no change"
    NOT_TESTED = "not tested"
    UNKNOWN = "cannot be told"


def conclusions(table: pd.DataFrame, certain: Mask) -> list[Conclusion]:
    """Of every row of a comparison in the making; ``certain``: those of scenarios that have nothing to vary.

    Robust: the change is as large as matters, the interval of luck excludes 0, every replication has a value, nothing
    moves, and what was tried of the assumptions is on the same side: their whole range, and nine worlds in ten. No
    change: the interval of luck and what was tried lie within what does not matter.
    """
    matters = smallest_changes(table)
    low, high, change = (np.asarray(table[name], dtype=np.float64) for name in ("low", "high", "change"))
    up, down = low > 0, high < 0
    known = np.asarray(table["low_assumption"].notna())
    worlds = np.asarray(table["worlds"]) > 0
    tested = known | worlds | certain
    hidden = _hidden(table)
    within = (low > -matters) & (high < matters)
    same_side = _ends_agree(table, up, known) & _worlds_agree(table)
    nothing = (change == 0) & (low == 0) & (high == 0)
    still = nothing & (~known | _ends_within(table, 0.0)) & (~worlds | _worlds_within(table, 0.0))
    small = within & (~known | _ends_within(table, matters)) & (~worlds | _worlds_within(table, matters))
    cases = [
        (hidden, Conclusion.UNKNOWN),
        (still, Conclusion.NO_CHANGE),
        (within & ~tested, Conclusion.NOT_TESTED),
        (within & small, Conclusion.NO_CHANGE),
        (within, Conclusion.ASSUMPTION),
        (~(up | down) | (np.abs(change) < matters), Conclusion.UNKNOWN),
        (~tested, Conclusion.NOT_TESTED),
        (same_side, Conclusion.ROBUST),
    ]
    names = np.select([mask for mask, _ in cases], [name.value for _, name in cases], Conclusion.ASSUMPTION.value)
    return [Conclusion(name) for name in names]


def _hidden(table: pd.DataFrame) -> Mask:
    """Where nothing can be said: not measured everywhere, one replication, coincidence, or something still moves."""
    parts = table["change"].isna() | table["low"].isna() | (table["n"] < table["runs"]) | table["alike"]
    parts |= table["moves"] | table["void"].notna() | (table["tried"] & table["low_assumption"].isna())
    return np.asarray(parts, dtype=np.bool_)


def _ends_agree(table: pd.DataFrame, up: Mask, known: Mask) -> Mask:
    """Whether the whole range of the ends, where it is known, is on the side of the change."""
    return ~known | np.where(up, table["low_assumption"] > 0, table["high_assumption"] < 0)


def _ends_within(table: pd.DataFrame, limit: NDArray[np.float64] | float) -> Mask:
    return _within(table["low_assumption"], table["high_assumption"], limit)


def _worlds_agree(table: pd.DataFrame) -> Mask:
    """Whether enough of the worlds have the sign of the change, where there are any."""
    worlds, sign = np.asarray(table["worlds"]), np.asarray(table["worlds_with_sign"])
    agree: Mask = (worlds == 0) | (sign >= MOST_WORLDS * worlds)
    return agree


def _worlds_within(table: pd.DataFrame, limit: NDArray[np.float64] | float) -> Mask:
    return _within(table["low_worlds"], table["high_worlds"], limit)


def _within(low: pd.Series, high: pd.Series, limit: NDArray[np.float64] | float) -> Mask:
    """Whether a range lies within what does not matter; where that is nothing, whether it is nothing."""
    inside = ((low > -limit) & (high < limit)) | ((low == 0) & (high == 0))
    return np.asarray(inside, dtype=np.bool_)


__all__ = ["MOST_WORLDS", "Conclusion", "conclusions"]
