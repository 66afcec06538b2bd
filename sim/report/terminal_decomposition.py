"""What a terminal shows of what scenarios put in, and what comes out of the model."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from sim.config.schema.scenario import Scenario
from sim.measures.rows import NOT_SETTLED
from sim.report.language import N_
from sim.report.numbers import DASH
from sim.report.terminal_language import figure, figures_between, terminal_language
from sim.report.terminal_table import heading, translated_table
from sim.results.decomposition import Finding
from sim.results.read import Results
from sim.study.console import own_console

HEADS = (N_("Of the change"), N_("change"), N_("put in"), N_("came out"), N_("luck, 95 %"), "")
WORDS = {
    Finding.TOLD: N_("told"),
    Finding.ALL_PUT_IN: N_("all put in"),
    Finding.ALL_CAME_OUT: N_("all came out"),
    Finding.NO_CHANGE: N_("no change"),
    Finding.NOT_TESTED: N_("not tested"),
    Finding.UNKNOWN: N_("cannot be told"),
}
KNOWN = (Finding.TOLD, Finding.ALL_PUT_IN, Finding.ALL_CAME_OUT, Finding.NO_CHANGE)


def print_decomposition(results: Results, measures: Mapping[str, str]) -> None:
    """Put in and came out, of the changes of some measures, by their titles; nothing if no scenario was compared."""
    language = terminal_language()
    table = translated_table(HEADS, ("",))
    for measure, title in measures.items():
        rows = results.decomposition[results.decomposition["measure"] == measure]
        if len(rows):
            table.add_row(heading(language.translate(title)))
        for row in rows.to_dict("records"):
            table.add_row(f"  {row['scenario']}", *_cells(row))
    if table.row_count:
        own_console().print()
        own_console().print(table)


def _cells(row: dict[Hashable, Any]) -> tuple[str, ...]:
    """The parts, or in words why there are none."""
    if row["note"] == NOT_SETTLED:
        return "", "", "", "", terminal_language().translate(NOT_SETTLED)
    effect, finding = figure(row["effect"], sign="+"), terminal_language().translate(WORDS[Finding(row["finding"])])
    if row["finding"] not in KNOWN:
        return effect, DASH, DASH, "", finding
    luck = figures_between(row["low"], row["high"], 2, sign="+") if row["finding"] == Finding.TOLD else ""
    return effect, figure(row["put_in"], sign="+"), figure(row["came_out"], sign="+"), luck, finding


def lever_kinds(name: str, scenario: Scenario) -> str:
    """Which levers of a scenario are assumptions that it puts in, and which act by mechanism, in one line."""
    translate = terminal_language().translate
    parts = {translate("put in as assumptions"): True, translate("by mechanism"): False}
    kinds = [f"{title}: {_lever_names(scenario, put_in) or translate('none')}" for title, put_in in parts.items()]
    return f"{name}: {'; '.join(kinds)}."


def _lever_names(scenario: Scenario, put_in: bool) -> str:
    return ", ".join(lever for lever, model in scenario.levers.items() if model.put_in is put_in)


__all__ = ["lever_kinds", "print_decomposition"]
