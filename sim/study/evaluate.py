"""Points x replications: each simulated once, whatever asks for it, and kept by a hash of all that determines it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex

import pandas as pd

from sim.compile.offered_load import PoolLoad, overloaded
from sim.config.errors import ConfigErrors, Problem
from sim.config.schema.study_design import Execution
from sim.config.sentence import Sentence
from sim.engines.select import Choice, Engine, choose_meanwhile
from sim.results.identity import Damaged
from sim.results.stored_runs import RunFile, StoredRun
from sim.results.timeline import of_window
from sim.simulation import simulate
from sim.study.backend_choice import backend_for
from sim.study.backends import Backend
from sim.study.execute import Job, execute
from sim.study.parcels import Parcel, pack, tables_folder, unpack
from sim.study.points import Extract, Point
from sim.study.progress import Course, Event, Finished, JobDone, Listener, Message, RunDamaged, Started, silence
from sim.study.store import NothingDone, StudyFolder, last_line, model_hash, run_key

AT_A_TIME = 60  # points whose models are kept in files at once: of a region, some 40 MB each


@dataclass(frozen=True)
class EvaluatedRun:
    """One replication at a point: where it is kept, what it took if it was simulated now, or why it failed."""

    point: Point
    replication: int
    file: RunFile
    seconds: float | None = None
    peak_mb: int | None = None
    error: str = ""

    @property
    def key(self) -> str:
        """A hash of all that determines the run; runs that are determined by the same have the same."""
        return self.file.path.stem

    def measures(self) -> pd.DataFrame:
        """What is kept of the run's whole window."""
        return of_window(self.file.read().measures)


@dataclass(frozen=True)
class Evaluation:
    """What was asked for, in the order in which it was; a run that failed is among the runs and not in the table."""

    runs: list[EvaluatedRun]
    overloaded: dict[str, list[PoolLoad]]  # by name of the point, of those whose loads were asked for

    @property
    def failed(self) -> list[EvaluatedRun]:
        """Runs that raised, or whose worker was killed twice."""
        return [run for run in self.runs if run.error]

    def table(self) -> pd.DataFrame:
        """Tidy: point, replication, and what is kept of a run. Raises NothingDone if a run failed."""
        if self.failed:
            first = self.failed[0]
            raise NothingDone(
                Sentence(
                    "{point} {replication} failed: {error}",
                    point=first.point.name, replication=first.replication, error=last_line(first.error),
                ),
                first.error,
            )  # fmt: skip
        frames = [run.measures().assign(point=run.point.name, replication=run.replication) for run in self.runs]
        return pd.concat(frames, ignore_index=True)


@dataclass(frozen=True)
class CompiledPoint:
    """What is said of a point's model, and the model itself where a run of it is missing."""

    hash: str
    overloaded: list[PoolLoad]
    missing: list[int]  # replications
    damaged: list[Damaged]  # of the missing: files that are not believed
    parcel: Parcel | None


def evaluate(
    points: Sequence[Point], execution: Execution, listener: Listener = silence, loads_of: Collection[str] = ()
) -> Evaluation:
    """Every replication of every point; names of points are distinct. ``loads_of``: those whose loads are wanted.

    Models are compiled by the workers, so many at a time that they can be held, and before the runs: a point that
    cannot be compiled is told before anything runs, with all others of its batch. A run is stored as soon as it is
    done, under ``run_key``, so that what is interrupted goes on where it was. Raises
    ConfigErrors with all that cannot be compiled, Cancelled, and NothingDone if compiling fails otherwise.
    """
    backend, results = backend_for(execution), Path(execution.results)
    if backend.is_far:  # which have another working folder
        results = results.absolute()
    runs: list[EvaluatedRun] = []
    with tables_folder(results, backend.is_far) as folder:
        evaluator = _Evaluator(points, execution.engine, results, folder, backend, listener, loads_of)
        for start in range(0, len(points), AT_A_TIME):
            runs += evaluator.evaluate_points(points[start : start + AT_A_TIME])
    return Evaluation(runs, evaluator.overloaded)


@dataclass(frozen=True)
class _Took:
    """What a run took that was tried, and why it failed; its job is let go."""

    seconds: float
    peak_mb: int
    error: str


@dataclass
class _Evaluator:
    """What an evaluation is of, and how far it is."""

    points: Sequence[Point]
    choice: Choice
    store: Path
    folder: Path  # of parcels
    backend: Backend
    listener: Listener
    loads_of: Collection[str]
    done: int = 0
    ready: Future[Engine] | None = None
    engine: Engine | None = None  # what simulates, once it is ready
    results: dict[str, _Took] = field(default_factory=dict)  # of runs that were tried, by key
    overloaded: dict[str, list[PoolLoad]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(point.replications for point in self.points)

    def evaluate_points(self, points: Sequence[Point]) -> list[EvaluatedRun]:
        models = self._compile_points(points)
        self.overloaded |= {name: model.overloaded for name, model in models.items() if name in self.loads_of}
        jobs = list(self._jobs(points, models))
        self.done += sum(point.replications for point in points) - len(jobs)
        if jobs:
            rest = self.total - self.done - len(jobs)
            with closing(execute(jobs, self.backend, self.listener, self.done, rest)) as results:
                for result in results:
                    refuse_unwritable(result.error)
                    self.results[result.job.key] = _Took(result.seconds, result.peak_mb, result.error)
            self.done += len(jobs)
        for model in models.values():
            if model.parcel is not None:
                model.parcel.discard()
        return [self._run(point, models[point.name].hash, r) for point in points for r in range(point.replications)]

    def _compile_points(self, points: Sequence[Point]) -> dict[str, CompiledPoint]:
        """By name. Raises ConfigErrors with all that cannot be compiled."""
        places = self.store, self.folder
        jobs = [Job(point.name, _compile, (point, *places, point.name in self.loads_of)) for point in points]
        outcomes: dict[str, CompiledPoint | list[Problem]] = {}
        for result in execute(jobs, self.backend, _Compiling(self.listener, self.done, self.total)):
            if result.error or result.value is None:
                raise NothingDone(
                    Sentence("{name} cannot be compiled: {error}", name=result.job.name, error=last_line(result.error)),
                    result.error,
                )
            outcomes[result.job.name] = result.value
            self._tell_damaged(result.value)
            self._prepare_engine(result.value)
        refused = [outcome for point in points if isinstance(outcome := outcomes[point.name], list)]
        if refused:
            raise ConfigErrors(problem for problems in refused for problem in problems)
        return {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, CompiledPoint)}

    def _jobs(self, points: Sequence[Point], models: dict[str, CompiledPoint]) -> Iterator[Job[None]]:
        """One for each run that is not there; two points with the same model have the same runs."""
        begun: set[str] = set(self.results)
        for point in points:
            model = models[point.name]
            for replication in model.missing:
                file = self._file(point, model.hash, replication)
                if file.path.stem in begun or model.parcel is None:
                    continue
                begun.add(file.path.stem)
                arguments = (model.parcel, point.seed, replication, file, self._engine(), point.extract, point.name)
                yield Job(f"{point.name} {replication}", compute, arguments, file.path.stem)

    def _tell_damaged(self, point: CompiledPoint | list[Problem]) -> None:
        """Tells of each stored run that is not believed."""
        for damaged in point.damaged if isinstance(point, CompiledPoint) else ():
            self.listener(RunDamaged(self.done, self.total, 0.0, None, str(damaged.path), damaged.why))

    def _prepare_engine(self, point: CompiledPoint | list[Problem]) -> None:
        """Begins to make ready what simulates, once for all processes, as soon as a model is there to be simulated."""
        if self.ready is None and isinstance(point, CompiledPoint) and point.parcel is not None:
            self.ready = choose_meanwhile(self.choice, unpack(point.parcel))

    def _engine(self) -> Engine:
        """What simulates; waits until it is ready."""
        if self.ready is None:
            raise RuntimeError("no model was compiled, and yet there are runs")
        if self.engine is None:
            with Course(self.listener, self.total, self.done) as course:
                course.tell(Message, text=Sentence("making the engine ready"))
                self.engine = self.ready.result()
        return self.engine

    def _file(self, point: Point, model: str, replication: int) -> RunFile:
        return run_file(self.store, model, point, replication)

    def _run(self, point: Point, model: str, replication: int) -> EvaluatedRun:
        file = self._file(point, model, replication)
        took = self.results.get(file.path.stem)
        if took is None:
            return EvaluatedRun(point, replication, file)
        return EvaluatedRun(point, replication, file, took.seconds, took.peak_mb, took.error)


@dataclass(frozen=True)
class _Compiling:
    """Tells a listener of models as they are compiled, beside how far the runs are."""

    listener: Listener
    done: int
    total: int

    def __call__(self, event: Event) -> None:
        if isinstance(event, JobDone):
            text = Sentence("compiled {done} of {total} models", done=event.done, total=event.total)
            self.listener(Message(self.done, self.total, event.seconds, None, text))
        elif isinstance(event, Started):
            self.listener(replace(event, done=self.done, total=self.total))
            text = Sentence("compiling {number} models", number=event.total)
            self.listener(Message(self.done, self.total, event.seconds, None, text))
        elif not isinstance(event, Finished):
            self.listener(replace(event, done=self.done, total=self.total, left_s=None))


def run_file(results: Path, model: str, point: Point, replication: int) -> RunFile:
    """Where a run is or will be; ``model`` is the hash of its model."""
    return StudyFolder(results, "").run_file(run_key(model, point.seed, replication, point.extract.name))


def _compile(point: Point, results: Path, folder: Path, has_loads: bool) -> CompiledPoint | list[Problem]:
    try:
        model = point.model()
    except ConfigErrors as errors:
        return errors.problems
    except ValueError as error:
        return [point.problem(error.args[0] if error.args else str(error))]
    digest = model_hash(model)
    found = {r: run_file(results, digest, point, r).look() for r in range(point.replications)}
    missing = [r for r, run in found.items() if not isinstance(run, StoredRun)]
    damaged = [run for run in found.values() if isinstance(run, Damaged)]
    loads = overloaded(model) if has_loads else []
    parcel = pack(model, folder / f"{digest[:16]}_{token_hex(8)}") if missing else None  # two points may have one model
    return CompiledPoint(digest, loads, missing, damaged, parcel)


def compute(
    parcel: Parcel, seed: int, replication: int, file: RunFile, engine: Engine, extract: Extract, name: str = ""
) -> None:
    """Simulates a run and stores what is kept of it; one that another process stored meanwhile is not simulated.

    ``name``: the point that it is computed for, for people. Raises Unwritable if the disk does not take any run.
    """
    if file.exists():
        return
    run = simulate(unpack(parcel), seed, replication, engine)
    about = {"point": name, "seed": str(seed), "replication": str(replication)}
    try:
        file.write(extract.of(run), len(run.episodes.time), len(run.contacts.episode), about)
    except OSError as error:
        if file.path.is_dir():  # which is in the way of this run alone
            raise
        raise Unwritable(f"{error.errno or 0} {error.filename}") from error


class Unwritable(Exception):
    """The disk does not take what is computed: no use to go on. Its text: the number of the error, and the path."""


def refuse_unwritable(error: str) -> None:
    """Raises OSError with the path if a run failed since the disk did not take it; ``error`` is its traceback."""
    kind, _, text = last_line(error).rpartition("Unwritable: ") if error else ("", "", "")
    number, _, path = text.partition(" ")
    if kind and number.isdecimal():
        raise OSError(int(number), os.strerror(int(number)), path)


__all__ = ["CompiledPoint", "EvaluatedRun", "Evaluation", "Unwritable", "compute", "evaluate", "run_file"]
