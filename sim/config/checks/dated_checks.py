"""Rows of pools and offers that hold in some dates: whose they are, which dates, and what they may change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.config.errors import Problem, unknown
from sim.config.reading.cells import Cell
from sim.config.reading.dated_rows import days_of
from sim.config.reading.region_tables import Table
from sim.config.sentence import Sentence

KEYS = {"pools": ("pool",), "offers": ("site", "service")}
MAY_CHANGE = {"pools": ("capacity", "surge", "calendar"), "offers": ("calendar",)}
OWN = ("from", "to", "source", "quality")
Key = tuple[Cell, ...]


def check_dated(tables: Mapping[str, Table], dated: Mapping[str, Table]) -> Iterator[Problem]:
    """Every problem of the dated rows, held against the rows that hold always."""
    for name, table in dated.items():
        always = {_key(name, row): row for row in tables[name].rows}
        if tables[name].readable:
            yield from _owners(name, table, tables[name])
        yield from _reversals(table)
        yield from _overlaps(name, table)
        for line, row in table.numbered():
            other = always.get(_key(name, row))
            if other is not None:
                yield from _forbidden_changes(name, table.file, line, row, other)


def _key(name: str, row: Mapping[str, Cell]) -> Key:
    return tuple(row[column] for column in KEYS[name])


def _owners(name: str, table: Table, always: Table) -> Iterator[Problem]:
    """A dated row takes the place of one that holds always."""
    keys = KEYS[name]
    owners = {" ".join(row[k] for k in keys) for row in always.text}
    for line, row in table.numbered():
        owner = " ".join(str(row[k]) for k in keys)
        if owner not in owners:
            what = f"{name[:-1]} (of a row without dates)"
            yield unknown(table.file, f"row {line}, {' and '.join(keys)}", owner, what, owners)


def _reversals(table: Table) -> Iterator[Problem]:
    for line, row in table.numbered():
        first, last = days_of(row)
        if last < first:
            yield Problem(
                table.file, f"row {line}, to", str(row["to"]), Sentence("is before from {row}", row=row["from"])
            )


def _overlaps(name: str, table: Table) -> Iterator[Problem]:
    """Two dated rows of the same pool or offer for the same day."""
    before: dict[Key, list[tuple[int, Mapping[str, Cell]]]] = {}
    for line, row in table.numbered():
        first, last = days_of(row)
        for other_line, other in before.setdefault(_key(name, row), []):
            begins, ends = days_of(other)
            if first <= ends and begins <= last:
                dates = f"{row['from']}..{row['to']}"
                message = Sentence(
                    "dates overlap those of row {other_line}, {other}..{other_2}",
                    other_line=other_line,
                    other=other["from"],
                    other_2=other["to"],
                )
                yield Problem(table.file, f"row {line}, from and to", dates, message)
        before[_key(name, row)].append((line, row))


def _forbidden_changes(
    name: str, file: str, line: int, row: Mapping[str, Cell], always: Mapping[str, Cell]
) -> Iterator[Problem]:
    """What is the same on all days."""
    fixed = [column for column in row if column not in (*KEYS[name], *MAY_CHANGE[name], *OWN)]
    for column in fixed:
        if row[column] != always[column]:
            allowed = f"{always[column]}, as in the row without dates"
            message = Sentence("a dated row may change {names} alone", names=", ".join(MAY_CHANGE[name]))
            yield Problem(file, f"row {line}, {column}", str(row[column]), message, "", allowed)


__all__ = ["check_dated"]
