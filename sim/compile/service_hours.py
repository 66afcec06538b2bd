"""Hours of starting and ending: the calendars that a service names, as opening and closing times."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compile.calendars import Shifts, toggles
from sim.config.schema.care import Care
from sim.model.codes import Ints


def hours_arrays(care: Care, shifts: Shifts, services: list[str]) -> dict[str, Any]:
    """``starts_*`` and ``ends_*`` of a model; ``shifts``: every calendar of the region, spelled out."""
    named = {part: [getattr(care.services[s], part) for s in services] for part in ("starts", "ends")}
    out: dict[str, Any] = {}
    for part, calendars in named.items():
        times = [toggles(shifts[c]) if c is not None else np.zeros(0, dtype=np.int64) for c in calendars]
        out[f"{part}_limited"] = np.array([c is not None for c in calendars], dtype=np.int64)
        out[f"{part}_ptr"] = pointers(times)
        out[f"{part}_time"] = np.concatenate(times) if times else np.zeros(0, dtype=np.int64)
    return out


def pointers(rows: list[Ints]) -> Ints:
    """[rows + 1] where each row begins if they lie one after another."""
    return np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)


__all__ = ["hours_arrays", "pointers"]
