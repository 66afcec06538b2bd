"""How long the compiled engine takes to be ready in a new process; the folder of its cache is NUMBA_CACHE_DIR.

Prints as JSON the wall and CPU seconds of its import, of a first small run, and of the same run again.
"""

from __future__ import annotations

import json
import time

from network import model

from sim.demand import draw_episodes


def main() -> None:
    """Runs, and prints."""
    small = model(2000)
    episodes = draw_episodes(small, 1, 0)
    begun = _clocks()
    from sim.engines.compiled.numba_engine import simulate  # noqa: PLC0415 - its import is measured

    imported = _clocks()
    simulate(small, episodes)
    first = _clocks()
    simulate(small, episodes)
    again = _clocks()
    spans = {"import": (begun, imported), "first": (imported, first), "again": (first, again)}
    print(json.dumps({name: [b - a for a, b in zip(*span, strict=True)] for name, span in spans.items()}))


def _clocks() -> tuple[float, float]:
    """Wall and CPU seconds."""
    return time.perf_counter(), time.process_time()


if __name__ == "__main__":
    main()
