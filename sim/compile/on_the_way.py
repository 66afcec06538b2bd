"""Who is on the way between two contacts when a run starts: follow-ups of contacts that ended before it.

In the equilibrium of the expected flows (``sim.compile.traffic``) as many are on the way to a service as come to it
after a delay in a second, times the mean delay (Little 1961); what is left of a delay is its forward recurrence time,
P(left <= t) = E[min(D, t)] / E[D] (Cox 1962, Renewal Theory, section 5.1). Without them nobody would come back in the
first days, and what leads on after weeks (readmissions, planned operations) would fill the wards only as the run goes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compile.traffic import Flows, ways_on
from sim.config.distributions import STEPS, mean_s, step_values
from sim.model.codes import Action, Ints
from sim.model.tables import Model

Floats = NDArray[np.float64]
PROBABILITIES = np.concatenate([np.arange(STEPS + 1) / STEPS, 1 - 1 / STEPS + np.arange(STEPS + 1) / STEPS**2])


def on_the_way(model: Model, flows: Flows) -> tuple[Floats, Ints]:
    """[C, S] expected number on the way to a service, and [S, quantiles] seconds that are left, of all classes."""
    rates = _rates(model, flows)
    number = np.zeros_like(flows.visits)
    left = np.zeros((len(model.services), len(PROBABILITIES)), dtype=np.int64)
    for to in range(len(model.services)):
        tables = {table: rate for (service, table), rate in rates.items() if service == to}
        for table, rate in tables.items():
            number[:, to] += rate * mean_s(model.quantile[table])
        if number[:, to].any():
            left[to] = _residuals(model, {table: float(rate.sum()) for table, rate in tables.items()})
    return number, left


def _rates(model: Model, flows: Flows) -> dict[tuple[int, int], Floats]:
    """[C] expected follow-ups a second, by service to which they lead and row of the table of the delay."""
    rates: dict[tuple[int, int], Floats] = {}
    seen = flows.episodes[:, None] * flows.visits / model.horizon
    ways = ways_on(model, 0)
    later = (model.next_action[ways.item] == Action.FOLLOW_UP) & (seen[ways.group, ways.service] != 0)
    rate = seen[ways.group, ways.service] * ways.share
    for c, way, each in zip(ways.group[later], ways.item[later], rate[later], strict=True):
        key = int(model.next_service[way]), int(model.next_delay[way])
        rates.setdefault(key, np.zeros(len(seen)))[c] += each
    return rates


def _residuals(model: Model, rates: dict[int, float]) -> Ints:
    """Quantiles of what is left of a delay, of those who are on the way, from follow-ups a second by table."""
    seconds = np.unique(np.concatenate([[0], *(model.quantile[table] for table in rates)])).astype(np.float64)
    upto = np.zeros(len(seconds))
    for table, rate in rates.items():
        upto += rate * _mean_of_smaller(model.quantile[table], seconds)
    left: Ints = np.rint(np.interp(PROBABILITIES, upto / upto[-1], seconds)).astype(np.int64)
    return left


def _mean_of_smaller(table: Ints, seconds: Floats) -> Floats:
    """E[min(D, t)] of a table at each second t, a step's values taken to be at its middle."""
    low, high, weight = step_values(table)
    middle = (low + high) / 2
    before = np.searchsorted(middle, seconds, side="right")
    below = np.concatenate([[0.0], np.cumsum(weight)])[before]
    total: Floats = np.concatenate([[0.0], np.cumsum(weight * middle)])[before] + seconds * (1 - below)
    return total


__all__ = ["on_the_way"]
