"""Levels of a study after warm-ups of other lengths: as Markdown, and in a terminal."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sim.config.world import World
from sim.report.markdown import table
from sim.report.numbers import number
from sim.report.terminal_table import terminal_table
from sim.study.console import own_console

DIGITS = 3, 4  # that count, and decimals at most: a share has three
INTRODUCTION = """# Longer warm-ups

Written by `careshift warmup`; do not edit. The levels of each scenario in the same window after warm-ups of other
lengths, mean over the replications and half the width of its 95 % interval. **Bold**: moves from the warm-up before, by
more than 2 % and by more than the interval of the difference
([output analysis](../output_analysis.md#the-same-window-after-a-longer-warm-up)).
"""


def as_markdown(levels: pd.DataFrame, world: World) -> str:
    """The page of a study: a table for each scenario."""
    study = world.study
    window = f"`{study.name}`, {study.start} to {study.end}, {study.replications} replications."
    parts = [INTRODUCTION, window + "\n"]
    for scenario, rows in levels.groupby("scenario", sort=False):
        parts += [f"## {scenario}\n", table(_heads(rows), _rows(rows, "**")) + "\n"]
    return "\n".join(parts)


def print_levels(levels: pd.DataFrame) -> None:
    """A table for each scenario; ``!`` stands where a level moves."""
    for scenario, rows in levels.groupby("scenario", sort=False):
        out = terminal_table(_heads(rows), title=str(scenario))
        for row in _rows(rows, "!"):
            out.add_row(*row)
        own_console().print(out)


def _heads(rows: pd.DataFrame) -> tuple[str, ...]:
    return "warm-up, days", *(str(days) for days in rows["warm_up_days"].unique())


def _rows(rows: pd.DataFrame, mark: str) -> list[tuple[str, ...]]:
    """One a level: its name and its value after each warm-up, with a mark on both sides where it moves."""
    out = []
    for (measure, _, group), cells in rows.groupby(["measure", "by", "group"], sort=False):
        figures = (_figure(row, mark) for row in cells.to_dict("records"))
        out.append((f"{measure} {group}".strip(), *figures))
    return out


def _figure(row: dict[Any, Any], mark: str) -> str:
    half = "" if math.isnan(row["half_width"]) else " ± " + number(row["half_width"], *DIGITS)
    sign = mark if row["moves"] is True else ""
    return sign + number(row["mean"], *DIGITS) + half + sign


__all__ = ["as_markdown", "print_levels"]
