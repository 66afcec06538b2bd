"""What is to happen, in the order of the contract (docs/model.md, section 9), hour by hour.

A region has hundreds of thousands of patients who wait, most of them for days; one heap of all their ends of patience
and follow-ups is slow for want of cache. Later hours are plain lists, each sorted when its turn comes; SimPy's heap
holds only what is made for the running hour, and who was served in time never enters either.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

from simpy import Environment

from sim.engines.reference.events import Wake, once
from sim.engines.reference.patients import Patient
from sim.engines.reference.pools import WAITING, Request
from sim.model.codes import EventClass

HOUR = 3600
PATIENCE_END = int(EventClass.PATIENCE_END)

Entry = tuple[int, int, int, Wake | Patient]  # as in SimPy: second, order within it, running number, event


class Agenda(Environment):
    """SimPy's environment in whole seconds, by hour. ``give_up`` is told a request whose patience ends while it waits.

    Events here wake one journey each and never fail, so that what SimPy does for others at every event is left out.
    """

    now: int = 0

    def __init__(self, horizon: int, give_up: Callable[[Request], None]) -> None:
        super().__init__()
        hours = range(-(-horizon // HOUR))
        self.horizon = horizon
        self.hour_ends = HOUR
        self.made: list[Entry] = self._queue  # type: ignore[assignment]  # in the running hour for it: a heap
        self.coming: list[Entry] = []  # in the running hour, made before it: the next one is last
        self.later: list[list[Entry]] = [[] for _ in hours]
        self.deadlines: list[list[tuple[int, Request]]] = [[] for _ in hours]
        self.give_up = give_up

    def wake(self, when: int, kind: int, index: int, who: Wake | Patient) -> None:
        """Wakes ``who`` at second ``when``, in the order (class, index) within it; never at the horizon."""
        if when < self.hour_ends:
            heappush(self.made, (when, kind << 40 | index, next(self._eid), who))
        elif when < self.horizon:
            self.later[when // HOUR].append((when, kind << 40 | index, next(self._eid), who))

    def add_deadline(self, request: Request, when: int) -> None:
        """Ends the patience of a request at second ``when``, if it still waits then."""
        if when < self.hour_ends:
            self.wake(when, PATIENCE_END, request.patient.index, once(self.give_up, request))
        elif when < self.horizon:
            self.deadlines[when // HOUR].append((when, request))

    def is_more_now(self) -> bool:
        """Whether something else is to happen in this second."""
        made, coming = self.made, self.coming
        return (len(made) > 0 and made[0][0] <= self.now) or (len(coming) > 0 and coming[-1][0] <= self.now)

    def run_until_horizon(self) -> None:
        """Lets everything happen that is before the horizon."""
        for hour in range(len(self.later)):
            self._turn_to(hour)
            self._run_hour()

    def _turn_to(self, hour: int) -> None:
        for when, request in self.deadlines[hour]:
            if request.state == WAITING:
                self.wake(when, PATIENCE_END, request.patient.index, once(self.give_up, request))
        self.coming, self.later[hour], self.deadlines[hour] = self.later[hour], [], []
        self.coming.sort(reverse=True)
        self.hour_ends = (hour + 1) * HOUR

    def _run_hour(self) -> None:
        """The next of what was made before this hour and of what was made in it, until there is no more."""
        made, coming = self.made, self.coming
        while made or coming:
            if made and not (coming and coming[-1] < made[0]):
                self.now, _, _, who = heappop(made)
            else:
                self.now, _, _, who = coming.pop()
            next(who.journey, None)
