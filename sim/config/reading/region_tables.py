"""The tables of a region: read from CSV into typed frames, every bad cell named by row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from sim.config.errors import Problem, comma_list, nearest
from sim.config.reading.cells import (
    ORIGIN,
    Bad,
    Cell,
    Measured,
    Reader,
    ages_cell,
    amount_cell,
    amounts_cell,
    any_cell,
    day_cell,
    name_cell,
    names_cell,
    number_cell,
    one_of,
    people_cell,
    perhaps_cell,
    text_cell,
    units_by_acuity,
)
from sim.config.reading.csv_text import Row, read_rows
from sim.config.schema.number_kinds import (
    LATITUDE,
    LONGITUDE,
    OVERTIME_H,
    PEOPLE,
    PEOPLE_OF_A_MUNICIPALITY,
    PULL,
    RESULT,
    SPILL_H,
    SURGE,
    TOLERANCE,
    UNITS,
)
from sim.model.codes import AGE_GROUPS, LEVELS

MAY_BE_EMPTY = ("targets",)
USES = ("fit", "kept_out", "compare")  # what a published figure is for
_PLACE: dict[str, Reader] = {"lat": Measured(number_cell, LATITUDE), "lon": Measured(number_cell, LONGITUDE)}
COLUMNS: dict[str, dict[str, Reader]] = {
    "municipalities": {
        "municipality": name_cell,
        "name": text_cell,
        "subregion": text_cell,
        "people": Measured(people_cell, PEOPLE_OF_A_MUNICIPALITY),
        **ORIGIN,
    },
    "zones": {
        "zone": name_cell,
        "name": text_cell,
        "municipality": name_cell,
        **_PLACE,
        **{f"people_{age}": Measured(people_cell, PEOPLE) for age in AGE_GROUPS},
        "crossing": any_cell,
        **ORIGIN,
    },
    "sites": {
        "site": name_cell,
        "name": text_cell,
        "kind": name_cell,
        "municipality": name_cell,
        **_PLACE,
        "crossing": any_cell,
        **ORIGIN,
    },
    "pools": {
        "pool": name_cell,
        "resource": name_cell,
        "site": name_cell,
        "capacity": Measured(amount_cell, UNITS),
        "surge": Measured(amount_cell, SURGE),
        "calendar": name_cell,
        "shift_end": one_of("finish", "overtime", "fresh", "hand_over"),
        "overtime_h": Measured(amount_cell, OVERTIME_H),
        **ORIGIN,
    },
    "offers": {
        "site": name_cell,
        "service": name_cell,
        "pool": names_cell,
        "level": one_of(*LEVELS),
        "ages": ages_cell,
        "needs": text_cell,
        "calendar": name_cell,
        "pull": Measured(number_cell, PULL),
        "serves": one_of("region", "municipality"),
        **ORIGIN,
    },
    "targets": {
        "target": name_cell,
        "measure": name_cell,
        "by": text_cell,
        "group": any_cell,
        "value": Measured(number_cell, RESULT),
        "low": Measured(perhaps_cell, RESULT),
        "high": Measured(perhaps_cell, RESULT),
        "unit": text_cell,
        "year": any_cell,
        "population": any_cell,
        "use": one_of(*USES),
        "tolerance": Measured(perhaps_cell, TOLERANCE),
        **ORIGIN,
        "note": any_cell,
    },
}

OPTIONAL: dict[str, dict[str, Reader]] = {  # columns that a table may lack: empty in every row
    "pools": {"keep_free": Measured(units_by_acuity, UNITS), "from": day_cell, "to": day_cell},
    "offers": {"spill_after_h": Measured(amounts_cell, SPILL_H), "from": day_cell, "to": day_cell},
}
NO_COLUMNS: Mapping[str, Reader] = {}
ORDER: dict[str, tuple[str, ...]] = {  # by which rows stand; targets stand as they are told
    "municipalities": ("municipality",),
    "zones": ("zone",),
    "sites": ("site",),
    "pools": ("pool", "from"),
    "offers": ("site", "service", "from"),
    "targets": (),
}
DAYS = ("from", "to")  # of rows that hold in some dates


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
        rows = [(line, row) for line, row in self.numbered() if keeps(row)]
        text = [row for row in self.text if keeps(row)]
        return replace(self, text=text, lines=[line for line, _ in rows], rows=[row for _, row in rows])

    def in_order(self, key: Sequence[str]) -> Table:
        """The table with its rows by their key, so that nothing depends on the order in which somebody wrote them."""
        ordered = sorted(self.numbered(), key=lambda one: [str(one[1][column]) for column in key])
        text = sorted(self.text, key=lambda row: [row[column] for column in key])
        return replace(self, text=text, lines=[line for line, _ in ordered], rows=[row for _, row in ordered])

    def numbered(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """(line, row) of each row."""
        return zip(self.lines, self.rows, strict=True)


def read_tables(folder: Path, name_of_folder: str, problems: list[Problem]) -> dict[str, Table]:
    """The six tables of a region folder, rows by key; what is wrong with their cells goes to ``problems``."""
    return {
        name: read_table(
            folder / f"{name}.csv",
            f"{name_of_folder}/{name}.csv",
            readers,
            problems,
            name in MAY_BE_EMPTY,
            optional_of(name),
        ).in_order(ORDER[name])
        for name, readers in COLUMNS.items()
    }


def frames(tables: Mapping[str, Table]) -> dict[str, pd.DataFrame]:
    """The tables as frames."""
    return {name: table.frame(columns_of(name)) for name, table in tables.items()}


def columns_of(table: str) -> list[str]:
    """The columns of a region's table that its frame has; dates are looked at before (``dated_rows``)."""
    return [*COLUMNS[table], *(column for column in optional_of(table) if column not in DAYS)]


def readers_of(table: str) -> Mapping[str, Reader]:
    """What reads the cells of each column that a region's table may have."""
    return {**COLUMNS[table], **optional_of(table)}


def optional_of(table: str) -> Mapping[str, Reader]:
    """The columns that a region's table may lack."""
    return OPTIONAL.get(table, NO_COLUMNS)


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
    numbered_rows: list[tuple[int, dict[str, Cell]]] = []
    raw = read_rows(path, file, list(readers), problems, list(optional))
    for line, cells in raw:
        wrong = len(problems)
        row = _row(cells, {**readers, **optional}, file, line, problems)
        if len(problems) == wrong:
            numbered_rows.append((line, row))
    if not raw and len(problems) == before and not may_be_empty:
        problems.append(Problem(file, "", "", "the table has no rows"))
    return Table(
        file,
        [cells for _, cells in raw],
        [line for line, _ in numbered_rows],
        [row for _, row in numbered_rows],
        len(problems) == before,
    )


def _row(cells: Row, readers: Mapping[str, Reader], file: str, line: int, problems: list[Problem]) -> dict[str, Cell]:
    row: dict[str, Cell] = {}
    for column, reader in readers.items():
        try:
            row[column] = reader(cells[column])
        except Bad as bad:
            value = cells[column]
            problems.append(
                Problem(
                    file,
                    f"row {line}, {column}",
                    value,
                    bad.why,
                    bad.meant or (nearest(value, bad.allowed) if value else ""),
                    comma_list(bad.allowed),
                )
            )
    return row


__all__ = ["COLUMNS", "DAYS", "OPTIONAL", "Table", "columns_of", "frames", "read_table", "read_tables", "readers_of"]
