"""The five stations in SimPy as it is usually written: a process a patient, resources with priority, numpy's draws."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from network import ARRIVALS_PER_MIN, ROUTING, STATIONS, URGENT
from stays import Stays

Process = Generator[simpy.Event, Any, None]
HOME = len(STATIONS)
FIRST = np.cumsum([station.first for station in STATIONS])
ONWARD = [np.cumsum(row) for row in ROUTING]


class Clinic:
    """The stations, their luck, and what happened in them."""

    def __init__(self, seed: int) -> None:
        self.env = simpy.Environment()
        self.rng = np.random.default_rng(seed)  # noqa: TID251 - as people write it
        self.stations = [simpy.PriorityResource(self.env, capacity=station.units) for station in STATIONS]
        self.rows: list[tuple[int, bool, float, float]] = []

    def arrivals(self) -> Process:
        """Patients one after the other, for ever."""
        while True:
            yield self.env.timeout(self.rng.exponential(1 / ARRIVALS_PER_MIN))
            self.env.process(self.patient())

    def patient(self) -> Process:
        """From one station to the next, until home."""
        urgent = self.rng.random() < URGENT
        station = int(FIRST.searchsorted(self.rng.random(), side="right"))
        while station < HOME:
            asked = self.env.now
            with self.stations[station].request(priority=0 if urgent else 1) as request:
                yield request
                self.rows.append((station, urgent, asked, self.env.now))
                yield self.env.timeout(self.rng.exponential(STATIONS[station].mean_min))
            station = int(ONWARD[station].searchsorted(self.rng.random(), side="right"))


def run(end_min: float, seed: int) -> list[tuple[int, bool, float, float]]:
    """The rows of a run."""
    clinic = Clinic(seed)
    clinic.env.process(clinic.arrivals())
    clinic.env.run(until=end_min)
    return clinic.rows


def stays(rows: list[tuple[int, bool, float, float]]) -> Stays:
    """As arrays."""
    station, urgent, request, start = (np.array(column) for column in zip(*rows, strict=True))
    return Stays(station, urgent, request, start)
