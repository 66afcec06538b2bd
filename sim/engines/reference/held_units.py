"""The units that a patient holds: kept from contacts whose service is over, the innermost last."""

from __future__ import annotations

from collections.abc import Sequence

from sim.engines.reference.contacts import Contact
from sim.engines.reference.decisions import Decisions
from sim.engines.reference.patients import Patient
from sim.engines.reference.pools import Pool
from sim.engines.reference.ways import HOLDING, WITHIN, NextStep

ALL = 1 << 30  # more units than anybody holds


class HeldUnits:
    """Who keeps which unit until when."""

    def __init__(self, says: Decisions, pools: Sequence[Pool]) -> None:
        self.m, self.pools = says.m, pools

    def give_back(self, patient: Patient, most: int = ALL) -> None:
        """Up to ``most`` units are given back, innermost first; each pool starts whoever can before the next is."""
        while patient.held and most > 0:
            self.free(patient.held.pop())
            most -= 1

    def free(self, contact: Contact) -> None:
        """The unit of a contact is given back."""
        contact.release = self.pools[contact.pool].agenda.now
        self.pools[contact.pool].free(contact.shift)

    def part(self, patient: Patient, contact: Contact, way: NextStep, before: Contact | None) -> None:
        """Another service is asked for, after ``before``: what is given back now, what when it starts.

        Who holds a unit of a pool that the contact may use goes on in it: in that of the contact before, or in the one
        around it.
        """
        held = patient.held
        if not held or way.action == WITHIN:
            return
        own = int(held[-1] is before)
        pools = self._pools(contact)
        if held[-1].pool in pools:
            contact.goes_on, own = True, 0
        elif own and len(held) > 1 and held[-2].pool in pools:
            contact.goes_on = True
            held[-1], held[-2] = held[-2], held[-1]
        most = ALL if way.gives_all else own
        if way.action == HOLDING:
            contact.gives = most
        elif contact.goes_on:
            unit = held.pop()
            self.give_back(patient, most)
            held.append(unit)
        else:
            self.give_back(patient, most)

    def _pools(self, contact: Contact) -> list[int]:
        """The pools that a contact may use."""
        m, offer = self.m, contact.offer
        found: list[int] = m.offer_pools[m.offer_pools_ptr[offer] : m.offer_pools_ptr[offer + 1]] if offer >= 0 else []
        return found

    def go_on(self, patient: Patient, contact: Contact) -> None:
        """A contact takes over the innermost unit that is held."""
        unit = patient.held.pop()
        unit.release = self.pools[unit.pool].agenda.now
        contact.pool, contact.shift = unit.pool, unit.shift
        self.pools[unit.pool].starts += 1
