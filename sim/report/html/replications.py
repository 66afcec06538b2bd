"""How many replications would tell the municipalities' changes from luck, if they are as these runs suggest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.report.html.effects import HOLM, Effect
from sim.results.statistics import deviation_of, two_sided_p

Floats = NDArray[np.float64]
TRIED = (*range(2, 60), *range(60, 101, 5))


def replications_needed(effects: list[Effect], part: float = 0.5) -> int | None:
    """Fewest replications with which ``part`` of the effects would be beyond luck after Holm; None above 100.

    The changes, and their spread between replications, are taken to be those that these few replications show.
    """
    measured = [e for e in effects if e.is_shown and e.n >= 2 and np.isfinite(e.low)]
    if not measured:
        return None
    change = np.array([abs(e.change) for e in measured])
    deviation = np.array([np.inf if e.alike else deviation_of(e.high - e.change, e.n) for e in measured])
    enough = max(1, int(np.ceil(part * len(measured))))
    return next((n for n in TRIED if _distinguishable(change, deviation, n) >= enough), None)


def _distinguishable(change: Floats, deviation: Floats, n: int) -> int:
    """How many of the changes Holm's procedure would call different from 0 with ``n`` replications."""
    spread = deviation > 0
    score = np.divide(change * np.sqrt(n), deviation, out=np.where(change > 0, np.inf, 0.0), where=spread)
    p = np.sort(two_sided_p(score, n))
    refused = np.flatnonzero(p * np.arange(len(p), 0, -1) >= HOLM)
    return int(refused[0]) if len(refused) else len(p)


__all__ = ["replications_needed"]
