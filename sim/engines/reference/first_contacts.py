"""The first contact of an episode: as in the reference, or elsewhere since something else is open, near or soon."""

from __future__ import annotations

from functools import cache

from sim.engines.reference.alternatives import Alternatives, Option, options
from sim.engines.reference.decisions import INITIAL, NO_FAILURE, Decisions
from sim.engines.reference.patients import Patient
from sim.model.codes import Origin, Purpose
from sim.model.randomness import draw
from sim.model.rules import pick, quantile, remainder

FIRST, SHIFTED, INDUCED, SWITCHED = map(int, (Origin.FIRST, Origin.SHIFTED, Origin.INDUCED, Origin.SWITCHED))
SWITCH, FIRST_OF_ALL = int(Purpose.SWITCH), 0  # the visit of a choice before any visit
FirstContact = tuple[int, int, tuple[int, int]]  # service, origin, (old service, delay) if a lever's shift fails


class FirstContacts:
    """Where patients turn first, by the tables of a model and the signals of the moment."""

    def __init__(self, says: Decisions, alternatives: Alternatives) -> None:
        self.says, self.m, self.alternatives = says, says.m, alternatives
        self.options = cache(self._options)

    def of(self, patient: Patient) -> FirstContact:
        """The first contact of a patient."""
        m, group, word = self.m, patient.group, patient.first_draw
        if patient.forced_service >= 0:
            return patient.forced_service, INITIAL if patient.forced_site >= 0 else INDUCED, NO_FAILURE
        phase = self.says.phase(patient.time)
        row = m.first_row[phase][group]
        chosen = pick(m.first_cum, m.first_ptr[row], m.first_ptr[row + 1], word)
        service = m.first_item[chosen]
        shifts = m.shift_row[phase][group][service]
        if shifts >= 0:
            first, last = m.shift_ptr[shifts], m.shift_ptr[shifts + 1]
            j = pick(m.shift_cum, first, last, patient.shift_draw)
            if j < last:
                return self._shifted(service, m.shift_item[j], remainder(m.shift_cum, first, j, patient.shift_draw))
        if m.switches[phase][group]:
            instead = self._switched(patient, row, chosen)
            return instead, FIRST if instead == service else SWITCHED, NO_FAILURE
        return service, FIRST, NO_FAILURE

    def _shifted(self, service: int, shift: int, word: int) -> FirstContact:
        m = self.m
        fail = m.shift_fail[shift]
        if word >= fail:
            return m.shift_to[shift], SHIFTED, NO_FAILURE
        delay = quantile(m.quantile[m.shift_delay[shift]], (word << 32) // fail)
        return m.shift_to[shift], SHIFTED, (service, delay)

    def _switched(self, patient: Patient, row: int, picked: int) -> int:
        """The service that a patient chooses who picks one in the reference."""
        listed = self.options(row)
        word = draw(patient.key, self.says.salt(listed[picked].service, FIRST_OF_ALL, SWITCH))
        return listed[self.alternatives.choice(patient, listed, picked, word, patient.time)].service

    def _options(self, row: int) -> dict[int, Option]:
        m = self.m
        items = range(m.first_ptr[row], m.first_ptr[row + 1])
        services, pull = ({j: table[j] for j in items} for table in (m.first_item, m.first_pull))
        return options(m.first_cum, items.start, services, pull)


__all__ = ["FirstContacts"]
