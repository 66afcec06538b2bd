"""The door to a cluster: what cannot be reached, or is not what it should be, is refused before anything runs."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.errors import ConfigErrors, Problem
from sim.config.schema.study_design import Execution
from sim.config.sentence import Sentence
from sim.study.backends import Backend
from sim.study.processes import cores
from sim.study.store import code_hash

if TYPE_CHECKING:
    from distributed import Client, Security

EXECUTION = "execution"
CONNECT_S = 10.0  # to a scheduler that is there
TLS = ("tls_ca", "tls_cert", "tls_key")
MOST_WORKERS = 512  # where the number is the scheduler's business
SAY_GOODBYE_MIN = 5  # before the end of a Slurm job's time
SHORT_LIFE_MIN = 2  # spread of these ends


def cluster_backend(execution: Execution) -> Backend:
    """The workers of a cluster. Raises ConfigErrors with all that is wrong with it."""
    if problems := _problems(execution):
        raise ConfigErrors(problems)
    from sim.study.cluster import DaskBackend  # noqa: PLC0415  # an extra

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what a user should know is told by us
    folder = str(Path(execution.results).absolute())
    client = _client(execution)
    if execution.where == "dask":
        _refuse_unlike(client, folder, execution)
    return DaskBackend(client, folder, _most_workers(execution))


def _most_workers(execution: Execution) -> int:
    return execution.workers or (MOST_WORKERS if execution.scheduler else cores())


def _problems(execution: Execution) -> list[Problem]:
    """What is wrong before anything is asked of the network."""
    if find_spec("distributed") is None or find_spec("dask_jobqueue") is None:
        text = Sentence("needs what comes with the extra: install careshift[cluster]")
        return [Problem(EXECUTION, "where", execution.where, text)]
    problems = []
    files = {key: getattr(execution, key) for key in TLS}
    for key, file in files.items():
        if file is not None and not Path(file).is_file():
            problems.append(Problem(EXECUTION, key, file, Sentence("there is no such file")))
    if 0 < sum(file is not None for file in files.values()) < len(files):
        missing = [key for key, file in files.items() if file is None]
        text = Sentence("is missing; TLS takes three files: tls_ca, tls_cert and tls_key")
        problems += [Problem(EXECUTION, key, "", text) for key in missing]
    if execution.where == "slurm":
        problems += _slurm_problems(execution)
    elif execution.scheduler is not None:
        problems += _address_problems(execution.scheduler, any(files.values()))
    return problems


def _address_problems(address: str, has_tls: bool) -> list[Problem]:
    protocol, sign, rest = address.partition("://")
    if not sign or protocol not in ("tcp", "tls") or not rest.rpartition(":")[2].isdigit():
        text = Sentence("must be an address as tcp://10.0.0.5:8786 or tls://10.0.0.5:8786")
        return [Problem(EXECUTION, "scheduler", address, text)]
    if protocol == "tls" and not has_tls:
        return [Problem(EXECUTION, "scheduler", address, Sentence("needs tls_ca, tls_cert and tls_key"))]
    if protocol == "tcp" and has_tls:
        text = Sentence("is an address without TLS, and TLS files are named: begin it with tls://")
        return [Problem(EXECUTION, "scheduler", address, text)]
    return []


def _slurm_problems(execution: Execution) -> list[Problem]:
    problems = []
    if execution.workers == 0:
        text = Sentence("must be the number of Slurm jobs that are wanted, at least 1")
        problems.append(Problem(EXECUTION, "workers", "0", text))
    if execution.scheduler is not None:
        text = Sentence("is of where=dask; with where=slurm this process is the scheduler")
        problems.append(Problem(EXECUTION, "scheduler", execution.scheduler, text))
    if shutil.which("sbatch") is None:
        text = Sentence("sbatch is not found: start where Slurm's commands are, as on its login node")
        problems.append(Problem(EXECUTION, "where", "slurm", text))
    return problems


def _client(execution: Execution) -> Client:
    """The connection, which is kept for whatever comes next in this process."""
    asked = {"where", "workers", "scheduler", *TLS, *(key for key in Execution.model_fields if key.startswith("slurm"))}
    return _connection(Execution(**execution.model_dump(include=asked)))


@cache
def _connection(execution: Execution) -> Client:
    from distributed import Client, LocalCluster  # noqa: PLC0415  # an extra, and slow to import

    security = _security(execution)
    if execution.where == "slurm":
        jobs = slurm_cluster(execution)
        jobs.adapt(minimum_jobs=execution.workers, maximum_jobs=execution.workers)  # one that ends is begun anew
        return Client(jobs, set_as_default=False)
    if execution.scheduler is None:
        workers = _most_workers(execution)
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            security=security,
            silence_logs=logging.CRITICAL,
        )
        return Client(cluster, set_as_default=False)
    try:
        return Client(execution.scheduler, timeout=CONNECT_S, security=security, set_as_default=False)
    except (OSError, ValueError) as error:
        text = Sentence("no scheduler answers there: {error}", error=str(error).splitlines()[0] if str(error) else "")
        raise ConfigErrors([Problem(EXECUTION, "scheduler", execution.scheduler, text)]) from error


def _security(execution: Execution) -> Security | None:
    from distributed import Security  # noqa: PLC0415

    if execution.tls_ca is None:
        return None
    mine = {"cert": execution.tls_cert, "key": execution.tls_key}
    sides = {f"tls_{side}_{what}": file for side in ("client", "scheduler", "worker") for what, file in mine.items()}
    return Security(tls_ca_file=execution.tls_ca, require_encryption=True, **sides)


def slurm_cluster(execution: Execution, kind: Callable[..., Any] | None = None, host: str | None = None) -> Any:
    """Workers as Slurm jobs, one process each, begun by ``sbatch``.

    ``kind``: another queue of dask-jobqueue's; ``host``: where the scheduler listens, else where other machines reach
    it.
    """
    from dask_jobqueue import SLURMCluster  # noqa: PLC0415  # an extra

    minutes = execution.slurm_hours * 60
    security = _security(execution)
    of_slurm = {
        "queue": execution.slurm_queue,
        "account": execution.slurm_account,
        "walltime": f"{execution.slurm_hours:02d}:00:00",
    }
    return (kind or SLURMCluster)(
        cores=1,
        processes=1,
        memory=f"{execution.slurm_memory_mb}MB",
        job_name="careshift",
        worker_extra_args=[
            *("--lifetime", f"{minutes - SAY_GOODBYE_MIN}m"),
            *("--lifetime-stagger", f"{SHORT_LIFE_MIN}m"),
        ],
        scheduler_options={"dashboard": False, "dashboard_address": ":0", **({"host": host} if host else {})},
        **({"security": security, "protocol": "tls://"} if security is not None else {}),
        **({} if kind else of_slurm),
    )


def _refuse_unlike(client: Client, folder: str, execution: Execution) -> None:
    """Raises ConfigErrors with every worker that may not compute, or if there is none."""
    from sim.study.cluster_workers import unlike_workers  # noqa: PLC0415  # an extra

    address = execution.scheduler or client.scheduler.address
    until = time.monotonic() + CONNECT_S
    while not (workers := sorted(client.nthreads())) and time.monotonic() < until:
        time.sleep(0.2)
    if not workers:
        text = Sentence("has no workers: begin some with dask worker {address} --nthreads 1", address=address)
        raise ConfigErrors([Problem(EXECUTION, "scheduler", address, text)])
    try:
        theirs = client.run_on_scheduler(code_hash)  # it unpacks what it hands on, so it needs the program too
    except Exception as error:  # whatever fails over there
        theirs = f"{error!r}"
    if theirs != code_hash():
        text = Sentence("the scheduler there has another state of the program, or none: {error}", error=theirs[:120])
        raise ConfigErrors([Problem(EXECUTION, "scheduler", address, text)])
    if unlike := unlike_workers(client, folder, workers):
        raise ConfigErrors(
            Problem(EXECUTION, "scheduler", "", Sentence("worker {address} {reason}", address=worker, reason=reason))
            for worker, reason in unlike.items()
        )


__all__ = ["cluster_backend", "slurm_cluster"]
