"""Whether a worker still works: seen from outside, by its processor time, whatever state it is in.

A process that is stopped, waits for a lock that nobody opens, or for a disk that does not answer, takes no processor
time; a beat that it sent itself would cost a thread in it, and tell less: that thread may live on beside work that
does not.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import psutil

from sim.config.sentence import Sentence
from sim.study.processes import LOOK_S, MB

BUSY = 0.001  # of the stall time: a worker that takes less processor time does not work


@dataclass(frozen=True)
class RunLimits:
    """How long nothing may come of a call."""

    stall_s: float = 300.0  # without processor time
    limit_s: float = 0.0  # in all; 0: as long as it takes


@dataclass
class Pulse:
    """One process at one call. Time in which nobody looked, as when the whole machine slept, does not count."""

    process: int
    patience: RunLimits
    looked: float = field(default_factory=time.monotonic)
    waited_s: float = 0.0
    beat_s: float = 0.0  # of what was waited, until the last sign of work
    cpu_s: float | None = None  # at that sign

    def look(self) -> str:
        """Why the process should be given up, or nothing."""
        now = time.monotonic()
        self.waited_s += min(now - self.looked, 2 * LOOK_S)
        self.looked = now
        cpu_s = processor_s(self.process)
        if cpu_s is None:  # it is gone: whoever waits for it will know
            return ""
        if self.cpu_s is None or cpu_s - self.cpu_s >= BUSY * self.patience.stall_s:
            self.beat_s, self.cpu_s = self.waited_s, cpu_s
        if self.waited_s - self.beat_s >= self.patience.stall_s:
            seconds = f"{self.patience.stall_s:g}"
            return Sentence("the worker process did nothing for {seconds} s (stall_s) and was ended", seconds=seconds)
        if self.patience.limit_s and self.waited_s >= self.patience.limit_s:
            seconds = f"{self.patience.limit_s:g}"
            return Sentence("the run took more than {seconds} s (run_limit_s) and was ended", seconds=seconds)
        return ""


def processor_s(process: int) -> float | None:
    """Processor seconds that a process has taken; None if it is gone."""
    try:
        times = psutil.Process(process).cpu_times()
    except psutil.Error:
        return None
    return float(times.user + times.system)


def memory_mb(process: int) -> float:
    """Memory that a process has now, MB; 0 if it is gone."""
    try:
        return float(psutil.Process(process).memory_info().rss) / MB
    except psutil.Error:
        return 0.0


__all__ = ["Pulse", "RunLimits", "memory_mb", "processor_s"]
