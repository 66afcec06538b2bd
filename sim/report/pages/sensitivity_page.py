"""The page of what baselines depend on most, a part for each region; and the same in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from sim.config.uncertain_figures import Unreached, figures
from sim.config.world import World
from sim.credibility.sensitivity.screening import LUCK_RUNS, Screening
from sim.measures.catalogue import DEFINITIONS
from sim.report.html.measure_labels import READINGS
from sim.report.markdown import put_part, table
from sim.report.numbers import DASH, FOUR, number
from sim.report.terminal_table import terminal_table
from sim.study.console import own_console

INTRODUCTION = """# What the baseline depends on most

Written by `careshift screen region=<name> --write docs/generated/sensitivity.md`, a part for each region; do not edit.
The whole table of a region is its `sensitivity.csv`; the report of a study shows the ten of each outcome that matter
most.

**What is varied.** Every figure of the baseline that has a range: the region's free parameters
(`free_parameters.yaml`: factors, spread evenly by their logarithm), and the figures of the care model and of
`travel.yaml` (spread evenly). Ferries and bridges are moved together, each through its own range, minutes and km
apart: one alone touches too few people. A parameter of which published figures tell something (`fitted.yaml`:
*identified*) goes through the 95 % that they leave, quality X; all others go through the range of their evidence.

**How.** Morris' method (Morris 1991, Technometrics 33; Campolongo, Cariboni & Saltelli 2007, Environmental Modelling &
Software 22; computed by SALib). Random paths through all ranges, on a grid of four levels; each step moves one figure
by two thirds of its range. All points have the same luck (one seed, the same replications), so that a figure that
cannot matter has an effect of exactly 0.

- **mu\\***: how much the outcome changes when the figure goes from one end of its range to the other, the others being
  anywhere in theirs: the mean over the paths of the size of change. In the outcome's unit, and as a share of the
  baseline.
- **+-**: half the width of its 95 % interval (bootstrap over the paths). With few paths it is wide; neighbours in a
  table may well change places.
- **sigma**: standard deviation of the change over the paths. Beside a smaller mu\\* it says that the effect depends on
  the other figures or is not straight.
- **sign**: where the outcome goes when the figure is raised: up, down, or both (less than nine tenths of the change
  goes one way).
- **luck**: standard deviation of the outcome between replications of the baseline. Two points of a path differ by less
  than that where only few patients are touched; a mu\\* far below it is not told from chaos: one patient who comes or
  stays away changes the queue of many.

**What it does not tell.** A range is as wide as somebody said: a wide guess matters more than a narrow one. Ranges are
varied as if they were independent; fitted parameters are not (a higher rate can be made up for by fewer calls), so
that points off the fit are among those tried. What has no range is not varied, however unsure it is: most shares of the
pathways are single assumptions (D). Effect sizes of scenarios are no part of a baseline; the report gives their ranges.
"""
HEADS = ("", "what", "mu*", "+-", "of baseline", "sigma", "sign", "value", "range", "quality", "source")
MOST = 10
Row = dict[Any, Any]


def write_page(screening: Screening, path: Path) -> None:
    """Writes the region's part of the page; the other regions' parts stay as they are. Raises OSError."""
    put_part(part(screening), path, INTRODUCTION)


def part(screening: Screening) -> str:
    """The region's part, in Markdown."""
    world = screening.world
    title, about = world.region.file.label.sv, origin(world.region.name, screening.table)
    return "\n".join([f"## {title}\n", about, *tables(title, screening.table), _rest(screening)])


def origin(region: str, screened: pd.DataFrame) -> str:
    """When and with what a screening was made."""
    row = screened.iloc[0]
    state = f"as fitted {row['fitted']}" if row["fitted"] else "as the tables say, nothing fitted"
    number_of = screened["parameter"].nunique()
    return (
        f"`region={region}`, care model `{row['care']}`, {state}. {number_of} figures, {row['trajectories']:.0f} paths"
        f" of {number_of + 1} points, {row['replications']:.0f} replication{'s' if row['replications'] > 1 else ''} of"
        f" {row['start']} to {row['end']} after {row['warm_up_days']:.0f} days of warm-up, seed {row['seed']}."
        f" Made {row['written']} (version {row['version']}, code {row['code']}).\n"
    )


def tables(title: str, screened: pd.DataFrame) -> list[str]:
    """The figures that matter most for each outcome."""
    return [_table(title, str(outcome), rows) for outcome, rows in screened.groupby("outcome", sort=False)]


def _table(title: str, outcome: str, rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    head = f"### {title}: {READINGS[outcome].name}"
    about = (
        f"`{outcome}`, {DEFINITIONS[outcome].unit}. Baseline {number(first['baseline'], *FOUR)};"
        f" luck {number(first['luck_sd'], *FOUR)} ({LUCK_RUNS} replications)."
    )
    none = ", ".join(f"`{name}`" for name in sorted(rows.loc[rows["mu_star"] == 0, "parameter"]))
    silent = f" Without any effect: {none}.\n" if none else "\n"
    return f"{head}\n\n{about}{silent}\n{table(HEADS, map(_cells, rows.head(MOST).to_dict('records')))}\n"


def _cells(row: Row) -> tuple[str, ...]:
    return (
        f"{row['rank']:.0f}",
        f"{row['en']} (`{row['parameter']}`)",
        number(row["mu_star"], *FOUR),
        number(row["mu_star_conf"], *FOUR),
        _share(row),
        number(row["sigma"], *FOUR),
        row["sign"],
        f"{row['value']:.4g}",
        f"{row['low']:.4g} to {row['high']:.4g}",
        row["quality"],
        row["source"],
    )


def _share(row: Row) -> str:
    return f"{row['mu_star'] / row['baseline']:.1%}" if row["baseline"] else DASH


def _rest(screening: Screening) -> str:
    """What was not varied."""
    world = screening.world
    without, rules = without_range(world)
    lines = [
        f"- {without} figures of the care model and of travel have a value and no range, and {rules} rules (shares,"
        " times, ways on) have a source and no range, but for what a factor above moves together.",
        "- Units of single pools and places of single sites have no range of their own; capacities move by the factors"
        " on resources.",
        *(f"- `{one.name}`: {one.why}." for one in screening.unreached),
    ]
    return f"### {world.region.file.label.sv}: not varied\n\n" + "\n".join(lines) + "\n"


def without_range(world: World) -> tuple[int, int]:
    """Figures without a range in the care model and in travel, and rules of the care model, which never have one."""
    all_figures = (*figures(world.care), *figures(world.region.travel))
    without = sum(one.low is None and one.high is None for _, one in all_figures)
    return without, sum(1 for _ in _rules(world.care.model_dump()))


def _rules(record: object) -> Iterator[object]:
    """Records with a source that are no figures."""
    if not isinstance(record, dict):
        return
    if "source" in record:
        if "value" not in record:
            yield record
        return
    for part in record.values():
        yield from _rules(part)


def print_screening(screening: Screening) -> None:
    """The ten that matter most for each outcome, in a terminal."""
    console = own_console()
    for outcome, rows in screening.table.groupby("outcome", sort=False):
        ranking = terminal_table(HEADS[1:9], title=READINGS[str(outcome)].name)
        for row in rows.head(MOST).to_dict("records"):
            ranking.add_row(*_cells(row)[1:9])
        console.print(ranking)
    for one in screening.unreached:
        console.print(f"Not varied: {one.name}: {one.why}", highlight=False)


__all__ = ["INTRODUCTION", "Unreached", "origin", "part", "print_screening", "tables", "without_range", "write_page"]
