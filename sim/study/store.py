"""Results on disk: what carries a final name is whole, what is finished is never lost.

``<results>/runs/<key>.parquet`` holds one run's measures, keyed by what determines it; ``<results>/<study>/`` holds
the study's configuration, journal, manifest and what is computed from its runs.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from filelock import FileLock, Timeout

from sim.config.sentence import Sentence
from sim.model.tables import Discrete, Model
from sim.results.files import write_table, write_text
from sim.results.read import MEASURE_COLUMNS

PACKAGE = Path(__file__).resolve().parents[1]
SOURCES = ("compile", "demand", "engines", "measures", "model", "simulation.py")
LOCK_FILE = "requirements.lock"
JOURNAL = "journal.jsonl"


class StudyLocked(Exception):
    """Another run writes to the same study folder."""


class NothingDone(Exception):
    """What was asked for could not be computed, in a line; ``details``: the traceback, if nothing else keeps it."""

    def __init__(self, text: str, details: str = "") -> None:
        super().__init__(text)
        self.details = details


class OtherStudy(Exception):
    """The study folder holds the results of another configuration."""


@cache
def code_hash() -> str:
    """Hash of everything but the model that determines a run: the sources that compute it, and the lock file."""
    digest = hashlib.sha256()
    for name in SOURCES:
        path = PACKAGE / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(PACKAGE).as_posix().encode())
            digest.update(file.read_bytes())
    for folder in (PACKAGE.parent, PACKAGE / "_data"):
        if (folder / LOCK_FILE).is_file():
            digest.update((folder / LOCK_FILE).read_bytes())
            break
    return digest.hexdigest()


def model_hash(model: Model) -> str:
    """Hash of a compiled model: every array with its type and shape, every number and name."""
    digest = hashlib.sha256()
    for field in fields(model):
        value = getattr(model, field.name)
        digest.update(field.name.encode())
        for part in (value.ptr, value.cum, value.item) if isinstance(value, Discrete) else (value,):
            if isinstance(part, np.ndarray):
                digest.update(f"{part.dtype} {part.shape}".encode())
                digest.update(np.ascontiguousarray(part).tobytes())
            else:
                digest.update(repr(part).encode())
    return digest.hexdigest()


def run_key(model_digest: str, seed: int, replication: int, part: str = "") -> str:
    """Name of a run: a hash of all that determines it, and of nothing else. ``part``: what is kept, if not all."""
    text = f"{model_digest} {seed} {replication} {code_hash()}{part and f' {part}'}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class RunFile:
    """One run's measures on disk."""

    path: Path

    def exists(self) -> bool:
        """Whether the run is done and can be read; a damaged file is as if it were not there."""
        try:
            pq.read_metadata(self.path)
        except (OSError, pa.ArrowInvalid):
            return False
        return True

    def read(self) -> tuple[pd.DataFrame, dict[str, int]]:
        """The measures, and the numbers of episodes and contacts."""
        table = pq.read_table(self.path)
        counts = {k.decode(): int(v) for k, v in (table.schema.metadata or {}).items() if k != b"pandas"}
        return table.to_pandas(), counts

    def write(self, measures: pd.DataFrame, episodes: int, contacts: int) -> None:
        """Stores a finished run."""
        write_table(self.path, measures, {"episodes": str(episodes), "contacts": str(contacts)})


class StudyFolder:
    """The folder of one study, and the runs that all studies of the results folder share."""

    def __init__(self, results: Path, name: str) -> None:
        self.results = results
        self.name = name
        self.path = results / name

    def run_file(self, key: str) -> RunFile:
        """Where a run's measures are or will be."""
        return RunFile(self.results / "runs" / f"{key}.parquet")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps every other run out of the folder. Raises StudyLocked if one is at work in it."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / ".lock", timeout=0):
                yield
        except Timeout:
            raise StudyLocked(
                Sentence("{path} is being written by another run; wait for it, or choose name=", path=self.path)
            ) from None

    def accept(self, config: dict[str, Any]) -> None:
        """Makes ``config`` the study's configuration. Raises OtherStudy if the folder holds another one."""
        path = self.path / "config.yaml"
        if path.exists():
            before = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            if changes := differences(before, config):
                listed = "".join(f"\n  {change}" for change in changes[:10])
                text = Sentence(
                    "{path} holds the results of another configuration:{changes}\nGive this one a name of its own, as "
                    "name={name}, or remove that folder.",
                    path=self.path, changes=listed, name=self._free_name(),
                )  # fmt: skip
                raise OtherStudy(text)
        write_text(path, yaml.safe_dump(config, allow_unicode=True, sort_keys=False, width=120))

    def _free_name(self) -> str:
        return next(n for i in range(2, 10_000) if not (self.results / (n := f"{self.name}_{i}")).exists())

    def note(self, event: str, **data: object) -> None:
        """One line in the journal, with its checksum."""
        line: dict[str, object] = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "event": event, **data}
        text = json.dumps(line, ensure_ascii=False)
        line["sha256"] = hashlib.sha256(text.encode()).hexdigest()[:16]
        with (self.path / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(line, ensure_ascii=False) + "\n")
            journal.flush()
            os.fsync(journal.fileno())

    def write_measures(self, frames: list[pd.DataFrame], name: str = "measures.parquet") -> pd.DataFrame:
        """All runs' measures as one table, the file ``name``."""
        whole = pd.concat(frames, ignore_index=True)[list(MEASURE_COLUMNS)]
        write_table(self.path / name, whole)
        return whole

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """``manifest.json``."""
        write_text(self.path / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def last_line(traceback: str) -> str:
    """What a traceback ends with: the error itself."""
    return traceback.strip().splitlines()[-1]


def differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What makes two configurations different studies: all but how we compute, and added scenarios or replications."""
    old, new = _flat(before), _flat(now)
    added = set(now["scenarios"]) - set(before["scenarios"])
    lines = []
    for key in sorted(old.keys() | new.keys()):
        head, *rest = key.split("/")
        if head == "execution" or (head == "scenarios" and rest and rest[0] in added):
            continue
        if key == "study/scenarios" and _grew(old.get(key), new.get(key)):
            continue
        if key == "study/replications" and new.get(key, 0) >= old.get(key, 0):
            continue
        if old.get(key) != new.get(key):
            lines.append(f"{key.replace('/', '.')}: {old.get(key, 'nothing')} there, {new.get(key, 'nothing')} now")
    return lines


def _grew(before: object, now: object) -> bool:
    return isinstance(before, list) and isinstance(now, list) and [n for n in now if n in before] == before


def _flat(data: object, path: str = "") -> dict[str, Any]:
    """Every leaf by its path; a list is a leaf."""
    if not isinstance(data, dict):
        return {path: data}
    return {k: v for key, value in data.items() for k, v in _flat(value, f"{path}/{key}" if path else str(key)).items()}


__all__ = [
    "JOURNAL",
    "NothingDone",
    "OtherStudy",
    "RunFile",
    "StudyFolder",
    "StudyLocked",
    "differences",
    "last_line",
    "model_hash",
    "run_key",
]
