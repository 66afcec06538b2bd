"""Results on disk: what carries a final name is whole, what is finished is never lost.

``<results>/runs/<key>.parquet`` holds one run's measures, keyed by what determines it; ``<results>/<study>/`` holds
the study's configuration, journal, manifest and what is computed from its runs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import yaml
from filelock import FileLock, Timeout

from sim.config.sentence import Sentence
from sim.model.tables import Discrete, Model
from sim.results.files import sha256, write_bytes
from sim.results.identity import OPEN_MARK, SCHEMA, Damaged, sealed, write_table
from sim.results.journal import read_journal, write_entry
from sim.results.read import (
    CONFIG,
    MANIFEST,
    MEASURE_COLUMNS,
    MEASURES_FILE,
    DamagedStudy,
    read_config,
    read_manifest,
)  # fmt: skip
from sim.results.stored_runs import RunFile

PACKAGE = Path(__file__).resolve().parents[1]
SOURCES = ("compile", "demand", "engines", "measures", "model", "simulation.py")
LOCK_FILE = "requirements.lock"
RUNS, LOCK = "runs", ".lock"  # the folder of all runs; the file by which a study is locked


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
    for file in lock_file():
        digest.update(file.read_bytes())
    return digest.hexdigest()


def lock_file() -> list[Path]:
    """The list of the libraries' versions, of a checkout or of an installation; empty if there is none."""
    files = (folder / LOCK_FILE for folder in (PACKAGE.parent, PACKAGE / "_data"))
    return [file for file in files if file.is_file()][:1]


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


class StudyFolder:
    """The folder of one study, and the runs that all studies of the results folder share."""

    def __init__(self, results: Path, name: str) -> None:
        self.results = results
        self.name = name
        self.path = results / name

    def run_file(self, key: str) -> RunFile:
        """Where a run's measures are or will be."""
        return RunFile(self.results / RUNS / f"{key}.parquet")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps every other run out of the folder. Raises StudyLocked if one is at work in it."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / LOCK, timeout=0):
                yield
        except Timeout:
            raise StudyLocked(
                Sentence("{path} is being written by another run; wait for it, or choose name=", path=self.path)
            ) from None

    def accept(self, config: dict[str, Any]) -> Damaged | None:
        """Makes ``config`` the study's configuration; tells if the one that was there was damaged and is replaced.

        Raises OtherStudy if the folder holds the results of another one, or of one that nothing tells any more.
        """
        path = self.path / CONFIG
        damaged = None
        if path.exists():
            try:
                self._refuse_another(differences(read_config(self.path), config))
            except DamagedStudy as error:
                damaged = Damaged(path, str(error))
        elif (self.path / MANIFEST).exists():
            damaged = Damaged(path, Sentence("it is missing"))
        if damaged is not None:
            self._refuse_unknown(path, config)
        write_bytes(path, sealed(f"{_yaml(config)}# {OPEN_MARK}\n".encode()))
        return damaged

    def _refuse_another(self, changes: list[str]) -> None:
        if changes:
            listed = "".join(f"\n  {change}" for change in changes[:10])
            text = Sentence(
                "{path} holds the results of another configuration:{changes}\nGive this one a name of its own, as "
                "name={name}, or remove that folder.",
                path=self.path, changes=listed, name=self._free_name(),
            )  # fmt: skip
            raise OtherStudy(text)

    def _refuse_unknown(self, path: Path, config: dict[str, Any]) -> None:
        """A configuration is damaged: that it was this one, its text may still say, or the journal, or the manifest."""
        if _reads_as(path, config) or config_hash(config) in self._configs():
            return
        text = Sentence(
            "{path} is damaged, and nothing tells that this configuration was it. If it was changed since, start the "
            "study as it was; else give this one a name of its own, as name={name}, or remove that folder.",
            path=path, name=self._free_name(),
        )  # fmt: skip
        raise OtherStudy(text)

    def _configs(self) -> list[str]:
        """The hashes of what the folder's configuration was last, as far as that is told."""
        started = read_journal(self.path).last("started")
        with suppress(DamagedStudy, FileNotFoundError):
            return [str(started and started.get("config")), str(read_manifest(self.path).get("config"))]
        return [str(started and started.get("config"))]

    def _free_name(self) -> str:
        return next(n for i in range(2, 10_000) if not (self.results / (n := f"{self.name}_{i}")).exists())

    def note(self, event: str, **data: object) -> None:
        """One line in the journal, with its checksum."""
        write_entry(self.path, event, **data)

    def write_measures(self, frames: list[pd.DataFrame], name: str = MEASURES_FILE) -> pd.DataFrame:
        """All runs' measures as one table, the file ``name``."""
        whole = pd.concat(frames, ignore_index=True)[list(MEASURE_COLUMNS)]
        write_table(self.path / name, whole, {"kind": "measures"})
        return whole

    def write_manifest(self, manifest: dict[str, Any], tables: list[str]) -> None:
        """``manifest.json``, with what tells the tables of these names."""
        files = {name: _about(self.path / name) for name in tables}
        whole = {**manifest, "files": files, "schema": SCHEMA, "identity": OPEN_MARK}
        write_bytes(self.path / MANIFEST, sealed((json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()))


def _about(path: Path) -> dict[str, object]:
    """What the manifest keeps of a table."""
    rows = pq.read_metadata(path).num_rows if path.suffix == ".parquet" else len(pd.read_csv(path, usecols=[0]))
    return {"sha256": sha256(path), "rows": rows}


def _yaml(config: dict[str, Any]) -> str:
    return yaml.safe_dump(config, allow_unicode=True, sort_keys=False, width=120)


def _reads_as(path: Path, config: dict[str, Any]) -> bool:
    """Whether a damaged configuration still says the same, as one does that was stored before files were marked."""
    try:
        there = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return not differences(there, config)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, yaml.YAMLError):
        return False


def config_hash(config: dict[str, Any]) -> str:
    """Hash of a configuration, without how we compute."""
    determining = {part: config[part] for part in config if part != "execution"}
    return hashlib.sha256(json.dumps(determining, sort_keys=True).encode()).hexdigest()


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
    "LOCK", "RUNS", "NothingDone", "OtherStudy", "StudyFolder", "StudyLocked", "code_hash", "config_hash",
    "differences", "last_line", "lock_file", "model_hash", "run_key",
]  # fmt: skip
