"""The reference engine: one generator per episode on SimPy's events, which tells the journey as a clinician would."""

from __future__ import annotations

import gc
from array import array

import numpy as np

from sim.engines.agenda import Agenda
from sim.engines.decisions import FELL_BACK, INITIAL, NO_FAILURE, NOWHERE, Decisions
from sim.engines.events import Call, Journey, Timeline, go_on
from sim.engines.patients import Patient, patients
from sim.engines.pools import GONE, STARTED, WAITING, Pool, Request
from sim.tables import ABSENT, CONTACT_COLUMNS, Action, Contacts, Episodes, EventClass, Mode, Model, Outcome

CAPACITY, SERVICE_END, ARRIVAL, REQUEST, PATIENCE_END, FOLLOW_UP = map(int, EventClass)
WALK_IN, BOOKED, REMOTE, OUTREACH = map(int, Mode)
EXIT, AT_ONCE, HOLDING, FOLLOW = map(int, Action)
DONE, LEFT, TURNED_AWAY, UNSERVED, OPEN = map(int, Outcome)
START, END, RELEASE, OUTCOME = (CONTACT_COLUMNS.index(c) for c in ("start", "end", "release", "outcome"))
STEPS = 500  # contacts of one episode; beyond this a pathway has no exit


def simulate(model: Model, episodes: Episodes) -> Contacts:
    """What happens to the episodes: one row a contact, in the order in which they were asked for.

    The run ends at ``model.horizon``; what has not ended by then is in the table with outcome OPEN.
    """
    collecting = gc.isenabled()
    gc.disable()  # a run makes millions of events and frees them by reference count alone
    try:
        return Run(model, episodes).contacts()
    finally:
        if collecting:
            gc.enable()


class Run:
    """One run: the decisions of the model, the pools, and the growing table of contacts."""

    def __init__(self, model: Model, episodes: Episodes) -> None:
        self.env = Timeline(initial_time=0)
        self.horizon = model.horizon
        self.zones = len(model.zones)
        self.says = Decisions(model)
        self.m = self.says.m
        self.model, self.episodes = model, episodes
        self.table = array("q")  # the contacts, row after row
        self.agenda = Agenda(self.env, model.horizon, lambda request: self._give_up(request, LEFT))
        self.pools = [self._pool(p) for p in range(len(model.pools))]
        self._schedule_closings()

    def contacts(self) -> Contacts:
        """Runs to the horizon and returns the table."""
        go_on(self._arrivals())
        self.env.run(until=self.horizon)
        table = np.frombuffer(self.table, dtype=np.int64).reshape(-1, len(CONTACT_COLUMNS)).T.copy()
        return Contacts(**dict(zip(CONTACT_COLUMNS, table, strict=True)))

    # what the calendar does

    def _pool(self, p: int) -> Pool:
        pool = Pool(p, self._begin)
        m = self.m
        if m.tour_milli[p]:
            pool.fits = self._fits_the_shift
        first, last = m.capacity_ptr[p], m.capacity_ptr[p + 1]
        steps = list(zip(m.capacity_time[first:last], m.capacity_value[first:last], strict=True))
        pool.capacity = max((s for s in steps if s[0] < 0), default=(0, 0))[1]
        go_on(self._follow_calendar(pool, [s for s in steps if 0 <= s[0] < self.horizon]))
        return pool

    def _follow_calendar(self, pool: Pool, steps: list[tuple[int, int]]) -> Journey:
        overtime = self.m.overtime[pool.index]
        for time, units in steps:
            yield self.agenda.wake(time, CAPACITY, pool.index)
            if overtime and units < pool.capacity:
                pool.stay_over(pool.capacity, time)
                go_on(self._end_overtime(pool, time, time + overtime))
            pool.set_capacity(units)

    def _end_overtime(self, pool: Pool, began: int, ends: int) -> Journey:
        yield self.agenda.wake(ends, CAPACITY, len(self.m.overtime) + pool.index)
        if pool.last_call == began:
            pool.overtime_units = 0

    def _schedule_closings(self) -> None:
        """Where a service does not keep its queue, closing sends those who wait to the fallback."""
        m = self.m
        for g, service in enumerate(m.offer_service):
            if m.keeps_at_close[service] or m.offer_pool[g] < 0:
                continue
            closings = m.open_time[m.open_ptr[g] + 1 : m.open_ptr[g + 1] : 2]
            go_on(self._turn_away(g, [t for t in closings if 0 <= t < self.horizon]))

    def _turn_away(self, offer: int, closings: list[int]) -> Journey:
        pool = self.pools[self.m.offer_pool[offer]]
        for time in closings:
            yield self.agenda.wake(time, CAPACITY, 2 * len(self.pools) + offer)
            waiting = sorted(entry for entry in pool.queue if entry[4].offer == offer)
            for entry in waiting:
                self._give_up(entry[4], TURNED_AWAY)

    # the journey

    def _arrivals(self) -> Journey:
        for patient in patients(self.model, self.episodes):
            yield self.agenda.wake(max(patient.time, 0), ARRIVAL, patient.index)
            go_on(self._journey(patient))

    def _journey(self, patient: Patient) -> Journey:
        """One episode from its first contact to its last."""
        env, m, says = self.env, self.m, self.says
        service, origin, fails = says.first_contact(patient)
        place = home = patient.home
        held: Request | None = None  # the contact whose unit is kept
        holding = False
        path: tuple[int, ...] = ()  # services asked for so far
        for step in range(STEPS):
            path += (service,)
            visit, mode, now = path.count(service), m.mode[service], env.now
            if mode >= REMOTE:
                place = home
            site = says.site(patient, service, visit, place, step, now)
            if site == NOWHERE and m.fallback[service] >= 0:
                service, origin = m.fallback[service], FELL_BACK
                continue
            if held is not None:
                held = self._keep(held, holding, service, site)
            if site == NOWHERE:
                self._record(UNSERVED, patient.index, step, service, -1, -1, origin, place, now)
                break
            there = self.zones + site if mode == WALK_IN and site >= 0 else place
            travel = m.travel_s[place][site] if there != place else 0
            if travel or env.peek() <= now:  # otherwise the request is next in any case
                yield self.agenda.wake(now + travel, REQUEST, patient.index)
            request = self._ask(patient, step, service, visit, site, origin, place, held)
            if request is None:
                return  # was over before the run began
            yield request
            now = env.now
            if request.state == STARTED:
                held = self._finish(request, now)
                place = home if mode >= REMOTE or site < 0 else self.zones + site
            else:
                self._let_go(held)
                held = None
                place = there
            action, service, origin, delay = says.after(patient, request, fails, now)
            fails = NO_FAILURE
            holding = action == HOLDING
            if action == EXIT:
                break
            if action == FOLLOW:
                self._let_go(held)
                held = None
                place = home
                yield self.agenda.wake(now + delay, FOLLOW_UP, patient.index)
        self._let_go(held)

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
        request.row = self._record(OPEN, patient.index, step, service, site, p, origin, place, asked)
        if pool is None:
            self._begin(request)
        elif held is not None and held.pool is pool:
            self.table[held.row + RELEASE] = now
            self._begin(request)
        else:
            request.held = held
            self._queue(request, pool, step)
        return request

    def _was_there(self, request: Request) -> bool:
        """Whether an initial request is still in service or in the queue when the run starts."""
        patient, service, visit, asked = request.patient, request.service, request.visit, request.time
        if asked > -self.m.start_queue[service]:
            return asked + self.says.patience(patient, service, visit, asked) > 0
        course = self.says.course(patient, service, visit)
        return asked + self.says.duration(patient, service, course, asked) > 0

    def _queue(self, request: Request, pool: Pool, step: int) -> None:
        says, patient, service, asked = self.says, request.patient, request.service, request.time
        if not self.m.keeps_at_close[service] and not says.is_offer_open(request.offer, self.env.now):
            self._give_up(request, TURNED_AWAY)
            return
        pool.join(request, asked + says.target(patient, service, asked), step)
        if request.state == WAITING:
            ends = asked + says.patience(patient, service, request.visit, asked)
            if ends < self.horizon:
                self.agenda.add_deadline(request, max(ends, self.env.now))

    def _give_up(self, request: Request, outcome: int) -> None:
        """Patience ended, or the site closed: the patient goes on at once."""
        if request.state == WAITING:
            request.state, request.outcome = GONE, outcome
            self.table[request.row + OUTCOME] = outcome
            self.table[request.row + RELEASE] = self.env.now
            self.agenda.add(request, self.env.now, 0, 0)

    def _begin(self, request: Request) -> None:
        """Service starts. What the patient held elsewhere is free from now on, at once."""
        patient, pool, now = request.patient, request.pool, self.env.now
        start = now
        if request.time < 0 and now == 0 and request.time <= -self.m.start_queue[request.service]:
            start = request.time
        request.state = STARTED
        self.table[request.row + START] = start
        request.course = self.says.course(patient, request.service, request.visit)
        busy = self.says.duration(patient, request.service, request.course, start)
        if pool is not None and self.m.tour_milli[pool.index]:
            drive, tour = self._drive(request, pool), self.m.tour_milli[pool.index]
            back = Call(lambda: self._release(request, pool))
            self.agenda.add(back, start + (2 * drive + busy) * tour // 1000, SERVICE_END, patient.index)
            busy = (drive + busy) * tour // 1000
        self.agenda.add(request, max(start + busy, now), SERVICE_END, patient.index)
        held, request.held = request.held, None
        if held is not None:
            self._let_go(held)

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
            return held
        self._let_go(held)
        return None

    def _let_go(self, held: Request | None) -> None:
        """Frees the unit that a patient holds, if any."""
        if held is not None and held.pool is not None:
            self._release(held, held.pool)

    def _release(self, request: Request, pool: Pool) -> None:
        self.table[request.row + RELEASE] = self.env.now
        pool.free()

    def _drive(self, request: Request, pool: Pool) -> int:
        """Seconds from the team's base to the patient's home."""
        seconds: int = self.m.travel_s[request.patient.home][self.m.pool_site[pool.index]]
        return seconds

    def _fits_the_shift(self, request: Request) -> bool:
        """Whether the outward drive and the visit end before the pool next closes."""
        now, pool, says = self.env.now, request.pool, self.says
        assert pool is not None
        course = says.course(request.patient, request.service, request.visit)
        visit = says.duration(request.patient, request.service, course, now)
        return now + self._drive(request, pool) + visit <= says.next_closing(pool.index, now)

    # the table of contacts

    def _record(self, outcome: int, *contact: int) -> int:
        """Adds a contact, its columns from ``episode`` to ``request``; returns where its row begins."""
        row = len(self.table)
        self.table.extend((*contact, ABSENT, ABSENT, ABSENT, outcome))
        return row


__all__ = ["simulate"]
