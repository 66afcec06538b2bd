"""The whole of Västra Götaland: both engines on the same six weeks, in turn; a year."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial

from children import OURS, Found, child, engines, in_turn, median, ratios, speed, table

SIX_WEEKS = ("study=vgr_first",)  # four weeks after two of warm-up
YEAR = ("study=vgr_first", "start=2027-01-01", "end=2027-12-31", "scenarios=[baseline]")
STEPS = ("compile_s", "demand_s", "cpu_s", "identities_s", "measures_s")
HEAD = (
    "", "contacts", "compile s", "demand s", "engine s", "of it identities s", "measures s", "contacts / CPU s",
    "without the check", "demand to measures s", "peak MB",
)  # fmt: skip


def measured(runs: int) -> str:
    """CPU seconds by step, and the ratio of the engines."""
    jobs = {f"six weeks, {OURS[name]}": partial(_one, name, SIX_WEEKS) for name in engines()}
    if "compiled" in engines():
        jobs[f"a year, {OURS['compiled']}"] = partial(_one, "compiled", YEAR)
    found = in_turn(runs, jobs)
    lines = [table(HEAD, [_row(name, tried) for name, tried in found.items()])]
    names = list(found)
    if len(names) == 3:
        lines += ["", *(_ratio(found[names[1]], found[names[0]], *ratio) for ratio in RATIOS.items())]
    return "\n".join(lines)


def _unchecked(run: Found) -> float:
    """Contacts per CPU second, but for the check of identities, which is the same code for both engines."""
    return float(run["contacts"]) / float(run["cpu_s"] - run["identities_s"])


RATIOS: dict[str, Callable[[Found], float]] = {"with the check of identities": speed, "without it": _unchecked}


def _ratio(above: list[Found], below: list[Found], what: str, of: Callable[[Found], float]) -> str:
    low, middle, high = ratios(above, below, of)
    return f"Compiled over SimPy on the six weeks, {what}: {middle:.1f} times ({low:.1f} to {high:.1f})."


def _one(engine: str, keys: tuple[str, ...], _: int) -> Found:
    return child("region_run.py", engine, *keys)


def _row(name: str, runs: list[Found]) -> tuple[str, ...]:
    compiled, demand, engine, identities, measures = (median(runs, step) for step in STEPS)
    return (
        name,
        f"{median(runs, 'contacts'):,.0f}",
        f"{compiled:.2f}",
        f"{demand:.2f}",
        f"{engine:.2f}",
        f"{identities:.2f} ({100 * identities / engine:.0f} %)",
        f"{measures:.2f}",
        *(f"{statistics.median(map(of, runs)):,.0f}" for of in RATIOS.values()),
        f"{demand + engine + measures:.1f}",
        f"{median(runs, 'peak_mb'):,.0f}",
    )
