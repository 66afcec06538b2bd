"""Tables that are written to other programs: columns with their meanings, and cells that are text or real numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a text that begins so is a formula to a spreadsheet that opens CSV


class Amount(NamedTuple):
    """A number, how many decimals are shown of it, and whether it is a share or a change."""

    value: float
    places: int = 2
    percent: bool = False
    signed: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is no such number."""
        return not math.isfinite(self.value)

    @property
    def form(self) -> str:
        """The number format, as workbooks have it: a Swedish Excel shows a decimal comma and a space for thousands."""
        places = "." + "0" * self.places if self.places else ""
        text = f"0{places}%" if self.percent else f"#,##0{places}"
        return f"+{text};-{text};{text}" if self.signed else text


Cell = str | Amount


@dataclass(frozen=True)
class Column:
    """A heading, what stands below it, and how many characters wide it is."""

    name: str
    meaning: str
    width: int = 12


@dataclass(frozen=True)
class Sheet:
    """A table with its name and columns; ``rows`` have a cell for each column."""

    name: str
    columns: Sequence[Column]
    rows: list[list[Cell]] = field(default_factory=list)


def plain_text(text: str) -> str:
    """A text for CSV: with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


__all__ = ["Amount", "Cell", "Column", "Sheet", "plain_text"]
