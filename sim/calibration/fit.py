"""A calibration from beginning to end: search, judge, write, and tell."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from rich import get_console
from rich.table import Table

from sim.calibration.evaluation import Evaluator
from sim.calibration.judgement import judge
from sim.calibration.record import record, write
from sim.calibration.search import Found, Search
from sim.calibration.setting import setting
from sim.config.free_parameters import Fitted
from sim.config.world import World


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


def print_calibration(done: Calibration) -> None:
    """Parameters with their ranges, figures with their residuals, and in words what was not found or not met."""
    console = get_console()
    console.print(_parameters(done.fitted), _figures(done.fitted))
    for line in told(done.fitted):
        console.print(line, highlight=False)
    misfit = f"{done.found.start_cost:.2f} at the start, {done.found.cost:.2f} at the end"
    console.print(
        f"Misfit {misfit}; {done.found.steps} steps, {done.seconds:.0f} s. Written: {done.file}", highlight=False
    )


def _parameters(fitted: Fitted) -> Table:
    table = _table("parameter", "factor", "95 %", "posterior / prior")
    for name, one in fitted.parameters.items():
        table.add_row(name, f"{one.factor:.3f}", f"{one.low:.3f} to {one.high:.3f}", f"{one.posterior_over_prior:.2f}")
    return table


def _figures(fitted: Fitted) -> Table:
    table = _table("figure", "published", "simulated", "standard error", "off", "may be off")
    for name, one in fitted.residuals.items():
        numbers = (f"{v:,.4g}" for v in (one.published, one.simulated, one.standard_error))
        table.add_row(name, *numbers, f"{one.deviation:+.1%}", f"{one.tolerance:.0%}")
    return table


def _table(first: str, *heads: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    for head in heads:
        table.add_column(head, justify="right")
    return table


def told(fitted: Fitted) -> list[str]:
    """Sentences: parameters that the figures tell nothing of, and figures that are missed, with what they can reach."""
    unknown = [name for name, one in fitted.parameters.items() if not one.identified]
    lines = [f"The figures tell next to nothing of: {', '.join(unknown)}. They keep their range."] if unknown else []
    for name, one in fitted.residuals.items():
        if one.verdict == "infeasible":
            lines.append(f"{name}: {one.published:g} is out of reach; closest {one.reachable:g}.")
        elif one.verdict == "contradicted":
            against = ", ".join(one.against) or "what is believed of the parameters"
            lines.append(f"{name}: {one.published:g} can be reached, against {against}; closest {one.reachable:g}.")
    return lines


__all__ = ["Calibration", "calibrate", "print_calibration", "told"]
