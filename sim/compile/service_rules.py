"""What happens at a service and after it: durations, patience, targets and the ways on."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compile.addresses import with_address
from sim.compile.appointment_arrays import appointment_arrays
from sim.compile.draft import Draft, rule_for
from sim.compile.thresholds import Quantiles
from sim.compile.ways_on import WaysOn
from sim.config.schema.care import Care
from sim.config.schema.responses import WayResponse
from sim.model.codes import Action


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
        draft, response = drafts[f], responses[s][c]
        with with_address("", f"services.{draft.services[s]}.duration"):
            out["duration"][f, s, c] = quantiles.add(*draft.duration[s][c])
        patience = draft.patience[s][c]
        if patience is not None:
            out["patience"][f, s, c] = quantiles.add(patience)
        if response is None:
            out["next_row"][f, s, c] = ways.add(draft.next[s][c])
        else:
            out["next_row"][f, s, c] = ways.add_classes(draft.next[s][c], response.step, response.odds)
            out["next_signal"][f, s, c] = list(care.signals).index(response.signal)
        out["leave_row"][f, s, c] = ways.add(draft.leave[s][c])
    appointments = appointment_arrays(care, drafts, ways, quantiles)
    items = ways.array()
    return {
        **out,
        **appointments,
        "next": ways.discrete(),
        "next_pull": ways.pulls(),
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
