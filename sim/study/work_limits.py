"""What a study will take, told before it starts, and refused where it is more than anybody means.

The limits are keys of the execution (``most_contacts``, ``most_hours``, ``most_memory_mb``, ``most_disk_mb``). None of
them changes a result; who means it raises them.
"""

from __future__ import annotations

import errno
import math
import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil

from sim.compile.expected_work import ExpectedWork, expected_work
from sim.config.errors import ConfigErrors, Problem
from sim.config.paths import with_changes
from sim.config.sentence import Sentence
from sim.config.world import World
from sim.study.plan import PACE, ends, plan, runs_in_worlds, runs_of
from sim.study.processes import cores

UNIT_BYTES = 500  # of a unit of a pool: what an engine keeps of it
RUN_MB = 1.0  # of a run's measures on disk
SAID = ("value", "low", "high")  # variants that differ in what levers do


@dataclass(frozen=True)
class Work:
    """What a study will take, at the ends of its assumptions too."""

    runs: int
    contacts: float  # of the largest run
    minutes: float
    memory_mb: float  # of the processes that work at once
    disk_mb: float
    largest: str  # the scenario of the largest run, and at which end

    @property
    def sentence(self) -> str:
        """What is told before a study starts."""
        return Sentence(
            "The largest run ({run}) will have about {contacts} contacts; {runs} runs take about {minutes} minutes, "
            "{memory} MB of memory and {disk} MB of disk.",
            run=self.largest, contacts=f"{self.contacts:,.0f}", runs=self.runs, minutes=f"{self.minutes:.0f}",
            memory=f"{self.memory_mb:,.0f}", disk=f"{self.disk_mb:,.0f}",
        )  # fmt: skip


def work_of(world: World) -> Work:
    """From the drafts of every scenario at every end. Raises ConfigErrors for what cannot be or never ends."""
    sizes: dict[str, ExpectedWork] = {}
    problems: list[Problem] = []
    planned = plan(world)
    points = [point for point in planned if point.variant in SAID]
    for point in [*points, *(ends(world) if world.study.worlds else ())]:
        try:
            with point.at_its_end():
                size = expected_work(with_changes(world, point.changes), point.scenario)
        except ConfigErrors as errors:
            problems += errors.problems
            continue
        sizes[point.name] = size
        if size.circle:
            message = Sentence("patients would go round for ever: no way leads out of {service}", service=size.circle)
            problems.append(Problem(f"scenario {point.name}", "levers", "", message))
    if problems:
        raise ConfigErrors(problems)
    largest = max(sizes, key=lambda name: sizes[name].contacts)
    per_s, mb_per_run, bytes_each = PACE[world.execution.engine]
    runs = runs_of(planned) + runs_in_worlds(world)
    contacts, units = sizes[largest].contacts, max(size.units for size in sizes.values())
    busy = min(world.execution.workers or cores(), runs)
    memory = mb_per_run + (contacts * bytes_each + units * UNIT_BYTES) / 1e6
    return Work(runs, contacts, runs * contacts / per_s / busy / 60, busy * memory, runs * RUN_MB, largest)


def refuse_too_much(world: World) -> Work:
    """What a study will take. Raises ConfigErrors where that is above a limit of its execution, naming the limit.

    Raises OSError where the disk has no room for it and no limit is set.
    """
    work, limits = work_of(world), world.execution
    memory = limits.most_memory_mb if limits.most_memory_mb is not None else _memory_mb(world)
    rows = (
        (
            "most_contacts",
            work.contacts,
            limits.most_contacts,
            Sentence("contacts in a run of {run}", run=work.largest),
        ),
        ("most_hours", work.minutes / 60, limits.most_hours, Sentence("hours")),
        ("most_memory_mb", work.memory_mb, memory, Sentence("MB of memory")),
        ("most_disk_mb", work.disk_mb, limits.most_disk_mb, Sentence("MB of disk")),
    )
    problems = [
        Problem(
            "execution", key, "",
            Sentence(
                "would take about {needed} {what}, and the limit is {limit}; if it is meant, raise {key}",
                needed=f"{needed:,.0f}", what=what, limit=f"{limit:,.0f}", key=key,
            ),
        )
        for key, needed, limit, what in rows
        if limit is not None and needed > limit
    ]  # fmt: skip
    if problems:
        raise ConfigErrors(problems)
    if limits.most_disk_mb is None and work.disk_mb > (free := _free_mb(Path(limits.results))):
        text = Sentence(
            "would take about {needed} MB of disk, and {free} MB are free", needed=f"{work.disk_mb:,.0f}",
            free=f"{free:,.0f}",
        )  # fmt: skip
        raise OSError(errno.ENOSPC, text, limits.results)
    return work


def _memory_mb(world: World) -> float:
    """Of the machine; what a cluster has is not known here."""
    if world.execution.where != "local":
        return math.inf
    return float(psutil.virtual_memory().total) / 1e6


def _free_mb(folder: Path) -> float:
    """On the disk on which the results will lie."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.is_dir())
    return shutil.disk_usage(there).free / 1e6


__all__ = ["Work", "refuse_too_much", "work_of"]
