"""The arrays of a model that are names and weights: what measures cut by, weigh with and pay."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compile.draft import Draft
from sim.config.schema.care import Care, QueueLimit
from sim.config.schema.region import Region
from sim.model.codes import ACUITY_NAMES, LEVELS, PAYERS, Ints, Kind, Mode, WhenFull


def name_arrays(region: Region, care: Care, draft: Draft) -> dict[str, Any]:
    """What is used in cuts."""
    order = {m: i for i, m in enumerate(region.municipalities["municipality"])}
    return {
        "needs": tuple(draft.needs),
        "services": tuple(draft.services),
        "zones": tuple(region.zones["zone"]),
        "sites": tuple(region.sites["site"]),
        "resources": tuple(care.resources),
        "municipalities": tuple(order),
        "zone_municipality": _whole([order[m] for m in region.zones["municipality"]]),
    }


def service_arrays(care: Care, draft: Draft) -> dict[str, Any]:
    """What a service is, and where one goes when it is closed."""
    services = [care.services[s] for s in draft.services]
    return {
        "mode": _whole([Mode[s.mode.upper()] for s in services]),
        "kind": _whole([Kind[s.kind.upper()] for s in services]),
        "rare": _whole([s.rare for s in services]),
        "siteless_level": _whole([LEVELS.index(s.unlimited_at or "self_care") for s in services]),
        "keeps_at_close": _whole([s.at_close == "keep" for s in services]),
        "queue_limit": _whole([_waiting(s.queue_limit) for s in services]),
        "when_full": _whole([WhenFull[s.queue_limit.when_full.upper()] if s.queue_limit else 0 for s in services]),
        "fallback": _whole([draft.services.index(s.fallback) if s.fallback else -1 for s in services]),
        "redraws": care.redraws,
    }


def _waiting(limit: QueueLimit | None) -> int:
    return -1 if limit is None or limit.waiting is None else limit.waiting


def weight_arrays(care: Care, drafts: list[Draft]) -> dict[str, Any]:
    """What the measures weigh with, what a unit costs, and what each phase puts in beside the pools."""
    needs = [care.needs[n] for n in drafts[0].needs]
    resources = list(care.resources.values())
    return {
        "staff_milli": _whole([round(1000 * r.staff_h_per_unit_h.value) for r in resources]),
        "staff_sek": _whole([round(r.sek_per_staff_h.value) for r in resources]),
        "payer": _whole([PAYERS.index(r.payer) for r in resources]),
        "extra_staff_h_per_week": np.rint([draft.extra_staff_h for draft in drafts]).astype(np.int64),
        "extra_sek_per_year": np.rint([draft.extra_sek for draft in drafts]).astype(np.int64),
        "treatable_ppm": _whole(
            [[round(1e6 * n.treatable_in_primary_care.get(q, 0.0)) for q in ACUITY_NAMES] for n in needs]
        ),
        "right_level": _whole(
            [[[level in n.right_level.get(q, []) for level in LEVELS] for q in ACUITY_NAMES] for n in needs]
        ),
        "co2_g_per_km": round(care.co2_g_per_km.value),
    }


def _whole(values: Any) -> Ints:
    return np.array(values, dtype=np.int64)
