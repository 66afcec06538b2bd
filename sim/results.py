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
    comparison = pd.read_csv(folder / "comparison.csv", keep_default_na=False, na_values={"": []})
    return Results(
        folder,
        pd.read_parquet(folder / "measures.parquet"),
        comparison,
        yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8")),
        json.loads((folder / "manifest.json").read_text(encoding="utf-8")),
    )


__all__ = ["MEASURE_COLUMNS", "Results", "read_results"]
