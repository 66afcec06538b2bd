"""The five stations in salabim: a component a patient, resources with priority, salabim's distributions.

Written with ``yield``, which is about as fast as its other way of writing, and with monitors of resources off.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from network import ARRIVALS_PER_MIN, ROUTING, STATIONS, URGENT

Row = tuple[int, bool, float, float]
HOME = len(STATIONS)


def run(end_min: float, seed: int) -> list[Row]:
    """The rows of a run."""
    sim: Any = import_module("salabim")
    env = sim.Environment(yieldless=False, trace=False, random_seed=seed)
    stations = [sim.Resource(station.name, capacity=station.units, monitor=False) for station in STATIONS]
    times = [sim.Exponential(station.mean_min) for station in STATIONS]
    first = sim.Pmf(range(HOME), [station.first for station in STATIONS])
    onward = [sim.Pmf((*range(HOME), HOME), (*row, 1 - sum(row))) for row in ROUTING]
    urgency = sim.Uniform(0, 1)
    rows: list[Row] = []

    class Patient(sim.Component):  # type: ignore[misc]
        def process(self) -> Iterator[Any]:
            urgent = urgency.sample() < URGENT
            station = first.sample()
            while station != HOME:
                asked = env.now()
                yield self.request((stations[station], 1, 0 if urgent else 1))
                rows.append((station, urgent, asked, env.now()))
                yield self.hold(times[station].sample())
                self.release()
                station = onward[station].sample()

    sim.ComponentGenerator(Patient, iat=sim.Exponential(1 / ARRIVALS_PER_MIN))
    env.run(till=end_min)
    return rows
