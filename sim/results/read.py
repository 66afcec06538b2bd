"""What a study left in its folder, read back: tables and plain data, nothing that computes."""

from __future__ import annotations

import errno
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from sim.results.changes_by_world import DECISIVE, DRAWS, read_decisive, read_draws
from sim.results.compare import COLUMNS, TEXT, TYPES
from sim.results.decomposition import read_decomposition

DECOMPOSITION = "decomposition.csv"
MEASURE_COLUMNS = (
    "scenario",
    "variant",
    "replication",
    "period",
    "measure",
    "unit",
    "by",
    "group",
    "value",
    "note",
    "early",
    "late",
)


@dataclass(frozen=True)
class Results:
    """The results of a study.

    ``measures``: one row a run (scenario, variant, replication), period, measure, by and group. ``comparison``: as
    ``compare.compare`` makes it, ``decomposition`` as the function of that name. ``config``: the resolved configuration
    (``config.world.resolved``). ``manifest``: runs, versions, seed, timings. ``worlds``: what was drawn in each world,
    and ``decisive``: the figures that go most with each change (``sim.results.changes_by_world``); both without rows
    if there were no worlds.
    """

    folder: Path
    measures: pd.DataFrame
    comparison: pd.DataFrame
    decomposition: pd.DataFrame
    config: dict[str, Any]
    manifest: dict[str, Any]
    worlds: pd.DataFrame
    decisive: pd.DataFrame


def read_results(folder: Path | str) -> Results:
    """The results in a study's folder. Raises FileNotFoundError if one of its four files is missing."""
    folder = Path(folder)
    for name in ("measures.parquet", "comparison.csv", "config.yaml", "manifest.json"):
        if not (folder / name).is_file():
            raise FileNotFoundError(errno.ENOENT, "no such file", str(folder / name))
    return Results(
        folder,
        pd.read_parquet(folder / "measures.parquet"),
        read_comparison(folder / "comparison.csv"),
        read_decomposition(folder / DECOMPOSITION),
        yaml.load((folder / "config.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader),
        json.loads((folder / "manifest.json").read_text(encoding="utf-8")),
        read_draws(folder / DRAWS),
        read_decisive(folder / DECISIVE),
    )


def write_comparison(table: pd.DataFrame, path: Path) -> None:
    """Writes what ``compare`` made as CSV: empty for a number that is missing, numbers with all their digits."""
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def read_comparison(path: Path) -> pd.DataFrame:
    """What ``write_comparison`` wrote, to the last bit: a group such as 0114 stays text, an empty number is NaN.

    Raises FileNotFoundError, or ValueError if a column is missing or does not have its type.
    """
    text = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    missing = [column for column in COLUMNS if column not in text.columns]
    if missing:
        raise ValueError(f"{path}: no column {', '.join(missing)}")
    table = text[COLUMNS].copy()
    for column in COLUMNS:
        if column not in TEXT:
            table[column] = _numbers(text[column], TYPES.get(column, np.float64))
    return table


def _numbers(text: pd.Series, kind: type[np.generic]) -> np.ndarray:
    """Values of one column; Python's ``float`` gives back every bit that was written."""
    if kind is np.bool_:
        if not set(text) <= {"True", "False"}:
            raise ValueError(f"column {text.name}: True and False, nothing else")
        return np.array(text == "True", dtype=np.bool_)
    return np.array([float(one) if one else np.nan for one in text], dtype=np.float64).astype(kind)


__all__ = ["DECOMPOSITION", "MEASURE_COLUMNS", "Results", "read_comparison", "read_results", "write_comparison"]
