"""How long a contact keeps its unit: its own time, and that of what runs while it is held."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compile.traffic import ON, Floats, onward, ways_on
from sim.config.distributions import mean_s
from sim.model.codes import ONE, Action
from sim.model.tables import Model

PER_MILLION = 1_000_000


def held_s(model: Model, phase: int, full: bool = False) -> Floats:
    """[C, S] expected seconds for which a contact occupies its unit, as far as they can be known without waiting.

    ``full``: durations that respond to a signal are those of its last class, else those of its first.

    A contact whose ways lead ``within`` keeps its unit until the chain that begins there has ended: with an exit, with
    a follow-up, or where everything is given back. That chain is as long as its contacts' own times, so r = d + r P
    with d the own times and P the ways that stay in it. Left out: waits and travel in the chain, the time for which a
    unit is kept while the next one is waited for (boarding), leaving, refusal, and calendars of ending. A service that
    shares the first one's pools wherever both are goes on in its very unit: its time is its own contact's, and the
    chain ends where it begins.
    """
    own = own_s(model, phase, full)
    if not (model.next_action == Action.WITHIN).any():
        return own
    ways = ways_on(model, phase)
    action = model.next_action[ways.item]
    in_chain = np.isin(action, ON) & ~model.next_gives_all[ways.item].astype(np.bool_)
    stays, inside = onward(model, ways, in_chain), onward(model, ways, in_chain & (action == Action.WITHIN))
    taken_over = _same_pools(model)
    return np.stack([_held_time(*of_class, taken_over) for of_class in zip(own, stays, inside, strict=True)])


def own_s(model: Model, phase: int, full: bool = False) -> Floats:
    """[C, S] mean seconds of a contact itself, times the factor of its signal's class, with missed appointments."""
    means = np.array([mean_s(table) for table in model.quantile])
    time: Floats = means[model.duration[phase]]
    length, missed = model.length_row[phase], model.miss_row[phase]
    if (length >= 0).any():
        item = model.length_ptr[1:] - 1 if full else model.length_ptr[:-1]
        factor = model.length_ppm[item] / PER_MILLION
        time = np.where(length >= 0, time * factor[length], time)
    if (missed >= 0).any():
        part = 1 - model.miss_share / ONE * (1 - model.miss_occupies_ppm / PER_MILLION)
        time = np.where(missed >= 0, time * part[missed], time)
    return time.T


def _same_pools(model: Model) -> NDArray[np.bool_]:
    """[S, S] whether two services share a pool at every site that has both."""
    size = len(model.services)
    same = np.zeros((size, size), dtype=np.bool_)
    pools = [
        set(model.offer_pools[a:b].tolist())
        for a, b in zip(model.offer_pools_ptr[:-1], model.offer_pools_ptr[1:], strict=True)
    ]
    for one in range(size):
        for other in range(size):
            sites = np.flatnonzero((model.offer[:, one] >= 0) & (model.offer[:, other] >= 0))
            mine, its = model.offer[sites, one], model.offer[sites, other]
            shared = [pools[a] & pools[b] - {-1} for a, b in zip(mine.tolist(), its.tolist(), strict=True)]
            same[one, other] = one != other and bool(shared) and all(shared)
    return same


def _held_time(own: Floats, stays: Floats, inside: Floats, taken_over: NDArray[np.bool_]) -> Floats:
    """[S] of one class; ``stays``: [S, S] probabilities of going on in the chain, ``inside``: of them within."""
    size = len(own)
    seconds = own.copy()
    for s in np.flatnonzero(inside.any(axis=1)).tolist():
        goes_on = ~taken_over[:, s]  # the chain without those who take over the unit
        chain = np.linalg.solve(np.eye(size) - stays * goes_on[:, None] * goes_on, own * goes_on)
        seconds[s] += inside[s] @ chain
    return seconds


__all__ = ["held_s", "own_s"]
