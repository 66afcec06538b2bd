"""Right or wrong: the gate that a simulated value must pass, and that a noisy one cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from sim.results.statistics import t_half_width

FARTHEST_Z = 4.0
WIDEST = 0.02  # half-width of the 95 % interval over the exact value
FEWEST = 30  # replications


@dataclass(frozen=True)
class Verdict:
    """A quantity of a case: mean over replications, its 95 % interval, and its distance from the exact value.

    ``z``: simulated less exact, in standard errors.
    """

    case: str
    quantity: str
    simulated: float
    exact: float
    half_width: float
    z: float
    replications: int
    first: float  # value of the first replication

    @property
    def right(self) -> bool:
        """At most four standard errors off, and an interval that is narrow enough to tell, of enough replications."""
        return not self.wrong

    @property
    def wrong(self) -> str:
        """Why it is not right; nothing if it is."""
        reasons = []
        if not isfinite(self.simulated) or not abs(self.z) <= FARTHEST_Z:
            reasons.append("off")
        if not self.half_width <= WIDEST * abs(self.exact):
            reasons.append("too wide to tell")
        if self.replications < FEWEST:
            reasons.append("too few replications")
        return ", ".join(reasons)


def judge(case: str, quantity: str, values: Sequence[float], exact: float) -> Verdict:
    """The verdict on the replications' values, by Student's t."""
    n, mean = len(values), float(np.mean(values))
    error = float(np.std(values, ddof=1)) / n**0.5 if n > 1 else inf
    half = float(t_half_width(np.std(values, ddof=1), n)) if n > 1 else inf
    off = mean - exact
    z = off / error if error > 0 else (0.0 if off == 0 else inf)
    return Verdict(case, quantity, mean, exact, half, z, n, values[0])


__all__ = ["FARTHEST_Z", "FEWEST", "WIDEST", "Verdict", "judge"]
