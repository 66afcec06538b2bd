"""Simulated against exact: replications, warm-up, and a gate that a noisy test cannot pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

import numpy as np
from worlds import Sketch

from sim.demand import draw_episodes
from sim.engines.simpy_engine import simulate
from sim.tables import ABSENT, CONTACT_COLUMNS, Contacts, Episodes, Ints, Model

REPLICATIONS = 30
WIDEST = 0.02  # half-width of the 95 % interval, relative to the exact value
FARTHEST_Z = 4.0
Statistic = Callable[[Model, Episodes, Contacts], float]
APRIL = date(2027, 4, 1)  # the clocks do not change for 213 days
MEAN_S = 600  # service times are whole seconds: means are not shorter than this


def sample(sketch: Sketch, folder: Path, days: int, *statistics: Statistic) -> list[list[float]]:
    """Each statistic over the replications; the warm-up is a tenth of the run.

    The seed comes from the statistic and the days, so that the tests have luck of their own.
    """
    sketch = replace(sketch, start=APRIL, end=APRIL + timedelta(days=days - 1), holidays="none")
    model = sketch.compile(folder)
    seed = crc32(f"{statistics[-1].__qualname__} {days}".encode())
    model = replace(model, window_start=model.horizon // 10)
    found = []
    for replication in range(REPLICATIONS):
        episodes = draw_episodes(model, seed, replication)
        contacts = simulate(model, episodes)
        found.append([statistic(model, episodes, contacts) for statistic in statistics])
    return [list(values) for values in zip(*found, strict=True)]


def gate(values: list[float], exact: float) -> None:
    """Asserts that the mean is the exact value: |z| <= 4 over 30 replications, and +-2 % of it is resolved."""
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / len(values) ** 0.5
    half = 2.045 * error / abs(exact)  # Student's t with 29 degrees of freedom
    z = (mean - exact) / error
    print(f"simulated {mean:.6g}, exact {exact:.6g}, interval +-{100 * half:.2f} %, z {z:.2f}")
    assert len(values) >= REPLICATIONS
    assert half <= WIDEST, f"interval of +-{100 * half:.1f} % is too wide to tell"
    assert abs(z) <= FARTHEST_Z, f"simulated {mean:.6g}, exact {exact:.6g}, z {z:.1f}"


def asked(model: Model, contacts: Contacts, service: int = 0) -> Contacts:
    """Contacts of a service requested in the window, of those in its first nine tenths: their waits are over."""
    last = model.horizon - (model.horizon - model.window_start) // 20
    keep = (contacts.service == service) & (contacts.request >= model.window_start) & (contacts.request < last)
    return Contacts(**{name: getattr(contacts, name)[keep] for name in CONTACT_COLUMNS})


def waits(contacts: Contacts) -> Ints:
    """Seconds from request to start or to leaving; who still waits is an error of the test."""
    until: Ints = np.where(contacts.start != ABSENT, contacts.start, contacts.release)
    assert (until != ABSENT).all()
    return until - contacts.request


def mean_wait(model: Model, _: Episodes, contacts: Contacts) -> float:
    """Mean wait of all, s."""
    return float(waits(asked(model, contacts)).mean())


def time_average(model: Model, begin: Ints, end: Ints) -> float:
    """Mean number present over the window, of spells that begin and end."""
    low, high = model.window_start, model.horizon
    end = np.where(end == ABSENT, high, end)
    inside = np.clip(end, low, high) - np.clip(begin, low, high)
    return float(inside[begin != ABSENT].sum()) / (high - low)
