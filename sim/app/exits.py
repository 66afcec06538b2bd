"""How a command ends: exit codes, and what went wrong in plain words."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import typer

SOME_FAILED, BAD_INPUT, LOCKED, ENVIRONMENT, INTERRUPTED = 1, 2, 3, 4, 130


@contextmanager
def plain_errors() -> Iterator[None]:
    """What goes wrong is told in plain words, and by the exit code; what should be known, without where it was said."""
    from sim.config.errors import ConfigErrors
    from sim.engines.select import NoCompiledEngine
    from sim.study.store import NothingDone, OtherStudy, StudyLocked

    try:
        with warnings.catch_warnings():
            warnings.showwarning = _plain_warning
            yield
    except (ConfigErrors, OtherStudy) as error:
        raise fail(str(error), BAD_INPUT) from None
    except NothingDone as error:
        raise fail(str(error), SOME_FAILED) from None
    except StudyLocked as error:
        raise fail(str(error), LOCKED) from None
    except NoCompiledEngine as error:
        raise fail(str(error), ENVIRONMENT) from None
    except OSError as error:
        raise fail(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "), ENVIRONMENT) from None
    except KeyboardInterrupt:
        text = "Interrupted. What was finished is kept; start the same study again to go on."
        raise fail(text, INTERRUPTED) from None


def fail(text: str, code: int) -> typer.Exit:
    """The exception that ends a command with a code, once the text is told."""
    typer.echo(text, err=True)
    return typer.Exit(code)


def _plain_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    typer.echo(f"Warning: {message}", err=True)


__all__ = ["BAD_INPUT", "ENVIRONMENT", "INTERRUPTED", "LOCKED", "SOME_FAILED", "fail", "plain_errors"]
