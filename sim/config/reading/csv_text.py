"""A table as text: a header, then numbered rows; what a Swedish spreadsheet does to it is mended or named.

Mended is what cannot be taken for something else: the mark at the beginning of Excel's 'CSV UTF-8', a line ``sep=,``,
rows and columns that are empty all over, spaces around a cell, letters in another Unicode form.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sim.config.errors import Problem, comma_list, nearest
from sim.config.sentence import Sentence

Row = dict[str, str]
MAX_BYTES = 100_000_000
REMEDY = "in Excel choose Save as, 'CSV UTF-8', and use comma between columns and point as decimal sign"
SIGNS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
WIDE = (b"\xff\xfe", b"\xfe\xff")  # how a file of two bytes a letter begins


@dataclass(frozen=True)
class _Columns:
    """What a header may have."""

    needed: list[str]
    optional: Collection[str]
    others: bool  # whether there may be further ones

    @property
    def columns(self) -> list[str]:
        return [*self.needed, *self.optional]


def read_rows(
    path: Path,
    file: str,
    columns: list[str],
    problems: list[Problem],
    optional: Collection[str] = (),
    others: bool = False,
) -> list[tuple[int, Row]]:
    """(line, cells by column) of each row; none, with the reason in ``problems``, if it cannot be read.

    An ``optional`` column that the table does not have is empty in every row. ``others``: further columns are read too.
    """
    text = _text(path, file, problems)
    if text is None:
        return []
    text, above = _without_sep(text)
    header = text.split("\n", 1)[0].strip()
    for sign, name in SIGNS.items():
        if header.count(sign) > header.count(","):
            problems.append(
                Problem(
                    file,
                    "row 1",
                    header,
                    Sentence("columns are separated by {name}, not commas: {remedy}", name=name, remedy=REMEDY),
                )
            )
            return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num + above, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        problems.append(
            Problem(file, f"row {reader.line_num + above}", "", Sentence("no valid CSV: {error}", error=error))
        )
        return []
    rows = _without_empty(rows)
    if not rows or not _header(rows[0][1], file, _Columns(columns, optional, others), problems):
        return []
    empty = dict.fromkeys(optional, "")
    return [(line, {**empty, **cells}) for line, cells in _named_rows(rows, file, problems)]


def _text(path: Path, file: str, problems: list[Problem]) -> str | None:
    if not path.is_file():
        why = Sentence("is no ordinary file") if path.exists() else Sentence("the table is missing")
        problems.append(Problem(file, "", "", why))
        return None
    if path.stat().st_size > MAX_BYTES:
        problems.append(Problem(file, "", "", "larger than 100 MB"))
        return None
    raw = path.read_bytes()
    if raw.startswith(WIDE):
        problems.append(
            Problem(file, "", "", Sentence("not UTF-8 but UTF-16 (Excel's 'Unicode text'): {remedy}", remedy=REMEDY))
        )
        return None
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        problems.append(
            Problem(file, f"row {row}", "", Sentence("not UTF-8 (perhaps cp1252): {remedy}", remedy=REMEDY))
        )
        return None


def _without_sep(text: str) -> tuple[str, int]:
    """The text without a first line that tells Excel the separator, and how many lines that were."""
    first, _, rest = text.partition("\n")
    return (rest, 1) if first.strip().strip('"').lower().startswith("sep=") else (text, 0)


def _without_empty(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The rows and columns that have something in them; a column is as wide as the widest row."""
    rows = [(line, cells) for line, cells in rows if any(cells)]
    used = {j for _, cells in rows for j, cell in enumerate(cells) if cell}
    header = rows[0][1] if rows else []
    kept = used | {j for j, name in enumerate(header) if name}
    return [(line, [cell for j, cell in enumerate(cells) if j in kept]) for line, cells in rows]


def _header(header: list[str], file: str, columns: _Columns, problems: list[Problem]) -> bool:
    missing = [c for c in columns.needed if c not in header]
    extra = [] if columns.others else [c for c in header if c and c not in columns.columns]
    twice = sorted({c for c in header if c and header.count(c) > 1})
    nameless = [j for j, c in enumerate(header, start=1) if not c]
    problems += [Problem(file, f"column {c}", "", "the column is missing", nearest(c, extra)) for c in missing]
    for c in extra:
        guess = nearest(c, [*missing, *columns.optional])
        problems.append(Problem(file, f"column {c}", "", "unknown column", guess, comma_list(columns.columns)))
    problems += [Problem(file, f"column {c}", "", "the column is there twice") for c in twice]
    problems += [Problem(file, f"column {j}", "", "has cells and no name in the first row") for j in nameless]
    return not (missing or extra or twice or nameless)


def _named_rows(rows: list[tuple[int, list[str]]], file: str, problems: list[Problem]) -> list[tuple[int, Row]]:
    header = rows[0][1]
    named = []
    for line, cells in rows[1:]:
        if len(cells) != len(header):
            message = Sentence(
                "{number} cells where the header has {number_2} columns", number=len(cells), number_2=len(header)
            )
            problems.append(Problem(file, f"row {line}", "", message))
            continue
        named.append((line, dict(zip(header, cells, strict=True))))
    return named


__all__ = ["REMEDY", "read_rows"]
