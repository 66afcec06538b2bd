"""Natural experiments on a region's baseline: both sides simulated with the same luck, and what the change says."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
import pandas as pd

from sim.config.checks.experiment_checks import check_experiments, check_regions
from sim.config.errors import ConfigErrors, Problem, unknown
from sim.config.folders import folders
from sim.config.paths import with_changes
from sim.config.reading.experiment_files import ExperimentFile, read_experiments
from sim.config.schema.natural_experiment import ExperimentReading, MeasuredCell, NaturalExperiment
from sim.config.world import World
from sim.credibility.experiments.agreement import agreement_of
from sim.credibility.validation.validation import measures_of
from sim.measures import DEFINITIONS
from sim.results.foretold import EXPERIMENT_COLUMNS, Agreement, care_hash
from sim.results.statistics import Floats, t_half_width
from sim.study.progress import Listener
from sim.study.progress_bar import watch


@dataclass(frozen=True)
class ReadChange:
    """One reading: means before and after, the change with its half-width, and how it agrees with what is published.

    ``agreement`` is None where nothing is published.
    """

    reading: ExperimentReading
    before: float
    after: float
    change: float
    half_width: float
    agreement: Agreement | None

    @property
    def name(self) -> str:
        """The reading in one text: measure, cut and groups."""
        per = f" per {_cell_name(self.reading.per)}" if self.reading.per is not None else ""
        return _cell_name(self.reading) + per


@dataclass(frozen=True)
class Trial:
    """One experiment, and what came of it; no changes where it cannot be expressed."""

    name: str
    experiment: NaturalExperiment
    changes: list[ReadChange]


@dataclass(frozen=True)
class Trials:
    """All that were tried on a region."""

    world: World
    trials: list[Trial]

    def table(self) -> pd.DataFrame:
        """One row a reading, as ``experiments.csv`` has it; one of a trial that cannot be expressed."""
        care = care_hash(self.world.care.model_dump(mode="json"))
        rows = [(*row, care) for trial in self.trials for row in _rows(trial)]
        return pd.DataFrame(rows, columns=list(EXPERIMENT_COLUMNS))


def load_experiments(world: World, only: Collection[str] = (), root: Path | None = None) -> list[ExperimentFile]:
    """The experiments of the world's region, checked. Raises ConfigErrors with all that is wrong."""
    where = folders(root)
    problems: list[Problem] = []
    files = read_experiments(where, only, problems)
    problems += check_regions(files, where.region_names())
    mine = [one for one in files if world.region.name in one.experiment.regions]
    problems += check_experiments(world, mine)
    problems += [problem for one in files for problem in _measures(one)]
    if only and not mine and not problems:
        message = f"is not run on {world.region.name}: its file does not list that region"
        problems.append(Problem("command line", "--only", ", ".join(only), message))
    if problems:
        raise ConfigErrors(problems)
    return mine


def run_experiments(world: World, files: list[ExperimentFile], progress: bool | Listener = True) -> Trials:
    """Simulates both sides of each experiment, worlds that are the same once; runs are stored as those of studies are.

    ``progress``: as ``run_study``'s. Raises NothingDone if a run fails.
    """
    names: dict[str, str] = {}  # of what is simulated, by what it is
    worlds: dict[str, World] = {}
    for one in files:
        for part in one.experiment.sides if not one.experiment.not_expressible else ():
            name = names.setdefault(_key(one.experiment, part), f"{one.name}: {part}")
            worlds[name] = worlds.get(name) or _side(world, one.experiment, part)
    with watch(progress) as listener:
        tables = measures_of(worlds, listener) if worlds else {}
    measures = {key: tables[name] for key, name in names.items()}
    return Trials(world, [Trial(one.name, one.experiment, _changes(one.experiment, measures)) for one in files])


def _measures(one: ExperimentFile) -> list[Problem]:
    """Measures and cuts that the model lacks."""
    problems = []
    for i, reading in enumerate(one.experiment.readings):
        cells = {f"readings[{i}]": reading, f"readings[{i}].per": reading.per}
        for key, cell in ((key, cell) for key, cell in cells.items() if cell is not None):
            named = {"measure": cell.measure, **({"times": cell.times} if cell.times else {})}
            for part, measure in named.items():
                if measure not in DEFINITIONS:
                    problems.append(unknown(one.file, f"{key}.{part}", measure, "measure", DEFINITIONS))
                elif cell.by not in (cuts := DEFINITIONS[measure].cuts):
                    problems.append(unknown(one.file, f"{key}.by", cell.by, f"cut of {measure}", cuts))
    return problems


def _key(experiment: NaturalExperiment, part: str) -> str:
    """What a side is, in a text: its days and all that its levers say."""
    side, window = experiment.sides[part], experiment.sides[part].window or experiment.window
    assert window is not None
    levers = json.dumps({n: lever.model_dump(mode="json") for n, lever in side.levers.items()}, sort_keys=True)
    return f"{window.start} {window.end} {window.warm_up_days} {levers}"


def _side(world: World, experiment: NaturalExperiment, part: str) -> World:
    """The baseline with the window and the levers of a side."""
    side, base = experiment.sides[part], world.study.scenarios[0]
    window = side.window or experiment.window
    assert window is not None
    days = {f"study.{key}": getattr(window, key) for key in ("start", "end", "warm_up_days")}
    levers = {**world.scenarios[base].levers, **side.levers}
    return with_changes(world, {**days, f"scenarios.{base}.levers": levers})


def _changes(experiment: NaturalExperiment, measures: dict[str, pd.DataFrame]) -> list[ReadChange]:
    if experiment.not_expressible:
        return []
    tables = [measures[_key(experiment, part)] for part in ("before", "after")]
    return [_change(reading, *tables) for reading in experiment.readings]


def _change(reading: ExperimentReading, before: pd.DataFrame, after: pd.DataFrame) -> ReadChange:
    """Paired by replication; relative to the mean before, or to the mean change of what it is per."""
    first, second = _values(before, reading), _values(after, reading)
    per = reading.per
    whole = (_values(after, per) - _values(before, per)).mean() if per is not None else first.mean()
    changes = (second - first) / whole if whole else np.full(len(first), np.nan)
    half = float(t_half_width(changes.std(ddof=1), len(changes))) if len(changes) > 1 else np.nan
    change = float(changes.mean())
    agreement = agreement_of(change, half, reading.published) if reading.published is not None else None
    return ReadChange(reading, float(first.mean()), float(second.mean()), change, half, agreement)


def _values(table: pd.DataFrame, cell: MeasuredCell) -> Floats:
    """One value a replication, the mean over the groups; NaN where a group has none."""
    groups = cell.groups or [""]
    parts = [_of_group(table, cell, group) for group in groups]
    values: Floats = reduce(np.add, parts) / len(groups)
    return values


def _of_group(table: pd.DataFrame, cell: MeasuredCell, group: str) -> Floats:
    value = _one(table, cell.measure, cell.by, group)
    return value * _one(table, cell.times, cell.by, group) if cell.times else value


def _one(table: pd.DataFrame, measure: str, by: str, group: str) -> Floats:
    cells = table[(table["measure"] == measure) & (table["by"] == by) & (table["group"].replace("all", "") == group)]
    runs = np.sort(table["replication"].unique())
    values: Floats = cells.set_index("replication")["value"].reindex(runs).to_numpy(dtype=np.float64)
    return values


def _rows(trial: Trial) -> list[tuple[object, ...]]:
    use = trial.experiment.use
    if trial.experiment.not_expressible:
        return [(trial.name, use, "", *[np.nan] * 5, Agreement.INEXPRESSIBLE.value)]
    words = [one.agreement.value if one.agreement is not None else "" for one in trial.changes]
    return [(trial.name, use, one.name, *_numbers(one), word) for one, word in zip(trial.changes, words, strict=True)]


def _numbers(one: ReadChange) -> tuple[float, ...]:
    published = one.reading.published
    ends = (published.low, published.high) if published is not None else (None, None)
    low, high = (np.nan if end is None else end for end in ends)
    return one.change, one.change - one.half_width, one.change + one.half_width, low, high


def _cell_name(cell: MeasuredCell) -> str:
    times = f" x {cell.times}" if cell.times else ""
    few = " ".join(cell.groups) if len(cell.groups) <= 4 else f"{cell.groups[0]} to {cell.groups[-1]}"
    return cell.measure + times + (f" {cell.by} {few}" if cell.groups else "")


__all__ = ["ReadChange", "Trial", "Trials", "load_experiments", "run_experiments"]
