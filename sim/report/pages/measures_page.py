"""The definitions as a page of the documentation, docs/generated/measures.md."""

from __future__ import annotations

from sim.measures.catalogue import CHAPTERS, Definition
from sim.report.html.smallest_change_words import REASONS
from sim.report.markdown import table
from sim.results.smallest_changes import SMALLEST_CHANGES, SmallestChange

HEAD = """\
# Measures

What a run reports: one row a measure, cut (`by`), group and value, with its unit and, where something must be said of
the value, a note. `make docs` writes this page from `sim/measures`, the only place where a measure is defined; do not
edit it.

- Counts and waits belong to contacts requested in the window, occupancy to time in it; the warm-up is cut.
- Whole numbers are summed and divided once. A value that cannot be measured is empty, and its note says why.
- *not settled*: the number of patients behind a value (those who wait, are present, or keep a bed) still grows or
  shrinks over the window, so that the value depends on how long one looks. A run keeps that number at both ends of the
  window (`early`, `late`) and says what it can tell alone; a study judges a level by all replications, and an effect by
  the paired difference (`docs/output_analysis.md`). What *hangs on* a measure is not settled where that is not.
- *Matters from*: a change that is surely smaller is *no change* (`docs/output_analysis.md`); where nothing is said,
  every change counts.
- A scale to a year multiplies by the year's length over the window's; it knows no season.
- The cut `age` has the groups 18plus and 65plus, the ages of published figures; `age_group` has the model's own.
"""
HEADS = ("measure", "unit", "definition", "of whom", "by")


def as_markdown() -> str:
    """The page: a table for each chapter."""
    parts = [HEAD]
    for title, chapter in CHAPTERS.items():
        parts.append(f"## {title}\n")
        parts.append(table(HEADS, (_row(name, one) for name, one in chapter.items())) + "\n")
    return "\n".join(parts)


def _row(name: str, one: Definition) -> tuple[str, ...]:
    limit = f" {_limit(SMALLEST_CHANGES[name])}" if name in SMALLEST_CHANGES else ""
    hangs = f" Hangs on {', '.join(f'`{source}`' for source in one.fed_by)}." if one.fed_by else ""
    return f"`{name}`", one.unit, one.text + hangs + limit, one.population, ", ".join(one.cuts)


def _limit(one: SmallestChange) -> str:
    size = f"{100 * one.share:g} % of the baseline" if one.share else f"{one.amount:.2g}"
    return f"*Matters from {size}.* {REASONS[one.reason]}"


__all__ = ["as_markdown"]
