"""A choice among services: as in the reference, or elsewhere since something else is open, near or soon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sim.engines.reference.decisions import Decisions
from sim.engines.reference.patients import Patient
from sim.engines.reference.signals import Signals
from sim.model.codes import ODDS_BITS
from sim.model.randomness import HALF
from sim.model.rules import phase_of, stays

NO_SERVICE = -1


class OptionSet(NamedTuple):
    """Alternatives by index, in order."""

    service: Mapping[int, int]  # NO_SERVICE: none
    width: Mapping[int, int]  # share in the reference, out of 2**32
    pull: Mapping[int, int]  # weight of a service at hand, out of 2**32


class Alternatives:
    """How much services draw patients, by the tables of a model and the signals of the moment."""

    def __init__(self, says: Decisions, signals: Signals) -> None:
        self.says, self.m, self.signals = says, says.m, signals

    def chosen(self, patient: Patient, row: OptionSet, picked: int, word: int, now: int) -> int:
        """The alternative that a patient chooses who picks one in the reference.

        One whose share grows keeps all who pick it in the reference; one whose share shrinks keeps as many as it shall
        have; and those whom it does not keep go where shares grow. All of the share of a service at hand is growth: it
        has none in the reference.
        """
        to, width, pull = row
        odds = {j: self._odds(patient, service, now) for j, service in to.items()}
        mean = sum((width[j] + pull[j]) * odds[j] for j in to) // sum(width[j] for j in to)
        if stays(odds[picked], mean, word >> 32):
            return picked
        grows = {j: (width[j] * max(odds[j] - mean, 0) + pull[j] * odds[j]) // mean for j in to}
        place = sum(grows.values()) * (word & HALF) >> 32
        for j in to:
            if place < grows[j]:
                return j
            place -= grows[j]
        return picked

    def _odds(self, patient: Patient, service: int, now: int) -> int:
        """How much more a service draws a patient than in the reference, out of 2**ODDS_BITS."""
        m, odds = self.m, 1 << ODDS_BITS
        if service == NO_SERVICE:
            return odds
        if m.near_row[service] >= 0:
            pattern = m.near_pattern[phase_of(m.near_start, now)]
            odds = m.near_odds[pattern][m.near_row[service]][patient.home][patient.acuity]
        wait = m.wait_row[service][patient.acuity]
        if wait >= 0 and now >= m.signal_over_s[m.wait_signal[wait]]:
            # before the first period is over nobody knows a mean
            known = self.signals.class_of(m.wait_signal[wait], patient.home, now)
            odds = odds * m.wait_odds[m.wait_ptr[wait] + known] >> ODDS_BITS
        return odds


__all__ = ["Alternatives", "OptionSet"]
