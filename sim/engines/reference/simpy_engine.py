"""The reference engine: a SimPy process per episode, which tells the journey as a clinician would."""

from __future__ import annotations

import gc
from collections.abc import Generator
from itertools import accumulate
from typing import cast

import numpy as np
from simpy import Event, Interrupt
from simpy.events import ProcessGenerator

from sim.engines.audit.tally import Tally
from sim.engines.reference.agenda import Agenda, Moment
from sim.engines.reference.alternatives import Alternatives
from sim.engines.reference.contacts import Contact, table_of
from sim.engines.reference.decisions import FELL_BACK, INITIAL, NO_FAILURE, NOWHERE, VISITS, WALK_IN, Decisions
from sim.engines.reference.first_contacts import FirstContacts
from sim.engines.reference.patience import Patience
from sim.engines.reference.patients import Patient, patients
from sim.engines.reference.pool_calendars import Calendars
from sim.engines.reference.pools import Pool, Teams, count
from sim.engines.reference.requests import Request
from sim.engines.reference.services import Services
from sim.engines.reference.ways import EXIT, FOLLOW, TURNED_AWAY, NextStep, WaysOnward
from sim.model.codes import EventClass, Outcome
from sim.model.tables import Contacts, Episodes, Model

DOOR = -1  # the last stop of Tally.onward
OPEN, UNSERVED = int(Outcome.OPEN), int(Outcome.UNSERVED)


def simulate(model: Model, episodes: Episodes) -> tuple[Contacts, Tally]:
    """What happens to the episodes, and what was counted meanwhile; a contact a row, in the order of their requests.

    The run ends at ``model.horizon``; what has not ended by then is in the table with outcome OPEN.
    """
    collecting = gc.isenabled()
    gc.disable()  # a run makes millions of events and frees them by reference count alone
    try:
        return Run(model, episodes).result()
    finally:
        if collecting:
            gc.enable()


class Run:
    """One run: the decisions of the model, the pools, and the contacts so far."""

    def __init__(self, model: Model, episodes: Episodes) -> None:
        self.model, self.episodes = model, episodes
        self.horizon = model.horizon
        self.zones = len(model.zones)
        self.says = Decisions(model)
        self.m = self.says.m
        self.agenda = Agenda()
        self.pools: list[Pool] = []
        self.services = Services(self.says, self.agenda, self.pools)
        alternatives = Alternatives(self.says, self.services.signals)
        self.first_contacts = FirstContacts(self.says, alternatives)
        self.ways = WaysOnward(self.says, self.services.signals, alternatives)
        self.pools += [self._pool(p, name) for p, name in enumerate(model.pools)]
        for p, pool in enumerate(self.pools):
            pool.partners = [self.pools[q] for q in self.m.swap_pool[self.m.swap_ptr[p] : self.m.swap_ptr[p + 1]]]
        self.patience = Patience(self.agenda, self.horizon)
        self.contacts: list[Contact] = []
        self.onward = [0] * (len(model.offer_pool) + len(model.services) + 1)  # see Tally
        self.unasked = [0] * len(self.onward)

    def _pool(self, p: int, name: str) -> Pool:
        kind = Teams if self.m.tour_milli[p] else Pool
        return kind(p, name, self.agenda, self.says, self.services)

    def result(self) -> tuple[Contacts, Tally]:
        """Runs to the horizon; returns the table and what was counted."""
        Calendars(self.says, self.agenda, self.pools, self.services.signals, self.horizon)
        there, end = np.searchsorted(self.episodes.time, [0, self.horizon]).tolist()
        self.agenda.process(self._arrivals(0, there, EventClass.REQUEST))
        self.agenda.process(self._arrivals(there, end, EventClass.ARRIVAL))
        self.agenda.run(until=self.horizon)
        return table_of(self.contacts), count(self.pools, self.horizon, self.onward, self.unasked)

    def _arrivals(self, first: int, last: int, kind: EventClass) -> ProcessGenerator:
        """Begins the journeys of some episodes, each at its time; who is there when the run starts, then."""
        for patient in patients(self.model, self.episodes, first, last):
            yield Moment(self.agenda, max(patient.time, 0), kind, patient.index)
            patient.journey = self.agenda.process(self._journey(patient))

    # the journey

    def _journey(self, patient: Patient) -> ProcessGenerator:
        """One episode from its first contact to its last."""
        agenda, units = self.agenda, self.services.units
        service, origin, failure = self.first_contacts.of(patient)
        way, contact, stop = NextStep(EXIT), None, DOOR
        self.onward[stop] += 1
        asked: list[int] = []  # services so far
        for step in range(VISITS):
            asked.append(service)
            site = self._site(patient, service, asked.count(service), step)
            if site == NOWHERE and self.m.fallback[service] >= 0:
                service, origin, failure = self.m.fallback[service], FELL_BACK, NO_FAILURE
                continue
            before, contact = contact, self._planned(patient, step, service, asked.count(service), site, origin)
            if patient.team is not None:
                self.services.teams.set_off(patient, contact)
            units.part(patient, contact, way, before)
            if site == NOWHERE:
                self._record(contact, UNSERVED)
                break
            yield from self._travel(patient, contact, stop)
            if origin == INITIAL and not self._was_there(patient, contact):
                self.unasked[stop] += 1
                break
            self._record(contact, OPEN)
            is_served = yield from self._wait(patient, contact)
            held = len(patient.held) > 0
            if is_served:
                yield from self._serve(patient, contact)
            else:
                contact.release = agenda.now
                units.give_back(patient)
            way = self.ways.after(patient, contact, failure, held, agenda.now)
            if contact.back >= 0:
                self.services.teams.stay_or_return(patient, contact, way.action)
            service, origin, failure = way.service, way.origin, NO_FAILURE
            if way.action == EXIT:
                break
            stop = self._stop(contact)
            self.onward[stop] += 1
            if way.action == FOLLOW:
                units.give_back(patient)
                patient.place = patient.home
                yield self._on_the_way(patient, stop, way.delay, EventClass.FOLLOW_UP)
        else:
            self.unasked[stop] += 1
            self.services.teams.set_off(patient, None)
        units.give_back(patient)

    def _site(self, patient: Patient, service: int, visit: int, step: int) -> int:
        """Where a patient is sent on to, or chooses to go; by nearest idle, the nearest open site that is."""
        sent, patient.sent, now = patient.sent, NOWHERE, self.agenda.now
        if sent >= 0:
            return sent
        if not self.m.choice_idle[service]:
            return self.says.site(patient, service, visit, step, now)
        nearest = self.says.nearest_open(patient, service, step, now)
        idle = [site for site in nearest if site < 0 or self._is_idle(self.m.offer[site][service])]
        return next(iter(idle or nearest), NOWHERE)

    def _is_idle(self, offer: int) -> bool:
        """Whether a pool of an offer that may be used at once has a unit free and nobody waits for it."""
        m, first, last = self.m, self.m.offer_pools_ptr[offer], self.m.offer_pools_ptr[offer + 1]
        spill = zip(accumulate(m.offer_spill_s[first:last], max), m.offer_pools[first:last], strict=True)
        ready = [self.pools[pool] for seconds, pool in spill if seconds == 0 and pool >= 0]
        return m.offer_pool[offer] < 0 or any(pool.has_free_unit() and pool.waiting == 0 for pool in ready)

    def _planned(self, patient: Patient, step: int, service: int, visit: int, site: int, origin: int) -> Contact:
        """The contact that a patient is about to ask for, from where they are if they walk in, else from home."""
        m, now = self.m, self.agenda.now
        offer = m.offer[site][service] if site >= 0 else -1
        pool = m.offer_pool[offer] if offer >= 0 else -1
        place = patient.place if m.mode[service] == WALK_IN else patient.home
        return Contact(patient.index, step, service, max(site, -1), pool, origin, place, now, visit, offer)

    def _travel(self, patient: Patient, contact: Contact, stop: int) -> ProcessGenerator:
        """On the way from a stop to a walk-in service; everything else is asked for at once, from home."""
        m, start, site = self.m, contact.place, contact.site
        patient.place = self.zones + site if m.mode[contact.service] == WALK_IN and site >= 0 else patient.home
        if contact.origin == INITIAL and patient.time < 0:
            contact.request = patient.time
            return
        travel = m.travel_s[start][site] if patient.place != start and contact.origin != INITIAL else 0
        if travel or self.agenda.peek() <= self.agenda.now:  # else the request is next in any case
            yield self._on_the_way(patient, stop, travel, EventClass.REQUEST)
        contact.request = self.agenda.now

    def _on_the_way(self, patient: Patient, stop: int, seconds: int, kind: EventClass) -> Moment:
        """What a patient waits for who asks for the next contact in some seconds."""
        when = self.agenda.now + seconds
        if when >= self.horizon:
            self.unasked[stop] += 1
        return Moment(self.agenda, when, kind, patient.index)

    def _stop(self, contact: Contact) -> int:
        """The stop of a contact, see Tally."""
        return contact.offer if contact.offer >= 0 else len(self.m.offer_pool) + contact.service

    def _was_there(self, patient: Patient, contact: Contact) -> bool:
        """Whether an initial patient is still in service or in the queue when the run starts."""
        says, asked = self.says, contact.request
        if says.was_waiting(patient, contact):
            return asked + says.patience(patient, contact) > 0
        return says.let_out(contact.service, asked + says.duration(patient, contact, asked)) > 0

    def _wait(self, patient: Patient, contact: Contact) -> Generator[Event, bool, bool]:
        """Waits for a unit, if the service has some and none is held; returns whether service starts."""
        if not contact.goes_on and self._is_turned_away(patient, contact):
            contact.outcome = TURNED_AWAY
            return False
        if contact.goes_on or contact.pool < 0:
            self.services.start(patient, contact)
            return True
        request = self._ask(patient, contact)
        if request.triggered:
            return True  # a unit was free
        self._limit(request)
        return (yield request)

    def _is_turned_away(self, patient: Patient, contact: Contact) -> bool:
        """Whether an offer is closed to a patient, or refuses them."""
        now = self.agenda.now
        away = contact.pool >= 0 and not self.says.accepts(contact.offer, now)
        away = away or self.services.signals.refuses(patient, contact, now)
        if away and contact.pool >= 0:
            self.pools[contact.pool].gone += 1
        return away

    def _ask(self, patient: Patient, contact: Contact) -> Request:
        """Asks for a unit of the offer's pool; of several in their order, none before an appointment's second."""
        says, pool = self.says, self.pools[contact.pool]
        request = pool.ask(patient, contact, contact.request + self.says.target(patient, contact))
        if says.is_plain[contact.offer]:
            pool.join(request)
        else:
            request.turns = [(when, self.pools[p]) for when, p in says.pools_in_turn(patient, contact)]
            request.ask(self.agenda.now)
        return request

    def _limit(self, request: Request) -> None:
        """A patient does not wait where too many do, nor longer than their patience."""
        patient, contact = request.patient, request.contact
        if 0 <= self.m.queue_limit[contact.service] < self.pools[contact.pool].waiting:
            request.go_away(TURNED_AWAY)
            return
        ends = contact.request + self.says.patience(patient, contact)
        self.patience.add(request, max(ends, self.agenda.now))
        request.expect_turn()

    def _serve(self, patient: Patient, contact: Contact) -> ProcessGenerator:
        """From start to end of a service, which the end of a shift may interrupt."""
        going_on = True
        while going_on:
            try:
                yield contact.ends
                going_on = False
            except Interrupt as end_of_shift:
                yield cast(Request, end_of_shift.cause)  # to go on
        self.services.end(patient, contact)

    def _record(self, contact: Contact, outcome: int) -> None:
        """Adds a contact to the table."""
        contact.outcome = outcome
        self.contacts.append(contact)


__all__ = ["simulate"]
