"""The two engines held against each other on the first days of a study's scenarios: every contact, every column."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from sim.compile import compile_scenario
from sim.config.world import World
from sim.demand import draw_episodes
from sim.engines.select import Engine, choose
from sim.model.codes import ABSENT, Ints
from sim.model.tables import CONTACT_COLUMNS, Contacts, Model
from sim.simulation import simulate_episodes
from sim.study.progress import Course, JobDone, Listener
from sim.study.progress_bar import watch

DAY = 86400
ENGINES: tuple[Engine, Engine] = ("simpy", "compiled")


@dataclass(frozen=True)
class Comparison:
    """What both engines made of one scenario."""

    scenario: str
    contacts: int
    simpy_s: float  # CPU
    compiled_s: float
    difference: str  # the first contact that differs, as each engine has it; empty if none does

    @property
    def same(self) -> bool:
        """Whether both wrote the same contacts."""
        return not self.difference


def compare_engines(world: World, days: float, progress: bool | Listener = True) -> list[Comparison]:
    """Each scenario of a study, its first days in the first replication, by both engines."""
    comparisons: list[Comparison] = []
    with watch(progress) as listener, Course(listener, len(world.study.scenarios)) as course:
        for name in world.study.scenarios:
            started = time.perf_counter()
            comparisons.append(_compare(name, compile_scenario(world, name), world.study.seed, days))
            course.count(JobDone, time.perf_counter() - started, name=name, key="", peak_mb=0)
    return comparisons


def _compare(name: str, model: Model, seed: int, days: float) -> Comparison:
    episodes = draw_episodes(model, seed, 0)
    sample = replace(model, horizon=min(model.horizon, round(days * DAY)))
    choose("compiled", model)  # before the clock runs
    tables, spent = [], []
    for engine in ENGINES:
        started = time.process_time()
        tables.append(_rows(simulate_episodes(sample, episodes, engine)))
        spent.append(time.process_time() - started)
    return Comparison(name, len(tables[0]), spent[0], spent[1], first_difference(model, *tables))


def _rows(contacts: Contacts) -> Ints:
    return np.stack([getattr(contacts, name) for name in CONTACT_COLUMNS], axis=1)


def first_difference(model: Model, simpy: Ints, compiled: Ints) -> str:
    """The first row in which two tables of contacts differ, in words; empty if they are the same."""
    rows = min(len(simpy), len(compiled))
    unlike = np.flatnonzero((simpy[:rows] != compiled[:rows]).any(axis=1))
    if not len(unlike) and len(simpy) == len(compiled):
        return ""
    row = int(unlike[0]) if len(unlike) else rows
    one, other = (_contact_text(model, table[row : row + 1]) for table in (simpy, compiled))
    return f"row {row}: SimPy {one}; compiled {other}"


def _contact_text(model: Model, row: Ints) -> str:
    """A contact in words; nothing where a table has ended."""
    if not len(row):
        return "has no such row"
    values = dict(zip(CONTACT_COLUMNS, row[0].tolist(), strict=True))
    values["service"] = model.services[values["service"]]
    values["site"] = model.sites[values["site"]] if values["site"] >= 0 else "-"
    values["pool"] = model.pools[values["pool"]] if values["pool"] >= 0 else "-"
    return ", ".join(f"{name} {'-' if value == ABSENT else value}" for name, value in values.items())


__all__ = ["Comparison", "compare_engines", "first_difference"]
