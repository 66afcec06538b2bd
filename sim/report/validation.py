"""Whether the baseline resembles reality: simulated beside published figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.cells import Writer
from sim.report.language import NOTHING
from sim.report.readings import READINGS

FILE = "validation.csv"


@dataclass(frozen=True)
class Check:
    """One published figure beside the simulated one."""

    name: str
    unit: str
    published: str
    span: str
    simulated: str
    deviation: str
    hit: bool | None
    source: str
    quality: str


def checks(folder: Path, writer: Writer) -> list[Check]:
    """The checks that the study left; none if it left no such file."""
    path = folder / FILE
    if not path.is_file():
        return []
    table = pd.read_csv(path, dtype={"group": str, "note": str, "source": str, "quality": str})
    return [_check(row, writer) for row in table.to_dict("records")]


def _check(row: dict[Any, Any], writer: Writer) -> Check:
    say = writer.language
    low, high = say.number(row["low"]), say.number(row["high"])
    hit = str(row["within_15"])
    return Check(
        _name(row, writer),
        _said(row.get("unit")),
        say.number(row["published"]),
        "" if NOTHING in (low, high) else say._("{low} to {high}", low=low, high=high),
        say.number(row["simulated"]),
        say.percent(row["deviation"], 0, signed=True) if row["deviation"] == row["deviation"] else NOTHING,
        {"True": True, "False": False}.get(hit),
        _said(row["source"]),
        _said(row["quality"]),
    )


def _name(row: dict[Any, Any], writer: Writer) -> str:
    reading = READINGS.get(str(row["measure"]))
    name = writer.language._(reading.name) if reading else str(row["target"]).replace("_", " ")
    by, group = _said(row["by"]), _said(row["group"])
    return f"{name}: {writer.names.group(by, group)}" if group and reading else name


def _said(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


__all__ = ["Check", "checks"]
