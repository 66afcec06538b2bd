"""Tables as people have them (SCB, Kolada, Excel), made clean; what is not understood is refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sim.config.errors import ConfigErrors, Problem, comma_list, nearest
from sim.config.intake.facts_to_tables import MAKERS, CleanTable, FactsAtWork, Wanted, kind_of, make
from sim.config.intake.file_cells import FileCells, read_sheet
from sim.config.intake.own_tables import FORMS, SOURCE, OwnTable, own_table
from sim.config.intake.statistical_tables import Statistics, read_statistics
from sim.config.sentence import Sentence

SHOWN = 20  # problems told in full; a column in another form has thousands
ROLES = {
    "code": Sentence("code of region"),
    "region": Sentence("region"),
    "name": Sentence("name of region"),
    "age": Sentence("age"),
    "sex": Sentence("sex"),
    "year": Sentence("year"),
    "years": Sentence("years, one a column"),
    "kpi": Sentence("key figure"),
    "kpi_name": Sentence("name of key figure"),
    "value": Sentence("figure"),
}


@dataclass(frozen=True)
class Intake:
    """A clean table as text, and sentences on how it came about."""

    name: str  # as source/age_2019
    text: str
    understood: list[Sentence]


def take_in(path: Path, form: str | None = None, sheet: str | None = None, choice: Wanted | None = None) -> Intake:
    """The clean table that a file holds.

    ``form``: which one it must be, as ``zones`` or ``source/age_2019``; without it, the one whose columns are there.
    Raises ConfigErrors with all that cannot be understood; nothing is guessed.
    """
    try:
        return _intake_of(path, form, sheet, choice or Wanted())
    except ConfigErrors as errors:
        rest = len(errors.problems) - SHOWN
        more = [Problem(path.name, "", "", Sentence("and {number} more", number=rest))] if rest > 0 else []
        raise ConfigErrors([*errors.problems[:SHOWN], *more]) from None


def _intake_of(path: Path, form: str | None, sheet: str | None, choice: Wanted) -> Intake:
    cells = read_sheet(path, sheet)
    makers = {f"{SOURCE}{kind}": kind for kind in MAKERS}
    if form is not None and form not in FORMS:
        allowed = sorted(FORMS)
        raise ConfigErrors([Problem(path.name, "--as", form, Sentence("unknown table"), nearest(form, allowed),
                                    comma_list(allowed))])  # fmt: skip
    own = own_table(cells, form if form not in makers else None)
    if own is not None:
        return _of_own(cells, own)
    found = read_statistics(cells)
    if found is None:
        raise ConfigErrors([_not_understood(cells)])
    kind = makers[form] if form in makers else kind_of(found)
    if kind is None:
        text = Sentence("figures by region, but of what is not said: say --as source/municipalities if they are people")
        raise ConfigErrors([Problem(path.name, "", comma_list(list(found.columns.values())), text)])
    work = FactsAtWork(cells.file, found, choice, cells.comma_between)
    return _of_facts(cells, found, make(kind, work))


def _not_understood(sheet: FileCells) -> Problem:
    message = Sentence(
        "no row has the columns of a table of the program, or names a region with figures or years; "
        "docs/new_region.md tells what is read"
    )
    return Problem(sheet.file, "", " ".join(next((row for row in sheet.cells if any(row)), []))[:80], message)


def _of_own(sheet: FileCells, own: OwnTable) -> Intake:
    columns = Sentence("Columns: {columns}", columns=", ".join(own.columns))
    rows = Sentence(
        "Rows: {count}, from row {first} to {last}; header: row {header}",
        count=len(own.rows), first=own.header_row + 1, last=own.last_row, header=own.header_row,
    )  # fmt: skip
    lines = [Sentence("Read: {how}", how=sheet.how), columns, rows, *_dropped(own.dropped)]
    return Intake(own.form.name, _as_csv(own.columns, own.rows), lines)


def _dropped(texts: list[str]) -> list[Sentence]:
    return [Sentence("Left out, since it is no row of the table: {text}", text=text[:120]) for text in texts]


def _of_facts(sheet: FileCells, found: Statistics, clean: CleanTable) -> Intake:
    lines = [Sentence("Read: {how}", how=sheet.how)]
    for role, name in found.columns.items():
        lines.append(Sentence("Column {name}: {role}", name=name or "-", role=ROLES[role]))
    lines.append(Sentence("Header: row {header}; figures to row {last}", header=found.header_row, last=found.last_row))
    lines += _dropped([*found.above, *found.below])
    lines += [Sentence("Left out: {what}", what=one) for one in clean.left_out]
    lines += [Sentence("Note: {note}", note=one) for one in clean.remarks]
    return Intake(clean.name, _as_csv(clean.columns, clean.rows), lines)


def _as_csv(columns: list[str], rows: Iterable[list[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([columns, *rows])
    return file.getvalue()


__all__ = ["Intake", "Wanted", "take_in"]
