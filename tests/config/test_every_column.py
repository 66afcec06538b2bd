"""Twenty ordinary damages of a cell, in every column of every table: refused by row and column, or the cell is text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sim.config.errors import Problem
from sim.config.reading.cells import Reader
from sim.config.reading.given_tables import GIVEN
from sim.config.reading.matrix import MATRIX_COLUMNS
from sim.config.reading.region_tables import COLUMNS, optional_of, read_table
from sim.config.reading.source_tables import SOURCE_CELLS, SOURCE_COLUMNS
from sim.config.schema.screening_table import SENSITIVITY_COLUMNS

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny" / "configs" / "region" / "tiny"
VGR = ROOT / "configs" / "region" / "vgr"
GIVEN_ROWS = {
    "episodes": "2027-10-04T10:00:00,norrby,acute,18_64,3,mine,er,hospital_south",
    "initial": "ward,hospital_south,soderby,acute,80plus,3,2027-09-30T08:00:00,2027-09-30T09:00:00,mine",
}
DAMAGES = {
    "nothing": "", "two points": "..", "not available": "n/a", "a dash": "\u2013", "nan": "NaN", "infinity": "inf",
    "decimal comma": "1,5", "thousands": "65 000", "hard thousands": "65\u00a0000", "apostrophe": "65'000",
    "minus sign": "\u22121", "a word": "okänt", "per cent": "5 %", "true": "SANT", "a day": "2027-13-01",
    "Swedish day": "4/10 2027", "an error of Excel": "#SAKNAS!", "a bell": "a\x07", "a hidden sign": "a\u200bb",
    "a unit": "12 st",
}  # fmt: skip
DAMAGE_IN_ROW = {f"row {line}": damage for line, damage in enumerate(DAMAGES, start=2)}
Tables = dict[str, tuple[Mapping[str, Reader], list[str]]]


def _first_row(path: Path) -> list[str]:
    return next(csv.reader(io.StringIO(path.read_text("utf-8").split("\n", 1)[1])))


def _tables() -> Iterator[tuple[str, dict[str, Reader], list[str]]]:
    """Name, readers and a right row of each table that the program reads."""
    for name, readers in COLUMNS.items():
        more = dict(optional_of(name))
        yield name, {**readers, **more}, [*_first_row(TINY / f"{name}.csv"), *[""] * len(more)]
    for name, (readers, more) in GIVEN.items():
        yield name, {**readers, **more}, GIVEN_ROWS[name].split(",")
    yield "matrix", dict(MATRIX_COLUMNS), ["norrby", "hospital_south", "40000", "2400"]
    yield "sensitivity", dict(SENSITIVITY_COLUMNS), _first_row(VGR / "sensitivity.csv")
    for name, columns in SOURCE_COLUMNS.items():
        with (VGR / "source" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            row = next(csv.DictReader(file))
        cells = {column: SOURCE_CELLS[name][column] for column in columns if column in SOURCE_CELLS[name]}
        yield f"source/{name}", cells, [row[column] for column in cells]


TABLES = {name: (readers, row) for name, readers, row in _tables()}


def problems_of(path: Path, name: str, column: str, cells: list[str]) -> list[Problem]:
    """What is wrong with a table of right rows, with these cells in one column."""
    readers, row = TABLES[name]
    header = list(readers)
    rows = [[cell if one == column else value for one, value in zip(header, row, strict=True)] for cell in cells]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    problems: list[Problem] = []
    read_table(path, name, readers, problems)
    return problems


@pytest.mark.parametrize("name", TABLES)
def test_every_damaged_cell_is_named_or_is_plain_text(tmp_path: Path, name: str) -> None:
    readers, row = TABLES[name]
    assert not problems_of(tmp_path / "right.csv", name, "", [""])
    for column, right in zip(readers, row, strict=True):
        problems = problems_of(tmp_path / "table.csv", name, column, list(DAMAGES.values()))
        assert {problem.key.removesuffix(f", {column}") for problem in problems} <= set(DAMAGE_IN_ROW)
        refused = {DAMAGE_IN_ROW[problem.key.removesuffix(f", {column}")] for problem in problems}
        assert all(problem.message for problem in problems)
        assert {"a bell", "a hidden sign"} <= refused, column
        if isinstance(readers[column](right), float | int):
            assert refused >= DAMAGES.keys() - {"nothing"}, column
