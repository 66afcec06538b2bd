"""``sensitivity.csv`` in a region's folder: what a screening found, written whole."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.config.folders import folders
from sim.config.schema.screening_table import SENSITIVITY, SENSITIVITY_COLUMNS
from sim.credibility.sensitivity.screening import Screening
from sim.results.files import write_whole

DIGITS = "%.6g"


def write(screening: Screening, root: Path | None = None) -> Path:
    """Writes the region's ``sensitivity.csv``, whole or not at all; returns where. Raises OSError if it cannot."""
    path = folders(root).config(f"region/{screening.world.region.name}") / SENSITIVITY
    write_whole(path, lambda temporary: _csv(screening.table, temporary))
    return path


def _csv(table: pd.DataFrame, path: Path) -> None:
    table[list(SENSITIVITY_COLUMNS)].to_csv(path, index=False, float_format=DIGITS, lineterminator="\n")


__all__ = ["write"]
