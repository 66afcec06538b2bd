"""How many runs are at work at once: so many as there is memory for, by what the first ones took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from sim.study.processes import MB

RESERVE = 0.1  # of what is free when the runs begin: for everything else on the machine
BEFORE_MEASURED = 4  # runs at once, at most, until one has ended and its peak is known
CGROUP = Path("/sys/fs/cgroup")


@dataclass
class Admission:
    """Admits runs while what those at work may still come to need, and one more, is free."""

    limit_mb: int = 0  # for all together; 0: what is free
    peak_mb: float = 0.0  # the most that a process was seen to have
    reserve_mb: float | None = None
    is_measured: bool = False

    def note(self, peak_mb: float) -> None:
        """A run has ended; its process had so much at its peak."""
        self.peak_mb = max(self.peak_mb, peak_mb)
        self.is_measured = True

    def admits(self, at_work: Sequence[float], idle: float = 0.0, free: float | None = None) -> bool:
        """Whether one more run may begin; one may always.

        ``at_work``: MB that the processes at work have now; ``idle``: MB of the process that would be given the run;
        ``free``: MB that could be had, asked of the machine if it is not given.
        """
        if not at_work:
            return True
        self.peak_mb = max(self.peak_mb, *at_work)
        if not self.is_measured and len(at_work) >= BEFORE_MEASURED:
            return False
        if self.limit_mb:
            return (len(at_work) + 1) * self.peak_mb <= self.limit_mb
        free = free_mb() if free is None else free
        if self.reserve_mb is None:
            self.reserve_mb = RESERVE * free
        to_come = sum(max(self.peak_mb - now, 0.0) for now in (*at_work, idle))
        return to_come <= free - self.reserve_mb


def free_mb() -> float:
    """Memory that processes may still take, MB: of the machine, or of the control group that limits this process.

    A batch system and a container set such a limit; ``/sys/fs/cgroup`` tells it on Linux (the kernel's cgroup-v2.rst).
    """
    free = [float(psutil.virtual_memory().available)]
    for folder in _own_groups():
        try:
            limit, current = ((folder / name).read_text().strip() for name in ("memory.max", "memory.current"))
            cache = _reclaimable(folder)
        except OSError:
            continue
        if limit.isdigit():
            free.append(float(limit) - float(current) + cache)
    return min(free) / MB


def _own_groups() -> list[Path]:
    """The control groups that this process is in, from its own to the root; none where there are none."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    inner = next((line.removeprefix("0::/") for line in lines if line.startswith("0::/")), None)
    if inner is None:
        return []
    own = CGROUP / inner
    return [folder for folder in (own, *own.parents) if folder.is_relative_to(CGROUP)]


def _reclaimable(folder: Path) -> float:
    """Bytes of a group that the kernel gives up when they are needed: pages of files."""
    counts = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    return float(counts.get("inactive_file", 0)) + float(counts.get("slab_reclaimable", 0))


__all__ = ["Admission", "free_mb"]
