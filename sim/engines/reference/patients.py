"""The patients of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from simpy import Process

from sim.engines.reference.contacts import Contact
from sim.model.tables import Episodes, Model

BLOCK = 1024  # patients that are made at a time: a region's all at once would fill the memory


@dataclass(slots=True, eq=False)
class Patient:
    """Who needs care, why, and with what luck; where the patient is, and which units are kept for them."""

    index: int  # row of the episode
    time: int
    key: int
    need: int
    home: int  # zone
    age: int
    acuity: int
    group: int  # class of area, need, age and acuity
    first_draw: int
    shift_draw: int
    forced_service: int
    forced_site: int
    place: int = field(init=False)  # where they are: a zone, or the number of zones + a site
    held: list[Contact] = field(default_factory=list)  # contacts whose service is over and whose unit is kept; top last
    tried: list[int] = field(default_factory=list)  # sites that turned them away one after another
    sent: int = -1  # site to which they were sent on
    team: Contact | None = None  # the visit whose team stays to carry the patient on
    journey: Process = field(init=False)

    def __post_init__(self) -> None:
        self.place = self.home


def patients(model: Model, episodes: Episodes, first: int, last: int) -> Iterator[Patient]:
    """The patients of the episodes ``first`` to ``last - 1``."""
    for begin in range(first, last, BLOCK):
        end = min(begin + BLOCK, last)
        some = slice(begin, end)
        zone, need, age, acuity = (who[some] for who in (episodes.zone, episodes.need, episodes.age, episodes.acuity))
        columns = (
            episodes.time[some], episodes.key[some], need, zone, age, acuity,
            model.class_of(zone, need, age, acuity), episodes.first_draw[some], episodes.shift_draw[some],
            episodes.service[some], episodes.site[some],
        )  # fmt: skip
        yield from map(Patient, range(begin, end), *(column.tolist() for column in columns))
