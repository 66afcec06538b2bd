"""A study on the workers of a real scheduler: the same bytes, whichever worker is lost; what is wrong is refused."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from dask_jobqueue.local import LocalCluster as LocalQueue
from distributed import Client
from studies import wait_for

from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.schema.study_design import Execution
from sim.study import cluster_door as door
from sim.study.backends import KILLED, Attempt, Call
from sim.study.cluster import DaskBackend
from sim.study.execute import Job, execute
from sim.study.progress import Event, JobDone, WorkerKilled
from sim.study.store import NothingDone
from sim.study.study import run_study

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny"


@dataclass
class Cluster:
    """A scheduler and its workers, each a process of its own."""

    folder: Path
    scheduler: str = ""
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def begin(self, kind: str, *words: str, source: Path = ROOT) -> subprocess.Popen[str]:
        code = f"from distributed.cli.dask_{kind} import main; main()"
        path = os.pathsep.join([str(source), str(Path(__file__).parent), str(ROOT / "tests" / "support")])
        process = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            cwd=self.folder, env={**os.environ, "PYTHONPATH": path}, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def worker(self, source: Path = ROOT) -> subprocess.Popen[str]:
        return self.begin("worker", self.scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard", source=source)

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def is_written(file: Path) -> bool:
    """Whether a scheduler's file is there to its end."""
    return file.exists() and file.read_text().rstrip().endswith("}")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    cluster = Cluster(folder)
    file = folder / "scheduler.json"
    scheduler = cluster.begin(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), "--no-dashboard"
    )
    wait_for(lambda: is_written(file), scheduler, 60)
    with Client(scheduler_file=str(file), set_as_default=False) as client:
        cluster.scheduler = client.scheduler.address
        cluster.worker(), cluster.worker()
        client.wait_for_workers(2, timeout=30)
    yield cluster
    door._connection.cache_clear()
    cluster.end()


def words(results: Path, *more: str) -> list[str]:
    return [f"results={results}", "engine=simpy", "end=2027-10-12", "scenarios=[baseline,near_care]", *more]


def bytes_of(results: Path) -> dict[str, bytes]:
    files = [*(results / "runs").iterdir(), *(results / "tiny").glob("*.parquet"), *(results / "tiny").glob("*.csv")]
    return {path.name: path.read_bytes() for path in files}


def test_a_study_whose_worker_is_killed_ends_with_the_bytes_of_one_machine(cluster: Cluster, tmp_path: Path) -> None:
    alone, far = tmp_path / "alone", tmp_path / "far"
    run_study(load_study(words(alone, "workers=1"), root=TINY), progress=False)
    world = load_study(words(far, "workers=0", "where=dask", f"scheduler={cluster.scheduler}"), root=TINY)
    heard: list[Event] = []

    def kills(event: Event) -> None:
        heard.append(event)
        if isinstance(event, JobDone) and sum(isinstance(e, JobDone) for e in heard) == 2:
            cluster.processes[1].send_signal(signal.SIGSTOP)  # so that it has a run when it is killed
            threading.Timer(0.5, cluster.processes[1].kill).start()

    assert not run_study(world, progress=kills).manifest["failed"]
    assert [e.names for e in heard if isinstance(e, WorkerKilled)], "nothing was lost: nothing is shown"
    assert bytes_of(far) == bytes_of(alone) and len(list((far / "runs").iterdir())) == 8
    assert sorted(path.name for path in far.iterdir()) == ["runs", "tiny"]  # no tables, no signs
    again: list[Event] = []
    run_study(world, progress=again.append)
    assert not [e for e in again if isinstance(e, JobDone)]


def kills_its_worker(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_worker_of_another_state_of_the_program_is_refused_by_name_and_given_nothing(
    cluster: Cluster, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(ROOT / "sim", tmp_path / "other" / "sim")).parent
    shutil.copy(ROOT / "requirements.lock", other)
    with (other / "sim" / "model" / "rules.py").open("a") as file:
        file.write("\n# one more line\n")
    worker = cluster.worker(source=other)
    execution = Execution(where="dask", scheduler=cluster.scheduler, results=str(tmp_path / "results"))
    with Client(cluster.scheduler, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)  # one is left of the two, and this one
        with pytest.raises(ConfigErrors, match=r"worker tcp://\S+ has another state of the program: ") as refused:
            door.cluster_backend(execution)
        assert len(refused.value.problems) == 1
        backend = DaskBackend(client, execution.results, 8)
        calls = [Call(n, os.getpid, ()) for n in range(12)]
        ids = {outcome.value for outcome in backend.attempts(calls)}  # type: ignore[union-attr]
    assert worker.pid not in ids and ids <= {process.pid for process in cluster.processes}
    worker.kill()
    worker.wait()


def test_a_call_that_kills_its_worker_twice_has_failed_and_the_others_are_done(cluster: Cluster) -> None:
    with Client(cluster.scheduler, set_as_default=False) as client:
        cluster.worker(), cluster.worker()
        asked = [Job(f"job {n}", kills_its_worker, (n,)) for n in range(6)]
        found = {r.job.name: r for r in execute(asked, DaskBackend(client, str(cluster.folder), 8))}
    assert found["job 1"].error == KILLED
    assert [found[f"job {n}"].value for n in (0, 2, 3, 4, 5)] == [0, 2, 3, 4, 5]


def refusal(**keys: object) -> str:
    with pytest.raises(ConfigErrors) as refused:
        door.cluster_backend(Execution(**keys))  # type: ignore[arg-type]
    return str(refused.value)


def test_a_cluster_that_cannot_be_is_refused_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "CONNECT_S", 0.5)
    monkeypatch.setenv("PATH", str(tmp_path))
    results = {"results": str(tmp_path / "results")}
    assert "scheduler: no scheduler answers there" in refusal(where="dask", scheduler="tcp://127.0.0.1:1", **results)
    assert "must be an address as tcp://" in refusal(where="dask", scheduler="127.0.0.1:8786")
    assert "needs tls_ca, tls_cert and tls_key" in refusal(where="dask", scheduler="tls://127.0.0.1:8786")
    text = refusal(where="dask", scheduler="tls://127.0.0.1:1", tls_ca=str(tmp_path / "ca.pem"))
    assert "tls_ca: there is no such file" in text
    assert "tls_cert: is missing" in text and "tls_key: is missing" in text
    text = refusal(where="slurm", scheduler="tcp://127.0.0.1:1")
    assert "workers: must be the number of Slurm jobs" in text and "sbatch is not found" in text
    assert "scheduler: is of where=dask" in text
    assert not (tmp_path / "results").exists()


def test_where_no_worker_may_compute_nobody_waits_for_one(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Client(cluster.scheduler, set_as_default=False) as client:
        backend = DaskBackend(client, "results", 2)  # where the workers are, that is another folder
        with pytest.raises(NothingDone, match=r"no worker of the cluster may compute; .* does not see the"):
            list(backend.attempts([Call(0, os.getpid, ())]))


def test_a_scheduler_without_the_program_is_refused(tmp_path: Path) -> None:
    there, elsewhere = Cluster(tmp_path), tmp_path / "elsewhere"
    (elsewhere / "sim").mkdir(parents=True)  # another program of the same name, in the place of ours
    (elsewhere / "sim" / "__init__.py").touch()
    file = tmp_path / "scheduler.json"
    scheduler = there.begin(
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--scheduler-file",
        str(file),
        "--no-dashboard",
        source=elsewhere,
    )
    try:
        wait_for(lambda: is_written(file), scheduler, 30)
        there.scheduler = json.loads(file.read_text())["address"]
        there.worker()
        assert "the scheduler there has another state of the program" in refusal(
            where="dask", scheduler=there.scheduler, results=str(tmp_path / "results")
        )
    finally:
        door._connection.cache_clear()
        there.end()


def test_a_slurm_job_says_what_was_asked_for() -> None:
    execution = Execution(
        where="slurm", workers=3, slurm_queue="night", slurm_account="vgr", slurm_memory_mb=3000, slurm_hours=2
    )
    with door.slurm_cluster(execution, host="127.0.0.1") as cluster:
        script = cluster.job_script()
    lines = [line for line in script.splitlines() if line.startswith("#SBATCH")]
    assert "#SBATCH -p night" in lines and "#SBATCH -A vgr" in lines and "#SBATCH -t 02:00:00" in lines
    assert "#SBATCH --mem=3G" in lines and "#SBATCH --cpus-per-task=1" in lines
    assert "--nthreads 1" in script and "--lifetime 115m" in script


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # the queue's
def test_workers_of_a_batch_queue_compute(tmp_path: Path) -> None:
    execution = Execution(where="slurm", workers=2)
    with (
        door.slurm_cluster(execution, LocalQueue, host="127.0.0.1") as queue,
        Client(queue, set_as_default=False) as client,
    ):
        queue.scale(jobs=2)
        backend = DaskBackend(client, str(tmp_path), 2)
        outcomes = list(backend.attempts([Call(n, os.getpid, ()) for n in range(8)]))
    assert all(isinstance(o, Attempt) and not o.error for o in outcomes), outcomes
    assert len(outcomes) == 8 and os.getpid() not in {o.value for o in outcomes if isinstance(o, Attempt)}
