"""A calibration from beginning to end: search, judge, write, and tell."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from sim.config.schema.free_parameters import Fitted
from sim.config.world import World
from sim.credibility.calibration.beliefs import beliefs, fit_figures
from sim.credibility.calibration.fitted_file import record, write
from sim.credibility.calibration.judgement import judge
from sim.credibility.calibration.search import Found, Search
from sim.study.console import own_console
from sim.study.progress import Listener
from sim.study.progress_bar import watch


@dataclass(frozen=True)
class Calibration:
    """What a calibration found, and where it was written."""

    fitted: Fitted
    file: Path
    found: Found
    seconds: float


def calibrate(world: World, progress: bool | Listener = True, root: Path | None = None) -> Calibration:
    """Fits the region of a world that was loaded without factors, and writes its ``fitted.yaml``.

    What is interrupted goes on where it was: every run is stored as it is done. ``progress``: as ``run_study``'s;
    ``root``: the folder of ``configs``, as for loading. Raises ConfigErrors if the region lacks what a fit needs,
    StudyLocked if another calibration of it is at work.
    """
    started = time.perf_counter()
    believed = beliefs(world)
    say = own_console().print if progress is True else _silent
    with watch(progress) as listener:
        figures = fit_figures(believed, listener)
        with figures.locked("calibration"):
            search = Search(believed, figures, say)
            optimum = search.run()
            fitted = record(figures, judge(optimum, search))
            file = write(fitted, world.region.name, root)
    return Calibration(fitted, file, optimum, time.perf_counter() - started)


def _silent(text: str) -> None:
    """Says nothing."""


__all__ = ["Calibration", "calibrate"]
