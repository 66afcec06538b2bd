"""A region's baseline held against published figures: as fitted, as its tables say, and as other regions' fits say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from sim.config.errors import ConfigErrors, Problem
from sim.config.factors import with_factors
from sim.config.folders import folders
from sim.config.reading.free_parameter_files import read_free
from sim.config.schema.free_parameters import Fitted, FreeParameters, Pull
from sim.config.world import World
from sim.results.published import compare_with_targets
from sim.study.evaluate import evaluate
from sim.study.points import ScenarioPoint
from sim.study.progress import Listener
from sim.study.progress_bar import watch

UNFITTED = "nothing"  # the region as its tables say


@dataclass(frozen=True)
class Validation:
    """What a region's baseline simulates, beside what is published.

    ``tables``: as ``compare_with_targets`` makes them, with the value of the first replication, by what was fitted to:
    the region's own name, another region whose fit is carried over, or ``nothing``.
    """

    world: World
    tables: dict[str, pd.DataFrame]

    @property
    def region(self) -> str:
        """Name of the region."""
        return self.world.region.name

    @property
    def own(self) -> pd.DataFrame:
        """The baseline that studies use: fitted to the region's own figures if it has been."""
        return self.tables[self.region if self.region in self.tables else UNFITTED]


def validate(plain: World, progress: bool | Listener = True, root: Path | None = None) -> Validation:
    """Simulates the baseline of a world that was loaded without factors, in each way that it can be fitted.

    Runs are stored as those of studies are, and not computed again. ``progress``: as ``run_study``'s;
    ``root``: the folder of ``configs``. Raises
    ConfigErrors if the region has no figure to be held against, NothingDone if a run fails.
    """
    if not (plain.region.targets["use"] != "compare").any():
        file = f"configs/region/{plain.region.name}/targets.csv"
        raise ConfigErrors([Problem(file, "column use", "", "no figure is marked fit or kept_out")])
    worlds = {name: world for name, world in _worlds(plain, root).items() if world is not None}
    with watch(progress) as listener:
        tables = measures_of(worlds, listener)
    return Validation(plain, {name: _table(tables[name], plain.region.targets) for name in worlds})


def _worlds(plain: World, root: Path | None) -> dict[str, World | None]:
    """The world as fitted itself, as its tables say, and with what was fitted on each other region alone."""
    own = plain.region
    worlds: dict[str, World | None] = {own.name: with_fit(plain, own.free, own.fitted, carried=False), UNFITTED: plain}
    where = folders(root)
    for name in where.region_names():
        if name != own.name:
            problems: list[Problem] = []
            parts = read_free(where.config(f"region/{name}"), problems)
            worlds[name] = with_fit(plain, parts.free, parts.fitted, carried=True) if not problems else None
    return worlds


def with_fit(plain: World, free: FreeParameters | None, fitted: Fitted | None, carried: bool) -> World | None:
    """The world with factors; those of a site are of their own region and are not ``carried`` to another."""
    if free is None or fitted is None or fitted.care != plain.study.care:
        return None
    factors = {
        name: factor
        for name, factor in fitted.factors().items()
        if not (carried and isinstance(free.parameters[name].acts_on, Pull))
    }
    care, region = with_factors(plain.care, plain.region, free.parameters, factors)
    return replace(plain, care=care, region=region)


def measures_of(worlds: Mapping[str, World], listener: Listener) -> dict[str, pd.DataFrame]:
    """Tidy measures of the baseline in each world, all replications. Raises NothingDone if a run fails."""
    first = next(iter(worlds.values()))
    points = [
        ScenarioPoint(name, world, world.study.scenarios[0], first.study.seed, first.study.replications)
        for name, world in worlds.items()
    ]
    table = evaluate(points, first.execution, listener).table()
    return {name: table[table["point"] == name].drop(columns="point") for name in worlds}


def _table(measures: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    table = compare_with_targets(measures, targets)
    one = compare_with_targets(measures[measures["replication"] == 0], targets)
    return table.assign(first=one["simulated"])


def hits(table: pd.DataFrame) -> pd.DataFrame:
    """Figures and hits by class: what a figure is for, how far off it may be, and whether it is of grade A or B."""
    judged = table[table["use"] != "compare"]
    good = judged["quality"].isin(["A", "B"]).map({True: "A, B", False: "C, D, X"})
    grouped = judged.assign(grade=good, hit=judged["hit"].fillna(False).astype(bool), figures=1)
    return grouped.groupby(["use", "tolerance", "grade"], as_index=False)[["figures", "hit"]].sum()


__all__ = ["UNFITTED", "Validation", "hits", "measures_of", "validate", "with_fit"]
