"""Whether a worker of a cluster may compute: it has the same program, and sees the same folder of results."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from secrets import token_hex

from distributed import Client

from sim.config.sentence import Sentence
from sim.study.store import code_hash

DETERMINING = ("careshift", "numpy", "pandas", "pyarrow", "scipy", "numba")  # packages that a run's bytes may depend on


def identity(folder: str, sign: str) -> dict[str, str]:
    """What a worker is: versions, a hash of the program, and whether it sees a file in the folder of results."""
    versions = {name: _version(name) for name in DETERMINING}
    there = (Path(folder) / sign).is_file()
    return {"python": platform.python_version(), **versions, "program": code_hash(), "folder": "" if there else folder}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def unlike_workers(client: Client, folder: str, workers: Sequence[str]) -> dict[str, Sentence]:
    """Those of some workers that may not compute, by address, each with the reason."""
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    sign = f".seen_{token_hex(8)}"
    (path / sign).touch()
    try:
        mine = identity(folder, sign)
        found = client.run(identity, folder, sign, workers=list(workers), on_error="return")
    finally:
        (path / sign).unlink(missing_ok=True)
    reasons = {address: _reason(mine, theirs) for address, theirs in found.items()}
    return {address: reason for address, reason in reasons.items() if reason is not None}


def _reason(mine: Mapping[str, str], theirs: Mapping[str, str] | Exception) -> Sentence | None:
    """Why a worker may not compute; None if it may."""
    if isinstance(theirs, Exception):
        return Sentence("the program is not installed there, or fails: {error}", error=f"{theirs!r}")
    for name in ("python", *DETERMINING):
        if theirs[name] != mine[name]:
            return Sentence("has {name} {theirs}, here is {mine}", name=name, theirs=theirs[name], mine=mine[name])
    if theirs["program"] != mine["program"]:
        return Sentence(
            "has another state of the program: {theirs}, here is {mine}",
            theirs=theirs["program"][:12], mine=mine["program"][:12],
        )  # fmt: skip
    if theirs["folder"]:
        return Sentence("does not see the folder of results {folder} under the same path", folder=theirs["folder"])
    return None


__all__ = ["DETERMINING", "identity", "unlike_workers"]
