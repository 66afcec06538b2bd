"""Runs on disk: each a file that says which run it is, and is looked at before it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.results.identity import Damaged, read_table, write_table
from sim.results.read import DamagedStudy, refusal

RUN = "run"  # the kind of file
COUNTS = ("episodes", "contacts")


@dataclass(frozen=True)
class StoredRun:
    """One run's measures, and the numbers of its episodes and contacts."""

    measures: pd.DataFrame
    counts: dict[str, int]


@dataclass(frozen=True)
class RunFile:
    """One run's measures on disk; its name is the run's key."""

    path: Path

    def look(self) -> StoredRun | Damaged | None:
        """The run, why its file is not believed, or None if there is none."""
        try:
            return self._read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            return Damaged(self.path, str(error.strerror))

    def _read(self) -> StoredRun | Damaged:
        table = read_table(self.path, {"kind": RUN, "key": self.path.stem})
        if isinstance(table, Damaged):
            return table
        return StoredRun(table.frame, {name: int(table.about[name]) for name in COUNTS})

    def exists(self) -> bool:
        """Whether the run is done and is believed; a damaged file is as if it were not there."""
        return isinstance(self.look(), StoredRun)

    def read(self) -> StoredRun:
        """The run. Raises DamagedStudy if its file is not believed, and OSError if the system cannot read it."""
        run = self._read()
        if isinstance(run, Damaged):
            raise DamagedStudy(refusal(run))
        return run

    def write(self, measures: pd.DataFrame, episodes: int, contacts: int, about: Mapping[str, str]) -> None:
        """Stores a finished run; ``about``: what it was computed as, for people. Raises OSError with the path."""
        counts = {"episodes": str(episodes), "contacts": str(contacts)}
        write_table(self.path, measures, {"kind": RUN, "key": self.path.stem, **about, **counts})


__all__ = ["RUN", "RunFile", "StoredRun"]
