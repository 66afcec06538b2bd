"""The models of a study: each scenario in each variant, compiled by as many processes as the study has workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import BrokenProcessPool

from sim.compile import compile_scenario
from sim.compile.levers import Variant
from sim.compile.offered_load import PoolLoad, overloaded
from sim.config.errors import ConfigErrors, Problem
from sim.config.world import World
from sim.study.processes import Parcel, die_with, pack
from sim.study.store import model_hash

Part = tuple[str, Variant]


@dataclass(frozen=True)
class Compiled:
    """A model ready for any number of runs, and what is said of it."""

    parcel: Parcel
    hash: str
    overloaded: list[PoolLoad]  # of the effect sizes at their values alone


def compile_models(world: World, parts: list[Part], workers: int, tell: Callable[[str], None]) -> dict[Part, Compiled]:
    """Every model; ``tell`` is given what is going on. Raises ``ConfigErrors`` with all that cannot be compiled."""
    found: dict[Part, Compiled] = {}
    problems: list[Problem] = []
    tell(f"compiling {len(parts)} models")
    for number, (part, made) in enumerate(zip(parts, _made(world, parts, workers), strict=True), 1):
        tell(f"compiled {number} of {len(parts)} models")
        if isinstance(made, Problem):
            problems.append(made)
        else:
            found[part] = made
    if problems:
        raise ConfigErrors(list(dict.fromkeys(problems)))
    return found


def _made(world: World, parts: list[Part], workers: int) -> Iterator[Compiled | Problem]:
    """In the order of the parts; if a worker is killed, what is left is compiled here."""
    me, left = os.getpid(), list(parts)
    pool = Parallel(n_jobs=workers, return_as="generator", pre_dispatch="n_jobs + 1", batch_size=1)
    try:
        for made in pool(delayed(_compile)(world, part, me) for part in parts):
            left.pop(0)
            yield made
    except BrokenProcessPool:
        for part in left:
            yield _compile(world, part, me)


def _compile(world: World, part: Part, study: int) -> Compiled | Problem:
    die_with(study)
    try:
        model = compile_scenario(world, *part)
    except ValueError as error:
        return Problem(f"scenario {part[0]}", part[1], "", str(error))
    return Compiled(pack(model), model_hash(model), overloaded(model) if part[1] == "value" else [])


__all__ = ["Compiled", "Part", "compile_models"]
