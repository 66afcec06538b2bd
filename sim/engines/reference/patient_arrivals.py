"""How patients come into a run: those who are there when it starts, and those who fall ill while it lasts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from sim.engines.reference.agenda import HOUR, Agenda
from sim.engines.reference.events import Journey, Wake, begin
from sim.engines.reference.patients import Patient, patients
from sim.model.codes import EventClass
from sim.model.tables import Episodes, Model

ARRIVAL, REQUEST = int(EventClass.ARRIVAL), int(EventClass.REQUEST)
BLOCK = 1024  # patients that are made at a time: a region's all at once would crowd the cache


class Arrivals:
    """Makes the patients of a run when they are about to come, and begins their journeys."""

    def __init__(self, model: Model, episodes: Episodes, agenda: Agenda, journey: Callable[[Patient], Journey]) -> None:
        self.model, self.episodes = model, episodes
        self.agenda, self.journey = agenda, journey
        begin(self._who_is_there)
        begin(self._newcomers)

    def _who_is_there(self, me: Wake) -> Journey:
        """Those who are there when the run starts ask at its first second; the next block when the last of one does."""
        there = int(np.searchsorted(self.episodes.time, 0))
        for first in range(0, there, BLOCK):
            last = min(first + BLOCK, there)
            self.agenda.wake(0, REQUEST, last - 1, me)
            self._come(first, last, REQUEST)
            yield

    def _newcomers(self, me: Wake) -> Journey:
        """Those who fall ill during the run, an hour ahead."""
        hours = np.searchsorted(self.episodes.time, range(0, self.agenda.horizon + HOUR, HOUR)).tolist()
        for hour, (first, last) in enumerate(pairwise(hours)):
            self._come(first, last, ARRIVAL)
            if hour:
                self.agenda.wake(hour * HOUR, 0, 0, me)
                yield

    def _come(self, first: int, last: int, kind: int) -> None:
        for patient in patients(self.model, self.episodes, first, last):
            patient.journey = self.journey(patient)
            self.agenda.wake(max(patient.time, 0), kind, patient.index, patient)
