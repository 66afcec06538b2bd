"""What happens at a service and after it: durations, patience, targets, the ways on, and who stays at home."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compile.draft import Draft, Way
from sim.compile.thresholds import Quantiles, ThresholdRows
from sim.config.schema.care import Care
from sim.config.schema.region import Region
from sim.model.codes import ACUITIES, ONE, Ints
from sim.model.tables import Discrete

Floats = NDArray[np.float64]


class WaysOn:
    """The ways on from contacts, each kept once."""

    def __init__(self, services: list[str], quantiles: Quantiles) -> None:
        self.services, self.quantiles = services, quantiles
        self.rows = ThresholdRows()
        self.items: dict[tuple[int, int, int, int], int] = {}

    def add(self, ways: tuple[Way, ...]) -> int:
        """Row of these ways; -1 where there are none: the episode ends."""
        ways = tuple(w for w in ways if w.probability > 0)
        if not ways:
            return -1
        items = [self._item(way) for way in ways]
        key = tuple((w.probability, i) for w, i in zip(ways, items, strict=True))
        return self.rows.add(key, [w.probability for w in ways], items)

    def _item(self, way: Way) -> int:
        to = self.services.index(way.to) if way.to in self.services else -1
        delay = self.quantiles.add(way.after) if way.after is not None else -1
        return self.items.setdefault((int(way.how), to, delay, int(way.gives_all)), len(self.items))

    def discrete(self) -> Discrete:
        """The rows as arrays."""
        return self.rows.discrete()

    def array(self) -> Ints:
        """[ways, 4] action, service, quantile table of the delay, whether all that is held is given back."""
        return np.array(list(self.items) or [(0, -1, -1, 0)], dtype=np.int64)


def journey_arrays(drafts: list[Draft], quantiles: Quantiles) -> dict[str, Any]:
    """Durations, patience, targets, and what comes next, by phase, service and class."""
    ways = WaysOn(drafts[0].services, quantiles)
    shape = len(drafts), len(drafts[0].services), len(drafts[0].first)
    out = {k: np.full(shape, -1, dtype=np.int64) for k in ("next_row", "leave_row", "duration", "patience")}
    for f, s, c in np.ndindex(*shape):
        draft = drafts[f]
        out["duration"][f, s, c] = quantiles.add(*draft.duration[s][c])
        patience = draft.patience[s][c]
        if patience is not None:
            out["patience"][f, s, c] = quantiles.add(patience)
        out["next_row"][f, s, c] = ways.add(draft.next[s][c])
        out["leave_row"][f, s, c] = ways.add(draft.leave[s][c])
    items = ways.array()
    return {
        **out,
        "next": ways.discrete(),
        "next_action": items[:, 0],
        "next_service": items[:, 1],
        "next_delay": items[:, 2],
        "next_gives_all": items[:, 3],
        "target": np.stack([np.rint(d.target_s).astype(np.int64) for d in drafts]),
    }


def distance_arrays(
    care: Care, region: Region, reference: Draft, drafts: list[Draft], travel_s: Ints, travel_m: Ints
) -> dict[str, Any]:
    """Who stays at home since the nearest open site is further away than in the reference."""
    zones = len(region.zones)
    deter = np.zeros((len(drafts), zones, ACUITIES), dtype=np.int64)
    rule = care.distance
    if rule is None:
        return {"deter": deter, "deter_from": -1, "deter_to": -1}
    sites = list(region.sites["site"])
    before = _nearest_km(reference, rule.service, sites, travel_s[:zones], travel_m[:zones])
    slopes = np.array([rule.per_km.get(q, 0.0) for q in ("1", "2", "3", "4", "5")])
    for f, draft in enumerate(drafts):
        now = _nearest_km(draft, rule.service, sites, travel_s[:zones], travel_m[:zones])
        further = np.maximum(now - before, 0.0)
        deter[f] = np.rint((1 - np.exp(further[:, None] * slopes[None, :])) * ONE).astype(np.int64)
    services = drafts[0].services
    return {"deter": deter, "deter_from": services.index(rule.service), "deter_to": services.index(rule.instead)}


def _nearest_km(draft: Draft, service: str, sites: list[str], travel_s: Ints, travel_m: Ints) -> Floats:
    """[Z] km to the nearest open site for adults; 0 where none is open: those who come find it closed."""
    offers = [o for o in draft.offers.values() if o.service == service and o.open and "18_64" in o.ages]
    if not offers:
        return np.zeros(len(travel_s))
    open_sites = [sites.index(o.site) for o in offers]
    nearest = np.array(open_sites)[np.argmin(travel_s[:, open_sites], axis=1)]
    km: Floats = travel_m[np.arange(len(travel_s)), nearest] / 1000
    return km
