"""Appointments: the delay before which nothing starts, and patients who do not come."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from sim.compile.draft import Draft, rule_for
from sim.compile.reference_draft import ways_of
from sim.compile.response_arrays import PER_MILLION, RowsByClass
from sim.compile.thresholds import Quantiles
from sim.compile.ways_on import WaysOn
from sim.config.schema.care import Care, Service
from sim.model.codes import ONE


def appointment_arrays(care: Care, drafts: list[Draft], ways: WaysOn, quantiles: Quantiles) -> dict[str, Any]:
    """``not_before`` and ``miss_*`` of a model: the first rules that fit; no row where nobody stays away."""

    def no_show(service: Service, needs: list[str], c: int) -> Hashable | None:
        rule = rule_for(service.no_show, needs, c)
        return (rule.share, rule.occupies, ways.add(ways_of(rule.then))) if rule is not None and rule.share else None

    delays = [[[quantiles.add(*lead) if lead else -1 for lead in row] for row in draft.lead] for draft in drafts]
    no_shows = RowsByClass(care, drafts, no_show)
    rows: list[tuple[float, float, int]] = no_shows.rows()
    return {
        "not_before": np.array(delays, dtype=np.int64),
        "miss_row": no_shows.row,
        "miss_share": np.array([round(ONE * share) for share, _, _ in rows], dtype=np.int64),
        "miss_occupies_ppm": np.array([round(PER_MILLION * part) for _, part, _ in rows], dtype=np.int64),
        "miss_next": np.array([then for _, _, then in rows], dtype=np.int64),
    }


__all__ = ["appointment_arrays"]
