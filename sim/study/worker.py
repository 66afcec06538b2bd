"""One run: a compiled model, a seed and a replication become measures on disk."""

from __future__ import annotations

import resource
import time
import traceback
from dataclasses import dataclass

from sim.engines.select import Engine
from sim.simulation import simulate
from sim.study.processes import Parcel, die_with, keep_memory, unpack
from sim.study.store import RunFile


@dataclass(frozen=True)
class Done:
    """A run that was tried: how long it took, or why it failed."""

    key: str
    seconds: float
    peak_mb: int
    error: str = ""


def compute(parcel: Parcel, seed: int, replication: int, file: RunFile, study: int, engine: Engine) -> Done:
    """Computes a run and stores its measures the moment they are there; an error is told, not raised.

    ``study``: id of the process that waits for it.
    """
    die_with(study)
    keep_memory(study)
    started = time.perf_counter()
    error = ""
    try:
        run = simulate(unpack(parcel), seed, replication, engine)
        file.write(run.measures, len(run.episodes.time), len(run.contacts.episode))
    except Exception:
        error = traceback.format_exc()
    return Done(file.path.stem, time.perf_counter() - started, _peak_mb(), error)


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


__all__ = ["Done", "compute"]
