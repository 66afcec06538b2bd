"""Demand: a model, a seed and a replication become episodes.

Potential episodes are drawn in layers, each at the reference's rate, from hashes of stable text ids: no scenario
enters, so the same people fall ill at the same second in every scenario. What a scenario wants less of is left out
by each episode's stored level; what it wants more of comes from higher layers.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.tables import ACUITIES, AGE_GROUPS, ONE, Episodes, Ints, Model, Words

GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIX_A, MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
COUNT, WHO, WHEN, KIND, FIRST, START_WHEN, START_ZONE = range(1, 8)


def mix(words: Words) -> Words:
    """``rules.mix`` for arrays."""
    words = (words ^ (words >> np.uint64(30))) * MIX_A
    words = (words ^ (words >> np.uint64(27))) * MIX_B
    return words ^ (words >> np.uint64(31))


def draw_episodes(model: Model, seed: int, replication: int) -> Episodes:
    """The episodes of one run, in order of time; those who are there when it starts have negative times."""
    root = _hash(f"careshift seed {seed} replication {replication}")
    parts = [_initial(model, root)]
    factor, width = model.factor.max(), _induced_width(model)
    layers = max(-(-int(factor + width) // ONE), 1)
    for need in range(len(model.needs)):
        for age in range(len(AGE_GROUPS)):
            parts += [_layer(model, root, need, age, layer) for layer in range(layers)]
    columns = {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}
    order = np.lexsort((columns["key"], columns["time"]))
    return Episodes(**{name: values[order] for name, values in columns.items()})


def _hash(text: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


def _stream(root: np.uint64, *ids: np.uint64 | int) -> np.uint64:
    """A hash of the root and of a path of ids."""
    word = np.array([root], dtype=np.uint64)
    for one in ids:
        word = mix((word ^ np.uint64(one)) + GAMMA)
    return np.uint64(word[0])


def _words(stream: np.uint64, purpose: int, size: int) -> Words:
    """``size`` random words of a stream, the same whatever ``size`` is."""
    start = mix(np.array([stream + np.uint64(purpose)], dtype=np.uint64))[0]
    return mix(start + GAMMA * np.arange(1, size + 1, dtype=np.uint64))


def _nth(streams: Words, purpose: int, number: Words | int) -> Words:
    """Random word ``number`` (from 1) of each of many streams, as ``_words`` has it."""
    return mix(mix(streams + np.uint64(purpose)) + GAMMA * np.uint64(number))


def _induced_width(model: Model) -> int:
    cum, ptr = model.induced.cum, model.induced.ptr
    return int(max((cum[b - 1] for a, b in pairwise(ptr) if b > a), default=0))


def _layer(model: Model, root: np.uint64, need: int, age: int, layer: int) -> dict[str, NDArray[np.generic]]:
    """Episodes of a need and an age group in one layer, those that the scenario keeps."""
    group = need * len(AGE_GROUPS) + age
    stream = _stream(root, model.need_hash[need], age, layer)
    cum = model.count_cum[model.count_ptr[group] : model.count_ptr[group + 1]]
    size = int(model.count_base[group]) + int(np.searchsorted(cum, _words(stream, COUNT, 1)[0], side="right"))
    if model.people[:, age].sum() == 0:
        size = 0
    who, when, kind = (_words(stream, purpose, size) for purpose in (WHO, WHEN, KIND))
    zone = np.searchsorted(model.zone_cum[group], (who >> HALF).astype(np.int64), side="right")
    hour = np.searchsorted(model.hour_cum[need], (when >> HALF).astype(np.int64), side="right")
    time = hour * 3600 + (((when & LOW) * np.uint64(3600)) >> HALF).astype(np.int64)
    acuity = np.searchsorted(model.acuity_cum[group], (kind >> HALF).astype(np.int64), side="right")
    level = (layer << 32) + (kind & LOW).astype(np.int64)
    first = _words(stream, FIRST, size)
    service = _kept(model, group, acuity, time, level)
    columns: dict[str, NDArray[np.generic]] = {
        "key": _keys(stream, model.zone_hash, zone),
        "time": time,
        "need": np.full(size, need, dtype=np.int64),
        "zone": zone,
        "age": np.full(size, age, dtype=np.int64),
        "acuity": acuity,
        "first_draw": (first >> HALF).astype(np.int64),
        "shift_draw": (first & LOW).astype(np.int64),
        "service": service,
        "site": np.full(size, -1, dtype=np.int64),
    }
    keep = service > -2
    return {name: values[keep] for name, values in columns.items()}


def _keys(stream: np.uint64, zone_hash: Words, zone: Ints) -> Words:
    """The key of each episode: a hash of (seed, replication, need, age, layer), zone and its number there."""
    order = np.argsort(zone, kind="stable")
    ranked = zone[order]
    starts = np.searchsorted(ranked, ranked, side="left")
    number = np.empty(len(zone), dtype=np.int64)
    number[order] = np.arange(len(zone)) - starts
    return mix(mix(stream ^ zone_hash[zone]) + GAMMA * (number + 1).astype(np.uint64))


def _kept(model: Model, group: int, acuity: Ints, time: Ints, level: Ints) -> Ints:
    """-1 kept, a service: induced there, -2 left out."""
    phase = np.searchsorted(model.phase_start, time, side="right") - 1
    factor = model.factor.reshape(len(model.phase_start), -1)[phase, group]
    out = np.where(level < factor, -1, -2)
    above = level - np.maximum(factor, ONE)
    row = model.induced_row[phase, group * ACUITIES + acuity]
    for r in np.unique(row).tolist():
        a, b = model.induced.ptr[r], model.induced.ptr[r + 1]
        if b > a:
            place = np.searchsorted(model.induced.cum[a:b], above, side="right")
            chosen = (row == r) & (above >= 0) & (place < b - a)
            out[chosen] = model.induced.item[a:b][place[chosen]]
    return out


def _initial(model: Model, root: np.uint64) -> dict[str, NDArray[np.generic]]:
    """Those who are in service or wait when the run starts, as requests made before it."""
    streams = mix((_stream(root, _hash("initial")) ^ model.start_hash) + GAMMA)
    sizes = _initial_counts(model, _nth(streams, COUNT, 1))
    which = np.repeat(np.arange(len(sizes)), sizes)
    number = (np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1).astype(np.uint64)
    cell, stream, size = model.start_cell[which], streams[which], len(which)
    span = model.start_span[cell[:, 0]]
    ago = ((_nth(stream, START_WHEN, number) >> HALF) * span.astype(np.uint64)) >> HALF
    zone = _rows_of(model, cell[:, 1], (_nth(stream, START_ZONE, number) >> HALF).astype(np.int64))
    return {
        "key": mix(stream + GAMMA * number),
        "time": -1 - ago.astype(np.int64),
        "need": cell[:, 2],
        "zone": zone,
        "age": cell[:, 3],
        "acuity": cell[:, 4],
        "first_draw": np.zeros(size, dtype=np.int64),
        "shift_draw": np.zeros(size, dtype=np.int64),
        "service": cell[:, 0],
        "site": cell[:, 1],
    }


def _initial_counts(model: Model, words: Words) -> Ints:
    """[cells] number of initial episodes; a cell whose mean changes a little has nearly the same number."""
    ptr, cum, base = model.start_ptr, model.start_cum, model.start_base
    found = [np.searchsorted(cum[ptr[c] : ptr[c + 1]], word, side="right") for c, word in enumerate(words)]
    return base + np.array(found, dtype=np.int64)


def _rows_of(model: Model, site: Ints, word: Ints) -> Ints:
    """Zone of each initial episode: one draw in its site's row."""
    table = model.start_zone
    rows = np.repeat(np.arange(len(table.ptr) - 1), np.diff(table.ptr))
    place = np.searchsorted(table.cum + rows * ONE, word + site * ONE, side="right")
    return table.item[place]
