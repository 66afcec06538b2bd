"""Which numbers of patients stand still over the window, and which still grow or shrink."""

from __future__ import annotations

import numpy as np

from sim.measures.rows import NOT_SETTLED, Rows, ratio
from sim.measures.spells import overlap, spent, sums
from sim.measures.window import Codes, Mask, Run
from sim.tables import Ints

DAY_S = 24 * 3600
DAYS = 7
TOLERANCE = 10  # a change of at most 1/10 of the larger end is no change
ERRORS = 4  # standard errors that a change must pass


class Drift:
    """Judges numbers of patients over time: those who wait, are present, or keep a bed.

    Rule, our own after the idea of Geweke (1992, Bayesian Statistics 4, 169-193) to hold the first part of a series
    against the last: a number still moves if its mean over the last third of the window differs from that over the
    first third by more than 10 % of the larger, and by more than four standard errors. A third is cut to whole weeks,
    if it holds one, and its days are paired with the same days of the other end, so that neither the hours nor the
    days of the week are taken for a change; the standard error is that of the pairs' mean. A third without a whole
    week is cut in seven equal pieces. A mere Poisson error would call every long queue moving, since queues remember.
    """

    def __init__(self, run: Run) -> None:
        third = run.seconds // 3
        weeks = third // (DAYS * DAY_S)
        self.pieces = DAYS * max(weeks, 1)
        self.length = DAY_S if weeks else max(third // DAYS, 1)
        part = np.arange(self.pieces + 1) * self.length
        self.first = run.low + part
        self.last = run.high - part[::-1]

    def moving(self, code: Codes, begin: Ints, finish: Ints, size: int) -> Mask:
        """[size] whether the number of stretches [begin, finish) under way still moves, by group."""
        seen = ((begin < self.first[-1]) & (finish > self.first[0])) | (
            (begin < self.last[-1]) & (finish > self.last[0])
        )
        marks = np.concatenate([self.first, self.last])
        pieces = spent(code[seen], begin[seen], finish[seen], size, marks)
        return moves(pieces[:, : self.pieces], pieces[:, -self.pieces :])

    def notes(self, code: Codes, begin: Ints, finish: Ints, size: int) -> list[str]:
        """'not settled' for each group whose number still moves, else nothing."""
        return [NOT_SETTLED if moved else "" for moved in self.moving(code, begin, finish, size).tolist()]


def moves(first: Ints, last: Ints) -> Mask:
    """[groups] whether two paired series [groups, pieces] differ by more than tolerance and error."""
    pairs = first.shape[1]
    change = last - first
    total = change.sum(axis=1)
    large = np.abs(total) * TOLERANCE > np.maximum(first.sum(axis=1), last.sum(axis=1))
    error = change.std(axis=1, ddof=1) / pairs**0.5
    sure: Mask = np.abs(total) / pairs > ERRORS * error
    moved: Mask = large & sure
    return moved


def measure_queues(run: Run, drift: Drift, rows: Rows) -> None:
    """waiting_mean and settled, by service."""
    services = run.model.services
    waits = run.all.where(run.all.wait_end > run.all.request)
    waited = sums(waits.service, overlap(waits.request, waits.wait_end, run.low, run.high), len(services))
    notes = drift.notes(waits.service, waits.request, waits.wait_end, len(services))
    rows.add("waiting_mean", "service", services, ratio(waited, [run.seconds] * len(services)), notes)
    rows.add("settled", "service", services, np.array([0.0 if note else 1.0 for note in notes]))


__all__ = ["Drift", "measure_queues", "moves"]
