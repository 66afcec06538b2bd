"""How a command ends: exit codes, and what went wrong in plain words."""

from __future__ import annotations

import os
import tempfile
import traceback
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TextIO

import typer
from typer.core import TyperGroup

from sim.app.help_texts import translate_help
from sim.app.interruption import signals_interrupt
from sim.config.sentence import Sentence

VARIABLE = "CARESHIFT_LANGUAGE"  # the terminal's language
LANGUAGES = ("en", "sv")
WORDS = "careshift.words"
SOME_FAILED, BAD_INPUT, LOCKED, ENVIRONMENT, FAULT, INTERRUPTED = 1, 2, 3, 4, 5, 130


class Door(TyperGroup):
    """Commands that all end through one door, whatever happens in them, and speak the language that was asked for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As click says; the words are kept, since the language stands among them."""
        ctx.meta[WORDS] = list(args)
        with in_language_of(args):
            translate_help(self, say)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """As click says; what goes wrong is told in plain words."""
        with in_language_of(ctx.meta[WORDS]), plain_errors(), signals_interrupt():
            return super().invoke(ctx)


@contextmanager
def in_language_of(words: Sequence[str]) -> Iterator[None]:
    """The terminal speaks the language of a command's words, else that of the environment, else English.

    Raises typer.Exit if the environment names a language that there is not; one that is typed is judged with its study.
    """
    from sim.study.console import terminal_speaks

    typed = [
        *_values(words, "language=", "--language="),
        *(after for word, after in pairwise(words) if word == "--language"),
    ]
    named = os.environ.get(VARIABLE, "")
    if named and named not in LANGUAGES:
        raise fail(
            Sentence(
                "{variable}: {named} is no language; allowed: {names}",
                variable=VARIABLE,
                named=f"{named!r}",
                names=", ".join(LANGUAGES),
            ),
            BAD_INPUT,
        )
    code = next((one for one in reversed(typed) if one in LANGUAGES), named)
    with terminal_speaks("sv", _in_swedish) if code == "sv" else terminal_speaks("en", str):
        yield


def _in_swedish(text: str) -> str:
    from sim.report.language import Language

    return Language("sv").sentence(text)


def _values(words: Iterable[str], *heads: str) -> Iterator[str]:
    return (word.removeprefix(head) for word in words for head in heads if word.startswith(head))


def say(text: str) -> str:
    """A sentence in the terminal's language."""
    from sim.study.console import own_voice

    return own_voice().say(text)


@dataclass(frozen=True)
class Ending:
    """What is told of an error, and the exit code."""

    text: str
    code: int


@contextmanager
def plain_errors() -> Iterator[None]:
    """What goes wrong is told in plain words, and by the exit code; what should be known, without where it was said.

    Raises typer.Exit.
    """
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _plain_warning
            yield
    except (Exception, KeyboardInterrupt) as error:
        if isinstance(error, typer.Abort) or hasattr(error, "exit_code"):  # the command line's own
            raise
        ending = ending_of(error)
        raise fail(ending.text, ending.code) from None


def ending_of(error: BaseException) -> Ending:
    """What an error is for who gave the command; of one that nobody foresaw, a line and the file with its traceback."""
    from sim.config.errors import ConfigErrors
    from sim.engines.select import NoCompiledEngine
    from sim.results.read import DamagedStudy
    from sim.study.store import NothingDone, OtherStudy, StudyLocked

    match error:
        case ConfigErrors():
            return Ending(error.in_words(say), BAD_INPUT)
        case OtherStudy() | DamagedStudy():
            return Ending(_words_of(error), BAD_INPUT)
        case NothingDone():
            kept = say(Sentence("; its traceback is in {file}", file=_keep([error.details]))) if error.details else ""
            return Ending(f"{_words_of(error)}{kept}", SOME_FAILED)
        case StudyLocked():
            return Ending(_words_of(error), LOCKED)
        case NoCompiledEngine():
            return Ending(_words_of(error), ENVIRONMENT)
        case MemoryError():
            return Ending(f"{say(Sentence('Not enough memory'))}: {error}".rstrip(": "), ENVIRONMENT)
        case OSError():
            return Ending(f"{error.filename or ''}: {say(error.strerror or str(error))}".lstrip(": "), ENVIRONMENT)
        case KeyboardInterrupt():
            text = Sentence("Interrupted. What was finished is kept; start the same study again to go on.")
            if error.args:
                text = Sentence(
                    "Ended by {signal}. What was finished is kept; start the same study again to go on.",
                    signal=error.args[0],
                )
            return Ending(say(text), INTERRUPTED)
    text = Sentence(
        "{error}. This is a fault in careshift; its traceback is in {file}",
        error=f"{type(error).__name__}: {' '.join(str(error).split())}",
        file=_keep(traceback.format_exception(error)),
    )
    return Ending(say(text), FAULT)


def _words_of(error: Exception) -> str:
    """What an exception was raised with: a sentence, or another text."""
    return say(error.args[0]) if error.args else str(error)


def fail(text: str, code: int) -> typer.Exit:
    """The exception that ends a command with a code, once the text is told."""
    from sim.config.errors import printable

    typer.echo(printable(say(text)), err=True)
    return typer.Exit(code)


def _keep(lines: Iterable[str]) -> str:
    """The file that a traceback is kept in: a temporary one, since there may be no results yet."""
    with tempfile.NamedTemporaryFile("w", prefix="careshift_", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.writelines(lines)
    return file.name


def _plain_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    typer.echo(say(Sentence("Warning: {text}", text=str(message))), err=True)


__all__ = [
    "BAD_INPUT",
    "ENVIRONMENT",
    "FAULT",
    "INTERRUPTED",
    "LANGUAGES",
    "LOCKED",
    "SOME_FAILED",
    "VARIABLE",
    "Door",
    "Ending",
    "ending_of",
    "fail",
    "in_language_of",
    "plain_errors",
    "say",
]
