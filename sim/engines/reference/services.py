"""What is done in a contact: when its service starts, how long it takes, when it ends."""

from __future__ import annotations

from collections.abc import Sequence

from sim.engines.reference.agenda import Agenda, Moment
from sim.engines.reference.contacts import Contact
from sim.engines.reference.decisions import BOOKED, Decisions
from sim.engines.reference.held_units import HeldUnits
from sim.engines.reference.patients import Patient
from sim.engines.reference.pools import HAND_OVER, Pool
from sim.engines.reference.signals import MILLION, Signals
from sim.engines.reference.team_returns import TeamReturns
from sim.engines.reference.ways import DONE, MISS, MISSED
from sim.model.codes import EventClass
from sim.model.randomness import draw


class Services:
    """Starts and ends the contacts of a run."""

    def __init__(self, says: Decisions, agenda: Agenda, pools: Sequence[Pool]) -> None:
        self.says, self.m, self.agenda, self.pools = says, says.m, agenda, pools
        self.signals = Signals(says, pools)
        self.units = HeldUnits(says, pools)
        self.teams = TeamReturns(says, agenda, self.units)

    def start(self, patient: Patient, contact: Contact) -> None:
        """A contact starts that needs no unit, or goes on in one that is held."""
        if contact.goes_on:
            self.units.go_on(patient, contact)
        self.draw(patient, contact)
        self.begin(patient, contact)

    def draw(self, patient: Patient, contact: Contact) -> None:
        """Service starts now: when it will end. Signals are as they are without the unit that is about to be taken."""
        says, now = self.says, self.agenda.now
        early = says.was_in_service(patient, contact, now)
        contact.start = contact.request if early else now
        busy = says.duration(patient, contact, contact.start)
        if not early:
            busy = self.signals.lengthened(patient, contact, busy, now)
            if says.misses[contact.service] and self._stays_away(patient, contact, now):
                contact.outcome = MISSED
                busy = busy * self.m.miss_occupies_ppm[contact.miss] // MILLION
        if contact.pool >= 0 and self.m.tour_milli[contact.pool]:
            busy, away = says.tour(patient, contact, busy)
            contact.back = max(contact.start + away, now)
            if not self.m.carries[contact.service]:
                self.teams.come_back(contact, contact.back)
        contact.drawn_end = max(contact.start + busy, now)

    def _stays_away(self, patient: Patient, contact: Contact, now: int) -> bool:
        """Whether the patient of an appointment does not come; who is there already does."""
        m, says, service = self.m, self.says, contact.service
        if m.mode[service] != BOOKED or patient.held or contact.goes_on:
            return False
        row = contact.miss = m.miss_row[says.phase(now)][service][patient.group]
        return bool(row >= 0 and draw(patient.key, says.salt(service, contact.visit, MISS)) >> 32 < m.miss_share[row])

    def begin(self, patient: Patient, contact: Contact) -> None:
        """Service goes on from now until its end. What is given back at the start is so now."""
        end = self.says.let_out(contact.service, contact.drawn_end)
        contact.ends = Moment(self.agenda, end, EventClass.SERVICE_END, patient.index)
        if contact.pool >= 0 and self.pools[contact.pool].rule == HAND_OVER:
            self.pools[contact.pool].in_service.append((contact, patient))
        if contact.gives:
            self.units.give_back(patient, contact.gives)
            contact.gives = 0

    def end(self, patient: Patient, contact: Contact) -> None:
        """Service is over; the unit is held until it is clear what comes next."""
        m = self.m
        contact.end = self.agenda.now
        came = contact.outcome != MISSED
        if came:
            contact.outcome = DONE
        if contact.pool < 0:
            contact.release = contact.end
        elif not m.tour_milli[contact.pool]:
            patient.held.append(contact)
            if self.pools[contact.pool].rule == HAND_OVER:
                self.pools[contact.pool].in_service.remove((contact, patient))
        if came and contact.site >= 0 and m.mode[contact.service] == BOOKED:
            patient.place = self.says.zones + contact.site

    def fits(self, patient: Patient, contact: Contact, closes: int) -> bool:
        """Whether a team that leaves now has ended the visit by then. The patient is not counted among the waiting."""
        now = self.agenda.now
        busy = self.says.duration(patient, contact, now)
        busy = self.signals.lengthened(patient, contact, busy, now, contact.pool)
        return now + self.says.tour(patient, contact, busy)[0] <= closes
