"""Speed and memory of the SimPy engine on the shipped region: medians of five runs, each in a process of its own.

``python bench/bench.py [RUNS]`` prints a table; docs/performance.md holds one with the machine it was measured on.
"""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import time

RUNS = 5
SIX_WEEKS = ("study=vgr_first",)  # four weeks after two of warm-up
EIGHT_WEEKS = ("study=vgr_first", "start=2027-09-20", "end=2027-10-31")  # six weeks after two of warm-up
ONE = """
import json, resource, sys, time
from sim.compile import compile_scenario
from sim.demand import draw_episodes
from sim.engines.simpy_engine import simulate
from sim.load import load_study
from sim.measures import measure
took = {}
def timed(name, call):
    start = time.perf_counter()
    value = call()
    took[name] = time.perf_counter() - start
    return value
world = load_study(sys.argv[1:])
model = timed("compile_s", lambda: compile_scenario(world, "baseline"))
episodes = timed("demand_s", lambda: draw_episodes(model, world.study.seed, 0))
contacts = timed("engine_s", lambda: simulate(model, episodes))
timed("measures_s", lambda: measure(model, episodes, contacts))
took["contacts"] = len(contacts.episode)
took["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(took))
"""


def one(overrides: tuple[str, ...]) -> dict[str, float]:
    """One run in a fresh process: seconds of each step, contacts, peak memory."""
    done = subprocess.run([sys.executable, "-c", ONE, *overrides], check=True, text=True, capture_output=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Prints medians; the runs of the two lengths take turns."""
    found: dict[str, list[dict[str, float]]] = {"six weeks": [], "eight weeks": []}
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS):
        found["six weeks"].append(one(SIX_WEEKS))
        found["eight weeks"].append(one(EIGHT_WEEKS))
    print(
        f"Python {platform.python_version()}, {platform.processor() or platform.machine()}, {time.strftime('%Y-%m-%d')}"
    )
    print("| | contacts | compile s | demand s | engine s | contacts/s | measures s | peak MB |")
    print("|---|---|---|---|---|---|---|---|")
    for name, runs in found.items():
        mid = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        speed = statistics.median(run["contacts"] / run["engine_s"] for run in runs)
        print(
            f"| {name} | {mid['contacts']:,.0f} | {mid['compile_s']:.2f} | {mid['demand_s']:.2f}"
            f" | {mid['engine_s']:.1f} | {speed:,.0f} | {mid['measures_s']:.2f} | {mid['peak_mb']:,.0f} |"
        )


if __name__ == "__main__":
    main()
