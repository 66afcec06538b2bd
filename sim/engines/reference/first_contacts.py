"""The first contact of an episode: as in the reference, or elsewhere since something else is open, near or soon."""

from __future__ import annotations

from sim.engines.reference.decisions import INITIAL, NO_FAILURE, Decisions
from sim.engines.reference.patients import Patient
from sim.engines.reference.signals import Signals
from sim.model.codes import ODDS_BITS, Origin, Purpose
from sim.model.randomness import HALF, draw
from sim.model.rules import phase_of, pick, quantile, remainder, stays

FIRST, SHIFTED, INDUCED, SWITCHED = map(int, (Origin.FIRST, Origin.SHIFTED, Origin.INDUCED, Origin.SWITCHED))
SWITCH = int(Purpose.SWITCH)
FirstContact = tuple[int, int, tuple[int, int]]  # service, origin, (old service, delay) if a lever's shift fails


class FirstContacts:
    """Where patients turn first, by the tables of a model and the signals of the moment."""

    def __init__(self, says: Decisions, signals: Signals) -> None:
        self.says, self.m, self.signals = says, says.m, signals

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

    def _switched(self, patient: Patient, row: int, chosen: int) -> int:
        """The service that a patient chooses.

        A service whose share grows keeps all who turn to it in the reference; one whose share shrinks keeps as many as
        it shall have; and those whom it does not keep go where shares grow. All of the share of a service at hand is
        growth: it has none in the reference.
        """
        m = self.m
        items = range(m.first_ptr[row], m.first_ptr[row + 1])
        width = {j: m.first_cum[j] - (m.first_cum[j - 1] if j > items[0] else 0) for j in items}
        odds = {j: self._odds(patient, m.first_item[j]) for j in items}
        mean = sum((width[j] + m.first_pull[j]) * odds[j] for j in items) >> 32
        service: int = m.first_item[chosen]
        word = draw(patient.key, self.says.salt(service, 1, SWITCH))
        if stays(odds[chosen], mean, word >> 32):
            return service
        grows = {j: (width[j] * max(odds[j] - mean, 0) + m.first_pull[j] * odds[j]) // mean for j in items}
        place = sum(grows.values()) * (word & HALF) >> 32
        for j in items:
            if place < grows[j]:
                service = m.first_item[j]
                break
            place -= grows[j]
        return service

    def _odds(self, patient: Patient, service: int) -> int:
        """How much more a service draws a patient than in the reference, out of 2**ODDS_BITS."""
        m, odds = self.m, 1 << ODDS_BITS
        if m.near_row[service] >= 0:
            pattern = m.near_pattern[phase_of(m.near_start, patient.time)]
            odds = m.near_odds[pattern][m.near_row[service]][patient.home][patient.acuity]
        wait = m.wait_row[service][patient.acuity]
        if wait >= 0 and patient.time >= m.signal_over_s[m.wait_signal[wait]]:
            # before the first period is over nobody knows a mean
            known = self.signals.class_of(m.wait_signal[wait], patient.home, patient.time)
            odds = odds * m.wait_odds[m.wait_ptr[wait] + known] >> ODDS_BITS
        return odds


__all__ = ["FirstContacts"]
