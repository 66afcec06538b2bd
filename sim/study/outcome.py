"""What a study leaves once its runs are done: tables that are computed from them, and the manifest that names them."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from sim.compile.lever_effects import levers_without_effect
from sim.compile.lever_sizes import questions
from sim.compile.offered_load import PoolLoad
from sim.config.calendar_periods import WHOLE_WINDOW
from sim.config.schema.screening_table import SENSITIVITY
from sim.config.sentence import plain_data
from sim.config.variants import Basis, basis, is_uncertain, trips_vary
from sim.config.world import World
from sim.results.changes_by_world import DECISIVE, DRAWS, decisive_figures
from sim.results.compare import compare, world_changes
from sim.results.decomposition import decomposition, write_decomposition
from sim.results.files import sha256, write_whole
from sim.results.journal import read_journal
from sim.results.published import VALIDATION, compare_with_targets
from sim.results.read import COMPARISON, DECOMPOSITION, MEASURES_FILE, write_comparison
from sim.results.timeline import BY_PERIOD, TIMELINE, of_periods, of_window, timeline
from sim.study.evaluate import EvaluatedRun, Evaluation
from sim.study.plan import overloads
from sim.study.points import ScenarioPoint
from sim.study.processes import cores
from sim.study.store import StudyFolder, last_line
from sim.study.world_runs import WorldRuns

VERSIONS = ("careshift", "numpy", "pandas", "scipy", "simpy", "pyarrow", "holidays", "joblib", "hydra-core")


def leave_outcome(
    world: World, folder: StudyFolder, evaluation: Evaluation, worlds: WorldRuns, about: dict[str, Any]
) -> None:
    """Writes what is computed from the runs, then the manifest; ``about``: what else that keeps. Raises OSError."""
    frames, by_period, entries, failed = [], [], [], []
    effort = _effort(folder)
    for run in (*evaluation.runs, *worlds.runs):
        identity = {**run_identity(run), "key": run.key}
        if run.error:
            failed.append({**identity, "error": last_line(run.error)})
            continue
        stored = run.file.read()
        frames.append(of_window(stored.measures).assign(**run_identity(run), period=WHOLE_WINDOW))
        by_period.append(of_periods(stored.measures).assign(**run_identity(run)))
        entries.append({**identity, "sha256": sha256(run.file.path), **stored.counts, **effort.get(run.key, {})})
    names = []
    if frames:
        measures = folder.write_measures(frames)
        names = [MEASURES_FILE, *_compare(world, folder, measures, worlds), *_keep_timeline(world, folder, by_period)]
    without = {s: levers for s in world.study.scenarios if (levers := levers_without_effect(world, s))}
    loads = overloads(_loads(evaluation))
    whole = {**_about(world), **about, "worlds": worlds.report(), "overloaded": loads, "without_effect": without}
    whole["questions"] = [plain_data(one) for one in questions(world)]
    folder.write_manifest({**whole, "runs": entries, "failed": failed}, names)


def _effort(folder: StudyFolder) -> dict[str, dict[str, Any]]:
    """Seconds and memory of each run by its key, from the journal: also of those that were there before."""
    done = [entry for entry in read_journal(folder.path).entries if entry["event"] == "run done"]
    return {e["key"]: {"seconds": e["seconds"], "peak_mb": e["peak_mb"]} for e in done if {"key", "seconds"} <= set(e)}


def run_identity(run: EvaluatedRun) -> dict[str, Any]:
    """What tells a run of a study from its others."""
    assert isinstance(run.point, ScenarioPoint)
    return {"scenario": run.point.scenario, "variant": run.point.variant, "replication": run.replication}


def _loads(evaluation: Evaluation) -> dict[str, list[PoolLoad]]:
    """The scenarios' overloaded pools with the effect sizes at their values."""
    points = dict.fromkeys(run.point for run in evaluation.runs)
    return {
        p.scenario: evaluation.overloaded[p.name]
        for p in points
        if isinstance(p, ScenarioPoint) and p.name in evaluation.overloaded
    }


def _compare(world: World, folder: StudyFolder, measures: pd.DataFrame, worlds: WorldRuns) -> list[str]:
    """Writes the tables of the changes; returns their names, none without runs of the baseline."""
    baseline = world.study.scenarios[0]
    mine = measures[(measures["scenario"] == baseline) & (measures["variant"] == "value")]
    if mine.empty:
        return []
    comparison = compare(measures, baseline, _certain(world))
    write_whole(folder.path / COMPARISON, lambda path: write_comparison(comparison, path))
    parts = decomposition(measures, comparison, baseline, _bases(world))
    write_whole(folder.path / DECOMPOSITION, lambda path: write_decomposition(parts, path))
    _write_csv(compare_with_targets(mine, world.region.targets), folder.path / VALIDATION)
    kept = _keep_worlds(folder, measures, baseline, worlds) + _keep_sensitivity(world, folder)
    return [COMPARISON, DECOMPOSITION, VALIDATION, *kept]


def _certain(world: World) -> list[str]:
    """Scenarios that have nothing to vary."""
    matrix = not trips_vary(world.region.travel)
    return [name for name, scenario in world.scenarios.items() if matrix and not is_uncertain(scenario)]


def _keep_timeline(world: World, folder: StudyFolder, frames: list[pd.DataFrame]) -> list[str]:
    """The measures of all runs by calendar period, and their changes; nothing if the study has no periods."""
    if world.study.period == "none":
        return []
    measures = folder.write_measures(frames, BY_PERIOD)
    baseline = world.study.scenarios[0]
    if not ((measures["scenario"] == baseline) & (measures["variant"] == "value")).any():
        return [BY_PERIOD]
    table = timeline(measures, baseline, _certain(world))
    write_whole(folder.path / TIMELINE, lambda path: write_comparison(table, path))
    return [BY_PERIOD, TIMELINE]


def _bases(world: World) -> dict[str, Basis]:
    """Which kinds of levers each scenario has; both where the baseline has levers of its own, which none can tell."""
    if world.scenarios[world.study.scenarios[0]].levers:
        return dict.fromkeys(world.scenarios, "both")
    return {name: basis(scenario) for name, scenario in world.scenarios.items()}


def _keep_worlds(folder: StudyFolder, measures: pd.DataFrame, baseline: str, worlds: WorldRuns) -> list[str]:
    """What was drawn, and the figures that decide; nothing if there were no worlds. Returns the tables' names."""
    if worlds.draws.empty:
        for name in (DRAWS, DECISIVE):
            (folder.path / name).unlink(missing_ok=True)
        return []
    _write_csv(worlds.table(), folder.path / DRAWS)
    _write_csv(decisive_figures(world_changes(measures, baseline), worlds.table()), folder.path / DECISIVE)
    return [DRAWS, DECISIVE]


def _keep_sensitivity(world: World, folder: StudyFolder) -> list[str]:
    """What the region's screening said when the study was run, for the report; nothing if it is of another model."""
    table, path = world.region.sensitivity, folder.path / SENSITIVITY
    if table is not None and (table["care"] == world.study.care).all():
        _write_csv(table, path)
        return [SENSITIVITY]
    path.unlink(missing_ok=True)
    return []


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    write_whole(path, lambda temporary: table.to_csv(temporary, index=False, lineterminator="\n"))


def _about(world: World) -> dict[str, Any]:
    return {
        "study": world.study.name,
        "baseline": world.study.scenarios[0],
        "seed": world.study.seed,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "workers": world.execution.workers or cores(),
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Of Python, of this program and of the libraries that results depend on."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in VERSIONS}}


__all__ = ["leave_outcome", "run_identity", "versions"]
