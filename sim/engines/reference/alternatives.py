"""A choice among services: as in the reference, or elsewhere since something else is open, near or soon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.engines.reference.decisions import Decisions
from sim.engines.reference.patients import Patient
from sim.engines.reference.signals import Signals
from sim.model.codes import ODDS_BITS
from sim.model.randomness import HALF
from sim.model.rules import phase_of, stays

NO_SERVICE = -1


class Option(NamedTuple):
    """One of the services among which somebody chooses."""

    service: int  # NO_SERVICE: none
    width: int  # share in the reference, out of 2**32
    pull: int  # weight of a service at hand, out of 2**32


def options(cum: Sequence[int], first: int, services: Mapping[int, int], pull: Mapping[int, int]) -> dict[int, Option]:
    """The options of a row of thresholds that begins at ``first``, by their index, in order."""
    return {j: Option(s, cum[j] - (cum[j - 1] if j > first else 0), pull.get(j, 0)) for j, s in services.items()}


class Alternatives:
    """How much services draw patients, by the tables of a model and the signals of the moment."""

    def __init__(self, says: Decisions, signals: Signals) -> None:
        self.says, self.m, self.signals = says, says.m, signals

    def choice(self, patient: Patient, row: Mapping[int, Option], picked: int, word: int, now: int) -> int:
        """The index of the option that a patient chooses who picks one in the reference.

        One whose share grows keeps all who pick it in the reference; one whose share shrinks keeps as many as it shall
        have; and those whom it does not keep go where shares grow. All of the share of a service at hand is growth: it
        has none in the reference.
        """
        near = self.m.near_odds[self.m.near_pattern[phase_of(self.m.near_start, now)]]
        odds = {j: self._odds(patient, option.service, near, now) for j, option in row.items()}
        mean = sum((o.width + o.pull) * odds[j] for j, o in row.items()) // sum(o.width for o in row.values())
        if stays(odds[picked], mean, word >> 32):
            return picked
        grows = {j: (o.width * max(odds[j] - mean, 0) + o.pull * odds[j]) // mean for j, o in row.items()}
        place = sum(grows.values()) * (word & HALF) >> 32
        for j, share in grows.items():
            if place < share:
                return j
            place -= share
        return picked

    def _odds(self, patient: Patient, service: int, near: list[list[list[int]]], now: int) -> int:
        """How much more a service draws a patient than in the reference, out of 2**ODDS_BITS.

        ``near``: by row, zone and acuity, for the sites that are open now.
        """
        m, odds = self.m, 1 << ODDS_BITS
        if service == NO_SERVICE:
            return odds
        if m.near_row[service] >= 0:
            odds = near[m.near_row[service]][patient.home][patient.acuity]
        wait = m.wait_row[service][patient.acuity]
        if wait >= 0 and now >= m.signal_over_s[m.wait_signal[wait]]:
            # before the first period is over nobody knows a mean
            known = self.signals.class_of(m.wait_signal[wait], self.says.felt_at(patient, service, now), now)
            odds = odds * m.wait_odds[m.wait_ptr[wait] + known] >> ODDS_BITS
        return odds


__all__ = ["Alternatives", "Option", "options"]
