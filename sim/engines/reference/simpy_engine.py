"""The reference engine: one generator per episode on SimPy's events, which tells the journey as a clinician would."""

from __future__ import annotations

import gc
from array import array
from struct import Struct

import numpy as np

from sim.engines.audit.identities import check_identities
from sim.engines.audit.tally import Tally
from sim.engines.reference.agenda import Agenda
from sim.engines.reference.decisions import FELL_BACK, INITIAL, NO_FAILURE, NOWHERE, VISITS, Decisions
from sim.engines.reference.events import Journey, once
from sim.engines.reference.patient_arrivals import Arrivals
from sim.engines.reference.patients import Patient
from sim.engines.reference.pool_calendars import Calendars
from sim.engines.reference.pools import GONE, STARTED, WAITING, Pool, Request, count
from sim.model.codes import ABSENT, Action, Codes, EventClass, Mode, Outcome
from sim.model.tables import CONTACT_COLUMNS, Contacts, Episodes, Model

_, SERVICE_END, _, REQUEST, _, FOLLOW_UP = map(int, EventClass)
WALK_IN, BOOKED, REMOTE, OUTREACH = map(int, Mode)
EXIT, AT_ONCE, HOLDING, FOLLOW, _ = map(int, Action)
DONE, LEFT, TURNED_AWAY, UNSERVED, _, _ = map(int, Outcome)
START, END, RELEASE, OUTCOME = (CONTACT_COLUMNS.index(c) for c in ("start", "end", "release", "outcome"))
DOOR = -1  # the last stop of Tally.onward
NOT_YET = array("q", (ABSENT, ABSENT, ABSENT, int(Outcome.OPEN)))  # start, end, release, outcome of a new contact
asked_for = Struct(f"{len(CONTACT_COLUMNS) - len(NOT_YET)}q").pack  # the columns before, as the table holds them


def simulate(model: Model, episodes: Episodes) -> Contacts:
    """What happens to the episodes: one row a contact, in the order in which they were asked for.

    The run ends at ``model.horizon``; what has not ended by then is in the table with outcome OPEN. Raises
    ``BrokenIdentity`` if the contacts are not what the engine counted event by event, or not what the model allows.
    """
    collecting = gc.isenabled()
    gc.disable()  # a run makes millions of events and frees them by reference count alone
    try:
        run = Run(model, episodes)
        contacts = run.contacts()
        check_identities(model, episodes, contacts, run.tally())
        return contacts
    finally:
        if collecting:
            gc.enable()


class Run:
    """One run: the decisions of the model, the pools, and the growing table of contacts."""

    def __init__(self, model: Model, episodes: Episodes) -> None:
        self.horizon = model.horizon
        self.zones = len(model.zones)
        self.says = Decisions(model)
        self.m = self.says.m
        self.model, self.episodes = model, episodes
        self.table = array("q")  # the contacts, row after row
        self.offers = len(model.offer_pool)
        self.onward = [0] * (self.offers + len(model.services) + 1)  # see Tally
        self.unasked = [0] * len(self.onward)
        self.env = Agenda(model.horizon, lambda request: self._give_up(request, LEFT))
        self.pools = [self._pool(p) for p in range(len(model.pools))]
        Calendars(self.says, self.env, self.pools, lambda request: self._give_up(request, TURNED_AWAY))

    def _pool(self, p: int) -> Pool:
        pool = Pool(p, self.model.pools[p], self.env, self._begin)
        if self.m.tour_milli[p]:
            pool.fits = self._fits_the_shift
        return pool

    def contacts(self) -> Contacts:
        """Runs to the horizon and returns the table."""
        Arrivals(self.model, self.episodes, self.env, self._journey)
        self.env.run_until_horizon()
        table = np.frombuffer(self.table, dtype=np.int64).reshape(-1, len(CONTACT_COLUMNS)).T.copy()
        narrow = table.astype(np.int32)
        columns: list[Codes] = list(narrow if (narrow == table).all() else table)
        return Contacts(**dict(zip(CONTACT_COLUMNS, columns, strict=True)))

    def tally(self) -> Tally:
        """What was counted, when the horizon is reached."""
        return count(self.pools, self.horizon, self.onward, self.unasked)

    # the journey

    def _journey(self, patient: Patient) -> Journey:
        """One episode from its first contact to its last."""
        env, m, says = self.env, self.m, self.says
        service, origin, fails = says.first_contact(patient)
        place = home = patient.home
        stop = DOOR
        self.onward[stop] += 1
        held: Request | None = None  # the contact whose unit is kept
        holding = False
        path: tuple[int, ...] = ()  # services asked for so far
        for step in range(VISITS):
            visit, mode, now = path.count(service) + 1, m.mode[service], env.now
            path += (service,)
            site = says.site(patient, service, visit, place, step, now)
            if site == NOWHERE and m.fallback[service] >= 0:
                service, origin, fails = m.fallback[service], FELL_BACK, NO_FAILURE
                continue
            start = place if mode == WALK_IN else home
            if held is not None:
                held = self._keep(held, holding, service, site)
            if site == NOWHERE:
                self.table[self._record(patient.index, step, service, -1, -1, origin, start, now) + OUTCOME] = UNSERVED
                break
            place = self.zones + site if mode == WALK_IN and site >= 0 else home
            travel = m.travel_s[start][site] if place != start and origin != INITIAL else 0
            if travel or (origin != INITIAL and env.is_more_now()):  # otherwise the request is next in any case
                self._wake(now + travel, REQUEST, patient, stop)
                yield
            request = self._ask(patient, step, service, visit, site, origin, start, held)
            if request is None:
                self.unasked[stop] += 1
                return  # was over before the run began
            yield  # until service ends, or the patient goes away
            now = env.now
            if request.state == STARTED:
                held = self._finish(request, now)
                if mode == BOOKED and site >= 0:
                    place = self.zones + site
            else:
                self._release(held)
                held = None
            action, service, origin, delay = says.after(patient, request, fails, now)
            fails, holding = NO_FAILURE, action == HOLDING
            if action == EXIT:
                break
            stop = self._goes_on(request)
            if action == FOLLOW:
                self._release(held)
                held, place = None, home
                self._wake(now + delay, FOLLOW_UP, patient, stop)
                yield
        else:
            self.unasked[stop] += 1
        self._release(held)

    def _wake(self, when: int, kind: int, patient: Patient, stop: int) -> None:
        """What a patient who is on the way from a stop waits for."""
        if when >= self.horizon:
            self.unasked[stop] += 1
        self.env.wake(when, kind, patient.index, patient)

    def _goes_on(self, request: Request) -> int:
        """The stop that a patient leaves for another contact."""
        stop = request.offer if request.offer >= 0 else self.offers + request.service
        self.onward[stop] += 1
        return stop

    def _ask(
        self, patient: Patient, step: int, service: int, visit: int, site: int, origin: int, place: int,
        held: Request | None,
    ) -> Request | None:  # fmt: skip
        """Makes the contact and joins the queue; None for an initial patient who was gone before the run."""
        m, now = self.m, self.env.now
        offer = m.offer[site][service] if site >= 0 else -1
        p = m.offer_pool[offer] if offer >= 0 else -1
        pool = self.pools[p] if p >= 0 else None
        asked = patient.time if origin == INITIAL else now
        request = Request(patient, service, visit, offer, pool, asked)
        if origin == INITIAL and not self._was_there(request):
            return None
        request.row = self._record(patient.index, step, service, site, p, origin, place, asked)
        if held is not None and held.pool is pool is not None:
            self.table[held.row + RELEASE] = now
            pool.starts += 1
            self._begin(request)
            return request
        request.held = held
        if pool is None:
            self._begin(request)
        else:
            self._queue(request, pool, step)
        return request

    def _was_there(self, request: Request) -> bool:
        """Whether an initial request is still in service or in the queue when the run starts."""
        patient, service, visit, asked = request.patient, request.service, request.visit, request.time
        if asked > -self.m.start_queue[service]:
            return asked + self.says.patience(patient, service, visit, asked) > 0
        return asked + self.says.duration(patient, service, self._course(request), asked) > 0

    def _queue(self, request: Request, pool: Pool, step: int) -> None:
        says, patient, service, asked = self.says, request.patient, request.service, request.time
        if not says.always_accepts[request.offer] and not says.accepts(request.offer, self.env.now):
            self._go_away(request, TURNED_AWAY)
            return
        pool.join(request, asked + says.target(patient, service, asked), step)
        if request.state == WAITING:
            if 0 <= self.m.queue_limit[service] < pool.waiting:
                self._give_up(request, TURNED_AWAY)
                return
            ends = asked + says.patience(patient, service, request.visit, asked)
            if ends < self.horizon:
                self.env.add_deadline(request, max(ends, self.env.now))

    def _give_up(self, request: Request, outcome: int) -> None:
        """Patience ended, the site closed, or the queue is full: who waits goes on at once."""
        if request.state == WAITING:
            assert request.pool is not None
            request.pool.leave()
            self._go_away(request, outcome)

    def _go_away(self, request: Request, outcome: int) -> None:
        assert request.pool is not None
        request.pool.gone += 1
        request.state, request.outcome = GONE, outcome
        self.table[request.row + OUTCOME] = outcome
        self.table[request.row + RELEASE] = self.env.now
        self.env.wake(self.env.now, 0, 0, request.patient)

    def _begin(self, request: Request) -> None:
        """Service starts. What the patient held elsewhere is free from now on, at once."""
        patient, pool, now = request.patient, request.pool, self.env.now
        start = now
        if request.time < 0 and now == 0 and request.time <= -self.m.start_queue[request.service]:
            start = request.time
        request.state = STARTED
        self.table[request.row + START] = start
        busy = self.says.duration(patient, request.service, self._course(request), start)
        if pool is not None and self.m.tour_milli[pool.index]:
            drive, tour = self._drive(request, pool), self.m.tour_milli[pool.index]
            back = max(start + (2 * drive + busy) * tour // 1000, now)
            self.env.wake(back, SERVICE_END, patient.index, once(self._release, request))
            busy = (drive + busy) * tour // 1000
        self.env.wake(max(start + busy, now), SERVICE_END, patient.index, patient)
        if request.held is not None:
            held, request.held = request.held, None
            self._release(held)

    def _course(self, request: Request) -> int:
        """Random word of the contact, drawn once: whoever waits for a team is looked at often."""
        if request.course < 0:
            request.course = self.says.course(request.patient, request.service, request.visit)
        return request.course

    def _finish(self, request: Request, now: int) -> Request | None:
        """Service ended: notes it; returns the request if the patient now holds its unit."""
        request.outcome = DONE
        self.table[request.row + OUTCOME] = DONE
        self.table[request.row + END] = now
        if request.pool is None:
            self.table[request.row + RELEASE] = now
            return None
        return None if self.m.tour_milli[request.pool.index] else request

    def _keep(self, held: Request, holding: bool, service: int, site: int) -> Request | None:
        """The held request, if it is still to be held: while holding, or if the patient goes on in the same pool."""
        if holding:
            return held
        if site >= 0 and held.pool is self.pools[self.m.offer_pool[self.m.offer[site][service]]]:
            return held  # every offer has a pool
        self._release(held)
        return None

    def _release(self, held: Request | None) -> None:
        """Frees the unit that a patient holds, if any."""
        if held is not None:
            assert held.pool is not None
            self.table[held.row + RELEASE] = self.env.now
            held.pool.free()

    def _drive(self, request: Request, pool: Pool) -> int:
        """Seconds from the team's base to the patient's home."""
        seconds: int = self.m.travel_s[request.patient.home][self.m.pool_site[pool.index]]
        return seconds

    def _fits_the_shift(self, request: Request) -> bool:
        """Whether the outward drive and the visit, as a tour, end before the shift does, or its overtime."""
        now, pool, says = self.env.now, request.pool, self.says
        assert pool is not None
        visit = says.duration(request.patient, request.service, self._course(request), now)
        busy: int = (self._drive(request, pool) + visit) * self.m.tour_milli[pool.index] // 1000
        overtime: int = self.m.overtime[pool.index]
        return now + busy <= (says.next_closing(pool.index, now) if pool.capacity else pool.last_call + overtime)

    # the table of contacts

    def _record(self, *contact: int) -> int:
        """Adds a contact, its columns from ``episode`` to ``request``; returns where its row begins."""
        row = len(self.table)
        self.table.frombytes(asked_for(*contact))
        self.table.extend(NOT_YET)
        return row


__all__ = ["simulate"]
