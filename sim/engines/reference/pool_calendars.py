"""What the calendar does in a run: capacities rise and fall, shifts end, sites close, services may start again."""

from __future__ import annotations

from simpy.events import ProcessGenerator

from sim.engines.reference.agenda import Agenda, Moment
from sim.engines.reference.decisions import Decisions
from sim.engines.reference.pools import Pool
from sim.engines.reference.signals import Signals
from sim.engines.reference.ways import TURNED_AWAY
from sim.model.codes import EventClass

CAPACITY = EventClass.CAPACITY


class Calendars:
    """Keeps the pools of a run to their calendars.

    Within a second: capacities, ends of overtime, closings, hours of starting, ends of signals' periods.
    """

    def __init__(self, says: Decisions, agenda: Agenda, pools: list[Pool], signals: Signals, horizon: int) -> None:
        self.says, self.m, self.signals = says, says.m, signals
        self.agenda, self.pools = agenda, pools
        for pool in pools:
            agenda.process(self._follow(pool, self._open(pool)))
        for offer in range(len(self.m.offer_pool)):
            agenda.process(self._close(offer, self._closings(offer)))
        for service in range(len(self.m.starts_limited)):
            agenda.process(self._open_starts(service))
        for signal, over in enumerate(self.m.signal_over_s):
            if over:
                agenda.process(self._end_periods(signal, range(over, horizon, over)))

    def _open(self, pool: Pool) -> list[tuple[int, int]]:
        """Gives a pool the units that it has when the run starts; returns the seconds of change, and the units then."""
        first, last = self.m.capacity_ptr[pool.index], self.m.capacity_ptr[pool.index + 1]
        steps = list(zip(self.m.capacity_time[first:last], self.m.capacity_value[first:last], strict=True))
        pool.capacity = max((s for s in steps if s[0] < 0), default=(0, 0))[1]
        return [s for s in steps if s[0] >= 0]

    def _follow(self, pool: Pool, steps: list[tuple[int, int]]) -> ProcessGenerator:
        overtime = self.m.overtime[pool.index]
        for time, units in steps:
            yield Moment(self.agenda, time, CAPACITY, pool.index)
            if overtime and units < pool.capacity:
                pool.stay_over(pool.capacity, time)
                self.agenda.process(self._end_overtime(pool, time, time + overtime))
            pool.set_capacity(units)

    def _end_overtime(self, pool: Pool, began: int, ends: int) -> ProcessGenerator:
        yield Moment(self.agenda, ends, CAPACITY, len(self.pools) + pool.index)
        if pool.last_call == began:
            pool.overtime_units = 0

    def _closings(self, offer: int) -> list[int]:
        """When those who wait at an offer may have to go: after a day and its overtime, and when a phase closes it."""
        m = self.m
        is_offered = [m.offer_open[f][offer] for f in range(len(m.phase_start))]
        times = {m.phase_start[f] for f in range(1, len(is_offered)) if is_offered[f] < is_offered[f - 1]}
        if not m.keeps_at_close[m.offer_service[offer]]:
            closings = m.open_time[m.open_ptr[offer] + 1 : m.open_ptr[offer + 1] : 2]
            times |= {t + m.overtime[m.offer_pool[offer]] for t in closings}
        return sorted(t for t in times if t >= 0)

    def _close(self, offer: int, closings: list[int]) -> ProcessGenerator:
        pool = self.pools[self.m.offer_pool[offer]]
        for time in closings:
            yield Moment(self.agenda, time, CAPACITY, 2 * len(self.pools) + offer)
            if self.says.accepts(offer, time):
                continue
            waiting = sorted(place for place in pool.queue + pool.unready if place[-1].contact.offer == offer)
            for *_, request in waiting:
                if not request.begun:
                    request.go_away(TURNED_AWAY)

    def _open_starts(self, service: int) -> ProcessGenerator:
        """When its hours of starting begin, the pools in which somebody waits for a service start whoever can."""
        m, first = self.m, 2 * len(self.pools) + len(self.m.offer_pool)
        for time in m.starts_time[m.starts_ptr[service] : m.starts_ptr[service + 1] : 2]:
            if time >= 0:
                yield Moment(self.agenda, time, CAPACITY, first + service)
                for pool in self.pools:
                    if any(request.contact.service == service for *_, request in pool.queue):
                        pool.start_whoever_can()

    def _end_periods(self, signal: int, times: range) -> ProcessGenerator:
        first = 2 * len(self.pools) + len(self.m.offer_pool) + len(self.m.starts_limited)
        for time in times:
            yield Moment(self.agenda, time, CAPACITY, first + signal)
            self.signals.end_period(signal, time)
