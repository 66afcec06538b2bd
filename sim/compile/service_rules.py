"""What happens at a service and after it: durations, patience, targets, the ways on, and who stays at home."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compile.addresses import addressed
from sim.compile.appointment_arrays import appointment_arrays
from sim.compile.draft import Draft, Phase, rule_for
from sim.compile.thresholds import Quantiles
from sim.compile.ways_on import WaysOn
from sim.config.schema.care import Care
from sim.config.schema.region import Region
from sim.config.schema.responses import WayResponse
from sim.model.codes import ACUITIES, ACUITY_NAMES, ONE, Action, Ints

Floats = NDArray[np.float64]


def journey_arrays(care: Care, drafts: list[Draft], quantiles: Quantiles) -> dict[str, Any]:
    """Durations, patience, targets, appointments, and what comes next, by phase, service and class.

    Raises ConfigErrors, with service and part, for a time that no table can hold.
    """
    ways = WaysOn(drafts[0].services, quantiles)
    shape = len(drafts), len(drafts[0].services), len(drafts[0].first)
    names = "next_row", "leave_row", "duration", "patience", "next_signal"
    out = {k: np.full(shape, -1, dtype=np.int64) for k in names}
    responses = _way_responses(care, drafts[0])
    for f, s, c in np.ndindex(*shape):
        draft, said = drafts[f], responses[s][c]
        with addressed("", f"services.{draft.services[s]}.duration"):
            out["duration"][f, s, c] = quantiles.add(*draft.duration[s][c])
        patience = draft.patience[s][c]
        if patience is not None:
            out["patience"][f, s, c] = quantiles.add(patience)
        if said is None:
            out["next_row"][f, s, c] = ways.add(draft.next[s][c])
        else:
            out["next_row"][f, s, c] = ways.add_classes(draft.next[s][c], said.step, said.odds)
            out["next_signal"][f, s, c] = list(care.signals).index(said.signal)
        out["leave_row"][f, s, c] = ways.add(draft.leave[s][c])
    appointments = appointment_arrays(care, drafts, ways, quantiles)
    items = ways.array()
    return {
        **out,
        **appointments,
        "next": ways.discrete(),
        "next_action": items[:, 0],
        "next_service": items[:, 1],
        "next_delay": items[:, 2],
        "next_gives_all": items[:, 3],
        "carries": np.logical_or.reduce([_carries(d) for d in drafts]).astype(np.int64),
        "target": np.stack([np.rint(d.target_s).astype(np.int64) for d in drafts]),
    }


def _carries(draft: Draft) -> list[bool]:
    """[S] whether a way on from a service is carried, for anybody."""
    return [any(way.how == Action.CARRIED for ways in row for way in ways) for row in draft.next]


def _way_responses(care: Care, draft: Draft) -> list[list[WayResponse | None]]:
    """[S][C] the response by which the ways on from a service change."""
    classes = range(len(draft.first))
    rules = [[rule_for(care.services[s].next, draft.needs, c) for c in classes] for s in draft.services]
    return [[rule.response if rule is not None else None for rule in row] for row in rules]


def distance_arrays(care: Care, region: Region, phases: list[Phase], travel_s: Ints, travel_m: Ints) -> dict[str, Any]:
    """Who stays at home since the nearest open site is further away than in the reference of the same phase."""
    zones = len(region.zones)
    deter = np.zeros((len(phases), zones, ACUITIES), dtype=np.int64)
    rule = care.distance
    if rule is None:
        return {"deter": deter, "deter_from": -1, "deter_to": -1}
    sites = list(region.sites["site"])
    slopes = np.array([rule.per_km.get(q, 0.0) for q in ACUITY_NAMES])
    for f, phase in enumerate(phases):
        before, now = (
            _nearest_km(draft, rule.service, sites, travel_s[:zones], travel_m[:zones])
            for draft in (phase.reference, phase.draft)
        )
        further = np.maximum(now - before, 0.0)
        deter[f] = np.rint((1 - np.exp(further[:, None] * slopes[None, :])) * ONE).astype(np.int64)
    services = phases[0].draft.services
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
