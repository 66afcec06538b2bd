"""How a command ends: exit codes, and what went wrong in plain words."""

from __future__ import annotations

import tempfile
import traceback
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TextIO

import typer
from typer.core import TyperGroup

SOME_FAILED, BAD_INPUT, LOCKED, ENVIRONMENT, FAULT, INTERRUPTED = 1, 2, 3, 4, 5, 130


class Door(TyperGroup):
    """Commands that all end through one door, whatever happens in them."""

    def invoke(self, ctx: Any) -> Any:
        """As click says; what goes wrong is told in plain words."""
        with plain_errors():
            return super().invoke(ctx)


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
        case ConfigErrors() | OtherStudy() | DamagedStudy():
            return Ending(str(error), BAD_INPUT)
        case NothingDone():
            kept = f"; its traceback is in {_keep([error.details])}" if error.details else ""
            return Ending(f"{error}{kept}", SOME_FAILED)
        case StudyLocked():
            return Ending(str(error), LOCKED)
        case NoCompiledEngine():
            return Ending(str(error), ENVIRONMENT)
        case MemoryError():
            return Ending(f"Not enough memory: {error}".rstrip(": "), ENVIRONMENT)
        case OSError():
            return Ending(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "), ENVIRONMENT)
        case KeyboardInterrupt():
            text = "Interrupted. What was finished is kept; start the same study again to go on."
            return Ending(text, INTERRUPTED)
    name, text = type(error).__name__, " ".join(str(error).split())
    kept = _keep(traceback.format_exception(error))
    return Ending(f"{name}: {text}. This is a fault in careshift; its traceback is in {kept}", FAULT)


def fail(text: str, code: int) -> typer.Exit:
    """The exception that ends a command with a code, once the text is told."""
    from sim.config.errors import printable

    typer.echo(printable(text), err=True)
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
    typer.echo(f"Warning: {message}", err=True)


__all__ = [
    "BAD_INPUT",
    "ENVIRONMENT",
    "FAULT",
    "INTERRUPTED",
    "LOCKED",
    "SOME_FAILED",
    "Door",
    "Ending",
    "ending_of",
    "fail",
    "plain_errors",
]
