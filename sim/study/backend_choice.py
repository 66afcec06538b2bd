"""The backend that a configuration asks for."""

from __future__ import annotations

from sim.config.schema.study_design import Execution
from sim.study.backends import Backend, SerialBackend
from sim.study.loky_workers import LokyBackend
from sim.study.processes import cores
from sim.study.supervision import RunLimits


def backend_for(execution: Execution) -> Backend:
    """What computes; ``workers: 0`` is one process a core. Raises ConfigErrors if a cluster cannot be reached."""
    if execution.where != "local":
        from sim.study.cluster_door import cluster_backend  # noqa: PLC0415  # what few need

        return cluster_backend(execution)
    workers = execution.workers or cores()
    if workers == 1:
        return SerialBackend()
    return LokyBackend(workers, RunLimits(execution.stall_s, execution.run_limit_s), int(execution.most_memory_mb or 0))


__all__ = ["backend_for"]
