"""What a screening varies, each between the ends of its range, and the outcomes that it is read by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.config.errors import ConfigErrors, Problem
from sim.config.paths import Changes
from sim.config.uncertain_figures import UncertainFigure, round_off, uncertain_figures, value_changes
from sim.config.world import World
from sim.credibility.simulated_figures import Floats, SimulatedFigures, Values
from sim.study.progress import Listener

OUTCOMES = {  # of the whole region, by what they tell of
    "er_arrivals_per_day": "er",
    "er_present_mean": "er",
    "er_stay_median_min": "er",
    "travel_min_per_resident_year": "travel",
    "travel_km_per_resident_year": "travel",
}


@dataclass(frozen=True)
class Ranges:
    """The uncertain figures of a region's baseline; everything else is fixed.

    ``world`` is without factors (``load_study(..., fitted=False)``). A point is the share of its range at which each
    varied figure lies, in the order of ``varied``.
    """

    world: World

    @cached_property
    def varied(self) -> list[UncertainFigure]:
        """What is varied."""
        return uncertain_figures(self.world)

    def values(self, shares: Floats) -> dict[str, float]:
        """The varied figures at a point; NaN stands for the value in force. Rounded, so that a point has one name."""
        return {
            one.name: round_off(one.value if np.isnan(share) else one.at(float(share)))
            for one, share in zip(self.varied, shares, strict=True)
        }

    def changes(self, values: Values) -> Changes:
        """What puts the varied figures at their values."""
        return value_changes(self.world, self.varied, values)


def ranges(plain: World) -> Ranges:
    """What is varied of a world that was loaded without factors. Raises ConfigErrors if nothing has a range."""
    spans = Ranges(plain)
    if len(spans.varied) < 2:
        where = f"region {plain.region.name}"
        raise ConfigErrors([Problem(where, "", "", "fewer than two of its figures have a range that can be varied")])
    return spans


def outcomes(spans: Ranges, listener: Listener) -> SimulatedFigures:
    """The outcomes, named by their measure, by the values of what is varied; the luck is the study's."""
    world = spans.world
    targets = pd.DataFrame({"target": list(OUTCOMES), "measure": list(OUTCOMES), "by": "all", "group": ""})
    return SimulatedFigures(world, targets, spans.changes, world.study.seed, f"region {world.region.name}", listener)


__all__ = ["OUTCOMES", "Ranges", "outcomes", "ranges"]
