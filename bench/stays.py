"""What a simulator of the five stations hands back, and whether its waits are those of theory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from network import CLASSES, NAMES, expected
from numpy.typing import NDArray
from scipy.stats import t

BATCHES = 20
WARM_UP, COOL_DOWN = 0.1, 0.95  # shares of the run between which requests count; the rest starts empty or is cut off


@dataclass(frozen=True, eq=False)
class Stays:
    """One row a contact that started: station, whether urgent, request and start in minutes."""

    station: NDArray[np.int64]
    urgent: NDArray[np.bool_]
    request: NDArray[np.float64]
    start: NDArray[np.float64]


@dataclass(frozen=True)
class Wait:
    """Mean wait of a class at a station in minutes, its standard error, and what theory says."""

    station: str
    group: str
    mean: float
    error: float
    exact: float

    @property
    def z(self) -> float:
        """Distance from theory in standard errors."""
        return abs(self.mean - self.exact) / self.error


def waits(stays: Stays, end_min: float) -> list[Wait]:
    """Mean waits by station and class, with errors from batch means (Law & Carson 1979, Operations Research 27).

    Raises ValueError if nobody of a class asked at a station for a twentieth of the run: too short, or another network.
    """
    low, high = WARM_UP * end_min, COOL_DOWN * end_min
    inside = (stays.request >= low) & (stays.request < high)
    batch = ((stays.request - low) * BATCHES / (high - low)).astype(np.int64)
    exact, found = expected(), []
    for k, name in enumerate(NAMES):
        for group in CLASSES:
            chosen = inside & (stays.station == k) & (stays.urgent == (group == "urgent"))
            mean, error = _batch_means((stays.start - stays.request)[chosen], batch[chosen])
            found.append(Wait(name, group, mean, error, exact[name, group]))
    return found


def limit(quantities: int, alpha: float = 0.001) -> float:
    """Distance in standard errors that one of so many correct quantities exceeds with probability ``alpha``."""
    return float(t.ppf(1 - alpha / (2 * quantities), BATCHES - 1))


def _batch_means(values: NDArray[np.float64], batch: NDArray[np.int64]) -> tuple[float, float]:
    """Mean of all and its standard error from the batches' means."""
    number = np.bincount(batch, minlength=BATCHES)
    if not number.all():
        raise ValueError("a batch without a single wait")
    means = np.bincount(batch, values, BATCHES) / number
    return float(values.mean()), float(means.std(ddof=1) / BATCHES**0.5)
