"""Who is there when a run starts, drawn by cell from what the compiled model expects."""

from __future__ import annotations

import numpy as np

from sim.demand.layers import Columns
from sim.demand.words import COUNT, GAMMA, HALF, START_WHEN, START_ZONE, hash_of, mix, nth, stream_of
from sim.model.codes import ONE, Ints, Words
from sim.model.tables import Model


def initial(model: Model, root: np.uint64) -> Columns:
    """Those who are in service or wait when the run starts, as requests made before it, and who is on the way then."""
    streams = mix((stream_of(root, hash_of("initial")) ^ model.start_hash) + GAMMA)
    sizes = _counts(model, nth(streams, COUNT, 1))
    which = np.repeat(np.arange(len(sizes)), sizes)
    number = (np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1).astype(np.uint64)
    cell, stream = model.start_cell[which], streams[which]
    span = model.start_span[which]
    word = nth(stream, START_WHEN, number) >> HALF
    ago = ((word * span.astype(np.uint64)) >> HALF).astype(np.int64)
    left = np.maximum(_quantiles(model.start_left, cell[:, 0], word.astype(np.int64)), 1)
    columns: Columns = {
        "key": mix(stream + GAMMA * number),
        "time": np.where(model.start_later[which] == 1, left, -1 - ago),
        "need": cell[:, 2],
        "zone": _rows_of(model, cell[:, 1], (nth(stream, START_ZONE, number) >> HALF).astype(np.int64)),
        "age": cell[:, 3],
        "acuity": cell[:, 4],
        "first_draw": 0,
        "shift_draw": 0,
        "service": cell[:, 0],
        "site": cell[:, 1],
    }
    soon = np.flatnonzero(columns["time"] < model.horizon)
    return {name: column[soon] if isinstance(column, np.ndarray) else column for name, column in columns.items()}


def _quantiles(tables: Ints, row: Ints, word: Ints) -> Ints:
    """``rules.quantile`` of many words, each in its row of the tables."""
    step, rest = word >> 22, word & 0x3FFFFF
    tail = step >= 1023
    at = np.where(tail, 1025 + (rest >> 12), step)
    low, high = tables[row, at], tables[row, at + 1]
    body = (high - low) * rest + 0x200000 >> 22
    seconds: Ints = low + np.where(tail, (high - low) * (rest & 0xFFF) + 0x800 >> 12, body)
    return seconds


def _counts(model: Model, words: Words) -> Ints:
    """[cells] number of initial episodes; a cell whose mean changes a little has nearly the same number."""
    ptr, cum, base = model.start_ptr, model.start_cum, model.start_base
    cells = np.repeat(np.arange(len(words)), np.diff(ptr))
    return base + np.bincount(cells[cum <= words[cells]], minlength=len(words))


def _rows_of(model: Model, site: Ints, word: Ints) -> Ints:
    """Zone of each initial episode: one draw in its site's row."""
    table = model.start_zone
    rows = np.repeat(np.arange(len(table.ptr) - 1), np.diff(table.ptr))
    place = np.searchsorted(table.cum + rows * ONE, word + site * ONE, side="right")
    return table.item[place]


__all__ = ["initial"]
