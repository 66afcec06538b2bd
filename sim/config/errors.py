"""Everything that is wrong with a configuration, said at once and without a traceback."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from sim.config.sentence import N_, Sentence, as_sentence

SHOWN = 12  # allowed names that are spelled out
NOUNS = (N_("acuity"), N_("crossing"), N_("pool"), N_("site"), N_("zone"))  # of names that stand in columns
LONGEST = 80  # characters of a value that are shown
ID = re.compile(r"(?<![\w./-])('?)([\w-]+)\1(?![\w/-]|\.\w| \()")  # a word of a line with no bracket behind it


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what is there, what is allowed, and the nearest valid name."""

    file: str
    key: str  # dotted key, or row and column of a table
    value: str
    message: str
    nearest: str = ""
    allowed: str = ""
    names: tuple[tuple[str, str], ...] = field(default=(), compare=False)  # of the ids in it, as people call them

    def __str__(self) -> str:
        return self.in_words(str)

    def in_words(self, say: Callable[[str], str]) -> str:
        """One line; ``say`` says a ``Sentence`` in the reader's language."""
        parts = [
            f"{say(self.file)}: {say(self.key)}" if self.key else say(self.file),
            f": {say(as_sentence(self.message))}",
            say(Sentence(" (found {value})", value=_excerpt(self.value))) if self.value else "",
            say(Sentence("; allowed: {names}", names=self.allowed)) if self.allowed else "",
            say(Sentence("; did you mean {name}?", name=self.nearest)) if self.nearest else "",
        ]
        return printable(with_names("".join(parts), dict(self.names)))

    def with_names(self, names: Mapping[str, str]) -> Problem:
        """The problem, with the name of each id that it tells of to be said beside it."""
        ids = {match[2] for match in ID.finditer(str(self))}
        return replace(self, names=tuple((one, names[one]) for one in sorted(ids & names.keys())))


class ConfigErrors(Exception):
    """All that is wrong with a configuration; its text is one line a problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return self.in_words(str)

    def in_words(self, say: Callable[[str], str]) -> str:
        """A line that counts them, then one line each; ``say`` says a ``Sentence`` in the reader's language."""
        count = len(self.problems)
        head = (
            Sentence("The configuration has 1 error; nothing was run.")
            if count == 1
            else Sentence("The configuration has {count} errors; nothing was run.", count=count)
        )
        return "\n".join([say(head), *(f"  {problem.in_words(say)}" for problem in self.problems)])


def unprintable(text: str) -> list[str]:
    """The names of signs that no reader sees or that order a terminal about; a line break is none of them."""
    return [unicodedata.name(sign, f"U+{ord(sign):04X}") for sign in dict.fromkeys(text) if _is_hidden(sign)]


def printable(text: str) -> str:
    """A text with such signs spelled out."""
    return "".join(repr(sign)[1:-1] if _is_hidden(sign) else sign for sign in text)


def with_names(line: str, names: Mapping[str, str]) -> str:
    """A line with a name in brackets behind every id that has one."""
    return ID.sub(lambda found: f"{found[0]} ({names[found[2]]})" if found[2] in names else found[0], line)


def _is_hidden(sign: str) -> bool:
    return not (sign.isprintable() or sign == "\n" or unicodedata.category(sign) == "Zs")


def unknown(file: str, key: str, value: str, what: str, allowed: Iterable[str]) -> Problem:
    """The problem of a name that does not exist, with the nearest that does."""
    names = sorted(set(allowed))
    return Problem(
        file, key, value, Sentence("unknown {what}", what=as_sentence(what)), nearest(value, names), comma_list(names)
    )


def nearest(value: str, names: Sequence[str]) -> str:
    """The name most like a value; empty if none is."""
    by_lower = {name.lower(): name for name in names}
    matches = get_close_matches(value.strip().lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else ""


def comma_list(names: Sequence[str]) -> str:
    """Names with commas between; of many only the first, and one alone as it is."""
    if len(names) == 1:
        return names[0]
    rest = len(names) - SHOWN
    first = ", ".join(names[:SHOWN])
    return Sentence("{names} and {number} more", names=first, number=rest) if rest > 0 else first


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= LONGEST else line[:LONGEST] + "...")
