"""The patients of a run, in order of time, made when they are about to arrive."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.tables import ACUITIES, AGE_GROUPS, Episodes

BLOCK = 4096  # episodes that are turned into Python objects at a time: a region's all at once would crowd the cache


class Patient:
    """Who needs care, why, and with what luck."""

    __slots__ = (
        "acuity", "age", "first_draw", "forced_service", "forced_site", "group", "home", "index", "key", "need",
        "shift_draw", "time",
    )  # fmt: skip

    def __init__(
        self, index: int, time: int, key: int, need: int, zone: int, age: int, acuity: int, first_draw: int,
        shift_draw: int, service: int, site: int,
    ) -> None:  # fmt: skip
        self.index = index  # row of the episode
        self.time = time
        self.key = key
        self.need = need
        self.home = zone
        self.age = age
        self.acuity = acuity
        self.group = (need * len(AGE_GROUPS) + age) * ACUITIES + acuity
        self.first_draw = first_draw
        self.shift_draw = shift_draw
        self.forced_service = service
        self.forced_site = site


def patients(episodes: Episodes, until: int) -> Iterator[Patient]:
    """The patients of all episodes that begin before second ``until``."""
    count = int(np.searchsorted(episodes.time, until, side="left"))
    names = ("time", "key", "need", "zone", "age", "acuity", "first_draw", "shift_draw", "service", "site")
    for start in range(0, count, BLOCK):
        stop = min(start + BLOCK, count)
        columns = [getattr(episodes, name)[start:stop].tolist() for name in names]
        yield from map(Patient, range(start, stop), *columns)
