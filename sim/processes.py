"""Worker processes that do not outlive the study."""

from __future__ import annotations

import os
import sys
import threading
import time
from functools import cache

LOOK_S = 1.0


@cache
def die_with(study: int) -> None:
    """Ends this worker soon after the study's process (``study``, its process id) is gone, however that went."""
    if study != os.getpid():
        threading.Thread(target=_watch, args=(study,), daemon=True, name="die with the study").start()


def _watch(study: int) -> None:
    while os.getppid() == study:
        time.sleep(LOOK_S)
    os._exit(1)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


__all__ = ["cores", "die_with"]
