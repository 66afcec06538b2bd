"""What is told never stops or changes what is computed: a closed pipe, a full device, an alphabet without ä."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sim.app.exits import ENVIRONMENT, say
from sim.config.sentence import Sentence

CLOSED = (errno.EPIPE, errno.EINVAL, errno.ECONNRESET)  # nobody listens any more, as after | head
NAMES = {"stdout": Sentence("standard output"), "stderr": Sentence("standard error")}


class SteadyOutput(io.FileIO):
    """A stream that takes everything; what the system refuses of it is lost, and remembered."""

    lost: OSError | None = None

    def write(self, content: Any) -> int:
        """Writes bytes; once something was refused, nothing more is tried."""
        if self.lost is None:
            try:
                return super().write(content) or 0
            except OSError as error:
                self.lost = error
        return memoryview(content).nbytes


@contextmanager
def steady_output() -> Iterator[None]:
    """Standard output and standard error cannot fail within. Raises SystemExit, as what is within does.

    Where something that was to be told is lost, other than to a reader who went away, a command that would end well
    ends with the code of the environment.
    """
    outputs = {name: output for name in NAMES if (output := _steady(name)) is not None}
    try:
        yield
    except SystemExit as end:
        if end.code not in (0, None) or not _tell_lost(outputs):
            raise
        sys.exit(ENVIRONMENT)
    if _tell_lost(outputs):
        sys.exit(ENVIRONMENT)


def _steady(name: str) -> SteadyOutput | None:
    """Puts a steady stream in the place of one of Python's; None where there is none that leads out."""
    stream = getattr(sys, name)
    if stream is None:  # closed before we began
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 (until the end)
        return None
    try:
        raw = SteadyOutput(stream.fileno(), "wb", closefd=False)
    except (AttributeError, OSError, ValueError):
        return None
    text = io.TextIOWrapper(io.BufferedWriter(raw), stream.encoding, "replace", line_buffering=True)
    setattr(sys, name, text)
    return raw


def _tell_lost(outputs: dict[str, SteadyOutput]) -> bool:
    """Whether something was lost that somebody would have read; it is told where that can be told."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    lost = {name: output.lost for name, output in outputs.items() if output.lost and output.lost.errno not in CLOSED}
    for name, error in lost.items():
        text = Sentence("{stream}: {why}. What was to be told is lost", stream=NAMES[name], why=error.strerror)
        sys.stderr.write(say(text) + "\n")
    return bool(lost)


__all__ = ["SteadyOutput", "steady_output"]
