"""One run of one simulator of the five stations, in this process: ``python bench/one.py NAME EPISODES SEED``.

Prints what it took as JSON: ``contacts``, ``cpu_s``, of it ``check_s`` for our check of identities,
``cpu_with_demand_s``, ``peak_mb`` and the mean waits.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from dataclasses import asdict
from importlib import import_module

import numpy as np
from network import DAY_MIN, NAMES, days, model
from region_run import Watch, watched_identities
from stays import Stays, waits

from sim.demand import draw_episodes
from sim.engines.select import Engine
from sim.model.codes import ABSENT
from sim.model.tables import Contacts, Episodes, Model
from sim.simulation import simulate, simulate_episodes

Took = tuple[float, float, int, Stays]  # CPU seconds, and with drawing the demand; contacts; what happened
WATCH = Watch()
WARM = 2_000  # episodes of the run that fills caches before the clock is read


def ours(engine: Engine, episodes: int, seed: int) -> Took:
    """This program's engine; its demand is drawn beforehand, the others' as they go."""
    small, network = model(WARM), model(episodes)
    simulate(small, seed, engine=engine)
    watched_identities(WATCH)
    begun = time.process_time()
    drawn = draw_episodes(network, seed, 0)
    ready = time.process_time()
    contacts = simulate_episodes(network, drawn, engine)
    done = time.process_time()
    return done - ready, done - begun, len(contacts.episode), _ours(network, drawn, contacts)


def _ours(network: Model, drawn: Episodes, contacts: Contacts) -> Stays:
    """Our contacts as those of the five stations."""
    number = {
        (s, t): NAMES.index(f"er_{site}" if service == "er" else service)
        for s, service in enumerate(network.services)
        for t, site in enumerate(network.sites)
        if network.offer[t, s] >= 0
    }
    table = np.zeros((len(network.services), len(network.sites)), dtype=np.int64)
    for pair, k in number.items():
        table[pair] = k
    began = contacts.start != ABSENT
    station = table[contacts.service[began], contacts.site[began]]
    urgent = drawn.acuity[contacts.episode[began]] == 1
    return Stays(station, urgent, contacts.request[began] / 60, contacts.start[began] / 60)


def usual_simpy(end_min: float, seed: int) -> Took:
    """SimPy as usually written."""
    module = import_module("usual_simpy")
    begun = time.process_time()
    rows = module.run(end_min, seed)
    seconds = time.process_time() - begun
    return seconds, seconds, len(rows), module.stays(rows)


def salabim(end_min: float, seed: int) -> Took:
    """The same in salabim."""
    run = import_module("with_salabim").run
    import_module("salabim")
    begun = time.process_time()
    rows = run(end_min, seed)
    seconds = time.process_time() - begun
    return seconds, seconds, len(rows), import_module("usual_simpy").stays(rows)


def ciw(end_min: float, seed: int) -> Took:
    """The same in Ciw."""
    module = import_module("with_ciw")
    import_module("ciw")
    begun = time.process_time()
    records = module.run(end_min, seed)
    seconds = time.process_time() - begun
    return seconds, seconds, len(records), module.stays(records)


def cpp(end_min: float, seed: int) -> Took:
    """The loop in C++."""
    seconds, contacts, stays = import_module("with_cpp").run(end_min, seed)
    return seconds, seconds, contacts, stays


PEERS = {"usual_simpy": usual_simpy, "salabim": salabim, "ciw": ciw, "cpp": cpp}
OURS: dict[str, Engine] = {"careshift_simpy": "simpy", "careshift_compiled": "compiled"}


def main(name: str, episodes: int, seed: int) -> None:
    """Runs, and prints."""
    gc.collect()
    end_min = float(days(episodes) * DAY_MIN)
    took = ours(OURS[name], episodes, seed) if name in OURS else PEERS[name](end_min, seed)
    found = {
        "cpu_s": took[0],
        "check_s": WATCH.took.get("identities_s", 0.0),
        "cpu_with_demand_s": took[1],
        "contacts": took[2],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "waits": [asdict(wait) for wait in waits(took[3], end_min)],
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
