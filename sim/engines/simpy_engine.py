"""The reference engine: one generator per episode on SimPy's events, which tells the journey as a clinician would."""

from __future__ import annotations

import gc
from itertools import chain

import numpy as np
from simpy import Environment

from sim.engines.decisions import FELL_BACK, INITIAL, NO_FAILURE, NOWHERE, Decisions
from sim.engines.events import Call, Journey, Wake, at, go_on
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
        self.env = Environment(initial_time=0)
        self.horizon = model.horizon
        self.zones = len(model.zones)
        self.says = Decisions(model, episodes)
        self.m, self.e = self.says.m, self.says.e
        self.rows: list[list[int]] = []
        self.pools = [self._pool(p) for p in range(len(model.pools))]
        self._schedule_closings()

    def contacts(self) -> Contacts:
        """Runs to the horizon and returns the table."""
        go_on(self._arrivals())
        self.env.run(until=self.horizon)
        width = len(CONTACT_COLUMNS)
        flat = np.fromiter(chain.from_iterable(self.rows), dtype=np.int64, count=width * len(self.rows))
        table = flat.reshape(-1, width).T.copy()
        return Contacts(**dict(zip(CONTACT_COLUMNS, table, strict=True)))

    def _wake(self, when: int, kind: int, index: int) -> Wake:
        return at(self.env, Wake(), when, kind, index)  # type: ignore[return-value]

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
            yield self._wake(time, CAPACITY, pool.index)
            if overtime and units < pool.capacity:
                pool.stay_over(pool.capacity, time)
                go_on(self._end_overtime(pool, time, time + overtime))
            pool.set_capacity(units)

    def _end_overtime(self, pool: Pool, began: int, ends: int) -> Journey:
        yield self._wake(ends, CAPACITY, len(self.m.overtime) + pool.index)
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
            yield self._wake(time, CAPACITY, 2 * len(self.pools) + offer)
            waiting = sorted(entry for entry in pool.queue if entry[4].offer == offer)
            for entry in waiting:
                self._give_up(entry[4], TURNED_AWAY)

    # the journey

    def _arrivals(self) -> Journey:
        for i, time in enumerate(self.e["time"]):
            if time >= self.horizon:
                return
            yield self._wake(max(time, 0), ARRIVAL, i)
            go_on(self._journey(i))

    def _journey(self, i: int) -> Journey:
        """One episode from its first contact to its last."""
        env, m, says = self.env, self.m, self.says
        service, origin, fails = says.first_contact(i)
        place = home = self.e["zone"][i]
        held: Request | None = None  # the contact whose unit is kept
        holding = False
        visits: dict[int, int] = {}
        for step in range(STEPS):
            visit = visits[service] = visits.get(service, 0) + 1
            mode = m.mode[service]
            if mode >= REMOTE:
                place = home
            site = says.site(i, service, visit, place, step, env.now)
            if site == NOWHERE and m.fallback[service] >= 0:
                service, origin = m.fallback[service], FELL_BACK
                continue
            held = self._keep(held, holding, service, site)
            if site == NOWHERE:
                self._record(i, step, service, -1, -1, origin, place, env.now, UNSERVED)
                break
            there = self.zones + site if mode == WALK_IN and site >= 0 else place
            travel = m.travel_s[place][site] if there != place else 0
            if travel or env.peek() <= env.now:  # otherwise the request is next in any case
                yield self._wake(env.now + travel, REQUEST, i)
            request = self._ask(i, step, service, visit, site, origin, place, held)
            if request is None:
                return  # was over before the run began
            yield request
            outcome = request.row[OUTCOME]
            if request.state == STARTED:
                outcome = DONE
                held = self._finish(request)
                place = home if mode >= REMOTE or site < 0 else self.zones + site
            else:
                held = self._keep(held, False, -1, -1)
                place = there
            action, service, origin, delay = says.next(i, service, visit, outcome, fails, env.now)
            fails = NO_FAILURE
            holding = action == HOLDING
            if action == EXIT:
                break
            if action == FOLLOW:
                held = self._keep(held, False, -1, -1)
                place = home
                yield self._wake(env.now + delay, FOLLOW_UP, i)
        self._keep(held, False, -1, -1)

    def _ask(
        self, i: int, step: int, service: int, visit: int, site: int, origin: int, place: int, held: Request | None
    ) -> Request | None:
        """Makes the contact and joins the queue; None for an initial patient who was gone before the run."""
        m = self.m
        offer = m.offer[site][service] if site >= 0 else -1
        p = m.offer_pool[offer] if offer >= 0 else -1
        pool = self.pools[p] if p >= 0 else None
        asked = self.e["time"][i] if origin == INITIAL else self.env.now
        request = Request(i, service, visit, offer, pool, asked)
        if origin == INITIAL and not self._was_there(request):
            return None
        request.row = self._record(i, step, service, site, p, origin, place, asked, OPEN)
        if pool is None:
            self._begin(request)
        elif held is not None and held.pool is pool:
            held.row[RELEASE] = self.env.now
            self._begin(request)
        else:
            request.held = held
            self._queue(request, pool, step)
        return request

    def _was_there(self, request: Request) -> bool:
        """Whether an initial request is still in service or in the queue when the run starts."""
        i, service, visit, asked = request.episode, request.service, request.visit, request.time
        if asked > -self.m.start_queue[service]:
            return asked + self.says.patience(i, service, visit, asked) > 0
        return asked + self.says.duration(i, service, visit, asked) > 0

    def _queue(self, request: Request, pool: Pool, step: int) -> None:
        says, i, service, asked = self.says, request.episode, request.service, request.time
        if not self.m.keeps_at_close[service] and not says.is_offer_open(request.offer, self.env.now):
            self._give_up(request, TURNED_AWAY)
            return
        pool.join(request, asked + says.target(i, service, asked), step)
        if request.state == WAITING:
            ends = asked + says.patience(i, service, request.visit, asked)
            if ends < self.horizon:
                leaves = Call(lambda: self._give_up(request, LEFT))
                at(self.env, leaves, max(ends, self.env.now), PATIENCE_END, i)

    def _give_up(self, request: Request, outcome: int) -> None:
        """Patience ended, or the site closed: the patient goes on at once."""
        if request.state == WAITING:
            request.state = GONE
            request.row[OUTCOME] = outcome
            request.row[RELEASE] = self.env.now
            at(self.env, request, self.env.now, 0, 0)

    def _begin(self, request: Request) -> None:
        """Service starts. What the patient held elsewhere is free from now on, at once."""
        i, pool, now = request.episode, request.pool, self.env.now
        start = now
        if request.time < 0 and now == 0 and request.time <= -self.m.start_queue[request.service]:
            start = request.time
        request.state = STARTED
        request.row[START] = start
        busy = self.says.duration(i, request.service, request.visit, start)
        if pool is not None and self.m.tour_milli[pool.index]:
            drive, tour = self._drive(request, pool), self.m.tour_milli[pool.index]
            back = Call(lambda: self._release(request, pool))
            at(self.env, back, start + (2 * drive + busy) * tour // 1000, SERVICE_END, i)
            busy = (drive + busy) * tour // 1000
        at(self.env, request, max(start + busy, now), SERVICE_END, i)
        held, request.held = request.held, None
        if held is not None and held.pool is not None:
            self._release(held, held.pool)

    def _finish(self, request: Request) -> Request | None:
        """Service ended: notes it; returns the request if the patient now holds its unit."""
        row, pool = request.row, request.pool
        row[END] = self.env.now
        row[OUTCOME] = DONE
        if pool is None:
            row[RELEASE] = self.env.now
            return None
        return None if self.m.tour_milli[pool.index] else request

    def _keep(self, held: Request | None, holding: bool, service: int, site: int) -> Request | None:
        """The held request, if it is still to be held: while holding, or if the patient goes on in the same pool."""
        if held is None or holding or held.pool is None:
            return held
        if site >= 0 and self.m.offer_pool[self.m.offer[site][service]] == held.pool.index:
            return held
        self._release(held, held.pool)
        return None

    def _release(self, request: Request, pool: Pool) -> None:
        request.row[RELEASE] = self.env.now
        pool.free()

    def _drive(self, request: Request, pool: Pool) -> int:
        """Seconds from the team's base to the patient's home."""
        return self.m.travel_s[self.e["zone"][request.episode]][self.m.pool_site[pool.index]]

    def _fits_the_shift(self, request: Request) -> bool:
        """Whether the outward drive and the visit end before the pool next closes."""
        now, pool = self.env.now, request.pool
        assert pool is not None
        visit = self.says.duration(request.episode, request.service, request.visit, now)
        closes = self.says.next_closing(pool.index, now)
        return now + self._drive(request, pool) + visit <= closes

    def _record(self, i: int, *rest: int) -> list[int]:
        """Adds a contact (episode, step, service, site, pool, origin, place, request, outcome); returns its row."""
        row = [i, *rest[:-1], ABSENT, ABSENT, ABSENT, rest[-1]]
        self.rows.append(row)
        return row


__all__ = ["simulate"]
