"""The tables of a region: read from CSV into typed frames, every bad cell named by row and column."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.config.csv_text import REMEDY, Row, read_rows
from sim.config.errors import Problem, listed, nearest, unknown
from sim.tables import AGE_GROUPS, LEVELS

Cell = str | float | int | None
Reader = Callable[[str], Cell]
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
NAME = re.compile(r"[a-z0-9][a-z0-9_\-]*")
LATITUDE = 55.0, 69.1  # Sweden
LONGITUDE = 10.5, 24.2


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
_ORIGIN: dict[str, Reader] = {"source": _source, "quality": _QUALITY}
_PLACE: dict[str, Reader] = {"lat": _number, "lon": _number}
COLUMNS: dict[str, dict[str, Reader]] = {
    "municipalities": {"municipality": _name, "name": _text, "subregion": _text, "people": _people, **_ORIGIN},
    "zones": {
        "zone": _name, "name": _text, "municipality": _name, **_PLACE,
        **{f"people_{age}": _people for age in AGE_GROUPS}, "crossing": _any, **_ORIGIN,
    },
    "sites": {"site": _name, "name": _text, "kind": _name, "municipality": _name, **_PLACE, "crossing": _any, **_ORIGIN},
    "pools": {
        "pool": _name, "resource": _name, "site": _name, "capacity": _amount, "surge": _amount, "calendar": _name,
        "shift_end": one_of("finish", "overtime"), "overtime_h": _amount, **_ORIGIN,
    },
    "offers": {
        "site": _name, "service": _name, "pool": _name, "level": one_of(*LEVELS), "ages": _ages, "needs": _text,
        "calendar": _name, "pull": _number, "serves": one_of("region", "municipality"), **_ORIGIN,
    },
    "targets": {
        "target": _name, "measure": _name, "by": _text, "group": _any, "value": _number, "low": _perhaps,
        "high": _perhaps, "unit": _text, "year": _any, "population": _any, **_ORIGIN, "note": _any,
    },
}  # fmt: skip
KEYS = {
    "municipalities": ("municipality",), "zones": ("zone",), "sites": ("site",), "pools": ("pool",),
    "offers": ("site", "service"), "targets": ("target",),
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table that was read: its file, the line of each row, and the cells of the rows that are whole."""

    file: str
    lines: list[int]
    rows: list[dict[str, Cell]]
    complete: bool  # every row could be read: names that are not there are truly unknown

    def frame(self, columns: list[str]) -> pd.DataFrame:
        """The rows as a frame, rows numbered from 0."""
        return pd.DataFrame(self.rows, columns=columns)

    def names(self, column: str) -> list[str]:
        """A column's texts, in order."""
        return [str(row[column]) for row in self.rows]

    def numbered(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """(line, row) of each row."""
        return zip(self.lines, self.rows, strict=True)


def read_tables(folder: Path, shown: str, problems: list[Problem]) -> dict[str, Table]:
    """The six tables of a region folder; what is wrong with their cells goes to ``problems``."""
    tables = {name: _read(folder / f"{name}.csv", f"{shown}/{name}.csv", name, problems) for name in COLUMNS}
    for name, table in tables.items():
        problems += _duplicates(table, KEYS[name])
    for name in ("zones", "sites"):
        problems += _coordinates(tables[name])
    problems += _duplicate_sites(tables["sites"])
    problems += _references(tables)
    problems += _population(tables)
    return tables


def frames(tables: Mapping[str, Table]) -> dict[str, pd.DataFrame]:
    """The tables as frames."""
    return {name: table.frame(list(COLUMNS[name])) for name, table in tables.items()}


def _read(path: Path, file: str, name: str, problems: list[Problem]) -> Table:
    before = len(problems)
    kept: list[tuple[int, dict[str, Cell]]] = []
    raw = read_rows(path, file, list(COLUMNS[name]), problems)
    for line, cells in raw:
        wrong = len(problems)
        row = _row(cells, COLUMNS[name], file, line, problems)
        if len(problems) == wrong:
            kept.append((line, row))
    if not raw and len(problems) == before and name != "targets":
        problems.append(Problem(file, "", "", "the table has no rows"))
    return Table(file, [line for line, _ in kept], [row for _, row in kept], len(problems) == before)


def _row(cells: Row, readers: dict[str, Reader], file: str, line: int, problems: list[Problem]) -> dict[str, Cell]:
    row: dict[str, Cell] = {}
    for column, read in readers.items():
        try:
            row[column] = read(cells[column])
        except Bad as bad:
            value = cells[column]
            problems.append(
                Problem(
                    file, f"row {line}, {column}", value, bad.why,
                    nearest(value, bad.allowed) if value else "", listed(bad.allowed),
                )
            )  # fmt: skip
    return row


def _duplicates(table: Table, key: tuple[str, ...]) -> Iterator[Problem]:
    first: dict[tuple[Cell, ...], int] = {}
    for line, row in table.numbered():
        value = tuple(row[k] for k in key)
        if value in first:
            shown = " ".join(str(v) for v in value)
            yield Problem(table.file, f"row {line}, {' and '.join(key)}", shown, f"is there twice (first on row {first[value]})")
        first.setdefault(value, line)


def _coordinates(table: Table) -> Iterator[Problem]:
    for line, row in table.numbered():
        lat, lon = float(row["lat"] or 0), float(row["lon"] or 0)
        shown = f"{lat}, {lon}"
        if _within(lon, LATITUDE) and _within(lat, LONGITUDE):
            yield Problem(table.file, f"row {line}, lat and lon", shown, "latitude and longitude are swapped")
            continue
        for name, value, bounds in (("lat", lat, LATITUDE), ("lon", lon, LONGITUDE)):
            if not _within(value, bounds):
                allowed = f"{bounds[0]} to {bounds[1]} (Sweden, degrees, WGS 84)"
                yield Problem(table.file, f"row {line}, {name}", str(value), "outside the country", "", allowed)


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _duplicate_sites(table: Table) -> Iterator[Problem]:
    """The same place under two names."""
    first: dict[tuple[Cell, ...], int] = {}
    for line, row in table.numbered():
        value = row["name"], row["kind"], row["lat"], row["lon"]
        if value in first:
            yield Problem(table.file, f"row {line}, site", str(row["site"]), f"duplicate site: same name, kind and place as row {first[value]}")
        first.setdefault(value, line)


def _references(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Names in one table that another lacks."""
    links = (
        ("zones", "municipality", "municipalities"), ("sites", "municipality", "municipalities"),
        ("pools", "site", "sites"), ("offers", "site", "sites"), ("offers", "pool", "pools"),
    )  # fmt: skip
    for name, column, target in links:
        if not tables[target].complete:
            continue
        allowed = tables[target].names(column)
        known = set(allowed)
        for line, row in tables[name].numbered():
            if row[column] not in known:
                yield unknown(tables[name].file, f"row {line}, {column}", str(row[column]), column, allowed)


def _population(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """A municipality whose zones hold nobody."""
    zones, municipalities = tables["zones"], tables["municipalities"]
    if not zones.complete:
        return
    people: dict[Cell, int] = {}
    for row in zones.rows:
        found = sum(int(row[f"people_{age}"] or 0) for age in AGE_GROUPS)
        people[row["municipality"]] = people.get(row["municipality"], 0) + found
    for line, row in municipalities.numbered():
        if not people.get(row["municipality"]):
            yield Problem(
                municipalities.file, f"row {line}, municipality", str(row["municipality"]),
                "population missing: no zone of this municipality has people",
            )  # fmt: skip


__all__ = ["COLUMNS", "Table", "frames", "read_tables"]
