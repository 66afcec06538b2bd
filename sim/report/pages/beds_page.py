"""What becomes of the baseline with fewer or more beds: as Markdown with a figure, and in a terminal."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.config.world import World
from sim.credibility.bed_numbers import COLUMNS, LEVELS, OCCUPANCY
from sim.report.html.figures.style import own_style
from sim.report.markdown import table
from sim.report.numbers import number
from sim.report.terminal_table import terminal_table
from sim.study.console import own_console

DIGITS = 3, 4
DRAWN = {
    "er_stay_median_min": "median stay in emergency rooms, min",
    "er_stay_admitted_median_min": "the same of those admitted, min",
    "er_share_admitted": "admitted from emergency rooms, share",
}
INTRODUCTION = """# Fewer and more beds

Written by `careshift beds`; do not edit. The baseline with every ward's places times what stands in the first column,
and its overbeds as they are: mean over the replications and half the width of its 95 % interval. The same people with
the same luck in every row. Admissions answer to the occupancy (`EFF.occupancy_admission_*`), as do the time that it
takes to find a bed (fitted to Forster 2003), the length of stay (an assumption) and those who come back; boarding,
outliers, overbeds, transfers and operations put off follow from the queues ([model.md](../model.md#services)).
"""


def as_markdown(levels: pd.DataFrame, world: World, drawing: str) -> str:
    """The page of a study; ``drawing`` is the name of the figure's file beside it."""
    study = world.study
    window = f"`{study.name}`, {study.start} to {study.end}, {study.replications} replications."
    picture = f"![Stay and admitted share against occupancy]({drawing})"
    return "\n".join([INTRODUCTION, window + "\n", table(_heads(), _rows(levels)) + "\n", picture + "\n"])


def print_levels(levels: pd.DataFrame) -> None:
    """A row for each number of beds."""
    out = terminal_table(_heads(), title="beds")
    for row in _rows(levels):
        out.add_row(*row)
    own_console().print(out)


def draw(levels: pd.DataFrame, path: Path) -> None:
    """Stay and admitted share against the mean occupancy, with the intervals of both."""
    wide = levels.pivot(index="beds", columns="measure", values=["mean", "half_width"])
    with own_style():
        figure = Figure(figsize=(9.6, 3.2), layout="constrained")
        for axes, (measure, title) in zip(figure.subplots(1, len(DRAWN)), DRAWN.items(), strict=True):
            places = {"x": wide["mean", OCCUPANCY], "y": wide["mean", measure]}
            widths = {"xerr": wide["half_width", OCCUPANCY], "yerr": wide["half_width", measure]}
            axes.errorbar(**places, **widths, fmt="o-", color="#1f4e79", capsize=2, linewidth=1.2, markersize=4)
            axes.set(xlabel="beds in use over places", title=title)
            axes.title.set_size(9)
            axes.grid(visible=True, color="#dddddd", linewidth=0.6)
        figure.savefig(path, metadata={"Date": None})


def _heads() -> tuple[str, ...]:
    return "beds x", *LEVELS


def _rows(levels: pd.DataFrame) -> list[tuple[str, ...]]:
    out = []
    for beds, rows in levels.groupby("beds", sort=True):
        cells = {str(m): (float(mean), float(half)) for m, mean, half in rows[COLUMNS[1:]].itertuples(index=False)}
        out.append((f"{float(str(beds)):.2f}", *(_figure(*cells[m]) for m in LEVELS)))
    return out


def _figure(mean: float, half: float) -> str:
    return number(mean, *DIGITS) + ("" if math.isnan(half) else " ± " + number(half, *DIGITS))


__all__ = ["as_markdown", "draw", "print_levels"]
