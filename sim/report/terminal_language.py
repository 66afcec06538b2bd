"""The terminal's language: its words, and numbers as it writes them."""

from __future__ import annotations

from typing import Any

from sim.report.language import Language
from sim.report.numbers import DASH, absent, number
from sim.study.console import own_voice


def terminal_language() -> Language:
    """The language in which the terminal is spoken to."""
    return Language("sv" if own_voice().code == "sv" else "en")


def figure(value: Any, figures: int = 3, most: int = 2, sign: str = "") -> str:
    """A figure as ``sim.report.numbers.number`` writes it, with the comma and the space of the terminal's language."""
    return terminal_language().notation(number(value, figures, most, sign))


def figures_between(low: Any, high: Any, figures: int = 3, most: int = 2, sign: str = "") -> str:
    """From low to high; a dash if an end is absent."""
    if absent(low) or absent(high):
        return DASH
    return terminal_language().span(*(figure(end, figures, most, sign) for end in (low, high)))


__all__ = ["figure", "figures_between", "terminal_language"]
