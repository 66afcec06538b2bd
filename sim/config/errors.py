"""Everything that is wrong with a configuration, said at once and without a traceback."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

SHOWN = 12  # allowed names that are spelled out
LONGEST = 80  # characters of a value that are shown


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what is there, what is allowed, and the nearest valid name."""

    file: str
    key: str  # dotted key, or row and column of a table
    value: str
    message: str
    nearest: str = ""
    allowed: str = ""

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        value = f" (found {_excerpt(self.value)})" if self.value else ""
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        nearest = f"; did you mean {self.nearest}?" if self.nearest else ""
        return printable(f"{where}: {self.message}{value}{allowed}{nearest}")


class ConfigErrors(Exception):
    """All that is wrong with a configuration; its text is one line a problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"The configuration has {count} error{'s' if count != 1 else ''}; nothing was run."
        return "\n".join([head, *(f"  {problem}" for problem in self.problems)])


def unprintable(text: str) -> list[str]:
    """The names of signs that no reader sees or that order a terminal about; a line break is none of them."""
    return [unicodedata.name(sign, f"U+{ord(sign):04X}") for sign in dict.fromkeys(text) if _is_hidden(sign)]


def printable(text: str) -> str:
    """A text with such signs spelled out."""
    return "".join(repr(sign)[1:-1] if _is_hidden(sign) else sign for sign in text)


def _is_hidden(sign: str) -> bool:
    return not (sign.isprintable() or sign == "\n" or unicodedata.category(sign) == "Zs")


def unknown(file: str, key: str, value: str, what: str, allowed: Iterable[str]) -> Problem:
    """The problem of a name that does not exist, with the nearest that does."""
    names = sorted(set(allowed))
    return Problem(file, key, value, f"unknown {what}", nearest(value, names), comma_list(names))


def nearest(value: str, names: Sequence[str]) -> str:
    """The name most like a value; empty if none is."""
    by_lower = {name.lower(): name for name in names}
    matches = get_close_matches(value.strip().lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else ""


def comma_list(names: Sequence[str]) -> str:
    """Names with commas between; of many only the first."""
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= LONGEST else line[:LONGEST] + "...")
