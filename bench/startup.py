"""Start-up: help, import, and the compiled engine with an empty cache and with a filled one."""

from __future__ import annotations

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


def measured(runs: int) -> str:
    """Wall seconds, process and all; of the compiled engine, its import and the first run more than the second."""
    jobs = {name: partial(_wall, command) for name, command in COMMANDS.items()}
    rows = [(name, f"{median(tried, 's'):.2f}") for name, tried in in_turn(runs, jobs).items()]
    if "numba" in engines():
        found = in_turn(runs, {"compiled engine": _engine})["compiled engine"]
        rows += [(f"compiled engine ready, {k} cache", f"{median(found, k):.2f}") for k in ("empty", "filled")]
    return table(("", "wall s"), rows)


def _wall(command: tuple[str, ...], _: int) -> Found:
    begun = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return {"s": time.perf_counter() - begun}


def _engine(_: int) -> Found:
    with tempfile.TemporaryDirectory() as cache:
        told = [child("startup_run.py", env={"NUMBA_CACHE_DIR": cache}) for _ in range(2)]
    empty, filled = (one["import_s"] + one["first_s"] - one["again_s"] for one in told)
    return {"empty": empty, "filled": filled}
