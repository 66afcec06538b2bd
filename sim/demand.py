"""Demand: a model, a seed and a replication become episodes.

Potential episodes are drawn in layers, each at the reference's rate, from hashes of stable text ids: no scenario
enters, so the same people fall ill at the same second in every scenario. What a scenario wants less of is left out
by each episode's stored level; what it wants more of comes from higher layers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.codes import ACUITIES, AGE_GROUPS, ONE, Codes, Ints, Words
from sim.model.tables import EPISODE_TYPES, Episodes, Model

GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIX_A, MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
COUNT, WHO, WHEN, KIND, FIRST, START_WHEN, START_ZONE = range(1, 8)
BLOCK = 1 << 14  # rows at a time: their words stay in the processor's cache
ROW = np.dtype(sorted(EPISODE_TYPES.items(), key=lambda field: -np.dtype(field[1]).itemsize))  # whole 64-bit words

Columns = dict[str, Any]  # of Episodes: arrays, or one number for all rows


def draw_episodes(model: Model, seed: int, replication: int) -> Episodes:
    """The episodes of one run, in order of time; those who are there when it starts have negative times."""
    root = _hash(f"careshift seed {seed} replication {replication}")
    initial, layers = _initial(model, root), _layers(model, root)
    drawn = np.empty(len(initial["key"]) + sum(layer.size for layer in layers), ROW)
    count = _put(drawn, 0, initial)
    for layer in layers:
        for block in layer.blocks():
            count = _put(drawn, count, block)
    return _episodes(drawn, in_order(drawn["time"][:count], drawn["key"][:count]))


def _put(drawn: NDArray[np.void], at: int, some: Columns) -> int:
    """Writes some episodes from row ``at`` on; returns the row after them."""
    end = at + len(some["key"])
    for name, values in some.items():
        drawn[name][at:end] = values
    return end


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


def mix(words: Words) -> Words:
    """``rules.mix`` for arrays."""
    words = words ^ (words >> np.uint64(30))
    words *= MIX_A
    words ^= words >> np.uint64(27)
    words *= MIX_B
    words ^= words >> np.uint64(31)
    return words


def _hash(text: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


def _stream(root: np.uint64, *ids: np.uint64 | int) -> np.uint64:
    """A hash of the root and of a path of ids."""
    word = np.array([root], dtype=np.uint64)
    for one in ids:
        word = mix((word ^ np.uint64(one)) + GAMMA)
    return np.uint64(word[0])


def _nth(streams: Words, purpose: int, number: Words | int) -> Words:
    """Random word ``number`` (from 1) of each of many streams, for a purpose."""
    return mix(mix(streams + np.uint64(purpose)) + GAMMA * np.uint64(number))


class Guide:
    """A row of rising thresholds out of 2**32, ready for many words.

    Indexed search (Chen & Asau 1974): the first bits of a word tell where it falls, but for the few words that begin
    as a threshold does.
    """

    def __init__(self, cum: Ints) -> None:
        bits = min(len(cum).bit_length() + 5, 20)
        rest, size = 32 - bits, 1 << bits
        all_above, some_above = cum + (1 << rest) - 1 >> rest, cum >> rest  # first bits of words from which on they are
        least, most = (np.cumsum(np.bincount(edge, minlength=size + 1))[:size] for edge in (all_above, some_above))
        self.cum, self.shift = cum, np.uint64(64 - bits)
        self.table = np.where(least == most, least, -1).astype(np.min_scalar_type(-1 - len(cum)))

    def find(self, words: Words) -> Codes:
        """Index of the first threshold above the high half of each word; the number of thresholds if there is none."""
        found = self.table[(words >> self.shift).view(np.int64)]
        near = np.flatnonzero(found < 0)
        found[near] = np.searchsorted(self.cum, (words[near] >> HALF).view(np.int64), side="right")
        return found


@dataclass(frozen=True, eq=False)
class Layer:
    """The potential episodes of a need and an age group in one layer."""

    model: Model
    need: int
    age: int
    layer: int
    stream: np.uint64
    zones: Guide
    hours: Guide
    acuities: Guide
    always: int  # levels below are kept in every phase
    never: int  # levels from here on are kept in none

    @property
    def group(self) -> int:
        """Index of need and age group."""
        return self.need * len(AGE_GROUPS) + self.age

    @cached_property
    def size(self) -> int:
        """How many there are."""
        m, group = self.model, self.group
        if m.people[:, self.age].sum() == 0:
            return 0
        cum = m.count_cum[m.count_ptr[group] : m.count_ptr[group + 1]]
        word = mix(self._start(COUNT) + GAMMA)[0]
        return int(m.count_base[group]) + int(np.searchsorted(cum, word, side="right"))

    def blocks(self) -> Iterator[Columns]:
        """Those that the scenario keeps, a block at a time; within it by zone.

        An episode's key is a hash of (seed, replication, need, age, layer), zone and its number there.
        """
        own, before = mix(self.stream ^ self.model.zone_hash), np.zeros(len(self.model.zones), dtype=np.int64)
        for at in range(0, self.size, BLOCK):
            steps = GAMMA * np.arange(at + 1, min(at + BLOCK, self.size) + 1, dtype=np.uint64)
            zone = self.zones.find(mix(self._start(WHO) + steps))
            order = np.argsort(zone, kind="stable")
            zone, count = zone[order], np.bincount(zone, minlength=len(before))
            first = 1 + before - (np.cumsum(count) - count)  # row r of the block is the first + r of its zone
            key = mix((own + GAMMA * first.view(np.uint64))[zone] + GAMMA * np.arange(len(zone), dtype=np.uint64))
            before += count
            yield self._kept(zone, key, steps[order])

    def _kept(self, zone: Codes, key: Words, steps: Words) -> Columns:
        kind = mix(self._start(KIND) + steps)
        level = (self.layer << 32) + (kind & LOW).view(np.int64)
        if self.never < (self.layer + 1) << 32:
            near = level < self.never
            zone, level = zone[near], level[near]
            key, steps, kind = key[near], steps[near], kind[near]
        when, first = mix(self._start(WHEN) + steps), mix(self._start(FIRST) + steps)
        time = self.hours.find(when) * np.int64(3600) + (((when & LOW) * np.uint64(3600)) >> HALF).view(np.int64)
        columns: Columns = {
            "key": key,
            "time": time,
            "need": self.need,
            "zone": zone,
            "age": self.age,
            "acuity": self.acuities.find(kind),
            "first_draw": first >> HALF,
            "shift_draw": first & LOW,
            "service": -1,
            "site": -1,
        }
        if self.always >= (self.layer + 1) << 32:
            return columns
        columns["service"] = service = _service(self.model, self.group, columns["acuity"].astype(np.int64), time, level)
        keep = service > -2
        return {name: values[keep] if np.ndim(values) else values for name, values in columns.items()}

    def _start(self, purpose: int) -> Words:
        """Where the random words of a purpose start; word i from 1 is that of the start plus i times GAMMA."""
        return mix(np.array([self.stream]) + np.uint64(purpose))


def _layers(model: Model, root: np.uint64) -> list[Layer]:
    """The layers of every need and age group that a phase of the scenario reaches."""
    found = []
    always, never = _levels(model)
    for need in range(len(model.needs)):
        hours = Guide(model.hour_cum[need])
        for age in range(len(AGE_GROUPS)):
            group = need * len(AGE_GROUPS) + age
            guides = Guide(model.zone_cum[group]), hours, Guide(model.acuity_cum[group])
            bounds = int(always[group]), int(never[group])
            for layer in range(-(-bounds[1] // ONE)):
                stream = _stream(root, model.need_hash[need], age, layer)
                found.append(Layer(model, need, age, layer, stream, *guides, *bounds))
    return found


def _levels(model: Model) -> tuple[Ints, Ints]:
    """[N*A] the level below which all are kept in every phase, and that from which on none is kept in any."""
    factor = model.factor.reshape(len(model.phase_start), -1, 1)
    end = np.append(0, model.induced.cum)[model.induced.ptr[1:]] * (np.diff(model.induced.ptr) > 0)
    width = end[model.induced_row].reshape(*factor.shape[:2], ACUITIES)
    never = np.where(width > 0, np.maximum(factor, ONE) + width, factor)
    return factor.min(axis=(0, 2)), never.max(axis=(0, 2))


def _service(model: Model, group: int, acuity: Ints, time: Ints, level: Ints) -> Ints:
    """-1 kept, a service: induced there, -2 left out."""
    phase = np.searchsorted(model.phase_start, time, side="right") - 1
    factor = model.factor.reshape(len(model.phase_start), -1)[phase, group]
    service = np.where(level < factor, -1, -2)
    above = level - np.maximum(factor, ONE)
    row = np.where(above >= 0, model.induced_row[phase, group * ACUITIES + acuity], -1)
    for r in np.unique(row[row >= 0]).tolist():
        a, b = model.induced.ptr[r], model.induced.ptr[r + 1]
        place = np.searchsorted(model.induced.cum[a:b], above, side="right")
        chosen = (row == r) & (place < b - a)
        service[chosen] = model.induced.item[a:b][place[chosen]]
    return service


def _initial(model: Model, root: np.uint64) -> Columns:
    """Those who are in service or wait when the run starts, as requests made before it."""
    streams = mix((_stream(root, _hash("initial")) ^ model.start_hash) + GAMMA)
    sizes = _initial_counts(model, _nth(streams, COUNT, 1))
    which = np.repeat(np.arange(len(sizes)), sizes)
    number = (np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1).astype(np.uint64)
    cell, stream = model.start_cell[which], streams[which]
    span = model.start_span[cell[:, 0]]
    ago = ((_nth(stream, START_WHEN, number) >> HALF) * span.astype(np.uint64)) >> HALF
    return {
        "key": mix(stream + GAMMA * number),
        "time": -1 - ago.astype(np.int64),
        "need": cell[:, 2],
        "zone": _rows_of(model, cell[:, 1], (_nth(stream, START_ZONE, number) >> HALF).astype(np.int64)),
        "age": cell[:, 3],
        "acuity": cell[:, 4],
        "first_draw": 0,
        "shift_draw": 0,
        "service": cell[:, 0],
        "site": cell[:, 1],
    }


def _initial_counts(model: Model, words: Words) -> Ints:
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
