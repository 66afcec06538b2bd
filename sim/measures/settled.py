"""Which queues stand still over the window, and which still grow or shrink."""

from __future__ import annotations

import numpy as np

from sim.measures.rows import NOT_SETTLED, Rows, ratio
from sim.measures.spells import overlap, sums
from sim.measures.window import Mask, Run
from sim.tables import Ints, Kind

WEEK_S = 7 * 24 * 3600
SHARE = 5  # a change of at most 1/5 of the beginning is no change
NOISE = 3  # standard deviations of a Poisson number, squared below


class Queues:
    """Mean number of waiting patients by service, and whether it is settled.

    Rule: the mean number waiting in the last third of the window differs from that in the first third by at most
    20 %, or by less than 3 x sqrt(mean of the window). A third that holds a week is cut to whole weeks (the first
    and the last of the window), so that one more weekend is not taken for a change.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        waits = run.all.where(run.all.wait_end > run.all.request)
        third = run.seconds // 3
        part = third // WEEK_S * WEEK_S or third
        self.part_s = max(part, 1)
        size = len(run.model.services)

        def waited(low: int, high: int) -> Ints:
            return sums(waits.service, overlap(waits.request, waits.wait_end, low, high), size)

        self.whole = waited(run.low, run.high)
        self.first = waited(run.low, run.low + part)
        self.last = waited(run.high - part, run.high)

    @property
    def settled(self) -> Mask:
        """[S] whether the queue of a service stands still."""
        change = np.abs(self.last - self.first)
        # |a - b| / part < 3 sqrt(whole / window), squared; doubles, since the squares may pass 2**63
        noise = (change / self.part_s) ** 2 < NOISE**2 * (self.whole / self.run.seconds)
        return (change * SHARE <= self.first) | noise

    def note(self, kind: Kind) -> str:
        """'not settled' if any service of a kind is not."""
        return NOT_SETTLED if bool((~self.settled & self.run.services_of(kind)).any()) else ""


def measure_queues(run: Run, queues: Queues, rows: Rows) -> None:
    """waiting_mean and settled, by service."""
    services = run.model.services
    means = ratio(queues.whole, [run.seconds] * len(services))
    for s, service in enumerate(services):
        still = bool(queues.settled[s])
        rows.add("waiting_mean", "service", (service,), means[s : s + 1], "" if still else NOT_SETTLED)
    rows.add("settled", "service", services, queues.settled.astype(np.float64))


__all__ = ["Queues", "measure_queues"]
