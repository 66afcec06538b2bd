"""Figures as people read them: so many digits that count, thousands apart, a dash for what is absent, ranges.

In plain English notation; ``language`` puts each language's comma, space and minus in its place.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

DASH = "\N{EN DASH}"
FOUR = 4, 4  # digits that count, and decimals at most, where a reader checks figures: number(value, *FOUR)


def absent(value: Any) -> bool:
    """Whether there is no such figure: None or NaN."""
    return bool(pd.isna(value))


def decimals(value: float, figures: int = 3, most: int = 2) -> int:
    """Decimals that show a number with so many digits that count, at most ``most``; counted after rounding."""
    if value == 0 or not math.isfinite(value):
        return 0
    exponent = int(f"{value:.{figures - 1}e}".partition("e")[2])
    return min(max(figures - 1 - exponent, 0), most)


def number(value: float | None, figures: int = 3, most: int = 2, sign: str = "") -> str:
    """A figure with thousands apart and no exponent; a dash if it is absent. ``sign``: + for a change."""
    if value is None or absent(value):
        return DASH
    return f"{value + 0.0:{sign},.{decimals(value, figures, most)}f}"  # no minus zero


def span(low: float | None, high: float | None, figures: int = 3, most: int = 2, sign: str = "") -> str:
    """From low to high; a dash if an end is absent."""
    if absent(low) or absent(high):
        return DASH
    return " to ".join(number(end, figures, most, sign) for end in (low, high))


def round_figures(value: float, figures: int = 3) -> int:
    """A large number, with zeros after so many digits that count."""
    return int(float(f"{value:.{figures}g}"))


__all__ = ["DASH", "FOUR", "absent", "decimals", "number", "round_figures", "span"]
