"""A table that has our columns already, written as a spreadsheet does: the same cells, as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sim.config.errors import ConfigErrors, Problem, comma_list, nearest
from sim.config.intake.file_cells import Cells, FileCells
from sim.config.intake.swedish_numbers import is_missing, swedish_number
from sim.config.reading.cells import Bad, Reader
from sim.config.reading.given_tables import GIVEN
from sim.config.reading.matrix import MATRIX_COLUMNS
from sim.config.reading.region_tables import COLUMNS, OPTIONAL
from sim.config.reading.source_tables import SOURCE_CELLS, SOURCE_COLUMNS
from sim.config.sentence import Sentence

SOURCE = "source/"  # where a region keeps what its tables are made of


@dataclass(frozen=True)
class Form:
    """A table that the program takes: its columns, and what their cells may say."""

    name: str
    needed: tuple[str, ...]
    readers: Mapping[str, Reader]
    others: bool = False  # further columns are kept as they are
    optional: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnTable:
    """What was found: the form, its rows, and what was left out."""

    form: Form
    columns: list[str]
    rows: Cells
    header_row: int
    last_row: int
    dropped: list[str] = field(default_factory=list)


def _forms() -> Iterator[Form]:
    for name, columns in SOURCE_COLUMNS.items():
        yield Form(f"{SOURCE}{name}", columns, SOURCE_CELLS[name], others=True)
    for name, readers in COLUMNS.items():
        more = OPTIONAL.get(name, {})
        yield Form(name, tuple(readers), {**readers, **more}, optional=tuple(more))
    for name, (readers, more) in GIVEN.items():
        yield Form(name, tuple(readers), {**readers, **more}, optional=tuple(more))
    yield Form("matrix", tuple(MATRIX_COLUMNS), MATRIX_COLUMNS)


FORMS = {form.name: form for form in _forms()}


def own_table(sheet: FileCells, name: str | None = None) -> OwnTable | None:
    """The table of ours that a sheet holds; None if no row has the columns of any. Raises ConfigErrors.

    ``name``: the form that it must be.
    """
    wanted = [FORMS[name]] if name in FORMS else [] if name else list(FORMS.values())
    for index, row in enumerate(sheet.cells):
        header = [cell.lower() for cell in row]
        fitting = [form for form in wanted if set(form.needed) <= set(header)]
        if fitting:
            return _read(sheet, max(fitting, key=lambda form: len(form.needed)), index, header)
    if wanted and name:
        raise ConfigErrors([_not_found(sheet, wanted[0])])
    return None


def _not_found(sheet: FileCells, form: Form) -> Problem:
    rows = [{cell.lower() for cell in row} for row in sheet.cells]
    best = max(rows, key=lambda row: len(row & set(form.needed)), default=set())
    missing = [column for column in form.needed if column not in best]
    message = Sentence("no row has all columns of {table}; missing are {columns}",
                       table=form.name, columns=comma_list(missing))  # fmt: skip
    return Problem(sheet.file, "", "", message)


def _read(sheet: FileCells, form: Form, index: int, header: list[str]) -> OwnTable:
    problems: list[Problem] = []
    there = [column for column in header if column]
    for column in sorted({column for column in there if there.count(column) > 1}):
        problems.append(Problem(sheet.file, Sentence("row {row}", row=index + 1), column, Sentence("is there twice")))
    known = (*form.needed, *form.optional)
    for column in there:
        if column not in known and not form.others:
            near = nearest(column, known)
            problems.append(Problem(sheet.file, column, "", Sentence("unknown column"), near, comma_list(known)))
    if problems:
        raise ConfigErrors(problems)
    rows, last = [], index + 1
    notes = _notes_from(sheet.cells, index + 1, header)
    for number, row in enumerate(sheet.cells[index + 1 : notes], start=index + 2):
        if not any(row):
            continue
        cells = dict(zip(header, [*row, *[""] * len(header)], strict=False))
        nameless = [cell for cell, column in zip(row, [*header, *[""] * len(row)], strict=False) if cell and not column]
        problems += [Problem(sheet.file, f"row {number}", cell, Sentence("stands in a column without a name"))
                     for cell in nameless]  # fmt: skip
        rows.append([_cell(sheet, form, number, column, cells[column], problems) for column in there])
        last = number
    if not rows:
        problems.append(Problem(sheet.file, "", "", Sentence("the table has no rows")))
    if problems:
        raise ConfigErrors(problems)
    dropped = [_text(row) for row in (*sheet.cells[:index], *sheet.cells[notes:]) if any(row)]
    return OwnTable(form, there, rows, index + 1, last, dropped)


def _notes_from(cells: Cells, begin: int, header: list[str]) -> int:
    """The index from which on every row has one cell alone: notes below a table."""
    end = len(cells)
    few = 1 if sum(map(bool, header)) > 2 else 0
    while end > begin and sum(map(bool, cells[end - 1])) <= few:
        end -= 1
    return end


def _cell(sheet: FileCells, form: Form, number: int, column: str, text: str, problems: list[Problem]) -> str:
    """A cell as the strict reader takes it: as it is, or as a number that Swedes write otherwise."""
    reader = form.readers.get(column)
    if reader is None:
        return text
    try:
        reader(text)
    except Bad as bad:
        why = bad
    else:
        return text
    try:
        plain = swedish_number(text, sheet.comma_between)
        reader(plain)
    except Bad as other:
        allowed = comma_list(why.allowed)
        message = other.why if is_missing(text) else why.why
        problems.append(Problem(sheet.file, f"row {number}, {column}", text, message, "", allowed))
        return text
    return plain


def _text(row: list[str]) -> str:
    return " ".join(cell for cell in row if cell)


__all__ = ["FORMS", "SOURCE", "OwnTable", "own_table"]
