"""How long a contact keeps its unit: its own time, and that of what runs while it is held."""

from __future__ import annotations

import numpy as np

from sim.compile.traffic import ON, Floats, ways_on
from sim.config.distributions import mean_s
from sim.model.codes import ONE, Action
from sim.model.tables import Model

PER_MILLION = 1_000_000


def held_s(model: Model, phase: int) -> Floats:
    """[C, S] expected seconds for which a contact occupies its unit, as far as they can be known without waiting.

    A contact whose ways lead ``within`` keeps its unit until the chain that begins there has ended: with an exit, with
    a follow-up, or where everything is given back. That chain is as long as its contacts' own times, so r = d + r P
    with d the own times and P the ways that stay in it. Left out: waits and travel in the chain, the time for which a
    unit is kept while the next one is waited for (boarding), contacts of the chain that go on in the very unit that is
    held around them (counted twice), leaving, refusal, and calendars of ending.
    """
    own = own_s(model, phase)
    if not (model.next_action == Action.WITHIN).any():
        return own
    return np.stack([_held_time(model, phase, c, own[c]) for c in range(len(own))])


def own_s(model: Model, phase: int) -> Floats:
    """[C, S] mean seconds of a contact itself, times the factor of class 0 of its signal, with missed appointments."""
    means = np.array([mean_s(table) for table in model.quantile])
    time: Floats = means[model.duration[phase]]
    length, missed = model.length_row[phase], model.miss_row[phase]
    if (length >= 0).any():
        first = model.length_ppm[model.length_ptr[:-1]] / PER_MILLION
        time = np.where(length >= 0, time * first[length], time)
    if (missed >= 0).any():
        part = 1 - model.miss_share / ONE * (1 - model.miss_occupies_ppm / PER_MILLION)
        time = np.where(missed >= 0, time * part[missed], time)
    return time.T


def _held_time(model: Model, phase: int, c: int, own: Floats) -> Floats:
    size = len(own)
    stays, inside = np.zeros((size, size)), np.zeros((size, size))
    for s in range(size):
        for j, share in ways_on(model, phase, s, c):
            if model.next_action[j] in ON and not model.next_gives_all[j]:
                stays[s, model.next_service[j]] += share
                inside[s, model.next_service[j]] += share * (model.next_action[j] == Action.WITHIN)
    seconds: Floats = own + inside @ np.linalg.solve(np.eye(size) - stays, own)
    return seconds


__all__ = ["held_s", "own_s"]
