"""Each service, or each pool, as a station of a network of queues: who asks, waits, balks and leaves, and how many."""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.measures.columns import Codes
from sim.measures.intervals import TimePersistentCounter, add
from sim.measures.rows import Floats, ratio
from sim.measures.view import ObservedRun, View
from sim.model.codes import Ints, Outcome

HOUR_S = 3600
INSTANT_S = 600  # numbers are looked at so often
LONG_RUN_S = 200 * 24 * HOUR_S  # and in a longer run
LONG_INSTANT_S = 1800
WAITS_S = {"": 0, "10_min": 600, "1_h": HOUR_S, "24_h": 24 * HOUR_S, "30_days": 30 * 24 * HOUR_S}
By = Literal["service", "pool"]


class StationCounts:
    """Of every station: requests by how long they waited, and how many wait and are present over time."""

    def __init__(self, run: ObservedRun, by: By) -> None:
        self.run, self.by = run, by
        self.names: tuple[str, ...] = run.model.services if by == "service" else run.model.pools
        size, self._limits = len(self.names), np.array(list(WAITS_S.values()))
        self.step = INSTANT_S if run.high <= LONG_RUN_S else LONG_INSTANT_S
        marks = np.arange(run.since // self.step, run.high // self.step + 1) * self.step
        self._waiting = TimePersistentCounter(size, marks)
        self._present = TimePersistentCounter(size, marks)
        self._first = (run.low - run.since) // self.step  # piece in which the window begins
        self._shape = size, len(self._limits) + 1, len(self._limits) + 1
        self._joined = np.zeros(int(np.prod(self._shape)), dtype=np.int64)
        self.balked = np.zeros(size, dtype=np.int64)
        self.left = np.zeros(size, dtype=np.int64)

    def add(self, block: View) -> None:
        """More contacts, each with a station."""
        code: Codes = getattr(block, self.by)
        waits = np.flatnonzero(block.wait > 0)
        self._waiting.add(code.take(waits), block.request.take(waits), block.wait_end.take(waits))
        self._present.add(code, block.request, block.out)

    def add_requests(self, requests: View) -> None:
        """More contacts requested in the window, each with a station."""
        code: Codes = getattr(requests, self.by)
        wait = requests.wait
        longer = self._limits.searchsorted(wait, side="left")  # how many limits the wait is above
        early = self._limits.searchsorted(self.run.high - requests.request, side="right")  # how many could be seen
        cell = (code * np.int64(self._shape[1]) + longer) * self._shape[2] + early
        add(self._joined, cell)
        turned = np.flatnonzero((requests.outcome == Outcome.TURNED_AWAY) & (wait == 0))
        add(self._joined, cell.take(turned), -1)
        add(self.balked, code.take(turned))
        add(self.left, code.take(np.flatnonzero(requests.outcome == Outcome.LEFT)))

    @property
    def entrants(self) -> Ints:
        """[stations] requests in the window that were not turned away at once."""
        numbers: Ints = self._joined.reshape(self._shape).sum(axis=(1, 2))
        return numbers

    def longer_shares(self) -> dict[str, Floats]:
        """By limit of ``WAITS_S``, the share of each station's requests that waited longer.

        Of those who joined so long before the end of the run that it could be seen.
        """
        numbers = self._joined.reshape(self._shape)
        return {
            name: ratio(numbers[:, j + 1 :, j + 1 :].sum(axis=(1, 2)), numbers[:, :, j + 1 :].sum(axis=(1, 2)))
            for j, name in enumerate(WAITS_S)
        }

    def waiting_s(self) -> Ints:
        """[stations] seconds waited in the window, by all together."""
        return self._seconds(self._waiting)

    def present_s(self) -> Ints:
        """[stations] seconds present in the window, waiting or treated, by all together."""
        return self._seconds(self._present)

    def wait_means(self) -> Floats:
        """[stations] mean wait in hours of those who joined, by Little's law: time waited in the window over them."""
        return ratio(self.waiting_s(), self.entrants, 1, HOUR_S)

    def waiting_quantile(self, percent: int) -> Ints:
        """[stations] the number waiting that is not exceeded at ``percent`` of the window's instants."""
        return self._quantile(self._waiting, percent)

    def present_quantile(self, percent: int) -> Ints:
        """[stations] the number present that is not exceeded at ``percent`` of the window's instants."""
        return self._quantile(self._present, percent)

    def present_by_hour(self) -> Ints:
        """[stations, hours of the run] seconds present."""
        pieces = self._present.pieces()
        hours: Ints = pieces.reshape(len(pieces), -1, HOUR_S // self.step).sum(axis=2)
        return hours

    def _seconds(self, counter: TimePersistentCounter) -> Ints:
        total: Ints = counter.pieces()[:, self._first :].sum(axis=1)
        return total

    def _quantile(self, counter: TimePersistentCounter, percent: int) -> Ints:
        levels = np.sort(counter.levels()[:, self._first :], axis=1)
        at = -(-levels.shape[1] * percent // 100) - 1
        quantile: Ints = levels[:, at]
        return quantile


__all__ = ["HOUR_S", "WAITS_S", "By", "StationCounts"]
