"""Appointments: the delay before which nothing starts, and patients who do not come."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from sim.compile.draft import Draft, rule_for, ways_of
from sim.compile.response_arrays import PER_MILLION, RowsByClass
from sim.compile.thresholds import Quantiles
from sim.compile.ways_on import WaysOn
from sim.config.schema.care import Care, Service
from sim.model.codes import ONE


def appointment_arrays(care: Care, drafts: list[Draft], ways: WaysOn, quantiles: Quantiles) -> dict[str, Any]:
    """``not_before`` and ``miss_*`` of a model: the first rules that fit, left out where nobody stays away."""

    def no_show(service: Service, needs: list[str], c: int) -> Hashable | None:
        rule = rule_for(service.no_show, needs, c)
        return (rule.share, rule.occupies, ways.add(ways_of(rule.then))) if rule is not None and rule.share else None

    def delay(service: Service, needs: list[str], c: int) -> Hashable | None:
        rule = rule_for(service.not_before, needs, c)
        return quantiles.add(rule.time) if rule is not None else None

    no_shows, delays = RowsByClass(care, drafts, no_show), RowsByClass(care, drafts, delay)
    rows: list[tuple[float, float, int]] = no_shows.rows()
    return {
        "not_before": np.array([*delays.rows(), -1], dtype=np.int64)[delays.row],
        "miss_row": no_shows.row,
        "miss_share": np.array([round(ONE * share) for share, _, _ in rows], dtype=np.int64),
        "miss_occupies_ppm": np.array([round(PER_MILLION * part) for _, part, _ in rows], dtype=np.int64),
        "miss_next": np.array([then for _, _, then in rows], dtype=np.int64),
    }


__all__ = ["appointment_arrays"]
