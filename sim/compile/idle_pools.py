"""Pools with far more units than their work: a number that was meant to be another, or a share that is no share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.compile.offered_load import offered_work, open_seconds
from sim.model.tables import Model

IDLE = 0.05  # offered load below which units stand idle; the least of a shipped region's pools of five or more is 0.2
FEW = 5  # units; of fewer, one may be needed whatever it does


@dataclass(frozen=True)
class IdlePool:
    """A pool that is hardly used: its most units, and the share of its time that is asked for."""

    pool: str
    units: int
    load: float


def idle_pools(model: Model) -> list[IdlePool]:
    """The pools of five units or more of which less than a twentieth is asked for, the least used first."""
    work, capacity = offered_work(model).sum(axis=1), open_seconds(model)
    most = np.maximum.reduceat(model.capacity_value, model.capacity_ptr[:-1])
    found = [
        IdlePool(name, int(most[p]), float(work[p] / capacity[p]))
        for p, name in enumerate(model.pools)
        if most[p] >= FEW and 0 < work[p] < IDLE * capacity[p]
    ]
    return sorted(found, key=lambda one: (one.load, one.pool))


__all__ = ["IdlePool", "idle_pools"]
