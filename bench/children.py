"""Measurements in processes of their own, in turn, and what is made of them."""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
Found = dict[str, Any]
OURS = {"simpy": "SimPy engine", "compiled": "compiled engine"}


def child(script: str, *words: object, env: Mapping[str, str] | None = None) -> Found:
    """What a script of this folder prints as JSON in its last line."""
    command = [sys.executable, str(HERE / script), *map(str, words)]
    done = subprocess.run(
        command, check=False, text=True, capture_output=True, cwd=ROOT, env={**os.environ, **(env or {})}
    )
    if done.returncode:
        raise SystemExit(f"{script} {' '.join(map(str, words))} failed:\n{done.stderr}")
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found


def in_turn(runs: int, jobs: Mapping[str, Callable[[int], Found]]) -> dict[str, list[Found]]:
    """Every job once, then every job again: a machine that slows down slows all. A job is given the run's number."""
    found: dict[str, list[Found]] = {name: [] for name in jobs}
    for run in range(runs):
        for name, job in jobs.items():
            print(f"run {run + 1} of {runs}: {name}", file=sys.stderr, flush=True)
            found[name].append(job(run))
    return found


def median(runs: Sequence[Found], key: str) -> float:
    """Of one key over the runs."""
    return float(statistics.median(run[key] for run in runs))


def ratios(above: Sequence[Found], below: Sequence[Found], of: Callable[[Found], float]) -> tuple[float, float, float]:
    """Lowest, median and highest ratio of runs made one after the other."""
    pairs = [of(a) / of(b) for a, b in zip(above, below, strict=True)]
    return min(pairs), statistics.median(pairs), max(pairs)


def speed(run: Found) -> float:
    """Contacts per CPU second."""
    return float(run["contacts"]) / float(run["cpu_s"])


def engines() -> list[str]:
    """The engines that can run here: the compiled one needs numba."""
    return [name for name in OURS if name != "compiled" or importlib.util.find_spec("numba")]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first column reads from the left, numbers from the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])
