"""A calibration from beginning to end: search, judge, write, and tell."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from rich import get_console

from sim.config.schema.free_parameters import Fitted
from sim.config.world import World
from sim.credibility.calibration.fit_setting import setting
from sim.credibility.calibration.fitted_file import record, write
from sim.credibility.calibration.judgement import judge
from sim.credibility.calibration.search import Found, Search
from sim.study.evaluate import Evaluator


@dataclass(frozen=True)
class Calibration:
    """What a calibration found, and where it was written."""

    fitted: Fitted
    file: Path
    found: Found
    seconds: float


def calibrate(world: World, shown: bool = True, root: Path | None = None) -> Calibration:
    """Fits the region of a world that was loaded without factors, and writes its ``fitted.yaml``.

    What is interrupted goes on where it was: every evaluation is stored as it is done. ``root``: the folder of
    ``configs``, as for loading. Raises ConfigErrors if the region lacks what a fit needs, StudyLocked if another
    calibration of it is at work.
    """
    started = time.perf_counter()
    evaluator = Evaluator(setting(world), shown)
    say = get_console().print if shown else _silent
    with evaluator.locked():
        search = Search(evaluator, say)
        found = search.run()
        judgement = judge(found, search, evaluator)
        fitted = record(evaluator.setting, judgement)
        file = write(fitted, world.region.name, root)
    return Calibration(fitted, file, found, time.perf_counter() - started)


def _silent(text: str) -> None:
    """Says nothing."""


__all__ = ["Calibration", "calibrate"]
