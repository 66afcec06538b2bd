"""How much longer a team is away that carries its patient on, than if it drove home from there."""

from __future__ import annotations

import numpy as np

from sim.compile.traffic import Floats, homes, ways_on
from sim.model.codes import ACUITIES, Action
from sim.model.tables import Model


def carrying_s(model: Model, phase: int, service: int) -> Floats:
    """[C, T] mean seconds more for which a contact of each class keeps a unit of a base, 0 if nobody is carried.

    The way home to site and the way site to base with the tour factor, less the way home to base with it. Bases and
    sites are chosen as from home, whatever is closed or busy.
    """
    seconds = np.zeros((model.first_row.shape[1], len(model.sites)))
    if not model.carries[service]:
        return seconds
    from_homes = list(homes(model, phase, service))
    further: dict[tuple[int, int], Floats] = {}
    ways = ways_on(model, phase)
    carried = (ways.service == service) & (model.next_action[ways.item] == Action.CARRIED)
    for c, item, share in zip(ways.group[carried], ways.item[carried], ways.share[carried], strict=True):
        to, group = int(model.next_service[item]), int(c) // ACUITIES
        if (to, group) not in further:
            goes = list(homes(model, phase, to))[group][1]
            further[to, group] = _further(model, service, from_homes[group], goes)
        seconds[c] += share * further[to, group]
    return seconds


def _further(model: Model, service: int, asks: tuple[Floats, Floats], goes: Floats) -> Floats:
    """[T] by base; ``asks``: people of each zone and the bases that they ask, ``goes``: sites to which they go."""
    zones = len(model.zones)
    offers = model.offer[:, service]
    tour = np.where(offers >= 0, model.tour_milli[model.offer_pool[offers]], 0) / 1000
    out, between = model.travel_s[:zones], model.travel_s[zones:]
    carried = (goes * out).sum(axis=1)[:, None] + tour * (goes @ between - goes.sum(axis=1)[:, None] * out)
    weight = asks[0][:, None] * asks[1]
    mean: Floats = (weight * carried).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-12)
    return mean


__all__ = ["carrying_s"]
