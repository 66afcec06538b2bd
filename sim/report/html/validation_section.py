"""Whether the baseline resembles reality: simulated beside published figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.measures.rows import NOT_SETTLED
from sim.report.html.change_cells import Writer
from sim.report.html.measure_labels import READINGS, Reading
from sim.report.language import N_
from sim.report.numbers import DASH
from sim.results.published import VALIDATION

UNANSWERED = {
    "admissions_all_care": N_("Admissions, psychiatry and obstetrics among them"),
    "beds_per_1000": N_("Beds per 1,000 residents"),
    "avoidable_admissions": N_("Avoidable admissions in chronic disease"),
    "phone_answered_same_day": N_("Calls to primary care answered on the same day"),
    "people_within_15_min_of_er": N_("Residents within 15 minutes of an emergency room"),
}  # published figures that no measure answers, by row of the shipped targets
UNITS = {
    "admissions/1000/year": N_("per 1,000 residents and year"),
    "beds per 1000": N_("per 1,000 residents"),
    "per 100000 of 20+ and year": N_("per 100,000 residents of 20 and over and year"),
    "share": N_("share"),
    "share of people": N_("share"),
}  # of those
PARAMETER = re.compile(r"^([A-Z]+\.\w[\w.]*): ")  # the region's name of the figure, before its source


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
    moving: str
    source: str
    quality: str
    row: str  # where the published figure stands: row of targets.csv, and name of the region's parameter if it is one


def checks(folder: Path, writer: Writer) -> list[Check]:
    """The checks that the study left; none if it left no such file."""
    path = folder / VALIDATION
    if not path.is_file():
        return []
    table = pd.read_csv(path, dtype={"group": str, "note": str, "source": str, "quality": str})
    return [_check(row, writer) for row in table.to_dict("records")]


def _check(row: dict[Any, Any], writer: Writer) -> Check:
    language, reading = writer.language, READINGS.get(str(row["measure"]))

    def amount(key: str) -> str:
        return writer.amount(reading, row[key]) if reading else language.number(row[key])

    ends = amount("low"), amount("high")
    return Check(
        _name(row, writer, reading),
        writer.unit(reading) if reading else language.translate(UNITS.get(_text(row["unit"]), _text(row["unit"]))),
        amount("published"),
        "" if DASH in ends else language.span(*ends),
        amount("simulated"),
        DASH if pd.isna(row["deviation"]) else language.percent(row["deviation"], 0, signed=True),
        {"True": True, "False": False}.get(str(row["within_15"])),
        language.translate(NOT_SETTLED) if NOT_SETTLED in _text(row["note"]) else "",
        PARAMETER.sub("", _text(row["source"])),
        _text(row["quality"]),
        _row(row),
    )


def _row(row: dict[Any, Any]) -> str:
    """The row of the region's targets, and of its parameters if the figure was copied from there."""
    parameter = PARAMETER.match(_text(row["source"]))
    copied = f"; source/parameters.csv: {parameter[1]}" if parameter else ""
    return f"targets.csv: {row['target']}{copied}"


def _name(row: dict[Any, Any], writer: Writer, reading: Reading | None) -> str:
    """Measure and group; where no measure answers the figure, what the region's table calls it."""
    if reading is None:
        target = str(row["target"])
        return writer.language.translate(UNANSWERED.get(target, target.replace("_", " ")))
    name, group = writer.language.translate(reading.name), _text(row["group"])
    return f"{name}: {writer.names.group(_text(row['by']), group)}" if group else name


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


__all__ = ["UNANSWERED", "UNITS", "Check", "checks"]
