"""Numbers as Swedes write them, as the strict reader has them; what may be two numbers is refused."""

from __future__ import annotations

import re

from sim.config.reading.cells import NUMBER, Bad
from sim.config.sentence import Sentence

SPACES = re.compile(r"[\s\u2019']")
GROUPS = re.compile(r"[+-]?\d{1,3}([\s\u2019']\d{3})+(,\d+)?")
COMMA = re.compile(r"[+-]?\d+,\d+")
POINTS = re.compile(r"[+-]?\d{1,3}\.\d{3}")
COMMAS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
MINUSES = "\u2212\u2013"
MISSING = ("..", ".", "…", "-", "\u2013", "n/a", "#n/a", "#saknas!", "x")


def swedish_number(text: str, comma_between: bool = False) -> str:
    """The number as digits and a decimal point. Raises Bad for what is none, or may be two."""
    sign = "-" if text[:1] and text[0] in MINUSES and len(text) > 1 else ""
    text = sign + text[1:] if sign else text
    if is_missing(text):
        raise Bad(Sentence("says that the figure is missing"))
    if comma_between and COMMAS.fullmatch(text):
        raise Bad(Sentence("thousands or decimals? a comma may be either here"))
    if GROUPS.fullmatch(text):
        text = SPACES.sub("", text)
    if COMMA.fullmatch(text):
        return text.replace(",", ".")
    if not NUMBER.fullmatch(text):
        raise Bad(Sentence("must be a number"))
    return text


def people(text: str, comma_between: bool = False) -> int:
    """A whole number of people. Raises Bad."""
    if POINTS.fullmatch(text):
        raise Bad(Sentence("thousands or decimals? a point may be either here"))
    number = float(swedish_number(text, comma_between))
    if number < 0 or number != int(number):
        raise Bad(Sentence("must be a whole number of people"))
    return int(number)


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no figure."""
    return text.lower() in MISSING


__all__ = ["is_missing", "people", "swedish_number"]
