"""Demand: a model, a seed and a replication become episodes.

Potential episodes are drawn in layers, each at the reference's rate, from hashes of stable text ids: no scenario
enters, so the same people fall ill at the same second in every scenario. What a scenario wants less of is left out
by each episode's stored level; what it wants more of comes from higher layers.
"""

from __future__ import annotations

from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sim.demand.given_episodes import given_columns, there
from sim.demand.layers import BLOCK, Columns, layers_of
from sim.demand.start import initial
from sim.demand.words import hash_of
from sim.model.codes import WAITS, Ints, Words
from sim.model.tables import EPISODE_TYPES, Episodes, Model

LOOKED_AT = 1000  # layers: a need has one for each age, and more where a scenario multiplies it
ROW = np.dtype(sorted(EPISODE_TYPES.items(), key=lambda field: -np.dtype(field[1]).itemsize))  # whole 64-bit words


def draw_episodes(model: Model, seed: int, replication: int) -> Episodes:
    """The episodes of one run, in order of time; those who are there when it starts have negative times."""
    root = hash_of(f"careshift seed {seed} replication {replication}")
    blocks = [initial(model, root) if model.start_drawn else there(model, root), given_columns(model, root)]
    layers = list(layers_of(model, root)) if model.drawn else []
    drawn = np.empty(sum(len(some["key"]) for some in blocks) + sum(layer.size for layer in layers), ROW)
    count = 0
    for some in blocks:
        count = _write(drawn, count, some)
    for layer in layers:
        for block in layer.blocks():
            count = _write(drawn, count, block)
    time = drawn["time"][:count] if model.start_drawn else _in_service_first(drawn[:count])
    return _episodes(drawn, in_order(time, drawn["key"][:count]))


def try_demand(model: Model, seed: int) -> int:
    """How many episodes a first look draws: who is there at the start, and the first of each need and age.

    Raises what ``draw_episodes`` raises, in a part of its time.
    """
    root = hash_of(f"careshift seed {seed} replication 0")
    blocks = [initial(model, root) if model.start_drawn else there(model, root), given_columns(model, root)]
    layers = islice(layers_of(model, root), LOOKED_AT) if model.drawn else ()
    blocks += [block for layer in layers for block in islice(layer.blocks(), 1)]
    return sum(len(some["key"]) for some in blocks)


def _write(drawn: NDArray[np.void], at: int, some: Columns) -> int:
    """Writes some episodes from row ``at`` on; returns the row after them."""
    end = at + len(some["key"])
    for name, values in some.items():
        drawn[name][at:end] = values
    return end


def _in_service_first(drawn: NDArray[np.void]) -> Ints:
    """[E] times to order by where a start is given: who is in service has a unit before those who wait look for one."""
    time: Ints = drawn["time"]
    return np.where((time < 0) & (drawn["first_draw"] != WAITS), time + time.min(initial=0), time)


def in_order(time: Ints, key: Words) -> Ints:
    """[E] rows by time, those of the same second by key, those of the same key as they come.

    One sort of words that hold the time, the first bits of the key and the row; the few whose words tell the same
    time and key are sorted again by the whole key.
    """
    first, last = int(time.min(initial=0)), int(time.max(initial=0))
    row_bits = len(time).bit_length()
    key_bits = 63 - row_bits - (last - first).bit_length()
    packed = (time - first) << key_bits
    packed |= (key >> np.uint64(1) >> np.uint64(63 - key_bits)).view(np.int64)
    packed <<= row_bits
    packed |= np.arange(len(time))
    packed.sort()
    order = packed & ((1 << row_bits) - 1)
    packed >>= row_bits
    same = np.flatnonzero(packed[1:] == packed[:-1])
    doubt = np.union1d(same, same + 1)
    rows = order[doubt]
    order[doubt] = rows[np.lexsort((key[rows], packed[doubt]))]
    return order


def _episodes(drawn: NDArray[np.void], order: Ints) -> Episodes:
    """Columns of the rows in this order; a row is fetched at once, as a line of words."""
    words = drawn.view(np.uint64).reshape(len(drawn), ROW.itemsize // 8)
    columns = {name: np.empty(len(order), dtype) for name, dtype in EPISODE_TYPES.items()}
    for at in range(0, len(order), BLOCK):
        some = words.take(order[at : at + BLOCK], axis=0).view(ROW)[:, 0]
        for name, values in columns.items():
            values[at : at + BLOCK] = some[name]
    return Episodes(**columns)


__all__ = ["draw_episodes", "in_order", "try_demand"]
