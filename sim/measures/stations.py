"""How many wait, are present and are treated over time: stretches of time of all contacts, by service and resource."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.measures.columns import either
from sim.measures.intervals import TimePersistentCounter, add
from sim.measures.rows import MeasureRows, ratio
from sim.measures.station_counts import HOUR_S, StationCounts
from sim.measures.stationarity import Drift
from sim.measures.view import ObservedRun, View
from sim.model.codes import AGE_GROUPS, Ints


class Stations:
    """Seconds of patients: waiting, using a unit by pool, present by service in each hour of the run."""

    def __init__(self, run: ObservedRun, drift: Drift) -> None:
        model = run.model
        self.run = run
        self._sizes = len(model.services), len(model.municipalities), len(AGE_GROUPS)
        self.number = np.zeros(len(model.services), dtype=np.int64)  # of contacts
        self._waiting = TimePersistentCounter(int(np.prod(self._sizes)), drift.marks)
        self._used = TimePersistentCounter(len(model.pools), drift.marks)
        self.counts = StationCounts(run, "service")

    def add(self, block: View) -> None:
        """More contacts."""
        add(self.number, block.service)
        who = block.service * np.int64(self._sizes[1] * self._sizes[2]) + block.resident
        waits = np.flatnonzero(block.wait > 0)
        self._waiting.add(who.take(waits), block.request.take(waits), block.wait_end.take(waits))
        served = block.started & (block.pool >= 0)
        pool = np.maximum(block.pool, 0)
        self._used.add(pool, either(served, block.start, block.out), block.out)  # of the others no time
        self.counts.add(block)

    def add_requests(self, requests: View) -> None:
        """More contacts requested in the window."""
        self.counts.add_requests(requests)

    @cached_property
    def waiting(self) -> Ints:
        """[services, municipalities, age groups, pieces of ``Drift.marks``]."""
        return self._waiting.pieces().reshape(*self._sizes, -1)

    @cached_property
    def use_of_pools(self) -> Ints:
        """[pools, pieces of ``Drift.marks``]."""
        return self._used.pieces()

    @cached_property
    def use(self) -> Ints:
        """[resources, pieces of ``Drift.marks``]."""
        pools = self.use_of_pools
        use = np.zeros((len(self.run.model.resources), pools.shape[1]), dtype=np.int64)
        np.add.at(use, self.run.model.pool_resource, pools)
        return use

    @cached_property
    def present(self) -> Ints:
        """[services, hours of the run]."""
        return self.counts.present_by_hour()


def measure_queues(run: ObservedRun, stations: Stations, drift: Drift, rows: MeasureRows) -> None:
    """waiting_mean and settled, by service."""
    services, waited = run.model.services, stations.waiting.sum(axis=(1, 2))
    queue = drift.behind(waited)
    rows.add("waiting_mean", "service", services, ratio(waited.sum(axis=1), [run.seconds] * len(services)), queue)
    rows.add("settled", "service", services, np.array([0.0 if note else 1.0 for note in queue.notes]))


def hours_of_run(run: ObservedRun) -> Ints:
    """Seconds that bound the hours of the run, the warm-up's too."""
    return np.arange(run.high // HOUR_S + 1) * HOUR_S


__all__ = ["Stations", "hours_of_run", "measure_queues"]
