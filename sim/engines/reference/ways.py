"""What a contact leads to: another service, at once or later, at this site or the next, or nothing."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from sim.engines.reference.alternatives import Alternatives, Option, options
from sim.engines.reference.contacts import Contact
from sim.engines.reference.decisions import (
    FELL_BACK,
    FOLLOWED,
    LEFT_ELSEWHERE,
    NOWHERE,
    REFERRED,
    WALK_IN,
    Decisions,
)
from sim.engines.reference.patients import Patient
from sim.engines.reference.signals import Signals
from sim.model.codes import Action, Outcome, Purpose, WhenFull
from sim.model.randomness import HALF, draw
from sim.model.rules import pick, quantile, remainder

EXIT, AT_ONCE, HOLDING, FOLLOW, WITHIN, CARRIED = map(int, Action)
DONE, LEFT, TURNED_AWAY, MISSED = map(int, (Outcome.DONE, Outcome.LEFT, Outcome.TURNED_AWAY, Outcome.MISSED))
MISS, SWITCH = int(Purpose.MISS), int(Purpose.SWITCH)
NEXT_SITE, LEAVE = int(WhenFull.NEXT_SITE), int(WhenFull.LEAVE)


class NextStep(NamedTuple):
    """What comes next, and why; ``delay`` in seconds."""

    action: int
    service: int = -1
    origin: int = 0
    delay: int = 0
    gives_all: int = 0  # 1: all that is held is given back, not the own unit alone


class WaysOnward:
    """The ways on that the tables and the signals of one model say."""

    def __init__(self, says: Decisions, signals: Signals, alternatives: Alternatives) -> None:
        self.says, self.m, self.signals, self.alternatives = says, says.m, signals, alternatives
        self.options = cache(self._options)

    def after(self, patient: Patient, contact: Contact, failure: tuple[int, int], held: bool, now: int) -> NextStep:
        """What a contact leads to. ``held``: whether the patient held a unit while waiting."""
        way = self._way_on(patient, contact, failure, held, now)
        if patient.sent < 0:  # nobody is sent on any more
            patient.tried.clear()
        return way

    def _way_on(self, patient: Patient, contact: Contact, failure: tuple[int, int], held: bool, now: int) -> NextStep:
        outcome = contact.outcome
        if outcome == TURNED_AWAY:
            return self._turned_away(patient, contact, held, now)
        if outcome == DONE and failure[0] >= 0:
            return NextStep(FOLLOW, failure[0], FELL_BACK, failure[1])
        if outcome == DONE:
            return self._way(
                patient, contact, self._next_row(patient, contact, now), self.says.course(patient, contact), now
            )
        if outcome == MISSED:
            word = draw(patient.key, self.says.salt(contact.service, contact.visit, MISS))
            return self._way(patient, contact, self.m.miss_next[contact.miss], word, now)
        return self._after_patience(patient, contact, held, now)

    def _next_row(self, patient: Patient, contact: Contact, now: int) -> int:
        """OptionSet of the ways on after a service that was given, as the signal says that they answer to."""
        m, phase, service = self.m, self.says.phase(now), contact.service
        row: int = m.next_row[phase][service][patient.group]
        if row >= 0 and self.says.redirects[service]:
            signal = m.next_signal[phase][service][patient.group]
            return row if signal < 0 else row + self.signals.class_of(signal, patient.place, now)
        return row

    def _way(self, patient: Patient, contact: Contact, row: int, luck: int, now: int) -> NextStep:
        """The way of a row at the low half of a word."""
        if row < 0:
            return NextStep(EXIT)
        m, first, word = self.m, self.m.next_ptr[row], luck & HALF
        j = picked = pick(m.next_cum, first, m.next_ptr[row + 1], word)
        if m.answers[contact.service]:
            j = self._otherwise(patient, contact, row, picked, now)
        item = m.next_item[j]
        action, service = m.next_action[item], m.next_service[item]
        if action == FOLLOW:
            delay = quantile(m.quantile[m.next_delay[item]], remainder(m.next_cum, first, j, word))
            return NextStep(FOLLOW, service, FOLLOWED, delay)
        return NextStep(action, service, REFERRED, 0, m.next_gives_all[item])

    def _otherwise(self, patient: Patient, contact: Contact, row: int, picked: int, now: int) -> int:
        """The way of a row that a patient takes who picks one in the reference; a follow-up is no choice."""
        listed = self.options(row)
        if picked not in listed:
            return picked
        word = draw(patient.key, self.says.salt(contact.service, contact.visit, SWITCH))
        return self.alternatives.choice(patient, listed, picked, word, now)

    def _options(self, row: int) -> dict[int, Option]:
        """The ways of a row among which one chooses, by index."""
        m, first = self.m, self.m.next_ptr[row]
        items = {j: m.next_item[j] for j in range(first, m.next_ptr[row + 1])}
        services = {j: m.next_service[i] for j, i in items.items() if m.next_action[i] in (AT_ONCE, EXIT)}
        return options(m.next_cum, first, services, {j: m.next_pull[j] for j in services})

    def _after_patience(self, patient: Patient, contact: Contact, held: bool, now: int) -> NextStep:
        """After patience has ended. Who held a unit takes the fallback, if there is one."""
        m, service = self.m, contact.service
        if held and m.fallback[service] >= 0:
            return NextStep(AT_ONCE, m.fallback[service], LEFT_ELSEWHERE)
        row = m.leave_row[self.says.phase(now)][service][patient.group]
        way = self._way(patient, contact, row, self.says.wait(patient, contact), now)
        return way._replace(origin=LEFT_ELSEWHERE)

    def _turned_away(self, patient: Patient, contact: Contact, held: bool, now: int) -> NextStep:
        """To the fallback; without one, another site if this one is closed, nothing if it is full or refuses.

        A full service may say otherwise: to the next site, or as if patience had ended.
        """
        m, service = self.m, contact.service
        full = contact.offer < 0 or self.says.accepts(contact.offer, now)
        if full and m.when_full[service] == LEAVE:
            return self._after_patience(patient, contact, held, now)
        if full and m.when_full[service] == NEXT_SITE and contact.site >= 0:
            patient.sent = self._next_site(patient, contact, now)
            if patient.sent >= 0:
                return NextStep(AT_ONCE, service, FELL_BACK)
        if m.fallback[service] >= 0:
            return NextStep(AT_ONCE, m.fallback[service], FELL_BACK)
        return NextStep(EXIT) if full else NextStep(AT_ONCE, service, FELL_BACK)

    def _next_site(self, patient: Patient, contact: Contact, now: int) -> int:
        """The nearest site that is open and has not turned the patient away before; NOWHERE if there is none."""
        m, says, service = self.m, self.says, contact.service
        patient.tried.append(contact.site)
        chosen = m.choice_set[service][patient.need][patient.age] * says.places
        row = chosen + patient.home
        there = chosen + says.zones + contact.site
        if m.mode[service] == WALK_IN and m.nearest_ptr[there] < m.nearest_ptr[there + 1]:
            row = there
        sites: list[int] = m.nearest_site[m.nearest_ptr[row] : m.nearest_ptr[row + 1]]
        return next((s for s in sites if s not in patient.tried and says.is_open(m.offer[s][service], now)), NOWHERE)
