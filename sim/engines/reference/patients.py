"""The patients of a run."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.engines.reference.events import Journey
from sim.model.tables import Episodes, Model


@dataclass(slots=True, eq=False)
class Patient:
    """Who needs care, why, and with what luck; the event that makes the journey of this episode go on."""

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
    journey: Journey = field(init=False)


def patients(model: Model, episodes: Episodes, first: int, last: int) -> list[Patient]:
    """The patients of the episodes ``first`` to ``last - 1``."""
    some = slice(first, last)
    need, age, acuity = episodes.need[some], episodes.age[some], episodes.acuity[some]
    columns = (
        episodes.time[some], episodes.key[some], need, episodes.zone[some], age, acuity,
        model.class_of(need, age, acuity), episodes.first_draw[some], episodes.shift_draw[some],
        episodes.service[some], episodes.site[some],
    )  # fmt: skip
    return list(map(Patient, range(first, last), *(column.tolist() for column in columns)))
