"""The terminal that everything is told on: a text on it is a text, whatever signs it has, in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from rich.console import Console


@dataclass
class Voice:
    """The language that the terminal speaks, and how a ``Sentence`` is said in it; English until somebody chooses."""

    code: str = "en"
    say: Callable[[str], str] = str


@cache
def own_console() -> Console:
    """A console that reads neither markup nor emoji codes from a text, and colours none of its figures."""
    return Console(markup=False, emoji=False, highlight=False)


@cache
def own_voice() -> Voice:
    """The voice of this process's terminal."""
    return Voice()


@contextmanager
def terminal_speaks(code: str, say: Callable[[str], str]) -> Iterator[None]:
    """Everything that the terminal is told within is told in this language."""
    voice = own_voice()
    before = voice.code, voice.say
    voice.code, voice.say = code, say
    try:
        yield
    finally:
        voice.code, voice.say = before


__all__ = ["Voice", "own_console", "own_voice", "terminal_speaks"]
