"""Weeks that differ: a random factor by group of needs and week of the calendar, the same in every scenario.

A count that is Poisson with a gamma factor of mean 1 is negative binomial (Greenwood & Yule 1920, Journal of the Royal
Statistical Society 83): its variance is mean + cv**2 * mean**2.
"""

from __future__ import annotations

import numpy as np

from sim.demand.words import HALF, stream_of
from sim.model.codes import Ints
from sim.model.rules import quantile
from sim.model.tables import Model


def week_factors(model: Model, root: np.uint64, need: int) -> Ints | None:
    """[W] factor of a need in each week of the run, out of 2**20 and at least 1; None if its weeks are alike.

    A function of the root (seed and replication), the need's group and the week's name: no scenario enters.
    """
    row = int(model.variation_row[need])
    if row < 0:
        return None
    table = model.variation_quantile[row].tolist()
    words = [stream_of(root, model.variation_hash[need], week) for week in model.week_hash]
    return np.array([max(quantile(table, int(word >> HALF)), 1) for word in words], dtype=np.int64)


def week_of(model: Model, time: Ints) -> Ints:
    """Index of the week in which each second lies."""
    return np.searchsorted(model.week_start, time, side="right") - 1


__all__ = ["week_factors", "week_of"]
