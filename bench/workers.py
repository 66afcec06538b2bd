"""Two workers against one: twenty runs of the main job, each time into an empty folder."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from children import ROOT, Found, in_turn, median, ratios, table

STUDY = ("study=vgr_first", "scenarios=[baseline,near_care]", "assumption_runs=false")  # ten replications
HEAD = ("20 runs of six weeks", "the runs, wall s", "whole command, wall s", "wall s of a run (mean)")
CARESHIFT = Path(sys.executable).with_name("careshift")


def measured(runs: int) -> str:
    """Wall seconds and the ratio."""
    found = in_turn(runs, {f"{n} worker{'s' * (n > 1)}": partial(_one, n) for n in (1, 2)})
    rows = [
        (name, f"{median(tried, 'runs_s'):.1f}", f"{median(tried, 'command_s'):.1f}", f"{median(tried, 'run_s'):.2f}")
        for name, tried in found.items()
    ]
    one, two = found.values()
    return "\n".join(
        [table(HEAD, rows), "", _sentence(one, two, "runs_s", "runs"), _sentence(one, two, "command_s", "command")]
    )


def _sentence(one: list[Found], two: list[Found], key: str, what: str) -> str:
    low, middle, high = ratios(one, two, lambda run: float(run[key]))
    return f"With two workers the {what} went {middle:.2f} times as fast as with one ({low:.2f} to {high:.2f})."


def _one(workers: int, _: int) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        keys = (*STUDY, f"workers={workers}", f"results={folder}")
        begun = time.perf_counter()
        subprocess.run([CARESHIFT, "run", *keys], check=True, cwd=ROOT, capture_output=True)
        command = time.perf_counter() - begun
        manifest = json.loads(next(Path(folder).glob("*/manifest.json")).read_text("utf-8"))
        written = {path.stem: path.stat().st_mtime for path in Path(folder).glob("runs/*")}
    taken = {run["key"]: run["seconds"] for run in manifest["runs"]}
    begun = min(written[key] - seconds for key, seconds in taken.items())
    return {
        "runs_s": max(written[key] for key in taken) - begun,  # from the start of the first to the end of the last
        "command_s": command,
        "run_s": sum(taken.values()) / len(taken),
    }
