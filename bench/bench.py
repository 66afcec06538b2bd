"""Speed and memory, measured: ``python bench/bench.py [PART ...] [--runs N] [--write]``.

Parts: ``peers`` (other simulators on the same five stations), ``region`` (both engines on the shipped region, and a
year), ``scaling`` (1 % to 1000 % of the people), ``workers`` (two against one), ``startup``; without any, all of them.
Prints tables; with ``--write`` they replace those of docs/performance.md, which says what is measured and how.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import peers
import region
import scaling
import startup
import workers
from page import DRAWING, PAGE, machine, replaced

RUNS = 5


def main() -> None:
    """Measures the parts that are asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("parts", nargs="*", choices=[*parts(False), []], default=[], metavar="PART")
    asked.add_argument("--runs", type=int, default=RUNS, help=f"runs that each median is of ({RUNS})")
    asked.add_argument("--write", action="store_true", help="writes the tables into docs/performance.md")
    given = asked.parse_args()
    for name, measured in parts(given.write).items():
        if given.parts and name not in given.parts:
            continue
        text = f"{machine(given.runs)}\n\n{measured(given.runs)}"
        print(f"## {name}\n\n{text}\n", flush=True)
        if given.write:
            PAGE.write_text(replaced(PAGE.read_text("utf-8"), name, text), encoding="utf-8")


def parts(write: bool) -> dict[str, Callable[[int], str]]:
    """What can be measured: each is given the number of runs and returns its table."""
    return {
        "peers": peers.measured,
        "region": region.measured,
        "scaling": lambda runs: scaling.measured(runs, DRAWING if write else None),
        "workers": workers.measured,
        "startup": startup.measured,
    }


if __name__ == "__main__":
    main()
