"""The measured tables in docs/performance.md, each between its markers with the machine and the day."""

from __future__ import annotations

import platform
import time
from importlib import metadata
from pathlib import Path

from sim.study.processes import cores

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
DRAWING = PAGE.with_name("performance_scaling.svg")
PACKAGES = ("numpy", "numba", "simpy", "ciw", "salabim")


def machine(runs: int) -> str:
    """Processor, cores, memory, versions, day, and how many runs the medians are of."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES if _is_installed(name))
    return (
        f"{time.strftime('%Y-%m-%d')}, medians of {runs} run{'s' * (runs > 1)} in turn; "
        f"{_processor()}, {cores()} cores, {_memory_gib():.0f} GiB; Python {platform.python_version()}, {versions}."
    )


def replaced(text: str, part: str, content: str) -> str:
    """The page with what stands between a part's markers replaced; raises ValueError if it has none."""
    begin, end = (f"<!-- {word} of bench: {part} -->" for word in ("begin", "end"))
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{PAGE.name} has no markers for {part}")
    return f"{before}{begin}\n\n{content}\n\n{end}{after}"


def _processor() -> str:
    """The processor's own name where Linux tells it."""
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _memory_gib() -> float:
    words = Path("/proc/meminfo").read_text("utf-8").split()
    return int(words[words.index("MemTotal:") + 1]) / 2**20


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
