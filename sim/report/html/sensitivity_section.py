"""What the region's baseline depends on most, as it was screened when the study was run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.html.change_cells import Writer
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_

FILE = "sensitivity.csv"
MOST = 10
SUBJECTS = {"er": N_("Emergency rooms"), "travel": N_("Travel")}
SIGNS = {"up": N_("rises"), "down": N_("falls"), "both": N_("either way"), "none": N_("stays")}


@dataclass(frozen=True)
class Matter:
    """One uncertain figure: how much the outcome changes over its range; ``width``: that, of the largest, per cent."""

    what: str
    width: int
    change: str
    spread: str
    share: str
    sign: str
    value: str
    low: str
    high: str
    source: str
    quality: str


@dataclass(frozen=True)
class ScreenedOutcome:
    """The figures that matter most for one outcome."""

    name: str
    unit: str
    baseline: str
    rows: list[Matter]


@dataclass(frozen=True)
class Sensitivity:
    """The outcomes by subject, and when and with what the screening was made."""

    subjects: list[tuple[str, list[ScreenedOutcome]]]
    figures: int
    origin: str


def sensitivity(folder: Path, writer: Writer) -> Sensitivity | None:
    """What the study left of its region's screening; None if it left nothing."""
    path = folder / FILE
    if not path.is_file():
        return None
    table = pd.read_csv(path, dtype={"source": str, "quality": str, "fitted": str}, keep_default_na=False)
    subjects = []
    for about, rows in table.groupby("about", sort=False):
        outcomes = [_outcome(str(name), cells, writer) for name, cells in rows.groupby("outcome", sort=False)]
        subjects.append((writer.language.translate(SUBJECTS[str(about)]), outcomes))
    return Sensitivity(subjects, int(table["parameter"].nunique()), _origin(table.iloc[0], writer))


def _origin(row: pd.Series, writer: Writer) -> str:
    language = writer.language
    state = (
        language.translate("as fitted {date}", date=language.date(row["fitted"]))
        if row["fitted"]
        else language.translate("as its tables say, nothing fitted")
    )
    return language.translate(
        "Morris' method, {paths} random paths through the ranges; {start} to {end}; region {state}. Made {written}.",
        paths=int(row["trajectories"]),
        start=language.date(row["start"]),
        end=language.date(row["end"]),
        state=state,
        written=language.date(row["written"]),
    )


def _outcome(measure: str, rows: pd.DataFrame, writer: Writer) -> ScreenedOutcome:
    reading, most = READINGS[measure], rows[rows["mu_star"] > 0].head(MOST)
    largest = float(most["mu_star"].max()) if len(most) else 1.0
    matters = [_matter(row, largest, writer) for row in most.to_dict("records")]
    return ScreenedOutcome(
        writer.language.translate(reading.name),
        writer.unit(reading),
        writer.amount(reading, rows["baseline"].iloc[0]),
        matters,
    )


def _matter(row: dict[Any, Any], largest: float, writer: Writer) -> Matter:
    language = writer.language
    share = language.percent(row["mu_star"] / row["baseline"]) if row["baseline"] else ""
    moves, numbers = SIGNS[row["sign"]], {part: language.number(row[part]) for part in ("value", "low", "high")}
    return Matter(
        what=str(row[language.code]),
        width=round(100 * row["mu_star"] / largest),
        change=language.number(row["mu_star"]),
        spread=language.number(row["mu_star_conf"]),
        share=share,
        sign=language.translate(moves),
        source=row["source"],
        quality=row["quality"],
        **numbers,
    )


__all__ = ["FILE", "Matter", "ScreenedOutcome", "Sensitivity", "sensitivity"]
