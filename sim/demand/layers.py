"""Potential episodes in layers, each at the reference's rate, and which of them a scenario keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.demand.weekly_factors import week_factors, week_of
from sim.demand.words import COUNT, FIRST, GAMMA, HALF, KIND, LOW, WHEN, WHO, Guide, mix, stream_of
from sim.model.codes import ACUITIES, AGE_GROUPS, ONE, VARIATION_BITS, Codes, Ints, Words
from sim.model.tables import Model

BLOCK = 1 << 14  # rows at a time: their words stay in the processor's cache

Columns = dict[str, Any]  # of Episodes: arrays, or one number for all rows


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
    always: int  # levels below are kept in every phase and week
    never: int  # levels from here on are kept in none
    weeks: Ints | None = None  # [W] factors of the weeks, out of 2**20; None: all weeks are alike

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
            yield self._columns(zone, key, steps[order])

    def _columns(self, zone: Codes, key: Words, steps: Words) -> Columns:
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
        level = self._usual(level, time)
        areas = self.model.zone_area[zone] * (len(self.model.needs) * len(AGE_GROUPS))
        acuity = columns["acuity"].astype(np.int64)
        columns["service"] = service = _service(self.model, areas + self.group, acuity, time, level)
        keep = service > -2
        return {name: values[keep] if np.ndim(values) else values for name, values in columns.items()}

    def _usual(self, level: Ints, time: Ints) -> Ints:
        """Levels as in a usual week: each is divided by its week's factor, so a factor of 2 keeps twice as many."""
        if self.weeks is None:
            return level
        return (level << VARIATION_BITS) // self.weeks[week_of(self.model, time)]

    def _start(self, purpose: int) -> Words:
        """Where the random words of a purpose start; word i from 1 is that of the start plus i times GAMMA."""
        return mix(np.array([self.stream]) + np.uint64(purpose))


def layers_of(model: Model, root: np.uint64) -> Iterator[Layer]:
    """The layers of every need and age group that a phase of the scenario reaches."""
    always, never = _levels(model)
    for need in range(len(model.needs)):
        hours, weeks = Guide(model.hour_cum[need]), week_factors(model, root, need)
        for age in range(len(AGE_GROUPS)):
            group = need * len(AGE_GROUPS) + age
            guides = Guide(model.zone_cum[group]), hours, Guide(model.acuity_cum[group])
            bounds = _bounds(int(always[group]), int(never[group]), weeks)
            for layer in range(-(-bounds[1] // ONE)):
                stream = stream_of(root, model.need_hash[need], age, layer)
                yield Layer(model, need, age, layer, stream, *guides, *bounds, weeks)


def _bounds(always: int, never: int, weeks: Ints | None) -> tuple[int, int]:
    """The levels below which all are kept, and from which on none is, in every week."""
    if weeks is None:
        return always, never
    return always * int(weeks.min()) >> VARIATION_BITS, -(-never * int(weeks.max()) >> VARIATION_BITS)


def _levels(model: Model) -> tuple[Ints, Ints]:
    """[N*A] the level below which all are kept in every phase and area, and from which on none is in any."""
    factor = model.factor.reshape(len(model.phase_start), model.areas, -1, 1)
    end = np.append(0, model.induced.cum)[model.induced.ptr[1:]] * (np.diff(model.induced.ptr) > 0)
    width = end[model.induced_row].reshape(*factor.shape[:3], ACUITIES)
    never = np.where(width > 0, np.maximum(factor, ONE) + width, factor)
    return factor.min(axis=(0, 1, 3)), never.max(axis=(0, 1, 3))


def _service(model: Model, group: Ints, acuity: Ints, time: Ints, level: Ints) -> Ints:
    """-1 kept, a service: induced there, -2 left out. ``group``: of area, need and age group."""
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


__all__ = ["BLOCK", "Columns", "Layer", "layers_of"]
