"""The reference engine: one SimPy process per episode, which tells the journey as a clinician would."""

from __future__ import annotations

import gc
from collections.abc import Generator
from functools import lru_cache

import numpy as np
from simpy import Environment, Event

from sim.engines.lists import as_lists
from sim.engines.pools import GONE, STARTED, WAITING, At, Pool, Request
from sim.rules import HALF, draw, is_open, phase_of, pick, quantile, remainder, salt
from sim.tables import (
    ABSENT,
    ACUITIES,
    AGE_GROUPS,
    CONTACT_COLUMNS,
    NEVER,
    ONE,
    Action,
    Contacts,
    Episodes,
    EventClass,
    Mode,
    Model,
    Origin,
    Outcome,
    Purpose,
)

CAPACITY, SERVICE_END, ARRIVAL, REQUEST, PATIENCE_END, FOLLOW_UP = map(int, EventClass)
WALK_IN, BOOKED, REMOTE, OUTREACH = map(int, Mode)
EXIT, AT_ONCE, HOLDING, FOLLOW = map(int, Action)
DONE, LEFT, TURNED_AWAY, UNSERVED, OPEN = map(int, Outcome)
CHOICE, COURSE, WAIT, AGAIN = map(int, Purpose)
FIRST, SHIFTED, INDUCED, DETERRED, FELL_BACK, LEFT_ELSEWHERE, REFERRED, FOLLOWED, INITIAL = map(int, Origin)
NO_FAILURE = (-1, 0)
NOWHERE = -2  # no site is open
STEPS = 500  # contacts of one episode; beyond this a pathway has no exit

Journey = Generator[Event, None, None]
Way = tuple[int, int, int, int]  # action, service, origin, delay


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
    """One run: the model as lists, the pools, and the growing table of contacts."""

    def __init__(self, model: Model, episodes: Episodes) -> None:
        self.m = as_lists(model)
        self.horizon = model.horizon
        self.zones = len(model.zones)
        self.places = self.zones + len(model.sites)
        self.redraws = model.redraws
        self.deter_from, self.deter_to = model.deter_from, model.deter_to
        self.env = Environment(initial_time=0)
        self.salt = lru_cache(maxsize=None)(lambda s, v, p: salt(self.m.service_hash[s], v, p))
        self.e = {name: getattr(episodes, name).tolist() for name in episodes.__dataclass_fields__}
        self.group = ((episodes.need * len(AGE_GROUPS) + episodes.age) * 5 + episodes.acuity).tolist()
        self.rows: dict[str, list[int]] = {name: [] for name in CONTACT_COLUMNS}
        self.pools = [self._pool(p) for p in range(len(model.pools))]
        self._schedule_closings()

    def contacts(self) -> Contacts:
        """Runs to the horizon and returns the table."""
        self.env.process(self._arrivals())
        self.env.run(until=self.horizon)
        return Contacts(**{name: np.array(values, dtype=np.int64) for name, values in self.rows.items()})

    # what the calendar does

    def _pool(self, p: int) -> Pool:
        pool = Pool(p, self._begin)
        m = self.m
        if m.tour_milli[p]:
            pool.fits = self._fits_the_shift
        first, last = m.capacity_ptr[p], m.capacity_ptr[p + 1]
        steps = list(zip(m.capacity_time[first:last], m.capacity_value[first:last], strict=True))
        pool.capacity = max((s for s in steps if s[0] < 0), default=(0, 0))[1]
        self.env.process(self._follow_calendar(pool, [s for s in steps if 0 <= s[0] < self.horizon]))
        return pool

    def _follow_calendar(self, pool: Pool, steps: list[tuple[int, int]]) -> Journey:
        for time, units in steps:
            yield At(self.env, time, CAPACITY, pool.index)
            overtime = self.m.overtime[pool.index]
            if overtime and units < pool.capacity:
                pool.stay_over(pool.capacity, time)
                ends = At(self.env, time + overtime, CAPACITY, len(self.pools) + pool.index)
                ends.callbacks = [lambda _, pool=pool, time=time: self._end_overtime(pool, time)]
            pool.set_capacity(units)

    @staticmethod
    def _end_overtime(pool: Pool, began: int) -> None:
        if pool.last_call == began:
            pool.overtime_units = 0

    def _schedule_closings(self) -> None:
        """Where a service does not keep its queue, closing sends those who wait to the fallback."""
        m = self.m
        for g, service in enumerate(m.offer_service):
            if m.keeps_at_close[service] or m.offer_pool[g] < 0:
                continue
            closings = m.open_time[m.open_ptr[g] + 1 : m.open_ptr[g + 1] : 2]
            self.env.process(self._turn_away(g, [t for t in closings if 0 <= t < self.horizon]))

    def _turn_away(self, offer: int, closings: list[int]) -> Journey:
        pool = self.pools[self.m.offer_pool[offer]]
        for time in closings:
            yield At(self.env, time, CAPACITY, 2 * len(self.pools) + offer)
            waiting = sorted(entry for entry in pool.queue if entry[4].offer == offer)
            for entry in waiting:
                self._give_up(entry[4], TURNED_AWAY)

    # the journey

    def _arrivals(self) -> Journey:
        for i, time in enumerate(self.e["time"]):
            if time >= self.horizon:
                return
            yield At(self.env, max(time, 0), ARRIVAL, i)
            self.env.process(self._journey(i))

    def _journey(self, i: int) -> Journey:
        """One episode from its first contact to its last."""
        env, m = self.env, self.m
        service, origin, fails = self._first_contact(i)
        place = home = self.e["zone"][i]
        held: Request | None = None  # the contact whose unit is kept
        holding = False
        visits: dict[int, int] = {}
        for step in range(STEPS):
            visit = visits[service] = visits.get(service, 0) + 1
            mode = m.mode[service]
            if mode >= REMOTE:
                place = home
            site = self._choose_site(i, service, visit, place, step)
            if site == NOWHERE and m.fallback[service] >= 0:
                service, origin = m.fallback[service], FELL_BACK
                continue
            held = self._keep(held, holding, service, site)
            if site == NOWHERE:
                self._record(i, step, service, -1, -1, origin, place, UNSERVED)
                break
            there = self.zones + site if mode == WALK_IN else place
            travel = m.travel_s[place][site] if there != place else 0
            yield At(env, env.now + travel, REQUEST, i)
            request = self._ask(i, step, service, visit, site, origin, place, held)
            if request is None:
                return  # was over before the run began
            yield request
            if request.outcome == DONE:
                place = home if mode >= REMOTE or site < 0 else self.zones + site
                held = self._finish(request)
            else:
                held = self._keep(held, False, -1, -1)
                place = there
            action, service, origin, delay = self._next(i, request, fails)
            fails = NO_FAILURE
            holding = action == HOLDING
            if action == EXIT:
                break
            if action == FOLLOW:
                held = self._keep(held, False, -1, -1)
                place = home
                yield At(env, env.now + delay, FOLLOW_UP, i)
        self._keep(held, False, -1, -1)

    def _first_contact(self, i: int) -> tuple[int, int, tuple[int, int]]:
        """Service and origin of the first contact, and (old service, delay) if a lever's shift is going to fail."""
        m, e = self.m, self.e
        if e["service"][i] >= 0:
            return e["service"][i], INITIAL if e["site"][i] >= 0 else INDUCED, NO_FAILURE
        phase, group, word = phase_of(m.phase_start, e["time"][i]), self.group[i], e["shift_draw"][i]
        row = m.first_row[phase][group]
        service = m.first_item[pick(m.first_cum, m.first_ptr[row], m.first_ptr[row + 1], e["first_draw"][i])]
        row = m.shift_row[phase][group][service]
        if row >= 0:
            first, last = m.shift_ptr[row], m.shift_ptr[row + 1]
            j = pick(m.shift_cum, first, last, word)
            if j < last:
                return self._shifted(service, m.shift_item[j], remainder(m.shift_cum, first, j, word))
        if service == self.deter_from and word >= ONE - m.deter[phase][e["zone"][i]][group % ACUITIES]:
            return self.deter_to, DETERRED, NO_FAILURE
        return service, FIRST, NO_FAILURE

    def _shifted(self, service: int, shift: int, word: int) -> tuple[int, int, tuple[int, int]]:
        m = self.m
        fail = m.shift_fail[shift]
        if word >= fail:
            return m.shift_to[shift], SHIFTED, NO_FAILURE
        return m.shift_to[shift], SHIFTED, (service, quantile(m.quantile[m.shift_delay[shift]], (word << 32) // fail))

    def _choose_site(self, i: int, service: int, visit: int, place: int, step: int) -> int:
        """Site of a contact, -1 where the service needs none, NOWHERE if no site is open."""
        m, e = self.m, self.e
        chosen = m.choice_set[service][e["need"][i]][e["age"][i]]
        if chosen < 0:
            return -1 if chosen == -1 else NOWHERE
        if step == 0 and e["site"][i] >= 0:
            return e["site"][i]
        key, now = e["key"][i], self.env.now
        if place >= self.zones and m.offer[place - self.zones][service] >= 0 and self._serves(chosen, place, now, service):
            return place - self.zones
        row = chosen * self.places + place
        word = draw(key, self.salt(service, visit, CHOICE))
        last = m.added_ptr[row + 1]
        j = pick(m.added_cum, m.added_ptr[row], last, word & HALF)
        if j < last and self._open(m.added_site[j], service, now):
            return m.added_site[j]
        first, last = m.choice_ptr[row], m.choice_ptr[row + 1]
        for again in range(self.redraws + 1):
            if again:
                word = draw(key, self.salt(service, visit * 32 + again, AGAIN))
            j = pick(m.choice_cum, first, last, word >> 32)
            if j < last and self._open(m.choice_site[j], service, now):
                return m.choice_site[j]
        for site in m.nearest_site[m.nearest_ptr[row] : m.nearest_ptr[row + 1]]:
            if self._open(site, service, now):
                return site
        return NOWHERE

    def _serves(self, chosen: int, place: int, now: int, service: int) -> bool:
        """Whether the site where the patient is serves this patient now: then the patient stays."""
        row = chosen * self.places + place
        sites = self.m.nearest_site[self.m.nearest_ptr[row] : self.m.nearest_ptr[row + 1]]
        return bool(sites) and sites[0] == place - self.zones and self._open(sites[0], service, now)

    def _open(self, site: int, service: int, now: int) -> bool:
        m = self.m
        g = m.offer[site][service]
        return is_open(m.open_time, m.open_ptr[g], m.open_ptr[g + 1], now)

    def _ask(
        self, i: int, step: int, service: int, visit: int, site: int, origin: int, place: int, held: Request | None
    ) -> Request | None:
        """Makes the contact and joins the queue; None for an initial patient who was gone before the run."""
        m, now = self.m, self.env.now
        g = m.offer[site][service] if site >= 0 else -1
        p = m.offer_pool[g] if g >= 0 else -1
        pool = self.pools[p] if p >= 0 else None
        asked = self.e["time"][i] if origin == INITIAL else now
        request = Request(self.env, pool, i, service, visit)
        request.time, request.offer, request.held = asked, g, held
        if origin == INITIAL and not self._was_there(request):
            return None
        request.row = self._record(i, step, service, site, p, origin, place, OPEN, asked)
        if pool is None:
            self._begin(request)
        elif held is not None and held.pool is pool:
            self._release_row(held)
            request.held = None
            self._begin(request)
        else:
            self._queue(request, step)
        return request

    def _was_there(self, request: Request) -> bool:
        """Whether an initial request is still in service or in the queue when the run starts."""
        queued = request.time > -self.m.start_queue[request.service]
        ends = request.time + (self._patience(request) if queued else self._duration(request, request.time))
        return ends > 0

    def _queue(self, request: Request, step: int) -> None:
        m, now, i = self.m, self.env.now, request.episode
        if m.keeps_at_close[request.service] == 0 and not is_open(
            m.open_time, m.open_ptr[request.offer], m.open_ptr[request.offer + 1], now
        ):
            self._give_up(request, TURNED_AWAY)
            return
        phase = phase_of(m.phase_start, request.time)
        due = request.time + m.target[phase][request.service][self.group[i] % ACUITIES]
        request.pool.join(request, due, step)
        if request.state == WAITING:
            ends = request.time + self._patience(request)
            if ends < self.horizon:
                leaves = At(self.env, max(ends, now), PATIENCE_END, i)
                leaves.callbacks = [lambda _: self._give_up(request, LEFT)]

    def _give_up(self, request: Request, outcome: int) -> None:
        """Patience ended, or the site closed: the patient goes on at once."""
        if request.state != WAITING:
            return
        request.state, request.outcome = GONE, outcome
        self.rows["outcome"][request.row] = outcome
        self._release_row(request)
        request.fire(0, 0)

    def _begin(self, request: Request) -> None:
        """Service starts. What the patient held elsewhere is free from now on, at once."""
        m, now, i = self.m, self.env.now, request.episode
        start = now
        if request.time < 0 and now == 0 and request.time <= -m.start_queue[request.service]:
            start = request.time
        request.state = STARTED
        self.rows["start"][request.row] = start
        busy = self._duration(request, start)
        if request.pool is not None and m.tour_milli[request.pool.index]:
            drive = self._drive(request)
            tour = m.tour_milli[request.pool.index]
            back = At(self.env, start + (2 * drive + busy) * tour // 1000, SERVICE_END, i)
            back.callbacks = [lambda _: self._release(request)]
            busy = (drive + busy) * tour // 1000
        request.fire(max(start + busy - now, 0), SERVICE_END << 40 | i)
        if request.held is not None:
            self._release(request.held)
            request.held = None

    def _finish(self, request: Request) -> Request | None:
        """Service ended: notes it; returns the request if the patient now holds its unit."""
        self.rows["end"][request.row] = self.env.now
        self.rows["outcome"][request.row] = DONE
        if request.pool is None:
            self.rows["release"][request.row] = self.env.now
            return None
        return None if self.m.tour_milli[request.pool.index] else request

    def _keep(self, held: Request | None, holding: bool, service: int, site: int) -> Request | None:
        """The held request, if it is still to be held: while holding, or if the patient goes on in the same pool."""
        if held is None or holding:
            return held
        if site >= 0 and self.m.offer_pool[self.m.offer[site][service]] == held.pool.index:
            return held
        self._release(held)
        return None

    def _release(self, request: Request) -> None:
        self._release_row(request)
        request.pool.free()

    def _release_row(self, request: Request) -> None:
        self.rows["release"][request.row] = self.env.now

    # what the tables say

    def _duration(self, request: Request, start: int) -> int:
        table = self.m.duration[phase_of(self.m.phase_start, start)][request.service][self.group[request.episode]]
        return quantile(self.m.quantile[table], self._word(request, COURSE) >> 32)

    def _patience(self, request: Request) -> int:
        table = self.m.patience[phase_of(self.m.phase_start, request.time)][request.service][self.group[request.episode]]
        return NEVER if table < 0 else quantile(self.m.quantile[table], self._word(request, WAIT) >> 32)

    def _drive(self, request: Request) -> int:
        return self.m.travel_s[self.e["zone"][request.episode]][self.m.pool_site[request.pool.index]]

    def _fits_the_shift(self, request: Request) -> bool:
        """Whether the outward drive and the visit end before the pool next closes."""
        m, now, p = self.m, self.env.now, request.pool.index
        needed = now + self._drive(request) + self._duration(request, now)
        first, last = m.capacity_ptr[p], m.capacity_ptr[p + 1]
        closes = pick(m.capacity_time, first, last, now)
        while closes < last and m.capacity_value[closes] > 0:
            closes += 1
        return closes == last or needed <= m.capacity_time[closes]

    def _next(self, i: int, request: Request, fails: tuple[int, int]) -> Way:
        """What the contact leads to: action, service, origin, delay in seconds."""
        m, done = self.m, request.outcome == DONE
        if done and fails[0] >= 0:
            return FOLLOW, fails[0], FELL_BACK, fails[1]
        phase = phase_of(m.phase_start, self.env.now)
        if request.outcome == TURNED_AWAY and m.fallback[request.service] >= 0:
            return AT_ONCE, m.fallback[request.service], FELL_BACK, 0
        rows = m.next_row if done else m.leave_row
        row = rows[phase][request.service][self.group[i]]
        if row < 0:
            return EXIT, -1, 0, 0
        word = self._word(request, COURSE if done else WAIT) & HALF
        j = pick(m.next_cum, m.next_ptr[row], m.next_ptr[row + 1], word)
        item = m.next_item[j]
        action, delay = m.next_action[item], 0
        if action == FOLLOW:
            delay = quantile(m.quantile[m.next_delay[item]], remainder(m.next_cum, m.next_ptr[row], j, word))
        origin = (FOLLOWED if action == FOLLOW else REFERRED) if done else LEFT_ELSEWHERE
        return action, m.next_service[item], origin, delay

    def _word(self, request: Request, purpose: int) -> int:
        return draw(self.e["key"][request.episode], self.salt(request.service, request.visit, purpose))

    def _record(
        self, i: int, step: int, service: int, site: int, pool: int, origin: int, place: int, outcome: int,
        asked: int | None = None,
    ) -> int:  # fmt: skip
        """Adds a contact; returns its row."""
        rows = self.rows
        row = len(rows["episode"])
        asked = self.env.now if asked is None else asked
        values = (i, step, service, site, pool, origin, place, asked, ABSENT, ABSENT, ABSENT, outcome)
        for name, value in zip(CONTACT_COLUMNS, values, strict=True):
            rows[name].append(value)
        return row
