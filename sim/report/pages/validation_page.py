"""The page of simulated against published figures, a part for each region; and the same in a terminal."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pandas as pd

from sim.credibility.validation.validation import UNFITTED, Validation, hits
from sim.measures.rows import NOT_SETTLED
from sim.report.markdown import put_part, table
from sim.report.numbers import FOUR, absent, number, span
from sim.report.terminal_table import terminal_table
from sim.study.console import own_console

INTRODUCTION = """# Simulated against published

Written by `careshift validate region=<name> --write docs/generated/validation.md`, a part for each region; do not
edit. What a region's free parameters are and how they are fitted is told in [calibration.md](../calibration.md), what
the baseline misses and why in [baseline.md](../baseline.md).

- **Fitted to**: the calibration moved the parameters towards these figures. Agreement shows that the model can be set
  to look like the region, not that it predicts it.
- **Kept out**: the calibration never saw them. Some of the care model's own shares were chosen with Västra Götaland's
  in view, so that for that region they are half a test; the *carried over* part is the whole one.
- **Told beside**: unverified, of another definition, or put in. No hit is counted.

*Simulated* is the mean over replications, *95 %* the t interval of luck alone; a row in *moving* says that the queue
behind it had not settled in every replication. A *hit* is off by no more than the tolerance. The seed is not that of
the calibration. Quality: A official statistic or trial, B observed, C old, press or foreign, D assumption, X derived.
The tests simulate the first replication anew and compare it with this page.
"""
HEADS = ("figure", "measure", "published", "simulated", "95 %", "off", "tolerance", "hit", "quality", "first")
USES = {"fit": "Fitted to", "kept_out": "Kept out", "compare": "Told beside"}
Row = dict[Hashable, Any]


def write_page(validation: Validation, path: Path) -> None:
    """Writes the region's part of the page; the other regions' parts stay as they are. Raises OSError."""
    put_part(part(validation), path, INTRODUCTION)


def part(validation: Validation) -> str:
    """The region's part, in Markdown."""
    world, study = validation.world, validation.world.study
    title = world.region.file.label.sv
    about = (
        f"`region={validation.region}`: {study.start} to {study.end} after {study.warm_up_days} days of warm-up,"
        f" {study.replications} replications, seed {study.seed}."
    )
    sections = [f"## {title}\n\n{about}\n", _summary(validation), _parameters(validation)]
    for use, name in USES.items():
        rows = validation.own[validation.own["use"] == use]
        if len(rows):
            sections.append(f"### {title}: {name.lower()}\n\n{table(HEADS, map(_cells, _records(rows)))}\n")
    return "\n".join([*sections, _carried_errors(validation)])


def _records(table: pd.DataFrame) -> list[Row]:
    return table.to_dict("records")


def _cells(row: Row) -> tuple[str, ...]:
    """A figure as text, in the order of ``HEADS``."""
    cell = f"`{row['measure']}`" + (f" {row['by']} {row['group']}" if row["group"] else "")
    published = number(row["published"], *FOUR)
    if not absent(row["low"]):
        published += f" ({span(row['low'], row['high'], *FOUR)})"
    if row["measure"] == "none":
        return (_name(row), row["note"] or "no measure", published, *[""] * 5, row["quality"], "")
    moving = " moving" if NOT_SETTLED in row["note"] else ""
    simulated = number(row["simulated"], *FOUR) + moving
    luck = span(row["simulated_low"], row["simulated_high"], *FOUR)
    hit = "" if row["use"] == "compare" else "yes" if row["hit"] is True else "**no**"
    tolerance = "" if absent(row["tolerance"]) else f"{row['tolerance']:.0%}"
    first = f"{row['first']:.6g}"
    return _name(row), cell, published, simulated, luck, _off(row), tolerance, hit, row["quality"], first


def _name(row: Row) -> str:
    return str(row["target"]).replace("_", " ")


def _off(row: Row) -> str:
    return "" if absent(row["deviation"]) else f"{row['deviation']:+.1%}"


def _summary(validation: Validation) -> str:
    heads = ("class", "tolerance", "quality", "figures", "hits", "share")
    rows = [
        (USES[r["use"]].lower(), f"{r['tolerance']:.0%}", r["grade"], str(r["figures"]), str(r["hit"]), _share(r))
        for r in _records(hits(validation.own))
    ]
    return table(heads, rows) + "\n"


def _share(row: Row) -> str:
    return f"{row['hit'] / row['figures']:.0%}"


def _parameters(validation: Validation) -> str:
    region = validation.world.region
    if region.fitted is None or region.free is None or validation.region not in validation.tables:
        return "Nothing is fitted: the region is as its tables say.\n"
    run = region.fitted.run
    about = f"Fitted {run.written} (version {run.version}, code {run.code}, seed {run.seed}):\n"
    rows = []
    for name, one in region.fitted.parameters.items():
        span = region.free.parameters[name].factor
        note = "" if one.identified else "not told by the figures"
        width = f"{one.posterior_over_prior:.2f}"
        rows.append(
            (
                name,
                f"{one.factor:.3f}",
                f"{one.low:.3f} to {one.high:.3f}",
                width,
                f"{span.low:g} to {span.high:g}",
                note,
            )
        )
    heads = ("parameter", "factor", "95 %", "posterior / prior width", "evidence range", "")
    return f"{about}\n{table(heads, rows)}\n"


def _carried_errors(validation: Validation) -> str:
    """Errors of the same baseline fitted to other figures or to none, beside its own."""
    others = [name for name in validation.tables if name not in (validation.region, UNFITTED)]
    if not others:
        return ""
    names = [name for name in (validation.region, *others, UNFITTED) if name in validation.tables]
    judged = {name: table[table["use"] != "compare"] for name, table in validation.tables.items()}
    rows = [
        (_name(row), USES[row["use"]].lower(), *(_off(_records(judged[name])[i]) for name in names))
        for i, row in enumerate(_records(validation.own[validation.own["use"] != "compare"]))
    ]
    rows.append(("**hits**", "", *(_hit_share(judged[name]) for name in names)))
    rows.append(("**median error**", "", *(f"{judged[name]['deviation'].abs().median():.1%}" for name in names)))
    title = validation.world.region.file.label.sv
    about = (
        f"What the model says of {title} with the factors that were fitted on another region alone, those of sites left"
        " out: predicted from its people, map, sites and capacities. Errors, simulated / published - 1:\n"
    )
    heads = ("figure", "class", *(f"fitted on {name}" for name in names))
    return f"### {title}: carried over\n\n{about}\n{table(heads, rows)}\n"


def _hit_share(table: pd.DataFrame) -> str:
    hit = table["hit"].fillna(False).astype(bool)
    return f"{int(hit.sum())} of {len(table)}"


def print_validation(validation: Validation) -> None:
    """Figures with their errors, then hits by class, in a terminal."""
    console = own_console()
    for use, name in USES.items():
        figures = terminal_table((HEADS[0], *HEADS[2:8]), title=name)
        for row in _records(validation.own[validation.own["use"] == use]):
            cells = _cells(row)
            figures.add_row(cells[0], *cells[2:7], cells[7].strip("*"), style="red" if cells[7] == "**no**" else "")
        console.print(figures)
    for row in _records(hits(validation.own)):
        group = f"{USES[row['use']]}, within {row['tolerance']:.0%}, quality {row['grade']}"
        console.print(f"{group}: {row['hit']} of {row['figures']}", highlight=False)


__all__ = ["INTRODUCTION", "part", "print_validation", "write_page"]
