"""The terminal that everything is told on: a text on it is a text, whatever signs it has."""

from __future__ import annotations

from functools import cache

from rich.console import Console


@cache
def own_console() -> Console:
    """A console that reads neither markup nor emoji codes from a text, and colours none of its figures."""
    return Console(markup=False, emoji=False, highlight=False)


__all__ = ["own_console"]
