"""The fields of mechanisms that nothing uses, all neutral."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model.codes import ACUITIES, Ints, ShiftRule


def neutral_arrays(parts: dict[str, Any]) -> dict[str, Any]:
    """What a model says that has none of the mechanisms; sizes are those of what it has."""
    phases, services, classes = parts["next_row"].shape
    pools, places = len(parts["pools"]), len(parts["travel_s"])
    never = {
        name: np.full((phases, services, classes), -1, dtype=np.int64)
        for name in ("not_before", "miss_row", "refuse_row", "next_signal", "length_row")
    }
    limited = {f"{name}_limited": _zeros(services) for name in ("starts", "ends")}
    limited |= {f"{name}_ptr": _zeros(services + 1) for name in ("starts", "ends")}
    empty = (
        "starts_time", "ends_time", "miss_share", "miss_occupies_ppm", "miss_next", "signal_kind", "signal_over_s",
        "signal_threshold", "refuse_signal", "refuse_share", "length_signal", "length_ppm", "swap_pool",
    )  # fmt: skip
    return {
        **never,
        **limited,
        **{name: _zeros(0) for name in empty},
        **{name: _zeros(1) for name in ("signal_ptr", "refuse_ptr", "length_ptr")},
        "signal_offer": np.zeros((0, places), dtype=np.int64),
        "when_full": _zeros(services),
        "shift_rule": np.where(parts["overtime"] > 0, ShiftRule.OVERTIME, ShiftRule.FINISH).astype(np.int64),
        "keep_free": np.zeros((pools, ACUITIES), dtype=np.int64),
        "pool_mean_s": _zeros(pools),
        "swap_ptr": _zeros(pools + 1),
    }


def _zeros(count: int) -> Ints:
    return np.zeros(count, dtype=np.int64)
