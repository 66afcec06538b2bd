"""A table as text: a header, then numbered rows; what a Swedish spreadsheet does to it is named."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from pathlib import Path

from sim.config.errors import Problem, comma_list, nearest

Row = dict[str, str]
MAX_BYTES = 100_000_000
REMEDY = "in Excel choose Save as, 'CSV UTF-8', and use comma between columns and point as decimal sign"


def read_rows(
    path: Path, file: str, columns: list[str], problems: list[Problem], optional: Collection[str] = ()
) -> list[tuple[int, Row]]:
    """(line, cells by column) of each row; none, with the reason in ``problems``, if it cannot be read.

    An ``optional`` column that the table does not have is empty in every row.
    """
    text = _text(path, file, problems)
    if text is None:
        return []
    header = text.split("\n", 1)[0].strip()
    if (";" in header and "," not in header) or "\t" in header:
        sign = "semicolons" if ";" in header else "tabs"
        problems.append(Problem(file, "row 1", header, f"columns are separated by {sign}, not commas: {REMEDY}"))
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        problems.append(Problem(file, f"row {reader.line_num}", "", f"no valid CSV: {error}"))
        return []
    if not rows or not _header(rows[0][1], file, columns, optional, problems):
        return []
    empty = dict.fromkeys(optional, "")
    return [(line, {**empty, **cells}) for line, cells in _named_rows(rows, file, problems)]


def _text(path: Path, file: str, problems: list[Problem]) -> str | None:
    if not path.is_file():
        problems.append(Problem(file, "", "", "the table is missing"))
        return None
    if path.stat().st_size > MAX_BYTES:
        problems.append(Problem(file, "", "", "larger than 100 MB"))
        return None
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        problems.append(Problem(file, f"row {row}", "", f"not UTF-8 (perhaps cp1252): {REMEDY}"))
        return None


def _header(
    header: list[str], file: str, columns: list[str], optional: Collection[str], problems: list[Problem]
) -> bool:
    missing = [c for c in columns if c not in header]
    extra = [c for c in header if c not in columns and c not in optional]
    twice = sorted({c for c in header if header.count(c) > 1})
    problems += [Problem(file, f"column {c}", "", "the column is missing", nearest(c, extra)) for c in missing]
    problems += [
        Problem(
            file,
            f"column {c}",
            "",
            "unknown column",
            nearest(c, [*missing, *optional]),
            comma_list([*columns, *optional]),
        )
        for c in extra
    ]
    problems += [Problem(file, f"column {c}", "", "the column is there twice") for c in twice]
    return not (missing or extra or twice)


def _named_rows(rows: list[tuple[int, list[str]]], file: str, problems: list[Problem]) -> list[tuple[int, Row]]:
    header = rows[0][1]
    named = []
    for line, cells in rows[1:]:
        if not any(cells):
            continue
        if len(cells) != len(header):
            problems.append(
                Problem(file, f"row {line}", "", f"{len(cells)} cells where the header has {len(header)} columns")
            )
            continue
        named.append((line, {c: v.strip() for c, v in zip(header, cells, strict=True)}))
    return named


__all__ = ["REMEDY", "read_rows"]
