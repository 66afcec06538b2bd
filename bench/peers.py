"""The five stations in each simulator, one after the other: contacts per CPU second, and waits against theory."""

from __future__ import annotations

import importlib.util
import statistics
from functools import partial

import with_cpp
from children import Found, child, engines, in_turn, median, ratios, speed, table
from network import EPISODES
from stays import Wait, limit

NAMES = {
    "cpp": "C++ loop",
    "careshift_compiled": "careshift, compiled engine",
    "careshift_simpy": "careshift, SimPy engine",
    "usual_simpy": "SimPy as usually written",
    "ciw": "Ciw",
    "salabim": "salabim",
}
SLOW = {"ciw": 100_000, "salabim": 100_000}  # episodes; the others have all
HEAD = (
    "", "contacts", "contacts / CPU s", "without our check", "with demand", "times usual SimPy",
    "lowest to highest", "peak MB", "waits: mean deviation", "farthest, standard errors",
)  # fmt: skip


def measured(runs: int) -> str:
    """The table, and a line that says whether all simulate the same network; raises SystemExit if one does not."""
    jobs = {name: partial(_one, name) for name in NAMES if _is_there(name)}
    found = in_turn(runs, jobs)
    most = limit(10 * runs)
    rows = [_row(name, found[name], found["usual_simpy"]) for name in jobs]
    missing = [NAMES[name] for name in NAMES if name not in jobs]
    for name, tried in found.items():
        if _farthest(tried) > most:
            raise SystemExit(f"{NAMES[name]} does not simulate the same network: {_farthest(tried):.1f} > {most:.1f}")
    sentence = f"No mean wait is {most:.1f} standard errors from theory: all simulate the same network."
    return "\n".join([table(HEAD, rows), "", sentence, *(f"Not there: {name}." for name in missing)])


def _one(name: str, run: int) -> Found:
    return child("one.py", name, SLOW.get(name, EPISODES), run + 1)


def _is_there(name: str) -> bool:
    if name == "cpp":
        return with_cpp.is_there()
    if name == "careshift_compiled":
        return "compiled" in engines()
    return name not in SLOW or importlib.util.find_spec(name) is not None


def _row(name: str, runs: list[Found], usual: list[Found]) -> tuple[str, ...]:
    low, middle, high = ratios(runs, usual, speed)
    with_demand = median([{"speed": run["contacts"] / run["cpu_with_demand_s"]} for run in runs], "speed")
    off = [abs(wait.mean / wait.exact - 1) for run in runs for wait in _waits(run)]
    return (
        NAMES[name],
        f"{median(runs, 'contacts'):,.0f}",
        f"{median([{'speed': speed(run)} for run in runs], 'speed'):,.0f}",
        f"{statistics.median(run['contacts'] / (run['cpu_s'] - run['check_s']) for run in runs):,.0f}",
        f"{with_demand:,.0f}",
        f"{middle:.3g}",
        f"{low:.3g} to {high:.3g}",
        f"{median(runs, 'peak_mb'):,.0f}",
        f"{100 * sum(off) / len(off):.1f} %",
        f"{_farthest(runs):.1f}",
    )


def _farthest(runs: list[Found]) -> float:
    return max(wait.z for run in runs for wait in _waits(run))


def _waits(run: Found) -> list[Wait]:
    return [Wait(**wait) for wait in run["waits"]]
