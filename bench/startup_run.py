"""How long the compiled engine takes to be ready in a new process; the folder of its cache is NUMBA_CACHE_DIR.

Prints as JSON the wall seconds of its import, of a first small run, and of the same run again.
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
    begun = time.perf_counter()
    from sim.engines.numba_engine import simulate  # noqa: PLC0415 - its import is measured

    imported = time.perf_counter()
    simulate(small, episodes)
    first = time.perf_counter()
    simulate(small, episodes)
    again = time.perf_counter()
    print(json.dumps({"import_s": imported - begun, "first_s": first - imported, "again_s": again - first}))


if __name__ == "__main__":
    main()
