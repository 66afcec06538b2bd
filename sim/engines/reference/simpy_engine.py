"""The reference engine: a SimPy process per episode, which tells the journey as a clinician would."""

from __future__ import annotations

import gc
from collections.abc import Generator

import numpy as np
from simpy import Event
from simpy.events import ProcessGenerator

from sim.engines.audit.tally import Tally
from sim.engines.reference.agenda import Agenda, Moment
from sim.engines.reference.contacts import Contact, table_of
from sim.engines.reference.decisions import NO_FAILURE, NOWHERE, VISITS, Decisions
from sim.engines.reference.patience import Patience
from sim.engines.reference.patients import Patient, patients
from sim.engines.reference.pool_calendars import Calendars
from sim.engines.reference.pools import Pool, Request, Teams, count
from sim.model.codes import WAITS, Action, EventClass, Mode, Origin, Outcome
from sim.model.tables import Contacts, Episodes, Model

DOOR = -1  # the last stop of Tally.onward
EXIT, HOLDING, FOLLOW, CARRIED = map(int, (Action.EXIT, Action.HOLDING, Action.FOLLOW_UP, Action.CARRIED))
FELL_BACK, INITIAL = int(Origin.FELL_BACK), int(Origin.INITIAL)
WALK_IN, BOOKED = int(Mode.WALK_IN), int(Mode.BOOKED)
DONE, _, TURNED_AWAY, UNSERVED, OPEN, _ = map(int, Outcome)


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
        self.pools = [self._pool(p, name) for p, name in enumerate(model.pools)]
        self.patience = Patience(self.agenda, self.horizon)
        self.contacts: list[Contact] = []
        self.onward = [0] * (len(model.offer_pool) + len(model.services) + 1)  # see Tally
        self.unasked = [0] * len(self.onward)

    def _pool(self, p: int, name: str) -> Pool:
        return Teams(p, name, self.agenda, self.says) if self.m.tour_milli[p] else Pool(p, name, self.agenda)

    def result(self) -> tuple[Contacts, Tally]:
        """Runs to the horizon; returns the table and what was counted."""
        Calendars(self.says, self.agenda, self.pools)
        there, end = np.searchsorted(self.episodes.time, [0, self.horizon]).tolist()
        self.agenda.process(self._arrivals(0, there, EventClass.REQUEST))
        self.agenda.process(self._arrivals(there, end, EventClass.ARRIVAL))
        self.agenda.run(until=self.horizon)
        return table_of(self.contacts), count(self.pools, self.horizon, self.onward, self.unasked)

    def _arrivals(self, first: int, last: int, kind: EventClass) -> ProcessGenerator:
        """Begins the journeys of some episodes, each at its time; who is there when the run starts, then."""
        for patient in patients(self.model, self.episodes, first, last):
            yield Moment(self.agenda, max(patient.time, 0), kind, patient.index)
            self.agenda.process(self._journey(patient))

    # the journey

    def _journey(self, patient: Patient) -> ProcessGenerator:
        """One episode from its first contact to its last."""
        says, agenda = self.says, self.agenda
        service, origin, failure = says.first_contact(patient)
        action, stop = EXIT, DOOR
        self.onward[stop] += 1
        asked: list[int] = []  # services so far
        for step in range(VISITS):
            asked.append(service)
            site = self._site(patient, service, asked.count(service), step)
            if site == NOWHERE and self.m.fallback[service] >= 0:
                service, origin, failure = self.m.fallback[service], FELL_BACK, NO_FAILURE
                continue
            contact = self._planned(patient, step, service, asked.count(service), site, origin)
            self._set_off(patient, contact)
            if action != HOLDING and not self._is_held(patient, contact.pool):
                self._give_back(patient)
            if site == NOWHERE:
                self._record(contact, UNSERVED)
                break
            yield from self._travel(patient, contact, stop)
            if origin == INITIAL and not self._was_there(patient, contact):
                self.unasked[stop] += 1
                break
            self._record(contact, OPEN)
            contact.outcome = yield from self._wait(patient, contact)
            held = len(patient.held) > 0
            if contact.outcome == OPEN:
                yield from self._serve(patient, contact)
            else:
                contact.release = agenda.now
                self._give_back(patient)
            action, service, origin, delay = says.after(patient, contact, failure, held, agenda.now)
            failure = NO_FAILURE
            self._stay_or_return(patient, contact, action)
            if action == EXIT:
                break
            stop = self._stop(contact)
            self.onward[stop] += 1
            if action == FOLLOW:
                self._give_back(patient)
                patient.place = patient.home
                yield self._on_the_way(patient, stop, delay, EventClass.FOLLOW_UP)
        else:
            self.unasked[stop] += 1
            self._set_off(patient, None)
        self._give_back(patient)

    def _site(self, patient: Patient, service: int, visit: int, step: int) -> int:
        """Site of the next contact, see ``Decisions.site``; by nearest idle, the nearest open one that is."""
        now = self.agenda.now
        if not self.m.choice_idle[service]:
            return self.says.site(patient, service, visit, step, now)
        nearest = self.says.nearest_open(patient, service, step, now)
        idle = [site for site in nearest if site < 0 or self._is_idle(self.m.offer[site][service])]
        return next(iter(idle or nearest), NOWHERE)

    def _is_idle(self, offer: int) -> bool:
        """Whether the first pool of an offer has a unit free and nobody waits for it."""
        pool: int = self.m.offer_pool[offer]
        return pool < 0 or (self.pools[pool].has_free_unit() and self.pools[pool].waiting == 0)

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
        if contact.origin == INITIAL:
            contact.request = patient.time
            return
        travel = m.travel_s[start][site] if patient.place != start else 0
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
        if self._waits(patient, contact):
            return asked + says.patience(patient, contact) > 0
        return asked + says.duration(patient, contact, asked) > 0

    def _wait(self, patient: Patient, contact: Contact) -> Generator[Event, int, int]:
        """Waits for a unit, if the service has some; returns the outcome of who goes away, OPEN when service starts."""
        if contact.pool < 0:
            return OPEN
        pool = self.pools[contact.pool]
        if self._is_held(patient, contact.pool):  # the patient goes on in the unit
            patient.held.pop().release = self.agenda.now
            pool.starts += 1
            return OPEN
        if not self.says.accepts(contact.offer, self.agenda.now):
            pool.gone += 1
            return TURNED_AWAY
        request = pool.ask(patient, contact, contact.request + self.says.target(patient, contact))
        if request.triggered:
            return OPEN  # a unit was free
        self._limit(request)
        return (yield request)

    def _limit(self, request: Request) -> None:
        """A patient does not wait where too many do, nor longer than their patience."""
        pool, patient, contact = request.pool, request.patient, request.contact
        if 0 <= self.m.queue_limit[contact.service] < pool.waiting:
            request.go_away(TURNED_AWAY)
            return
        ends = contact.request + self.says.patience(patient, contact)
        self.patience.add(request, max(ends, self.agenda.now))

    def _serve(self, patient: Patient, contact: Contact) -> ProcessGenerator:
        """From start to end of a service. What the patient held is free at its start; at its end its unit is held."""
        m, says, now = self.m, self.says, self.agenda.now
        contact.start = contact.request if self._was_in_service(patient, contact) else now
        if contact.pool >= 0 and m.tour_milli[contact.pool]:
            busy, away = says.tour(patient, contact, contact.start)
            contact.back = max(contact.start + away, now)
            if not m.carries[contact.service]:
                self._return(contact, contact.back)
        else:
            busy = says.duration(patient, contact, contact.start)
        self._give_back(patient)
        yield Moment(self.agenda, max(contact.start + busy, now), EventClass.SERVICE_END, patient.index)
        contact.outcome, contact.end = DONE, self.agenda.now
        if contact.pool < 0:
            contact.release = contact.end
        elif not m.tour_milli[contact.pool]:
            patient.held.append(contact)
        if m.mode[contact.service] == BOOKED and contact.site >= 0:
            patient.place = self.zones + contact.site

    def _return(self, contact: Contact, when: int) -> None:
        """The team of a contact is at its base at second ``when``."""
        contact.back = -1
        self.agenda.call(when, EventClass.SERVICE_END, contact.episode, lambda _: self._free(contact))

    def _stay_or_return(self, patient: Patient, contact: Contact, action: int) -> None:
        """After a visit, a team that may carry patients stays with who is to be carried; else it drives home."""
        if contact.back >= 0 and action == CARRIED:
            patient.team = contact
        elif contact.back >= 0:
            self._return(contact, contact.back)

    def _set_off(self, patient: Patient, to: Contact | None) -> None:
        """A team that stayed drives the patient to the site of the next contact, and home; else home at once."""
        visit, patient.team = patient.team, None
        if visit is None:
            return
        when = visit.back
        if to is not None and to.site >= 0 and self.m.mode[to.service] == WALK_IN:
            m, base, tour = self.m, self.m.pool_site[visit.pool], self.m.tour_milli[visit.pool]
            home = m.travel_s[self.zones + to.site][base] * tour // 1000
            when = self.agenda.now + m.travel_s[to.place][to.site] + home
        self._return(visit, when)

    def _waits(self, patient: Patient, contact: Contact) -> bool:
        """Whether who is there when the run starts has not started."""
        return patient.first_draw == WAITS or contact.request > -self.m.start_queue[contact.service]

    def _was_in_service(self, patient: Patient, contact: Contact) -> bool:
        """Whether an initial patient whose service starts now had been served before the run."""
        return contact.request < 0 == self.agenda.now and not self._waits(patient, contact)

    def _is_held(self, patient: Patient, pool: int) -> bool:
        """Whether the unit that the patient holds is of a pool."""
        return len(patient.held) > 0 and patient.held[-1].pool == pool

    def _give_back(self, patient: Patient) -> None:
        """Frees the units that a patient holds, top first."""
        while patient.held:
            self._free(patient.held.pop())

    def _free(self, contact: Contact) -> None:
        contact.release = self.agenda.now
        self.pools[contact.pool].free()

    def _record(self, contact: Contact, outcome: int) -> None:
        """Adds a contact to the table."""
        contact.outcome = outcome
        self.contacts.append(contact)


__all__ = ["simulate"]
