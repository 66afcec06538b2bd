"""The cells of a file as people have it, whatever wrote it: Excel, a statistics database, a text editor.

Here nothing is judged: signs become text, text becomes cells, and how that was done is first_line.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from sim.config.errors import ConfigErrors, Problem, comma_list, nearest
from sim.config.sentence import Sentence

MAX_BYTES = 100_000_000
BOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXTS = (".csv", ".txt", ".tsv")
SIGNS = {
    ";": Sentence("semicolon"), ",": Sentence("comma"), "\t": Sentence("tab"), "|": Sentence("vertical bar"),
}  # fmt: skip
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
Cells = list[list[str]]
Value = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True)
class FileCells:
    """Rows of cells as text, and a sentence on how they were read; a row's number is its index and 1."""

    file: str
    how: Sentence
    cells: Cells
    comma_between: bool = False  # columns apart by commas, so that one in a cell is no plain decimal sign


def read_sheet(path: Path, sheet: str | None = None) -> FileCells:
    """The cells of a file, of a workbook those of one sheet. Raises ConfigErrors."""
    kind = path.suffix.lower()
    if kind not in (*BOOKS, *TEXTS):
        raise _refusal(path, "", Sentence("no kind of file that is read"), allowed=comma_list([*BOOKS, *TEXTS]))
    if not path.is_file():
        raise _refusal(path, "", Sentence("there is no such file"))
    if path.stat().st_size > MAX_BYTES:
        raise _refusal(path, "", Sentence("larger than 100 MB"))
    if kind in BOOKS:
        return _of_book(path, sheet)
    if sheet is not None:
        raise _refusal(path, sheet, Sentence("a text file has no sheets"))
    return _of_text(path)


def _refusal(path: Path, value: str, message: Sentence, near: str = "", allowed: str = "") -> ConfigErrors:
    return ConfigErrors([Problem(path.name, "", value, message, near, allowed)])


def _of_book(path: Path, sheet: str | None) -> FileCells:
    try:
        book = CalamineWorkbook.from_path(str(path))
        filled = {name: cells for name in book.sheet_names if (cells := _filled(book, name))}
    except (CalamineError, OSError, ValueError) as error:
        raise _refusal(path, "", Sentence("no workbook that can be read: {why}", why=str(error))) from None
    names = list(book.sheet_names)
    if sheet is not None and sheet not in names:
        raise _refusal(path, sheet, Sentence("no sheet of this name"), nearest(sheet, names), comma_list(names))
    if sheet is None and len(filled) != 1:
        text = Sentence("several sheets have cells: say --sheet") if filled else Sentence("no sheet has cells")
        raise _refusal(path, "", text, allowed=comma_list(list(filled)))
    name = sheet or next(iter(filled))
    how = Sentence("{file}, sheet {sheet}", file=path.name, sheet=name)
    return FileCells(path.name, how, filled.get(name, []))


def _filled(book: CalamineWorkbook, name: str) -> Cells:
    rows: list[list[Value]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    cells = [[_text_of(value) for value in row] for row in rows]
    return cells if any(cell for row in cells for cell in row) else []


def _text_of(value: Value) -> str:
    """A cell as it would be typed: whole numbers without a point, days as ISO."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    return _clean(value.isoformat() if isinstance(value, date | time) else str(value))


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\u00ad", "").strip()


def _of_text(path: Path) -> FileCells:
    raw = path.read_bytes()
    encoding = next((name for mark, name in MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            raise _refusal(path, "", Sentence("neither UTF-8 nor cp1252: save it as 'CSV UTF-8'")) from None
    lines = text.splitlines()
    first_line = lines[0].strip().strip('"').lower() if lines else ""
    sign = (
        first_line.removeprefix("sep=")
        if first_line.startswith("sep=") and first_line[4:] in SIGNS
        else _separator(path, text)
    )
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True))
    except csv.Error as error:
        raise _refusal(path, "", Sentence("no valid CSV: {error}", error=str(error))) from None
    cells = [[_clean(cell) for cell in row] for row in rows]
    if first_line.startswith("sep="):
        cells[0] = [""]
    how = Sentence("{file}, letters {encoding}, columns by {sign}", file=path.name, encoding=encoding, sign=SIGNS[sign])
    return FileCells(path.name, how, cells, sign == ",")


def _separator(path: Path, text: str) -> str:
    """The sign by which the most rows have the same number of cells. Raises ConfigErrors where two have it alike."""
    scores: dict[str, int] = {}
    for sign in SIGNS:
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True))
        except csv.Error:
            continue
        scores[sign] = max((rows * (width > 1) for width, rows in widths.items()), default=0)
    best = max(scores.values(), default=0)
    found = [sign for sign, score in scores.items() if score == best]
    if not best:
        raise _refusal(path, "", Sentence("no columns: no row is divided by semicolon, comma or tab"))
    if len(found) > 1:
        names = " / ".join(SIGNS[sign] for sign in found)
        raise _refusal(path, names, Sentence("the columns may be divided by one or the other: save it as xlsx"))
    return found[0]


__all__ = ["Cells", "FileCells", "read_sheet"]
