"""What the strategies say, each statement beside what expresses it and what a study found, or why nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.config.errors import ConfigErrors, Problem
from sim.config.folders import Folders, display_path
from sim.config.reading.inheritance import merge_inherited
from sim.config.reading.parts import read_scenarios, read_statements
from sim.config.schema.scenario import Scenario
from sim.config.schema.statements import Statements, expressions
from sim.report.html.change_cells import Writer
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_, Language

FOUND = N_("{scenario}: {measure}: {change}")


@dataclass(frozen=True)
class StrategyRow:
    """A statement, and all that is known of it here."""

    document: str
    statement: str  # its id
    text: str
    levers: dict[str, tuple[str, ...]]  # of each scenario that expresses it; none where the scenario as a whole does
    promised: list[str]  # the names of measures
    found: list[str]  # a sentence for each scenario and measure
    reason: str  # why no scenario expresses it


def shipped_scenarios(where: Folders) -> dict[str, Scenario]:
    """Every scenario that can be found, with what it inherits. Raises ConfigErrors with all that cannot be read."""
    problems: list[Problem] = []
    names = where.scenario_names()
    files = read_scenarios(where, names, {}, problems)
    merged = {name: merge_inherited(name, files, problems) for name in names}
    if problems:
        raise ConfigErrors(problems)
    return {name: scenario for name, scenario in merged.items() if scenario is not None}


def all_statements(where: Folders) -> Statements:
    """The strategies' statements. Raises ConfigErrors where they cannot be read, or promise no such measure."""
    problems: list[Problem] = []
    statements = read_statements(where, problems)
    file = display_path(where.config("statements.yaml"))
    if statements is None and not problems:
        problems.append(Problem(file, "", "", "is missing"))
    for name, one in statements.statements.items() if statements is not None else ():
        for outcome in one.outcomes:
            if outcome not in READINGS:
                problems.append(Problem(file, f"statements.{name}.outcomes", outcome, "unknown measure"))
    if problems or statements is None:
        raise ConfigErrors(problems)
    return statements


def strategy_rows(where: Folders, language: Language, writer: Writer | None = None) -> list[StrategyRow]:
    """A row for each statement, in the order of the documents; ``writer``: of the study whose findings are told."""
    statements = all_statements(where)
    expressed = expressions(statements.statements, shipped_scenarios(where))
    rows = []
    for name, one in statements.statements.items():
        levers = {e.scenario: e.levers for e in expressed[name]}
        rows.append(
            StrategyRow(
                language.label(statements.documents[one.document].title.model_dump()),
                name,
                one.sv if language.code == "sv" else one.en,
                levers,
                [language.translate(READINGS[measure].name) for measure in one.outcomes],
                _findings(levers, one.outcomes, writer) if writer is not None else [],
                language.label(one.reason.model_dump()) if one.reason is not None else "",
            )
        )
    return rows


def _findings(levers: Mapping[str, tuple[str, ...]], outcomes: list[str], writer: Writer) -> list[str]:
    """A sentence for each measure that is promised, in each scenario of the study that expresses the statement."""
    translate, found = writer.language.translate, []
    for scenario in (name for name in writer.effects.scenarios if name in levers):
        for measure in outcomes:
            effect = writer.effects.get(scenario, measure)
            cell = writer.cell(effect)
            change = (
                f"{writer.sentence(effect)}: {cell.certainty}" if effect is not None and cell.change else cell.certainty
            )
            name = writer.names.within(translate(READINGS[measure].name))
            found.append(translate(FOUND, scenario=writer.names.scenario(scenario), measure=name, change=change))
    return found


def empty_rows(rows: list[StrategyRow]) -> list[str]:
    """The ids of statements that no lever expresses and that say no reason."""
    return [row.statement for row in rows if not row.reason and not any(row.levers.values())]


__all__ = ["StrategyRow", "all_statements", "empty_rows", "shipped_scenarios", "strategy_rows"]
