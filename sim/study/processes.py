"""Worker processes: how one begins, what it takes, and that it does not outlive the study."""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
from joblib.externals.loky import process_executor

from sim.study.parcels import temporary_prefix

LOOK_S = 1.0
MMAP_MAX, TRIM_THRESHOLD = -4, -1  # glibc's malloc.h
KEPT_BYTES = 2_000_000_000
NEW_OBJECTS = 500_000  # before garbage is looked for: a model makes a million that stay
MB = 1_000_000


def begin_worker(parent: int) -> None:
    """What a worker does first: it leaves Ctrl-C to its parent, ends with it, and keeps memory for the next call."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with(parent)
    keep_memory()


def keep_memory() -> None:
    """Has this process keep the memory that a run gives back, for the next one.

    The C library (glibc) would return large arrays to the kernel, which clears every page that it hands out again: a
    fifth of a run. Elsewhere nothing is changed. loky takes memory that is kept for a leak, and would replace the
    worker.
    """
    process_executor._MAX_MEMORY_LEAK_SIZE = KEPT_BYTES
    gc.set_threshold(NEW_OBJECTS)
    with suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MMAP_MAX, 0)
        mallopt(TRIM_THRESHOLD, KEPT_BYTES)


def die_with(parent: int) -> None:
    """Ends this worker soon after the process that it works for (``parent``, its id) is gone, however that went.

    What that process can no longer remove is removed: its folders of tables.
    """
    watched = psutil.Process(parent)
    threading.Thread(target=_watch, args=(watched,), daemon=True, name="die with the parent").start()


def _watch(parent: psutil.Process) -> None:
    while os.getppid() == parent.pid and parent.is_running():  # Windows keeps the id of a parent that is gone
        time.sleep(LOOK_S)
    for folder in Path(tempfile.gettempdir()).glob(f"{temporary_prefix(parent.pid)}*"):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def peak_mb() -> int:
    """Most memory that this process has had, MB (of 1,000,000 bytes)."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset // MB)
    import resource  # noqa: PLC0415  # not on Windows

    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, else kibibytes: getrusage(2)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // MB


__all__ = ["LOOK_S", "MB", "begin_worker", "cores", "die_with", "keep_memory", "peak_mb"]
