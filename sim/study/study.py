"""A study: every scenario and replication computed once, whatever is interrupted, then compared."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sim.config.changes import check_scenarios
from sim.config.sentence import Sentence
from sim.config.world import World, resolved
from sim.results.files import abandoned
from sim.results.journal import JOURNAL, mend_journal
from sim.results.read import Results, read_results
from sim.study.done_before import ORIGIN, done_before, origin
from sim.study.evaluate import Evaluation, evaluate
from sim.study.heartbeat import Heartbeat
from sim.study.outcome import leave_outcome, run_identity
from sim.study.plan import ends, plan, refuse_impossible, runs_of
from sim.study.progress import Event, JobDone, JobFailed, Listener, Message, RunDamaged, WorkerKilled, both
from sim.study.progress_bar import watch
from sim.study.store import RUNS, NothingDone, StudyFolder, code_hash, config_hash, last_line
from sim.study.work_limits import refuse_too_much
from sim.study.world_runs import WorldRuns, run_worlds

LONGEST = 300  # letters of an error that the journal keeps
PATIENCE_S, LOOK_S = 2.0, 0.05  # how long the files of workers that are ended are waited for


def run_study(world: World, progress: bool | Listener = True) -> Results:
    """Computes what is missing of a study and compares its scenarios; returns the results.

    ``progress``: True for a bar, False for silence, or a listener of one's own, which is sent every event
    (``sim.study.progress``). Runs that failed are in ``manifest["failed"]``, with the others kept. A study that is
    done is read and nothing is compiled; stored runs that are damaged are computed again. Raises
    ``ConfigErrors`` if a scenario says what a file may not, or cannot be compiled, ``StudyLocked`` if another process
    runs the same study, ``OtherStudy`` if its folder holds another configuration's results, ``Cancelled`` if the
    listener cancelled it, ``OSError`` with a path if the disk refuses something.
    """
    check_scenarios(world)
    folder, here = StudyFolder(Path(world.execution.results), world.study.name), origin(world)
    work = None if done_before(folder, here) is not None else refuse_too_much(world)
    with (
        folder.locked(), Heartbeat(folder.path) as heartbeat, watch(progress) as listener, _noted_ending(folder)
    ):  # fmt: skip
        config = resolved(world)
        lost = mend_journal(folder.path)
        damaged = folder.accept(config)
        if damaged is not None:
            folder.note("configuration damaged", why=damaged.why)
        for path in [folder.path / JOURNAL] * bool(lost) + ([damaged.path] if damaged else []):
            listener(Message(0, 0, 0.0, None, Sentence("{path} was damaged, and is mended", path=path)))
        stored = done_before(folder, here)
        if work is not None:
            listener(Message(0, work.runs, 0.0, None, work.sentence))
        if stored is None:
            watched = both(_JournalKeeper(folder), both(heartbeat, listener))
            evaluation = _compute(world, folder, {"config": config_hash(config), ORIGIN: here}, watched)
        else:
            number = len(stored.manifest["runs"])
            text = Sentence("all {number} runs are there already; nothing is computed", number=number)
            listener(Message(number, number, 0.0, None, text))
            folder.note("nothing to do", runs=number)
            return stored
    if all(run.error for run in evaluation.runs):
        first = evaluation.failed[0].error
        text = Sentence(
            "every run of {path} failed; the first: {error}; tracebacks are in {file}",
            path=folder.path, error=last_line(first), file=folder.path / JOURNAL,
        )  # fmt: skip
        raise NothingDone(text)
    return read_results(folder.path)


def _compute(world: World, folder: StudyFolder, about: dict[str, str], listener: Listener) -> Evaluation:
    """Computes what is missing, and writes what is computed from the runs."""
    started = time.perf_counter()
    points = plan(world)
    if world.study.worlds:  # which are drawn between the ends
        refuse_impossible(ends(world))
    folder.note("started", runs=runs_of(points), config=about["config"], program=code_hash())
    as_said = [point.name for point in points if point.variant == "value"]
    evaluation = evaluate(points, world.execution, listener, as_said)
    worlds = _in_worlds(world, evaluation, listener)
    wall_s = round(time.perf_counter() - started, 1)
    leave_outcome(world, folder, evaluation, worlds, {**about, "wall_s": wall_s})
    failed = {run.key for run in (*evaluation.runs, *worlds.runs) if run.error}
    folder.note("finished", failed=len(failed), seconds=round(time.perf_counter() - started, 1))
    return evaluation


@contextmanager
def _noted_ending(folder: StudyFolder) -> Iterator[None]:
    """An end before the end stands in the journal, and leaves no temporary file. Raises what was raised."""
    try:
        yield
    except BaseException as error:
        with suppress(OSError):
            if isinstance(error, KeyboardInterrupt):
                folder.note("interrupted", by=str(error) or "SIGINT")
            else:
                folder.note("stopped", error=f"{type(error).__name__}: {error}"[:LONGEST])
        _sweep(folder)
        raise


def _sweep(folder: StudyFolder) -> None:
    """Removes what workers that were ended had not finished; one that is still at its file may finish it."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with suppress(OSError):
            for path in abandoned(folder.results / RUNS):
                path.unlink(missing_ok=True)
            if not list((folder.results / RUNS).glob(".*")):
                return
        time.sleep(LOOK_S)


@dataclass(frozen=True)
class _JournalKeeper:
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
                self.folder.note("worker lost", runs=list(event.names), why=event.why)
            case RunDamaged():
                self.folder.note("run damaged", path=event.path, why=event.why)


def _in_worlds(world: World, evaluation: Evaluation, listener: Listener) -> WorldRuns:
    """The runs in the study's worlds; none if it wants none, or if the baseline's first run failed."""
    usual = {"scenario": world.study.scenarios[0], "variant": "value", "replication": 0}
    first = next((run for run in evaluation.runs if run_identity(run) == usual), None)
    if not world.study.worlds or len(world.study.scenarios) < 2 or first is None or first.error:
        return WorldRuns()
    return run_worlds(world, first.measures(), listener)


__all__ = ["run_study"]
