"""The table of verdicts: in a terminal, and as docs/generated/verification.md."""

from __future__ import annotations

from collections.abc import Sequence

from sim.credibility.verification.all_cases import cases
from sim.credibility.verification.engine_equality import Comparison
from sim.credibility.verification.gates import FARTHEST_Z, FEWEST, WIDEST, Verdict
from sim.report.markdown import bullets, table
from sim.report.terminal_table import terminal_table
from sim.study.console import own_console

HEAD = ("case", "quantity", "simulated", "exact", "95 % interval", "z", "replications", "first replication", "verdict")
INTRODUCTION = f"""# The simulator against theory

Written by `make verify` (`careshift verify --write docs/generated/verification.md`); do not edit. Each case is a small
network that has an exact answer. It is written as the files of a study and goes through the same loading, compiling,
demand, engine and measures as a region: `sim/credibility/verification/` holds the networks, and the closed forms with
their sources.

A value is right if it is at most {FARTHEST_Z:g} standard errors from the exact one (*z*) over at least {FEWEST}
replications, and if the half-width of its 95 % interval is at most {100 * WIDEST:g} % of the exact value: a noisy value
cannot pass. Mean services are ten minutes or more, since time is whole seconds; loads go up to 0.9. The seeds are
fixed, so the table is the same at every run of the same program. The tests run the first replication of each case anew
and compare it with this page: a change of the program that changes a result makes the page out of date.
"""


def _cells(verdict: Verdict) -> tuple[str, ...]:
    """A verdict as text, in the order of ``HEAD``: six significant digits, the interval by its ends."""
    low, high = verdict.simulated - verdict.half_width, verdict.simulated + verdict.half_width
    numbers = (f"{verdict.simulated:.6g}", f"{verdict.exact:.6g}", f"{low:.5g} to {high:.5g}", f"{verdict.z:.2f}")
    judgement = f"wrong: {verdict.wrong}" if verdict.wrong else "right"
    return verdict.case, verdict.quantity, *numbers, str(verdict.replications), f"{verdict.first:.6g}", judgement


def print_table(verdicts: Sequence[Verdict]) -> None:
    """The table without the first replications."""
    verdicts_table = terminal_table((*HEAD[:-2], HEAD[-1]), ("quantity", "verdict"))
    for verdict in verdicts:
        cells = _cells(verdict)
        verdicts_table.add_row(*cells[:-2], cells[-1], style="red" if verdict.wrong else "")
    own_console().print(verdicts_table)


def print_comparisons(comparisons: Sequence[Comparison]) -> None:
    """What both engines made of each scenario."""
    heads = ("scenario", "contacts", "SimPy, CPU s", "compiled, CPU s", "ratio", "engines")
    rows = terminal_table(heads, ("engines",))
    for one in comparisons:
        times = f"{one.simpy_s:.2f}", f"{one.compiled_s:.3f}", f"{one.simpy_s / one.compiled_s:.0f}"
        verdict = "the same" if one.same else f"differ: {one.difference}"
        rows.add_row(one.scenario, f"{one.contacts:,}", *times, verdict, style="" if one.same else "red")
    own_console().print(rows)


def page(verdicts: Sequence[Verdict]) -> str:
    """The page in Markdown: the table, and what each case is."""
    right = sum(verdict.right for verdict in verdicts)
    listed = bullets(f"**{case.name}**: {case.says}." for case in cases().values())
    counted = f"{right} of {len(verdicts)} values are right."
    rows = table(HEAD, map(_cells, verdicts))
    return f"{INTRODUCTION}\n## Cases\n\n{listed}\n\n## Table\n\n{counted}\n\n{rows}\n"


def table_of(text: str) -> list[dict[str, str]]:
    """Rows of the page's table by column."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [dict(zip(HEAD, line, strict=True)) for line in lines[2:]]


__all__ = ["HEAD", "page", "print_comparisons", "print_table", "table_of"]
