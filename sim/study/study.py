"""A study: every scenario and replication computed once, whatever is interrupted, then compared."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd
from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import BrokenProcessPool

from sim.compile.offered_load import PoolLoad
from sim.config.schema.base import EffectSize
from sim.config.schema.scenario import Scenario
from sim.config.schema.screening_table import SENSITIVITY
from sim.config.world import World, resolved
from sim.engines.select import Engine, choose
from sim.results.compare import compare
from sim.results.files import sha256, write_whole
from sim.results.published import compare_with_targets
from sim.results.read import Results, read_results, write_comparison
from sim.study.models import Compiled, compile_models
from sim.study.plan import Run, overloads, plan
from sim.study.processes import cores, unpack
from sim.study.progress import Progress
from sim.study.store import NothingDone, RunFile, StudyFolder, run_key
from sim.study.worker import Done, compute

PERIOD = "window"
VERSIONS = ("careshift", "numpy", "pandas", "scipy", "simpy", "pyarrow", "holidays", "joblib", "hydra-core")


@dataclass(frozen=True)
class Task:
    """A run with what determines it."""

    run: Run
    made: Compiled
    file: RunFile

    @property
    def key(self) -> str:
        """The run's key; two runs that are determined by the same have the same."""
        return self.file.path.stem


@dataclass
class Ledger:
    """What has become of the runs, by key."""

    done: dict[str, Done] = field(default_factory=dict)  # computed now
    errors: dict[str, str] = field(default_factory=dict)


def run_study(world: World, progress: bool = True) -> Results:
    """Computes what is missing of a study and compares its scenarios; returns the results.

    Runs that failed are in ``manifest["failed"]``, with the others kept. Raises ``ConfigErrors`` if a scenario cannot
    be compiled, ``StudyLocked`` if another process runs the same study, ``OtherStudy`` if its folder holds another
    configuration's results.
    """
    folder = StudyFolder(Path(world.execution.results), world.study.name)
    with folder.locked(), Progress(len(plan(world)), _workers(world), progress) as shown:
        folder.accept(resolved(world))
        started = time.perf_counter()
        tasks = _compiled(world, folder, shown)
        folder.note("started", runs=len(tasks))
        ledger = _compute_missing(tasks, world, folder, shown)
        _finish(world, folder, tasks, ledger, time.perf_counter() - started)
        folder.note("finished", failed=len(ledger.errors), seconds=round(time.perf_counter() - started, 1))
    if len(set(ledger.errors)) == len({task.key for task in tasks}):
        raise NothingDone(f"every run of {folder.path} failed; the first: {next(iter(ledger.errors.values())).strip()}")
    return read_results(folder.path)


def _workers(world: World) -> int:
    return world.execution.workers or cores()


def _compiled(world: World, folder: StudyFolder, progress: Progress) -> list[Task]:
    """Every run with its model. All scenarios are compiled before anything runs, so that bad input stops it all."""
    runs = plan(world)
    parts = dict.fromkeys((run.scenario, run.variant) for run in runs)
    models = compile_models(world, list(parts), _workers(world), progress.tell)
    tasks = []
    for run in runs:
        made = models[run.scenario, run.variant]
        key = run_key(made.hash, world.study.seed, run.replication)
        tasks.append(Task(run, made, folder.run_file(key)))
    return tasks


def _compute_missing(tasks: list[Task], world: World, folder: StudyFolder, progress: Progress) -> Ledger:
    """Computes each run that is not on disk. One whose worker is killed is tried once more, alone."""
    ledger, missing = Ledger(), _missing(tasks)
    if not missing:
        return ledger
    progress.tell("making the engine ready")
    engine = choose(world.execution.engine, unpack(missing[0].made.parcel))
    progress.begin(len(missing))
    try:
        _compute(missing, world, _workers(world), engine, ledger, folder, progress)
    except BrokenProcessPool:
        folder.note("worker lost")
    for task in _missing(tasks):
        if task.key not in ledger.errors:
            try:
                _compute([task], world, max(_workers(world), 2), engine, ledger, folder, progress)
            except BrokenProcessPool:
                ledger.errors[task.key] = "the worker process was killed (out of memory?)"
                folder.note("run failed", run=task.run.name, key=task.key, error=ledger.errors[task.key])
    return ledger


def _missing(tasks: list[Task]) -> list[Task]:
    """One task for each run that is not on disk."""
    return list({task.key: task for task in reversed(tasks) if not task.file.exists()}.values())[::-1]


def _compute(
    tasks: list[Task],
    world: World,
    workers: int,
    engine: Engine,
    ledger: Ledger,
    folder: StudyFolder,
    progress: Progress,
) -> None:
    names = {task.key: task.run.name for task in tasks}
    seed, me = world.study.seed, os.getpid()
    calls = (delayed(compute)(task.made.parcel, seed, task.run.replication, task.file, me, engine) for task in tasks)
    pool = Parallel(n_jobs=workers, return_as="generator_unordered", pre_dispatch="n_jobs + 1", batch_size=1)
    for done in pool(calls):
        if done.error:
            ledger.errors[done.key] = done.error
            folder.note("run failed", run=names[done.key], key=done.key, error=done.error)
        else:
            ledger.done[done.key] = done
            took = {"seconds": round(done.seconds, 1), "peak_mb": done.peak_mb}
            folder.note("run done", run=names[done.key], key=done.key, **took)
        progress.advance(names[done.key], done.seconds, failed=bool(done.error))


def _finish(world: World, folder: StudyFolder, tasks: list[Task], ledger: Ledger, wall_s: float) -> None:
    """Writes what is computed from the runs, then the manifest."""
    frames, entries, failed = [], [], []
    for task in tasks:
        about = {**asdict(task.run), "key": task.key}
        if not task.file.exists():
            failed.append({**about, "error": ledger.errors[task.key].strip().splitlines()[-1]})
            continue
        frame, counted = task.file.read()
        frames.append(frame.assign(**asdict(task.run), period=PERIOD))
        done = ledger.done.get(task.key)
        took = {"seconds": round(done.seconds, 2), "peak_mb": done.peak_mb} if done else {}
        entries.append({**about, "sha256": sha256(task.file.path), **counted, **took})
    if frames:
        _compare(world, folder, folder.write_measures(frames))
    about_all = {**_about(world, wall_s), "overloaded": overloads(_loads(tasks))}
    folder.write_manifest({**about_all, "runs": entries, "failed": failed})


def _loads(tasks: list[Task]) -> dict[str, list[PoolLoad]]:
    """The scenarios' overloaded pools with the effect sizes at their values."""
    return {task.run.scenario: task.made.overloaded for task in tasks if task.run.variant == "value"}


def _compare(world: World, folder: StudyFolder, measures: pd.DataFrame) -> None:
    baseline = world.study.scenarios[0]
    mine = measures[(measures["scenario"] == baseline) & (measures["variant"] == "value")]
    if mine.empty:
        return
    known = not world.region.travel.has_range
    certain = [name for name, scenario in world.scenarios.items() if known and not _is_uncertain(scenario)]
    comparison = compare(measures, baseline, certain)
    write_whole(folder.path / "comparison.csv", lambda path: write_comparison(comparison, path))
    validation = compare_with_targets(mine, world.region.targets)
    _write_csv(validation, folder.path / "validation.csv")
    _keep_sensitivity(world, folder)


def _keep_sensitivity(world: World, folder: StudyFolder) -> None:
    """What the region's screening said when the study was run, for the report; nothing if it is of another model."""
    table, path = world.region.sensitivity, folder.path / SENSITIVITY
    if table is not None and (table["care"] == world.study.care).all():
        _write_csv(table, path)
    else:
        path.unlink(missing_ok=True)


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    write_whole(path, lambda temporary: table.to_csv(temporary, index=False, lineterminator="\n"))


def _is_uncertain(scenario: Scenario) -> bool:
    """Whether any effect size has a range."""
    sizes = (size for lever in scenario.levers.values() for _, size in lever if isinstance(size, EffectSize))
    return any(size.low < size.high for size in sizes)


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
