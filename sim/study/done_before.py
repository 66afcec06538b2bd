"""Whether a study is done already: then nothing is compiled to see that nothing is to be computed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

from sim.config.world import World
from sim.results.files import sha256
from sim.results.read import DamagedStudy, Results, read_results
from sim.study.outcome import versions
from sim.study.store import PACKAGE, StudyFolder, lock_file

ORIGIN = "origin"  # in the manifest: what the study was computed from
LEFT_OUT = ("execution", "differences")  # of a world: how we compute, and what was typed
PLAIN = (str, int, float, bool, type(None), date, datetime, time, Path, np.generic)


def origin(world: World) -> str:
    """Hash of all that determines what a study leaves: the world, the program, its libraries. Empty: it has none."""
    digest = hashlib.sha256(f"{program_hash()} {versions()}".encode())
    try:
        for field in fields(world):
            if field.name not in LEFT_OUT:
                _add(getattr(world, field.name), digest)
    except TypeError:
        return ""
    return digest.hexdigest()


def done_before(folder: StudyFolder, here: str) -> Results | None:
    """The stored results if they are all there, are whole, and come from ``here``; None if something is to be done."""
    with suppress(DamagedStudy, OSError):
        results = read_results(folder.path)
        runs = results.manifest["runs"]
        whole = all(sha256(folder.run_file(run["key"]).path) == run["sha256"] for run in runs)
        if here and whole and results.manifest.get(ORIGIN) == here and not results.manifest["failed"]:
            return results
    return None


@cache
def program_hash() -> str:
    """Hash of the program's sources, all of them, and of the lock file."""
    digest = hashlib.sha256()
    for file in [*sorted(PACKAGE.rglob("*.py")), *lock_file()]:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _add(value: Any, digest: Any) -> None:
    """Adds a value with all its parts to a hash. Raises TypeError for what it does not know."""
    digest.update(f"{type(value).__name__}(".encode())
    if isinstance(value, PLAIN):
        digest.update(repr(value).encode())
    elif isinstance(value, pd.DataFrame):
        _add({name: [str(column.dtype), column.tolist()] for name, column in value.items()}, digest)
    elif isinstance(value, np.ndarray):
        _add([str(value.dtype), value.shape, value.tolist()], digest)
    elif isinstance(value, BaseModel):
        _add({name: getattr(value, name) for name in type(value).model_fields}, digest)
    elif is_dataclass(value):
        _add({field.name: getattr(value, field.name) for field in fields(value)}, digest)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            _add(key, digest)
            _add(part, digest)
    elif isinstance(value, Enum):
        digest.update(value.name.encode())
    else:
        _add_several(value, digest)
    digest.update(b")")


def _add_several(value: Any, digest: Any) -> None:
    if isinstance(value, list) and all(type(part) in (str, int, float, bool) for part in value):
        digest.update(repr(value).encode())  # a column of a table, at once
        return
    if not isinstance(value, list | tuple | set | frozenset):
        raise TypeError(f"{type(value).__name__} has no hash")
    for part in sorted(value, key=repr) if isinstance(value, set | frozenset) else value:
        _add(part, digest)


__all__ = ["ORIGIN", "done_before", "origin"]
