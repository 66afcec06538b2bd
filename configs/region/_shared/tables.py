"""Tables as files, and names as ids."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from sim.config.errors import Problem
from sim.config.reading.csv_text import read_rows

Row = dict[str, Any]
Rows = list[Row]


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of a table in the region's ``source/``, which ``sources.check`` has found right."""
    return [row for _, row in numbered(folder, name, (), [])]


def numbered(
    folder: Path, name: str, columns: Collection[str], problems: list[Problem]
) -> list[tuple[int, dict[str, str]]]:
    """(line, row) of a table in ``source/`` that has these columns and may have others; read as every table is."""
    file = f"source/{name}.csv"
    return read_rows(folder / "source" / f"{name}.csv", file, list(columns), problems, others=True)


def write(folder: Path, name: str, rows: Rows, columns: Sequence[str] | None = None) -> None:
    """A table: UTF-8, commas, one header row; ``columns`` where it may have no rows."""
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns or rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def plain(text: str) -> str:
    """A name as a safe id: lower case, a-z, digits, _ and - only."""
    letters = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in letters)
