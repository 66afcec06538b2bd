"""A study as a workbook (.xlsx): real numbers, headings that stay, and a sheet that says what the columns mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sim.config.errors import Problem
from sim.config.sentence import Sentence
from sim.export.headline_sheet import headline_sheet
from sim.export.long_sheets import assumption_sheet, comparison_sheet
from sim.export.nothing_written import NothingWritten
from sim.export.place_sheets import municipality_sheet, room_sheet
from sim.export.provenance import facts, finished, title
from sim.export.sheet_cells import Amount, Cell, Sheet
from sim.report.html.change_cells import Writer
from sim.report.language import N_
from sim.results.read import Results

MOST_ROWS, MOST_SIGNS = 1_048_576, 32_767  # of a sheet, and of a cell
TOO_LONG = N_("a workbook's sheet holds {number} rows; --to csv has no such limit")
TALLEST = 60  # points, of the row of headings
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(path: Path, results: Results, writer: Writer) -> None:
    """Writes the workbook. No text becomes a formula, a link or a number, whatever it begins with.

    Raises NothingWritten if a table has more rows than a sheet holds.
    """
    sheets = [
        headline_sheet(writer), room_sheet(writer), municipality_sheet(writer), comparison_sheet(writer, results),
        assumption_sheet(writer, results),
    ]  # fmt: skip
    for sheet in sheets:
        if len(sheet.rows) >= MOST_ROWS:
            message = Sentence(TOO_LONG, number=MOST_ROWS - 1)
            raise NothingWritten([Problem(str(results.folder), sheet.name, f"{len(sheet.rows):,} rows", message)])
    with xlsxwriter.Workbook(str(path), AS_TEXT) as book:
        book.set_properties({"title": title(results, writer.language), "created": finished(results), "comments": ""})
        pen = Pen(book)
        for sheet in (one for one in sheets if one.rows):
            pen.write_table(sheet)
        pen.write_about(sheets, writer, results)


class Pen:
    """Writes sheets of one workbook, with its formats."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E6EEF5", "bottom": 1}
        )
        self.bold, self.wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        self.large = book.add_format({"bold": True, "font_size": 14})
        self.forms: dict[str, Format] = {}

    def write_table(self, sheet: Sheet) -> None:
        """Headings that stay in view and filter, then the rows."""
        page = self.book.add_worksheet(sheet.name)
        for j, column in enumerate(sheet.columns):
            page.set_column(j, j, column.width)
            page.write_string(0, j, column.name, self.head)
        page.set_row(0, TALLEST)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        for i, row in enumerate(sheet.rows, start=1):
            self._write_row(page, i, row)

    def write_about(self, sheets: Sequence[Sheet], writer: Writer, results: Results) -> None:
        """From which study it all is, and what each column means."""
        translate = writer.language.translate
        page = self.book.add_worksheet(translate(N_("About this file")))
        page.set_column(0, 0, 34)
        page.set_column(1, 1, 110)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.write_string(0, 0, translate(N_("From which study")), self.large)
        line = 1
        for name, value in facts(results, writer.language):
            page.write_string(line, 0, name, self.bold)
            page.write_string(line, 1, _cut(value), self.wrapped)
            line += 1
        for sheet in (one for one in sheets if one.rows):
            page.write_string(line + 1, 0, translate(N_("Columns of “{sheet}”"), sheet=sheet.name), self.large)
            line += 2
            for column in sheet.columns:
                page.write_string(line, 0, column.name, self.bold)
                page.write_string(line, 1, column.meaning, self.wrapped)
                line += 1

    def _write_row(self, page: Worksheet, line: int, row: Sequence[Cell]) -> None:
        for j, cell in enumerate(row):
            if isinstance(cell, Amount):
                if not cell.is_empty:
                    page.write_number(line, j, cell.value, self._form(cell.form))
            elif cell:
                page.write_string(line, j, _cut(cell))

    def _form(self, form: str) -> Format:
        if form not in self.forms:
            self.forms[form] = self.book.add_format({"num_format": form})
        return self.forms[form]


def _cut(text: str) -> str:
    """A text that a cell holds: of a longer one the beginning, and a mark that it goes on."""
    return text if len(text) <= MOST_SIGNS else f"{text[: MOST_SIGNS - 1]}…"


__all__ = ["write_workbook"]
