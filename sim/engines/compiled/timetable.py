"""What the calendar does in a run, as one list in the order in which it happens.

The index of an event tells what it is: a pool gets other units, the overtime of a pool ends, an offer closes, a
service may start again, a signal's period is over.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.engines.compiled.layout import INDEX_BITS
from sim.model.codes import EventClass, Ints, Words
from sim.model.tables import Model

CAPACITY = int(EventClass.CAPACITY)


def timetable(model: Model) -> tuple[Words, Ints]:
    """Keys of events in their order, and of each its value: units, or when the overtime that ends began."""
    parts = [_capacities(model), *_overtimes(model), *_closings(model), *_openings(model), *_periods(model)]
    time, index, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    within = (time >= 0) & (time < model.horizon)
    time, index, value = time[within], index[within], value[within]
    key = time.astype(np.uint64) << np.uint64(32) | np.uint64(CAPACITY << INDEX_BITS) | index.astype(np.uint64)
    order = np.argsort(key)
    return key[order], value[order]


def _capacities(model: Model) -> tuple[Ints, Ints, Ints]:
    pool = np.repeat(np.arange(len(model.pools)), np.diff(model.capacity_ptr))
    return model.capacity_time, pool, model.capacity_value


def _overtimes(model: Model) -> list[tuple[Ints, Ints, Ints]]:
    """Where units go home and the pool has overtime: its end."""
    out = []
    for pool in np.flatnonzero(model.overtime > 0):
        steps = slice(model.capacity_ptr[pool], model.capacity_ptr[pool + 1])
        time, units = model.capacity_time[steps], model.capacity_value[steps]
        began = time[1:][units[1:] < units[:-1]]
        began = began[began >= 0]
        out.append((began + model.overtime[pool], np.full(len(began), len(model.pools) + pool), began))
    return out


def _closings(model: Model) -> list[tuple[Ints, Ints, Ints]]:
    """Where those who wait at an offer may have to go: after a day and its overtime, and when a phase closes it."""
    out = []
    for offer, service in enumerate(model.offer_service):
        is_offered = model.offer_open[:, offer]
        shut = [model.phase_start[b] for a, b in pairwise(range(len(is_offered))) if is_offered[b] < is_offered[a]]
        time = np.array(shut, dtype=np.int64)
        if not model.keeps_at_close[service]:
            closes = model.open_time[model.open_ptr[offer] + 1 : model.open_ptr[offer + 1] : 2]
            time = np.concatenate([time, closes + model.overtime[model.offer_pool[offer]]])
        time = np.unique(time)
        out.append((time, np.full(len(time), 2 * len(model.pools) + offer), np.zeros_like(time)))
    return out


def _openings(model: Model) -> list[tuple[Ints, Ints, Ints]]:
    """Where the hours of starting of a service begin."""
    out = []
    for service in np.flatnonzero(model.starts_limited):
        time = model.starts_time[model.starts_ptr[service] : model.starts_ptr[service + 1] : 2]
        index = 2 * len(model.pools) + len(model.offer_pool) + service
        out.append((time, np.full(len(time), index), np.zeros_like(time)))
    return out


def _periods(model: Model) -> list[tuple[Ints, Ints, Ints]]:
    """Where a whole period ends over which a signal is the mean."""
    out = []
    for signal in np.flatnonzero(model.signal_over_s):
        over = model.signal_over_s[signal]
        time = np.arange(over, model.horizon, over, dtype=np.int64)
        index = 2 * len(model.pools) + len(model.offer_pool) + len(model.services) + signal
        out.append((time, np.full(len(time), index), np.zeros_like(time)))
    return out


__all__ = ["timetable"]
