"""Points, and what is kept of a run at one: what an evaluation is of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

import pandas as pd

from sim.compile import check_phases, compile_scenario
from sim.config.calendar_periods import WHOLE_WINDOW
from sim.config.errors import ConfigErrors, Problem
from sim.config.paths import Changes, with_changes
from sim.config.world import World
from sim.config.world_draws import WORLD
from sim.measures.periods import measure_periods
from sim.model.tables import Model
from sim.simulation import Simulation

CELL = ["measure", "by", "group"]


class Extract(Protocol):
    """What is kept of a run: a table with the columns measure, unit, by, group, value and note."""

    @property
    def name(self) -> str:
        """What it keeps, as a part of the run's key; empty for all measures."""

    def of(self, run: Simulation) -> pd.DataFrame:
        """The part of a run."""


@dataclass(frozen=True)
class Measures:
    """All measures, and some of them by calendar period."""

    name: str = ""

    def of(self, run: Simulation) -> pd.DataFrame:
        """As ``Extract`` says; where the window has calendar periods, by ``period``, the whole window first."""
        if not run.model.period_name:
            return run.measures
        whole = run.measures.assign(period=WHOLE_WINDOW)
        return pd.concat([whole, measure_periods(run.model, run.episodes, run.contacts)], ignore_index=True)


@dataclass(frozen=True)
class Cells:
    """Some measures, each for one group of one division: where many points are asked for and little of each."""

    wanted: tuple[tuple[str, str, str], ...]  # measure, by, group; the group of all is empty

    @property
    def name(self) -> str:
        """As ``Extract`` says."""
        return hashlib.sha256(repr(self.wanted).encode()).hexdigest()

    def of(self, run: Simulation) -> pd.DataFrame:
        """As ``Extract`` says; a cell that the run lacks has no row."""
        measures = run.measures.assign(group=lambda table: table["group"].replace("all", ""))
        cells = pd.DataFrame(self.wanted, columns=CELL).drop_duplicates()
        return cells.merge(measures, on=CELL)


MEASURES = Measures()
ENDS: dict[str, str] = {
    "low": ", with every effect at its weaker end",
    "high": ", with every effect at its stronger end",
}


class Point(Protocol):
    """What can be simulated in any number of replications. It is sent to workers, where it is compiled."""

    @property
    def name(self) -> str:
        """What people read, and what results are found by."""

    @property
    def seed(self) -> int:
        """Of its luck."""

    @property
    def replications(self) -> int:
        """How many are asked for, the first ones."""

    @property
    def extract(self) -> Extract:
        """What is kept of a run."""

    def model(self) -> Model:
        """The compiled model. Raises ValueError if there is none."""

    def problem(self, text: str) -> Problem:
        """That there is no model, and why."""


@dataclass(frozen=True, eq=False)
class ScenarioPoint:
    """A scenario of a world with changes; ``variant`` is the name of the changes."""

    name: str
    world: World
    scenario: str
    seed: int
    replications: int
    variant: str = "value"
    changes: Changes = field(default_factory=dict)
    extract: Extract = MEASURES

    def model(self) -> Model:
        """As ``Point`` says."""
        with self.at_its_end():
            return compile_scenario(with_changes(self.world, self.changes), self.scenario)

    def check(self) -> None:
        """Raises ConfigErrors for what the levers do at this end of the assumptions that cannot be."""
        with self.at_its_end():
            check_phases(with_changes(self.world, self.changes), self.scenario)

    @contextmanager
    def at_its_end(self) -> Iterator[None]:
        """Says in every problem within at which end of the assumptions it is."""
        try:
            yield
        except ConfigErrors as errors:
            end = ENDS.get(self.variant, f", in {self.variant}" if self.variant.startswith(WORLD) else "")
            raise ConfigErrors(replace(p, file=f"{p.file}{end}") for p in errors.problems) from None

    def problem(self, text: str) -> Problem:
        """As ``Point`` says."""
        return Problem(f"scenario {self.scenario}", self.variant, "", text)


__all__ = ["CELL", "MEASURES", "Cells", "Extract", "Measures", "Point", "ScenarioPoint"]
