"""The tables of a region: read from CSV into typed frames, every bad cell named by row and column."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from sim.config.errors import Problem, listed, nearest
from sim.config.reading.csv_text import REMEDY, Row, read_rows
from sim.config.reading.typed import is_date
from sim.model.codes import AGE_GROUPS, LEVELS

Cell = str | float | int | None
Reader = Callable[[str], Cell]
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
NAME = re.compile(r"[a-z0-9][a-z0-9_\-]*")


class Bad(Exception):
    """A cell that is refused: why, and what is allowed."""

    def __init__(self, why: str, allowed: list[str] | None = None) -> None:
        super().__init__(why)
        self.why, self.allowed = why, allowed or []


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise Bad("must be a name of small letters, digits, _ and -" if text else "is missing")
    return text


def _text(text: str) -> str:
    if not text:
        raise Bad("is missing")
    return text


def _source(text: str) -> str:
    if len(text) < 3:
        raise Bad("every row says its source, or 'assumption'")
    return text


def _any(text: str) -> str:
    return text


def _number(text: str) -> float:
    if not text:
        raise Bad("is missing")
    if re.fullmatch(r"[+-]?[\d\s\u00a0]*\d,\d+", text):
        raise Bad(f"decimal comma: {REMEDY}")
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise Bad("must be a finite number, not NaN or infinity")
    if not NUMBER.fullmatch(text):
        raise Bad("must be a number")
    if not math.isfinite(float(text)):
        raise Bad("must be a finite number, not NaN or infinity")
    return float(text)


def _amount(text: str) -> float:
    value = _number(text)
    if value < 0:
        raise Bad("must not be negative")
    return value


def _perhaps(text: str) -> float:
    return _number(text) if text else math.nan


def _people(text: str) -> int:
    if not text:
        raise Bad("population missing: a whole number, 0 if nobody")
    value = _amount(text)
    if value != int(value):
        raise Bad("must be a whole number of people")
    return int(value)


def _day(text: str) -> str:
    """A day as ISO text, so that days order as texts; empty: no end on this side."""
    if text and not is_date(text):
        raise Bad("must be a day, as 2027-07-05, or empty")
    return text


def one_of(*names: str) -> Reader:
    """Reads one of the names."""

    def read(text: str) -> str:
        if text not in names:
            raise Bad("unknown value" if text else "is missing", list(names))
        return text

    return read


def _ages(text: str) -> str:
    wrong = [age for age in text.split() if age not in AGE_GROUPS]
    if text != "all" and (wrong or not text):
        raise Bad("age groups with spaces between, or all", [*AGE_GROUPS, "all"])
    return text


_QUALITY = one_of("A", "B", "C", "D", "X")
MAY_BE_EMPTY = ("targets",)
NO_COLUMNS: Mapping[str, Reader] = {}
_ORIGIN: dict[str, Reader] = {"source": _source, "quality": _QUALITY}
USES = ("fit", "kept_out", "compare")  # what a published figure is for
_PLACE: dict[str, Reader] = {"lat": _number, "lon": _number}
COLUMNS: dict[str, dict[str, Reader]] = {
    "municipalities": {
        "municipality": _name,
        "name": _text,
        "subregion": _text,
        "people": _people,
        **_ORIGIN,
    },
    "zones": {
        "zone": _name,
        "name": _text,
        "municipality": _name,
        **_PLACE,
        **{f"people_{age}": _people for age in AGE_GROUPS},
        "crossing": _any,
        **_ORIGIN,
    },
    "sites": {
        "site": _name,
        "name": _text,
        "kind": _name,
        "municipality": _name,
        **_PLACE,
        "crossing": _any,
        **_ORIGIN,
    },
    "pools": {
        "pool": _name,
        "resource": _name,
        "site": _name,
        "capacity": _amount,
        "surge": _amount,
        "calendar": _name,
        "shift_end": one_of("finish", "overtime"),
        "overtime_h": _amount,
        **_ORIGIN,
    },
    "offers": {
        "site": _name,
        "service": _name,
        "pool": _name,
        "level": one_of(*LEVELS),
        "ages": _ages,
        "needs": _text,
        "calendar": _name,
        "pull": _number,
        "serves": one_of("region", "municipality"),
        **_ORIGIN,
    },
    "targets": {
        "target": _name,
        "measure": _name,
        "by": _text,
        "group": _any,
        "value": _number,
        "low": _perhaps,
        "high": _perhaps,
        "unit": _text,
        "year": _any,
        "population": _any,
        "use": one_of(*USES),
        "tolerance": _perhaps,
        **_ORIGIN,
        "note": _any,
    },
}
# columns that a table may lack: empty in every row
OPTIONAL: dict[str, dict[str, Reader]] = {
    "pools": {"from": _day, "to": _day},
    "offers": {"from": _day, "to": _day},
}


@dataclass(frozen=True)
class Table:
    """A table that was read: its file, all rows as text, and line and cells of the rows that are whole."""

    file: str
    text: list[Row]
    lines: list[int]
    rows: list[dict[str, Cell]]
    complete: bool  # every cell could be read

    @property
    def readable(self) -> bool:
        """Whether its names are known, even if some other cell is wrong."""
        return bool(self.text)

    def frame(self, columns: list[str]) -> pd.DataFrame:
        """The rows as a frame, rows numbered from 0."""
        return pd.DataFrame(self.rows, columns=columns)

    def names(self, column: str) -> list[str]:
        """A column's texts, in order, also of rows that have a bad cell."""
        return [row[column] for row in self.text]

    def where(self, keeps: Callable[[Mapping[str, Cell]], bool]) -> Table:
        """The table of the rows that are kept; ``keeps`` sees a row's cells, as texts where one of them is bad."""
        kept = [(line, row) for line, row in self.numbered() if keeps(row)]
        text = [row for row in self.text if keeps(row)]
        return replace(self, text=text, lines=[line for line, _ in kept], rows=[row for _, row in kept])

    def numbered(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """(line, row) of each row."""
        return zip(self.lines, self.rows, strict=True)


def read_tables(folder: Path, shown: str, problems: list[Problem]) -> dict[str, Table]:
    """The six tables of a region folder; what is wrong with their cells goes to ``problems``."""
    found = {}
    for name, readers in COLUMNS.items():
        path, file, optional = folder / f"{name}.csv", f"{shown}/{name}.csv", OPTIONAL.get(name, {})
        found[name] = read_table(path, file, readers, problems, name in MAY_BE_EMPTY, optional)
    return found


def frames(tables: Mapping[str, Table]) -> dict[str, pd.DataFrame]:
    """The tables as frames."""
    return {name: table.frame(list(COLUMNS[name])) for name, table in tables.items()}


def read_table(
    path: Path,
    file: str,
    readers: Mapping[str, Reader],
    problems: list[Problem],
    may_be_empty: bool = False,
    optional: Mapping[str, Reader] = NO_COLUMNS,
) -> Table:
    """A table whose columns are read by ``readers``, and by ``optional`` those that it may lack.

    ``file`` is what messages call it.
    """
    before = len(problems)
    kept: list[tuple[int, dict[str, Cell]]] = []
    raw = read_rows(path, file, list(readers), problems, list(optional))
    for line, cells in raw:
        wrong = len(problems)
        row = _row(cells, {**readers, **optional}, file, line, problems)
        if len(problems) == wrong:
            kept.append((line, row))
    if not raw and len(problems) == before and not may_be_empty:
        problems.append(Problem(file, "", "", "the table has no rows"))
    return Table(
        file,
        [cells for _, cells in raw],
        [line for line, _ in kept],
        [row for _, row in kept],
        len(problems) == before,
    )


def _row(cells: Row, readers: Mapping[str, Reader], file: str, line: int, problems: list[Problem]) -> dict[str, Cell]:
    row: dict[str, Cell] = {}
    for column, read in readers.items():
        try:
            row[column] = read(cells[column])
        except Bad as bad:
            value = cells[column]
            problems.append(
                Problem(
                    file,
                    f"row {line}, {column}",
                    value,
                    bad.why,
                    nearest(value, bad.allowed) if value else "",
                    listed(bad.allowed),
                )
            )
    return row


_PLAIN: dict[str, Reader] = {"name": _name, "text": _text, "any": _any, "number": _number, "amount": _amount}
READERS = {**_PLAIN, **_ORIGIN}  # for tables that are read elsewhere

__all__ = [
    "COLUMNS", "OPTIONAL", "READERS", "Bad", "Cell", "Reader", "Table", "frames", "one_of", "read_table", "read_tables",
]  # fmt: skip
