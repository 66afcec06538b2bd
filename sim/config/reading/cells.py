"""Cells of a table: what a text may say, and what it is then."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from sim.config.reading.csv_text import REMEDY
from sim.config.reading.typed import is_date
from sim.config.schema.base import Quality, inert
from sim.config.schema.number_ranges import NumberKind
from sim.config.sentence import Sentence
from sim.model.codes import ACUITIES, AGE_GROUPS

Cell = str | float | int | None
Reader = Callable[[str], Cell]
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
MINUSES = ("\u2212", "\u2013", "\u2010", "\u2011")  # what a word processor makes of a minus
NAME = re.compile(r"[a-z0-9][a-z0-9_\-]*")


class Bad(Exception):
    """A cell that is refused: why, and what is allowed."""

    def __init__(self, why: str, allowed: list[str] | None = None, meant: str = "") -> None:
        super().__init__(why)
        self.why, self.allowed, self.meant = why, allowed or [], meant


def name_cell(text: str) -> str:
    """A name."""
    if not NAME.fullmatch(text):
        raise Bad("must be a name of small letters, digits, _ and -" if text else "is missing")
    return text


def text_cell(text: str) -> str:
    """A text that is there."""
    if not text:
        raise Bad(Sentence("is missing"))
    return any_cell(text)


def source_cell(text: str) -> str:
    """Where a row's figures are from."""
    if len(text) < 3:
        raise Bad(Sentence("every row says its source, or 'assumption'"))
    return any_cell(text)


def any_cell(text: str) -> str:
    """Any text that can be printed, also none."""
    try:
        return inert(text)
    except ValueError as error:
        raise Bad(error.args[0]) from None


def number_cell(text: str) -> float:
    """A number."""
    if not text:
        raise Bad(Sentence("is missing"))
    if re.fullmatch(r"[+-]?[\d\s]*\d,\d+", text):
        raise Bad(Sentence("decimal comma: {remedy}", remedy=REMEDY))
    if re.fullmatch(r"[+-]?\d{1,3}([\s\u2019']\d{3})+", text):
        raise Bad(Sentence("has signs between its thousands: write {value}", value=re.sub("[^-+0-9]", "", text)))
    if text[:1] in MINUSES and NUMBER.fullmatch(text[1:]):
        raise Bad(
            Sentence(
                "begins with {value}, which is no minus: write -{text}", value=unicodedata.name(text[0]), text=text[1:]
            )
        )
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise Bad(Sentence("must be a finite number, not NaN or infinity"))
    if not NUMBER.fullmatch(text):
        raise Bad(Sentence("must be a number"))
    if not math.isfinite(float(text)):
        raise Bad(Sentence("must be a finite number, not NaN or infinity"))
    return float(text)


def amount_cell(text: str) -> float:
    """A number that is not negative."""
    value = number_cell(text)
    if value < 0:
        raise Bad(Sentence("must not be negative"))
    return value


def perhaps_cell(text: str) -> float:
    """A number, or NaN where there is none."""
    return number_cell(text) if text else math.nan


def people_cell(text: str) -> int:
    """A number of people."""
    if not text:
        raise Bad(Sentence("population missing: a whole number, 0 if nobody"))
    value = amount_cell(text)
    if value != int(value):
        raise Bad(Sentence("must be a whole number of people"))
    return int(value)


def names_cell(text: str) -> str:
    """One name, or several with spaces between."""
    if any(not NAME.fullmatch(name) for name in text.split()):
        raise Bad(Sentence("must be a name of small letters, digits, _ and -, or several with spaces between"))
    return text if text else name_cell(text)


def units_by_acuity(text: str) -> str:
    """Five whole numbers, or none at all."""
    parts = text.split()
    if parts and len(parts) != ACUITIES:
        raise Bad(Sentence("units that a request of acuity 1, 2, 3, 4 and 5 leaves free, five numbers, as 0 0 1 2 2"))
    if not all(re.fullmatch(r"\d{1,6}", part) for part in parts):
        raise Bad(Sentence("must be whole numbers with spaces between, as 0 0 1 2 2"))
    return text


def amounts_cell(text: str) -> str:
    """Numbers with spaces between; none is allowed."""
    for part in text.split():
        amount_cell(part)
    return text


def day_cell(text: str) -> str:
    """A day as ISO text, so that days order as texts; empty: no end on this side."""
    if text and not is_date(text):
        raise Bad(Sentence("must be a day, as 2027-07-05, or empty"))
    return text


def one_of(*names: str) -> Reader:
    """Reads one of the names."""

    def read(text: str) -> str:
        if text not in names:
            raise Bad("unknown value" if text else "is missing", list(names))
        return text

    return read


def ages_cell(text: str) -> str:
    """Age groups, or all."""
    wrong = [age for age in text.split() if age not in AGE_GROUPS]
    if text != "all" and (wrong or not text):
        raise Bad(Sentence("age groups with spaces between, or all"), [*AGE_GROUPS, "all"])
    return text


@dataclass(frozen=True)
class Measured:
    """Reads a number of a kind, or several with spaces between; one that cannot be is refused."""

    reader: Reader
    kind: NumberKind

    def __call__(self, text: str) -> Cell:
        """What ``reader`` reads. Raises Bad."""
        cell = self.reader(text)
        for size in numbers_in(cell):
            if not self.kind.hard.holds(size):
                refusal = self.kind.refusal(size)
                raise Bad(str(refusal), [refusal.allowed], refusal.meant)
        return cell


def numbers_in(cell: Cell) -> list[float]:
    """The numbers of a cell: none of one that is empty, each of a text with spaces between."""
    sizes = [float(part) for part in (cell.split() if isinstance(cell, str) else [cell]) if part is not None]
    return [size for size in sizes if not math.isnan(size)]


_QUALITY = one_of(*get_args(Quality))
ORIGIN: dict[str, Reader] = {"source": source_cell, "quality": _QUALITY}
_PLAIN: dict[str, Reader] = {
    "name": name_cell,
    "text": text_cell,
    "any": any_cell,
    "number": number_cell,
    "amount": amount_cell,
}
READERS = {**_PLAIN, **ORIGIN}  # for tables that are read elsewhere

__all__ = [
    "ORIGIN", "READERS", "Bad", "Cell", "Measured", "Reader", "ages_cell", "amount_cell", "amounts_cell", "any_cell",
    "name_cell", "names_cell", "number_cell", "numbers_in", "one_of", "people_cell", "perhaps_cell", "text_cell",
    "units_by_acuity",
]  # fmt: skip
