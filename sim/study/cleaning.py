"""What may go from a results folder: runs that no study names, and temporary files of processes that are gone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.config.sentence import Sentence
from sim.results.files import abandoned
from sim.study.inventory import StudyRecord, StudyState, inventory, run_files
from sim.study.store import RUNS

KEY = re.compile(r"[0-9a-f]{32}\.parquet")


@dataclass(frozen=True)
class Leftovers:
    """Files that may go; ``kept``: why runs stay though no study names them, empty if none does."""

    runs: list[Path]
    temporary: list[Path]
    kept: list[Sentence]

    @property
    def files(self) -> list[Path]:
        """All that may go."""
        return [*self.runs, *self.temporary]


def leftovers(results: Path) -> Leftovers:
    """What may go from a results folder; nothing is removed. Raises OSError if the folder cannot be read.

    Runs stay while a study runs, and while it cannot be told which runs a study names. What is no plain file, or has
    another name than a run or a temporary file, is never among them.
    """
    records = inventory(results)
    folders = [results / RUNS, *(r.folder / name for r in records for name in ("", "figures", "export"))]
    temporary = [path for folder in folders if not folder.is_symlink() for path in abandoned(folder)]
    kept = [reason for record in records if (reason := _reason_to_keep(record))]
    named = frozenset[str]().union(*(record.keys or () for record in records))
    unnamed = [path for path in run_files(results) if path.stem not in named and _is_run(path)]
    return Leftovers([] if kept else unnamed, temporary, kept if unnamed else [])


def remove(files: Sequence[Path]) -> None:
    """Removes files that ``leftovers`` found. Raises OSError with the path of one that cannot be removed."""
    for path in files:
        path.unlink(missing_ok=True)


def _reason_to_keep(record: StudyRecord) -> Sentence | None:
    if record.state is StudyState.RUNNING:
        return Sentence("{path} is running", path=record.folder)
    if record.keys is None:
        return Sentence("manifest and journal of {path} are damaged, and nothing tells its runs", path=record.folder)
    return None


def _is_run(path: Path) -> bool:
    return KEY.fullmatch(path.name) is not None and path.is_file() and not path.is_symlink()


__all__ = ["Leftovers", "leftovers", "remove"]
