"""Two workers against one: the same study of twenty runs, each time into an empty folder."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from children import ROOT, Found, in_turn, median, ratios, table

STUDY = ("study=vgr_quick", "replications=10")  # two scenarios
HEAD = ("20 runs of two weeks", "runs' wall s", "whole command, wall s", "wall s of a run (mean)")
CARESHIFT = Path(sys.executable).with_name("careshift")


def measured(runs: int) -> str:
    """Wall seconds and the ratio."""
    found = in_turn(runs, {f"{n} worker{'s' * (n > 1)}": partial(_one, n) for n in (1, 2)})
    rows = [
        (name, f"{median(tried, 'study_s'):.1f}", f"{median(tried, 'command_s'):.1f}", f"{median(tried, 'run_s'):.2f}")
        for name, tried in found.items()
    ]
    one, two = found.values()
    low, middle, high = ratios(one, two, lambda run: float(run["study_s"]))
    told = f"Two workers are {middle:.2f} times as fast as one ({low:.2f} to {high:.2f})."
    return "\n".join([table(HEAD, rows), "", told])


def _one(workers: int, _: int) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        keys = (*STUDY, f"workers={workers}", f"results={folder}")
        begun = time.perf_counter()
        subprocess.run([CARESHIFT, "run", *keys], check=True, cwd=ROOT, capture_output=True)
        command = time.perf_counter() - begun
        manifest = json.loads(next(Path(folder).glob("*/manifest.json")).read_text("utf-8"))
    taken = [run["seconds"] for run in manifest["runs"]]
    return {"study_s": manifest["wall_s"], "command_s": command, "run_s": sum(taken) / len(taken)}
