"""``experiments.csv`` of a region: natural experiments beside what is published, and how many the model foretells.

Written by ``careshift experiments``, never by hand, and read by reports. It may be missing. It holds for one care
model, with what is fitted in force: with any other it says nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas as pd

EXPERIMENTS_FILE = "experiments.csv"
EXPERIMENT_COLUMNS = (
    "experiment", "use", "reading", "estimate", "low", "high", "published_low", "published_high", "agreement", "care",
)  # fmt: skip


class Agreement(StrEnum):
    """How a simulated change agrees with a published one, in words."""

    INSIDE = "inside the published range"
    WIDENED = "inside the range widened by half"
    SIGN = "right sign"
    WEAKER = "right sign, weaker"
    STRONGER = "right sign, stronger"
    WRONG = "wrong sign"
    UNPUBLISHED = "an effect where none was found"
    NOTHING = "no effect seen"
    UNKNOWN = "cannot be told"
    INEXPRESSIBLE = "not expressible"


FORETOLD = frozenset({Agreement.INSIDE.value, Agreement.WIDENED.value})


@dataclass(frozen=True)
class Foretold:
    """Numbers of experiments: with a published size, of these foretold; both of those that are kept out of fitting.

    ``easily``: foretold, but every published range of theirs begins at or holds 0, so that a small change is enough.
    """

    experiments: int
    foretold: int
    kept_out: int
    kept_out_foretold: int
    easily: int
    inexpressible: int


def count_foretold(table: pd.DataFrame) -> Foretold:
    """Counts experiments, not readings.

    An experiment counts if one of its readings has a published range, and is foretold if all such readings are inside
    the range, or inside it when it is widened by half, and no reading has the wrong sign. One that cannot be expressed
    is neither, and one of which only the sign is known proves too little to be counted.
    """
    sized_ones, right_ones, kept_out, kept_out_right, easily = 0, 0, 0, 0, 0
    for _, rows in table.groupby("experiment", sort=False):
        sized = rows[rows["published_low"].notna()]
        if sized.empty:
            continue
        right = bool(sized["agreement"].isin(FORETOLD).all() and not (rows["agreement"] == Agreement.WRONG).any())
        out = bool((rows["use"] == "kept_out").all())
        sized_ones, right_ones, kept_out, kept_out_right = (
            sized_ones + 1,
            right_ones + right,
            kept_out + out,
            kept_out_right + (right and out),
        )
        easily += right and bool((sized["published_low"] * sized["published_high"] <= 0).all())
    inexpressible = int((table["agreement"] == Agreement.INEXPRESSIBLE).sum())
    return Foretold(sized_ones, right_ones, kept_out, kept_out_right, easily, inexpressible)


def care_hash(care: dict[str, Any]) -> str:
    """What tells one care model from another: a hash of it as plain data, as in the configuration of a study."""
    return hashlib.sha256(json.dumps(care, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def read_foretold(folder: Path, care: dict[str, Any]) -> Foretold | None:
    """The counts of a region's folder; None if nothing was tried there with this care model."""
    path = folder / EXPERIMENTS_FILE
    if not path.is_file():
        return None
    try:
        table = pd.read_csv(path, dtype={"reading": str, "agreement": str, "care": str, "use": str})
    except (ValueError, OSError):
        return None
    if set(EXPERIMENT_COLUMNS) - set(table.columns) or not len(table) or (table["care"] != care_hash(care)).any():
        return None
    return count_foretold(table)


__all__ = [
    "EXPERIMENTS_FILE", "EXPERIMENT_COLUMNS", "Agreement", "Foretold", "care_hash", "count_foretold", "read_foretold",
]  # fmt: skip
