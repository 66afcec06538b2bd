"""Files as a hurried person leaves them: one small damage at a time, drawn by a seed."""

from __future__ import annotations

import csv
import io
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NUMBER = re.compile(r"(?<![\w.\-])-?\d+(?:\.\d+)?(?![\w.\-:])")
WORD = re.compile(r"\b[a-z][a-z_]{3,}\b")
Random = random.Random
UNITS = ("min", "h", "days", "s")


@dataclass(frozen=True)
class Damage:
    """What was done to which file, and its text afterwards."""

    file: str
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


def damage(root: Path, files: list[str], luck: Random) -> Damage:
    """One damage to one of the files below ``root``, which stay as they are."""
    while True:
        file = luck.choice(files)
        before = (root / file).read_text("utf-8")
        ways = TABLE if file.endswith(".csv") else LINES
        name = luck.choice(sorted(ways))
        after = ways[name](before, luck)
        if after is not None and after[1] != before:
            return Damage(file, f"{name}: {after[0]}", after[1])


Result = tuple[str, str] | None
Way = Callable[[str, Random], Result]


def _number_as(change: Callable[[str], str]) -> Way:
    """A number somewhere in the text, written otherwise."""

    def way(text: str, luck: Random) -> Result:
        found = list(NUMBER.finditer(text))
        if not found:
            return None
        one = luck.choice(found)
        new = change(one.group())
        line = text.count("\n", 0, one.start()) + 1
        return f"line {line}, {one.group()} to {new}", text[: one.start()] + new + text[one.end() :]

    return way


def _times(factor: float) -> Callable[[str], str]:
    return lambda text: f"{float(text) * factor:.10g}"


def _typo(text: str, luck: Random) -> Result:
    found = list(WORD.finditer(text))
    if not found:
        return None
    one = luck.choice(found)
    at = luck.randrange(1, len(one.group()))
    new = one.group()[: at - 1] + one.group()[at] + one.group()[at - 1] + one.group()[at + 1 :]
    return f"{one.group()} to {new}", text[: one.start()] + new + text[one.end() :]


def _other_unit(text: str, luck: Random) -> Result:
    found = list(re.finditer(r"unit: (min|h|days|s)\b", text))
    if not found:
        return None
    one, new = luck.choice(found), luck.choice(UNITS)
    return f"{one.group()} to {new}", text[: one.start(1)] + new + text[one.end(1) :]


def _sign(old: str, new: str) -> Way:
    def way(text: str, luck: Random) -> Result:
        places = [m.start() for m in re.finditer(re.escape(old), text)]
        if not places:
            return None
        at = luck.choice(places)
        return f"{old!r} to {new!r} at {at}", text[:at] + new + text[at + len(old) :]

    return way


def _whole(change: Callable[[str], str]) -> Way:
    return lambda text, _: ("all of it", change(text))


def _lines(change: Callable[[list[str], int, Random], None]) -> Way:
    """A change of the lines, around one that is drawn; a table's header counts."""

    def way(text: str, luck: Random) -> Result:
        lines = text.split("\n")
        at = luck.randrange(len(lines))
        about = f"line {at + 1}, {lines[at].strip()[:60]}"
        change(lines, at, luck)
        return about, "\n".join(lines)

    return way


def _delete(lines: list[str], at: int, _: Random) -> None:
    del lines[at]


def _double(lines: list[str], at: int, _: Random) -> None:
    lines.insert(at, lines[at])


def _move(lines: list[str], at: int, luck: Random) -> None:
    lines.insert(luck.randrange(len(lines)), lines.pop(at))


def _indent(lines: list[str], at: int, luck: Random) -> None:
    lines[at] = luck.choice(["  ", " ", "\t", "\u00a0\u00a0"]) + lines[at]


def _outdent(lines: list[str], at: int, _: Random) -> None:
    lines[at] = lines[at].removeprefix("  ")


def _cut(lines: list[str], at: int, _: Random) -> None:
    del lines[at:]


def _cells(change: Callable[[list[list[str]], int, int, Random], None]) -> Way:
    """A change of the cells, around one that is drawn."""

    def way(text: str, luck: Random) -> Result:
        rows = list(csv.reader(io.StringIO(text)))
        if len(rows) < 2:
            return None
        i, j = luck.randrange(1, len(rows)), luck.randrange(len(rows[0]))
        about = f"row {i + 1}, {rows[0][j]}, {rows[i][j]!r}"
        change(rows, i, j, luck)
        return f"{about} to {rows[i][j]!r}" if i < len(rows) and j < len(rows[i]) else about, _as_csv(rows)

    return way


def _as_csv(rows: list[list[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def _cell_as(new: str) -> Way:
    def change(rows: list[list[str]], i: int, j: int, _: Random) -> None:
        rows[i][j] = new

    return _cells(change)


def _swap(rows: list[list[str]], i: int, j: int, luck: Random) -> None:
    k = luck.randrange(1, len(rows))
    rows[i][j], rows[k][j] = rows[k][j], rows[i][j]


def _shift(rows: list[list[str]], i: int, j: int, _: Random) -> None:
    rows[i].insert(j, rows[i][j])


def _beside(rows: list[list[str]], i: int, j: int, luck: Random) -> None:
    k = luck.randrange(len(rows[0]))
    rows[i][j], rows[i][k] = rows[i][k], rows[i][j]


def _no_row(rows: list[list[str]], i: int, _j: int, _: Random) -> None:
    del rows[i]


def _no_column(rows: list[list[str]], _i: int, j: int, _: Random) -> None:
    for row in rows:
        del row[j]


def _row_twice(rows: list[list[str]], i: int, _j: int, _: Random) -> None:
    rows.append(list(rows[i]))


NUMBERS: dict[str, Way] = {
    "times 1000": _number_as(_times(1000)),
    "times 60": _number_as(_times(60)),
    "a 60th": _number_as(_times(1 / 60)),
    "a 1000th": _number_as(_times(1 / 1000)),
    "per cent": _number_as(_times(100)),
    "negated": _number_as(_times(-1)),
    "a zero": _number_as(lambda _: "0"),
    "nan": _number_as(lambda _: "nan"),
    "inf": _number_as(lambda _: "inf"),
    "huge": _number_as(lambda _: "1e300"),
    "decimal comma": _number_as(lambda text: text.replace(".", ",") if "." in text else f"{text},5"),
    "thousands": _number_as(lambda text: f"{text}\u00a0000"),
    "a text": _number_as(lambda _: "okänt"),
    "minus sign": _number_as(lambda text: f"\u2212{text}"),
    "typo": _typo,
}
LINES: dict[str, Way] = {
    **NUMBERS,
    "line away": _lines(_delete),
    "line twice": _lines(_double),
    "line moved": _lines(_move),
    "line indented": _lines(_indent),
    "line outdented": _lines(_outdent),
    "cut short": _lines(_cut),
    "other unit": _other_unit,
    "no colon": _sign(":", ""),
    "a bracket less": _sign("}", ""),
    "no-break space": _sign(" ", "\u00a0"),
    "nothing": _whole(lambda _: ""),
    "two-part letters": _whole(lambda text: unicodedata.normalize("NFD", text)),
}
TABLE: dict[str, Way] = {
    **NUMBERS,
    "line away": _lines(_delete),
    "line moved": _lines(_move),
    "cut short": _lines(_cut),
    "cell empty": _cell_as(""),
    "cell ..": _cell_as(".."),
    "cell with break": _cell_as("a\nb"),
    "cell bool": _cell_as("SANT"),
    "cells swapped": _cells(_swap),
    "cells beside swapped": _cells(_beside),
    "row shifted": _cells(_shift),
    "row away": _cells(_no_row),
    "row twice": _cells(_row_twice),
    "column away": _cells(_no_column),
    "semicolons": _whole(lambda text: text.replace(",", ";")),
    "two-part letters": _whole(lambda text: unicodedata.normalize("NFD", text)),
    "a quote": _sign(",", ',"'),
    "nothing": _whole(lambda _: ""),
}

__all__ = ["Damage", "damage"]
