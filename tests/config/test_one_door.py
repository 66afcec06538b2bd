"""One door for tables: ordinary damages are mended, or refused by row and column; facts that stand twice agree."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

import pytest

from sim.config.checks.matrix_checks import check_matrix
from sim.config.errors import ConfigErrors, Problem
from sim.config.load import load_study
from sim.config.reading.region_tables import COLUMNS, optional_of, read_table

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
FOLDER = "configs/region/tiny"
TABLES = [name for name in COLUMNS if name != "targets"]


def read(path: Path, name: str) -> tuple[list[dict[str, object]], list[Problem]]:
    problems: list[Problem] = []
    table = read_table(path, path.name, COLUMNS[name], problems, optional=optional_of(name))
    return [dict(row) for row in table.rows], problems


MENDED = {
    "the mark of CSV UTF-8": lambda text: "\ufeff" + text,
    "a line for Excel": lambda text: "sep=,\n" + text,
    "empty columns": lambda text: "".join(f"{line},,,\n" for line in text.splitlines()),
    "empty rows": lambda text: text + "\n" + "," * text.split("\n", 1)[0].count(",") + "\n\u00a0\n",
    "spaces around cells": lambda text: text.replace(",", "\u00a0, "),
    "lines as Windows ends them": lambda text: text.replace("\n", "\r\n"),
    "letters in two parts": lambda text: unicodedata.normalize("NFD", text),
}


@pytest.mark.parametrize("damage", MENDED)
@pytest.mark.parametrize("name", TABLES)
def test_what_can_be_nothing_else_is_mended(tmp_path: Path, name: str, damage: str) -> None:
    before = (TINY / FOLDER / f"{name}.csv").read_text("utf-8")
    path = tmp_path / f"{name}.csv"
    path.write_bytes(MENDED[damage](before).encode())
    assert read(path, name) == (read(TINY / FOLDER / f"{name}.csv", name)[0], [])


REFUSED = {
    "1,5": "comma",
    "65 000": "65000",
    "65\u00a0000": "65000",
    "\u22121": "MINUS SIGN",
    "..": "",
    "n/a": "",
    "inf": "finite",
}
NUMBERS = [(name, column) for name in TABLES for column in COLUMNS[name] if column in (
    "people", "lat", "lon", "capacity", "surge", "overtime_h", "pull", "people_18_64"
)]  # fmt: skip


@pytest.mark.parametrize("cell", REFUSED)
@pytest.mark.parametrize(("name", "column"), NUMBERS)
def test_a_number_that_is_written_otherwise_is_refused_by_row_and_column(
    tmp_path: Path, name: str, column: str, cell: str
) -> None:
    header, first, *rest = (TINY / FOLDER / f"{name}.csv").read_text("utf-8").splitlines()
    path, at, cells = tmp_path / f"{name}.csv", header.split(",").index(column), first.split(",")
    cells[at] = f'"{cell}"'
    path.write_text("\n".join([header, ",".join(cells), *rest]) + "\n", "utf-8")
    (problem,) = read(path, name)[1]
    assert problem.key == f"row 2, {column}"
    assert REFUSED[cell] in problem.message


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "root"))


def test_a_place_that_is_gone_is_missed_by_its_municipality(root: Path) -> None:
    path = root / FOLDER / "municipalities.csv"
    path.write_text(path.read_text("utf-8").replace(",4000,", ",340000,"), "utf-8")
    with pytest.raises(ConfigErrors) as caught:
        load_study(root=root)
    (problem,) = caught.value.problems
    assert problem.key == "row 2, people"
    assert "its zones in zones.csv have 4,000 people" in problem.message


UNITS = {(40_000, 40): "hold minutes", (40, 2400): "hold kilometres", (40_000, 2400): "", (5_000, 300): "straight line"}


@pytest.mark.parametrize("trip", UNITS)
def test_a_matrix_in_another_unit_is_told_by_speed_or_straight_line(root: Path, trip: tuple[int, int]) -> None:
    zones, sites = (read_table(root / FOLDER / f"{n}.csv", n, COLUMNS[n], []) for n in ("zones", "sites"))
    zones.rows[:] = [row | {"lat": 58.0, "lon": 12.0} for row in zones.rows]
    sites.rows[:] = [row | {"lat": 58.3, "lon": 12.0} for row in sites.rows]  # 33 km away
    names = [*zones.names("zone"), *sites.names("site")]
    near = set(sites.names("site"))
    rows = [f"{a},{b},{0 if a in near else trip[0]},{0 if a in near else trip[1]}" for a in names for b in near]
    path = root / FOLDER / "matrix.csv"
    path.write_text("\n".join(["origin,destination,metres,seconds", *rows]), "utf-8")
    messages = "\n".join(problem.message for problem in check_matrix(path, zones, sites))
    assert UNITS[trip] in messages
    assert bool(messages) == bool(UNITS[trip])


def test_a_line_that_is_indented_by_other_spaces_is_named(root: Path) -> None:
    path = root / "scenarios" / "near_care.yaml"
    path.write_text(path.read_text("utf-8").replace("\n  ", "\n\u00a0\u00a0", 1), "utf-8")
    with pytest.raises(ConfigErrors) as caught:
        load_study(root=root)
    assert any(
        "NO-BREAK SPACE" in problem.message and problem.key.startswith("line ") for problem in caught.value.problems
    )
