"""A study: every scenario and replication computed once, whatever is interrupted, then compared."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from sim.compile.lever_effects import levers_without_effect
from sim.compile.offered_load import PoolLoad
from sim.config.calendar_periods import WHOLE_WINDOW
from sim.config.changes import check_scenarios
from sim.config.schema.screening_table import SENSITIVITY
from sim.config.sentence import Sentence
from sim.config.variants import Basis, basis, is_uncertain, trips_vary
from sim.config.world import World, resolved
from sim.results.changes_by_world import DECISIVE, DRAWS, decisive_figures
from sim.results.compare import compare, world_changes
from sim.results.decomposition import decomposition, write_decomposition
from sim.results.files import sha256, write_whole
from sim.results.published import compare_with_targets
from sim.results.read import DECOMPOSITION, HASHED, Results, read_results, write_comparison
from sim.results.timeline import BY_PERIOD, TIMELINE, of_periods, of_window, timeline
from sim.study.evaluate import EvaluatedRun, Evaluation, evaluate
from sim.study.plan import ends, overloads, plan, refuse_impossible, runs_of
from sim.study.points import ScenarioPoint
from sim.study.processes import cores
from sim.study.progress import Event, JobDone, JobFailed, Listener, WorkerKilled, both
from sim.study.progress_bar import watch
from sim.study.store import JOURNAL, NothingDone, StudyFolder, last_line
from sim.study.world_runs import WorldRuns, run_worlds

VERSIONS = ("careshift", "numpy", "pandas", "scipy", "simpy", "pyarrow", "holidays", "joblib", "hydra-core")


def run_study(world: World, progress: bool | Listener = True) -> Results:
    """Computes what is missing of a study and compares its scenarios; returns the results.

    ``progress``: True for a bar, False for silence, or a listener of one's own, which is sent every event
    (``sim.study.progress``). Runs that failed are in ``manifest["failed"]``, with the others kept. Raises
    ``ConfigErrors`` if a scenario says what a file may not, or cannot be compiled, ``StudyLocked`` if another process
    runs the same study, ``OtherStudy`` if its folder holds another configuration's results, ``Cancelled`` if the
    listener cancelled it.
    """
    check_scenarios(world)
    folder = StudyFolder(Path(world.execution.results), world.study.name)
    with folder.locked(), watch(progress) as listener:
        folder.accept(resolved(world))
        started = time.perf_counter()
        points = plan(world)
        if world.study.worlds:  # which are drawn between the ends
            refuse_impossible(ends(world))
        folder.note("started", runs=runs_of(points))
        as_said = [point.name for point in points if point.variant == "value"]
        watched = both(_Journal(folder), listener)
        evaluation = evaluate(points, world.execution, watched, as_said)
        worlds = _in_worlds(world, evaluation, watched)
        _finish(world, folder, evaluation, worlds, time.perf_counter() - started)
        failed = {run.key for run in (*evaluation.runs, *worlds.runs) if run.error}
        folder.note("finished", failed=len(failed), seconds=round(time.perf_counter() - started, 1))
    if all(run.error for run in evaluation.runs):
        first = evaluation.failed[0].error
        text = Sentence(
            "every run of {path} failed; the first: {error}; tracebacks are in {file}",
            path=folder.path, error=last_line(first), file=folder.path / JOURNAL,
        )  # fmt: skip
        raise NothingDone(text)
    return read_results(folder.path)


@dataclass(frozen=True)
class _Journal:
    """The listener that writes the journal of a study's folder."""

    folder: StudyFolder

    def __call__(self, event: Event) -> None:
        match event:
            case JobDone():
                took = {"seconds": round(event.job_s, 1), "peak_mb": event.peak_mb}
                self.folder.note("run done", run=event.name, key=event.key, **took)
            case JobFailed():
                self.folder.note("run failed", run=event.name, key=event.key, error=event.error)
            case WorkerKilled():
                self.folder.note("worker lost", runs=list(event.names))


def _workers(world: World) -> int:
    return world.execution.workers or cores()


def _in_worlds(world: World, evaluation: Evaluation, listener: Listener) -> WorldRuns:
    """The runs in the study's worlds; none if it wants none, or if the baseline's first run failed."""
    baseline = world.study.scenarios[0]
    usual = (r for r in evaluation.runs if _run_key(r) == {"scenario": baseline, "variant": "value", "replication": 0})
    first = next(usual, None)
    if not world.study.worlds or len(world.study.scenarios) < 2 or first is None or first.error:
        return WorldRuns()
    return run_worlds(world, first.measures(), listener)


def _finish(world: World, folder: StudyFolder, evaluation: Evaluation, worlds: WorldRuns, wall_s: float) -> None:
    """Writes what is computed from the runs, then the manifest."""
    frames, by_period, entries, failed = [], [], [], []
    for run in (*evaluation.runs, *worlds.runs):
        about = {**_run_key(run), "key": run.key}
        if run.error:
            failed.append({**about, "error": last_line(run.error)})
            continue
        frame, counted = run.file.read()
        frames.append(of_window(frame).assign(**_run_key(run), period=WHOLE_WINDOW))
        by_period.append(of_periods(frame).assign(**_run_key(run)))
        took = {"seconds": round(run.seconds, 2), "peak_mb": run.peak_mb} if run.seconds is not None else {}
        entries.append({**about, "sha256": sha256(run.file.path), **counted, **took})
    if frames:
        _compare(world, folder, folder.write_measures(frames), worlds)
        _keep_timeline(world, folder, by_period)
    about_all = {**_about(world, wall_s), "worlds": worlds.report(), "overloaded": overloads(_loads(evaluation))}
    about_all["without_effect"] = {
        s: levers for s in world.study.scenarios if (levers := levers_without_effect(world, s))
    }
    files = {name: sha256(folder.path / name) for name in HASHED if (folder.path / name).exists()}
    folder.write_manifest({**about_all, "files": files, "runs": entries, "failed": failed})


def _run_key(run: EvaluatedRun) -> dict[str, Any]:
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


def _compare(world: World, folder: StudyFolder, measures: pd.DataFrame, worlds: WorldRuns) -> None:
    baseline = world.study.scenarios[0]
    mine = measures[(measures["scenario"] == baseline) & (measures["variant"] == "value")]
    if mine.empty:
        return
    comparison = compare(measures, baseline, _certain(world))
    write_whole(folder.path / "comparison.csv", lambda path: write_comparison(comparison, path))
    parts = decomposition(measures, comparison, baseline, _bases(world))
    write_whole(folder.path / DECOMPOSITION, lambda path: write_decomposition(parts, path))
    _keep_worlds(folder, measures, baseline, worlds)
    validation = compare_with_targets(mine, world.region.targets)
    _write_csv(validation, folder.path / "validation.csv")
    _keep_sensitivity(world, folder)


def _certain(world: World) -> list[str]:
    """Scenarios that have nothing to vary."""
    matrix = not trips_vary(world.region.travel)
    return [name for name, scenario in world.scenarios.items() if matrix and not is_uncertain(scenario)]


def _keep_timeline(world: World, folder: StudyFolder, frames: list[pd.DataFrame]) -> None:
    """The measures of all runs by calendar period, and their changes; nothing if the study has no periods."""
    if world.study.period == "none":
        return
    measures = folder.write_measures(frames, BY_PERIOD)
    baseline = world.study.scenarios[0]
    if ((measures["scenario"] == baseline) & (measures["variant"] == "value")).any():
        table = timeline(measures, baseline, _certain(world))
        write_whole(folder.path / TIMELINE, lambda path: write_comparison(table, path))


def _bases(world: World) -> dict[str, Basis]:
    """Which kinds of levers each scenario has; both where the baseline has levers of its own, which none can tell."""
    if world.scenarios[world.study.scenarios[0]].levers:
        return dict.fromkeys(world.scenarios, "both")
    return {name: basis(scenario) for name, scenario in world.scenarios.items()}


def _keep_worlds(folder: StudyFolder, measures: pd.DataFrame, baseline: str, worlds: WorldRuns) -> None:
    """What was drawn, and the figures that decide; nothing if there were no worlds."""
    if worlds.draws.empty:
        for name in (DRAWS, DECISIVE):
            (folder.path / name).unlink(missing_ok=True)
        return
    _write_csv(worlds.table(), folder.path / DRAWS)
    _write_csv(decisive_figures(world_changes(measures, baseline), worlds.table()), folder.path / DECISIVE)


def _keep_sensitivity(world: World, folder: StudyFolder) -> None:
    """What the region's screening said when the study was run, for the report; nothing if it is of another model."""
    table, path = world.region.sensitivity, folder.path / SENSITIVITY
    if table is not None and (table["care"] == world.study.care).all():
        _write_csv(table, path)
    else:
        path.unlink(missing_ok=True)


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    write_whole(path, lambda temporary: table.to_csv(temporary, index=False, lineterminator="\n"))


def _about(world: World, wall_s: float) -> dict[str, Any]:
    return {
        "study": world.study.name,
        "baseline": world.study.scenarios[0],
        "seed": world.study.seed,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_s": round(wall_s, 1),
        "workers": _workers(world),
        "versions": {"python": platform.python_version(), **{v: metadata.version(v) for v in VERSIONS}},
    }


__all__ = ["run_study"]
