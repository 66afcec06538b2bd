"""What a study left in its folder, read back: tables and plain data, nothing that computes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

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
)

COMPARISON_TEXT = ("scenario", "measure", "unit", "by", "group", "note")
COMPARISON_NUMBERS = (
    "baseline", "mean", "change", "low", "high", "low_assumption", "high_assumption", "p", "p_holm",
)  # fmt: skip


@dataclass(frozen=True)
class Results:
    """The results of a study.

    ``measures``: one row a run (scenario, variant, replication), period, measure, by and group. ``comparison``: as
    ``compare.compare`` makes it. ``config``: the resolved configuration (``config.world.resolved``). ``manifest``:
    runs, versions, seed, timings.
    """

    folder: Path
    measures: pd.DataFrame
    comparison: pd.DataFrame
    config: dict[str, Any]
    manifest: dict[str, Any]


def read_results(folder: Path | str) -> Results:
    """The results in a study's folder. Raises FileNotFoundError if one of its four files is missing."""
    folder = Path(folder)
    comparison = _comparison(folder / "comparison.csv")
    return Results(
        folder,
        pd.read_parquet(folder / "measures.parquet"),
        comparison,
        yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8")),
        json.loads((folder / "manifest.json").read_text(encoding="utf-8")),
    )


def _comparison(path: Path) -> pd.DataFrame:
    """The comparison with its types: a group such as 0114 stays text, an empty number is NaN."""
    empty = {column: [""] for column in COMPARISON_NUMBERS}
    text = dict.fromkeys(COMPARISON_TEXT, str)
    return pd.read_csv(path, dtype=text, keep_default_na=False, na_values=empty)


__all__ = ["MEASURE_COLUMNS", "Results", "read_results"]
