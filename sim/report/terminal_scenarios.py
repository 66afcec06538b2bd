"""What a terminal shows of the scenarios that there are."""

from __future__ import annotations

from pathlib import Path

from sim.config.errors import Problem
from sim.config.folders import folders
from sim.config.reading.inheritance import merge_inherited
from sim.config.reading.parts import read_scenarios
from sim.report.language import N_
from sim.report.terminal_language import terminal_language
from sim.report.terminal_table import translated_table
from sim.study.console import own_console

SCENARIO_HEADS = (N_("scenario"), N_("levers"), N_("from"), N_("label"))


def print_scenarios(root: Path | None = None) -> None:
    """Name, labels and number of levers of every scenario that can be found, and whether it came with the program."""
    where = folders(root)
    language = terminal_language()
    table = translated_table(SCENARIO_HEADS, ("from", "label"))
    for name in where.scenario_names():
        problems: list[Problem] = []
        scenario = merge_inherited(name, read_scenarios(where, [name], {}, problems), problems)
        origin = "careshift" if where.scenario(name).parent == where.scenarios[-1] else language.translate("you")
        if scenario is None or problems:
            table.add_row(name, "", origin, language.translate("has errors: careshift check tells them"))
        else:
            label = scenario.label.sv if language.code == "sv" else f"{scenario.label.sv}, {scenario.label.en}"
            table.add_row(name, str(len(scenario.levers)), origin, label)
    own_console().print(table)


__all__ = ["print_scenarios"]
