"""What happened to a study, a line each; a line whose checksum is not its own is told and not believed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.results.files import append_line, read_bytes, write_bytes

JOURNAL = "journal.jsonl"
DIGITS = 16  # of a line's checksum


@dataclass(frozen=True)
class Journal:
    """The entries of a journal, in their order, and the numbers of the lines that are damaged."""

    entries: list[dict[str, Any]]
    damaged: list[int]

    def last(self, *events: str) -> dict[str, Any] | None:
        """The last entry of one of some events."""
        return next((entry for entry in reversed(self.entries) if entry["event"] in events), None)


def write_entry(folder: Path, event: str, **data: object) -> None:
    """One line in the journal of a study's folder. Raises OSError with the path."""
    line: dict[str, object] = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "event": event, **data}
    append_line(folder / JOURNAL, json.dumps({**line, "sha256": _checksum(line)}, ensure_ascii=False))


def read_journal(folder: Path) -> Journal:
    """The journal of a study's folder, without entries if there is none. Raises OSError with the path."""
    path = folder / JOURNAL
    lines = read_bytes(path).splitlines() if path.exists() else []
    entries = [_entry(line) for line in lines]
    return Journal([e for e in entries if e], [number for number, e in enumerate(entries, 1) if not e])


def mend_journal(folder: Path) -> list[int]:
    """Leaves out of a journal the lines that are damaged, as one is that a kill cut off; returns their numbers."""
    damaged = read_journal(folder).damaged
    if damaged:
        lines = read_bytes(folder / JOURNAL).splitlines()
        write_bytes(folder / JOURNAL, b"".join(line + b"\n" for n, line in enumerate(lines, 1) if n not in damaged))
        write_entry(folder, "lines lost", lines=damaged)
    return damaged


def _entry(line: bytes) -> dict[str, Any]:
    """One entry; empty if it is not what was written."""
    try:
        entry = json.loads(line.decode("utf-8"))
        checksum = entry.pop("sha256")
    except (ValueError, AttributeError, KeyError, TypeError):
        return {}
    return entry if checksum == _checksum(entry) and "event" in entry else {}


def _checksum(line: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(line, ensure_ascii=False).encode()).hexdigest()[:DIGITS]


__all__ = ["JOURNAL", "Journal", "mend_journal", "read_journal", "write_entry"]
