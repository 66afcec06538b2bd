"""Start-up: help, import, and the compiled engine with an empty cache and with a filled one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from children import ROOT, Found, child, engines, in_turn, median, table

CARESHIFT = str(Path(sys.executable).with_name("careshift"))
COMMANDS = {
    "`python -c pass`, for comparison": (sys.executable, "-c", "pass"),
    "`import sim`": (sys.executable, "-c", "import sim"),
    "`careshift --help`": (CARESHIFT, "--help"),
}
CACHES = ("empty", "filled")


def measured(runs: int) -> str:
    """Wall and CPU seconds, process and all; of the compiled engine, import and first run, less the run again."""
    jobs = {name: partial(_process, command) for name, command in COMMANDS.items()}
    found = in_turn(runs, jobs)
    if "compiled" in engines():
        pairs = in_turn(runs, {"compiled engine": _engine})["compiled engine"]
        for cache in CACHES:
            found[f"compiled engine ready, {cache} cache"] = [pair[cache] for pair in pairs]
    rows = [(name, f"{median(tried, 'wall_s'):.2f}", f"{median(tried, 'cpu_s'):.2f}") for name, tried in found.items()]
    return table(("", "wall s", "CPU s"), rows)


def _process(command: tuple[str, ...], _: int) -> Found:
    begun, before = time.perf_counter(), os.times()
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    wall, after = time.perf_counter() - begun, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"wall_s": wall, "cpu_s": cpu}


def _engine(_: int) -> Found:
    """What it takes with a cache that is empty, and with what that run has put there."""
    with tempfile.TemporaryDirectory() as folder:
        spans_of = {cache: child("startup_run.py", env={"NUMBA_CACHE_DIR": folder}) for cache in CACHES}
    return {cache: _ready(spans) for cache, spans in spans_of.items()}


def _ready(spans: Found) -> Found:
    wall, cpu = (a + b - c for a, b, c in zip(spans["import"], spans["first"], spans["again"], strict=True))
    return {"wall_s": wall, "cpu_s": cpu}
