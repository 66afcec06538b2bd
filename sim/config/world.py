"""The whole of a study, read and checked."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.care import Care
from sim.config.region import Region
from sim.config.scenario import Scenario
from sim.config.study import Execution, Study


@dataclass(frozen=True)
class World:
    """What a study is about: the region, the care model, and the scenarios with what they inherit merged in."""

    study: Study
    execution: Execution
    region: Region
    care: Care
    scenarios: dict[str, Scenario]  # the baseline first
