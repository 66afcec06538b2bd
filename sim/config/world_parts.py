"""What a world holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from sim.config.schema.care import Care
from sim.config.schema.region import Region
from sim.config.schema.scenario import Scenario
from sim.config.schema.statements import Statements
from sim.config.schema.study_design import Execution, Study


@dataclass(frozen=True)
class Given:
    """Tables of given episodes and of who is there at the start; None: they are drawn."""

    episodes: pd.DataFrame | None = None
    start: pd.DataFrame | None = None
    in_place: bool = False  # no episodes but the given ones


@dataclass(frozen=True)
class WorldParts:
    """What a study is about: the region, the care model, and the scenarios with what they inherit merged in."""

    study: Study
    execution: Execution
    region: Region
    care: Care
    scenarios: dict[str, Scenario]  # the baseline first
    statements: Statements | None = None  # what the strategies say
    given: Given = Given()
    differences: tuple[str, ...] = ()  # from the files: what is said instead, files that take another's place
    factors: Mapping[str, float] = field(default_factory=dict)  # of the region's free parameters, in force
