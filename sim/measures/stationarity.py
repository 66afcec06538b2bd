"""Which numbers of patients stand still over the window, and which still grow or shrink."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.measures.columns import Codes, Mask, Times
from sim.measures.intervals import time_between_marks
from sim.measures.rows import NOT_SETTLED, Behind, ratio
from sim.measures.view import ObservedRun
from sim.model.codes import Ints

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
    This is what one run can say; ``sim.results.settled`` judges the runs of a study together.
    """

    def __init__(self, run: ObservedRun) -> None:
        third = run.seconds // 3
        weeks = third // (DAYS * DAY_S)
        self.pieces = DAYS * max(weeks, 1)
        self.length = DAY_S if weeks else max(third // DAYS, 1)
        part = np.arange(self.pieces + 1) * self.length
        self.first = run.low + part
        self.last = run.high - part[::-1]

    @cached_property
    def marks(self) -> Ints:
        """Seconds that bound the pieces of both thirds, and so the window."""
        return np.concatenate([self.first, self.last])

    def movement(self, pieces: Ints) -> Mask:
        """[size] whether the number under way still moves, by group, from the seconds spent between ``marks``."""
        return moves(pieces[:, : self.pieces], pieces[:, -self.pieces :])

    def behind(self, pieces: Ints) -> Behind:
        """The mean number of each group at both ends, from the seconds between ``marks``; 'not settled' if it moves."""
        seconds = [self.pieces * self.length] * len(pieces)
        early, late = (ratio(end.sum(axis=1), seconds) for end in (pieces[:, : self.pieces], pieces[:, -self.pieces :]))
        return Behind(early, late, [NOT_SETTLED if moved else "" for moved in self.movement(pieces).tolist()])

    def moving(self, code: Codes, begin: Times, finish: Times, size: int) -> Mask:
        """[size] whether the number of stretches [begin, finish) under way still moves, by group."""
        return self.movement(time_between_marks(code, begin, finish, size, self.marks))

    def behind_stretches(self, code: Codes, begin: Times, finish: Times, size: int) -> Behind:
        """As ``behind``, of the number of stretches [begin, finish) under way by group."""
        return self.behind(time_between_marks(code, begin, finish, size, self.marks))


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


__all__ = ["Drift", "moves"]
