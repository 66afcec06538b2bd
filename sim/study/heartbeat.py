"""That a study is at work, and how far it is, for who asks from outside (``careshift status``)."""

from __future__ import annotations

import json
import os
import platform
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sim.study.progress import Event

RUNNING = ".running"  # in the study's folder, while it runs
BEAT_S = 5.0


class Heartbeat:
    """A listener that writes from time to time which process computes a study and how many jobs are done.

    It is no result: what the disk refuses here changes nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / RUNNING
        self.began, self.heard = _now(), float("-inf")

    def __enter__(self) -> Heartbeat:
        self._write(0, 0)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def __call__(self, event: Event) -> None:
        """Writes where something happened, at most every few seconds."""
        if time.monotonic() - self.heard >= BEAT_S:
            self._write(event.done, event.total)

    def _write(self, done: int, total: int) -> None:
        self.heard = time.monotonic()
        now = {"pid": os.getpid(), "host": platform.node(), "began": self.began, "beat": _now()}
        with suppress(OSError):
            self.path.write_text(json.dumps({**now, "done": done, "total": total}), encoding="utf-8")


@dataclass(frozen=True)
class Beat:
    """The last that was heard of a study that runs, or was killed."""

    pid: int
    host: str
    age_s: float
    done: int
    total: int


def last_beat(folder: Path) -> Beat | None:
    """What ``Heartbeat`` wrote last into a study's folder; None if it does not run."""
    try:
        about: dict[str, Any] = json.loads((folder / RUNNING).read_text("utf-8"))
        age = datetime.now(UTC) - datetime.fromisoformat(about["beat"])
        return Beat(about["pid"], about["host"], max(age.total_seconds(), 0.0), about["done"], about["total"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


__all__ = ["RUNNING", "Beat", "Heartbeat", "last_beat"]
