"""Teams that come back to their base: from the home of the patient, or from the site to which they carried them."""

from __future__ import annotations

from sim.engines.reference.agenda import Agenda
from sim.engines.reference.contacts import Contact
from sim.engines.reference.decisions import WALK_IN, Decisions
from sim.engines.reference.held_units import HeldUnits
from sim.engines.reference.patients import Patient
from sim.engines.reference.ways import CARRIED
from sim.model.codes import EventClass


class TeamReturns:
    """When the teams of a run are free again."""

    def __init__(self, says: Decisions, agenda: Agenda, units: HeldUnits) -> None:
        self.m, self.zones = says.m, says.zones
        self.agenda, self.units = agenda, units

    def come_back(self, contact: Contact, when: int) -> None:
        """The team of a contact is at its base at second ``when``."""
        contact.back = -1
        self.agenda.call(when, EventClass.SERVICE_END, contact.episode, lambda _: self.units.free(contact))

    def stay_or_return(self, patient: Patient, contact: Contact, action: int) -> None:
        """After a visit, a team that may carry patients stays with who is to be carried; else it drives home."""
        if action == CARRIED:
            patient.team = contact
        else:
            self.come_back(contact, contact.back)

    def set_off(self, patient: Patient, to: Contact | None) -> None:
        """A team that stayed drives the patient to the site of the next contact, and home; else home at once."""
        visit, patient.team = patient.team, None
        if visit is None:
            return
        when = visit.back
        if to is not None and to.site >= 0 and self.m.mode[to.service] == WALK_IN:
            m, base, tour = self.m, self.m.pool_site[visit.pool], self.m.tour_milli[visit.pool]
            home = m.travel_s[self.zones + to.site][base] * tour // 1000
            when = self.agenda.now + m.travel_s[to.place][to.site] + home
        self.come_back(visit, when)
