"""The patients of a run, in order of time, made when they are about to arrive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.tables import Episodes, Model

BLOCK = 4096  # episodes that are turned into Python objects at a time: a region's all at once would crowd the cache


@dataclass(slots=True, eq=False)
class Patient:
    """Who needs care, why, and with what luck."""

    index: int  # row of the episode
    time: int
    key: int
    need: int
    home: int  # zone
    age: int
    acuity: int
    group: int  # class of need, age and acuity
    first_draw: int
    shift_draw: int
    forced_service: int
    forced_site: int


def patients(model: Model, episodes: Episodes) -> Iterator[Patient]:
    """The patients of all episodes that begin before the horizon."""
    count = int(np.searchsorted(episodes.time, model.horizon, side="left"))
    group = model.class_of(episodes.need, episodes.age, episodes.acuity)
    columns = (
        episodes.time, episodes.key, episodes.need, episodes.zone, episodes.age, episodes.acuity, group,
        episodes.first_draw, episodes.shift_draw, episodes.service, episodes.site,
    )  # fmt: skip
    for start in range(0, count, BLOCK):
        stop = min(start + BLOCK, count)
        yield from map(Patient, range(start, stop), *(column[start:stop].tolist() for column in columns))
