"""What the strategies say: each statement with its document, and which scenarios and levers express it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from sim.config.schema.base import HumanText, Label, Name, Strict
from sim.config.schema.scenario import Scenario


class Document(Strict):
    """A strategy document."""

    title: Label = Field(description="what it is, with its year")
    publisher: HumanText


class Statement(Strict):
    """One thing that a strategy says, paraphrased."""

    document: Name
    sv: HumanText = Field(description="paraphrase in Swedish")
    en: HumanText = Field(description="paraphrase in English")
    outcomes: list[Name] = Field([], description="measures of the whole region that it promises something of")
    reason: Label | None = Field(None, description="why no shipped scenario simulates it")


class Statements(Strict):
    """The strategies' documents, and their statements by id."""

    documents: dict[Name, Document]
    statements: dict[str, Statement] = Field(min_length=1)


@dataclass(frozen=True)
class Expression:
    """A scenario that expresses a statement, and by which of its levers."""

    scenario: str
    levers: tuple[str, ...]


def expressions(statements: Mapping[str, Statement], scenarios: Mapping[str, Scenario]) -> dict[str, list[Expression]]:
    """For each statement the scenarios (with inherited levers merged in) that cite it, and the levers that do.

    A statement without any has an empty list: its ``reason`` says why.
    """
    by_statement: dict[str, list[Expression]] = {statement: [] for statement in statements}
    for name, scenario in scenarios.items():
        for statement, listed in by_statement.items():
            levers = tuple(k for k, lever in scenario.levers.items() if statement in lever.statements)
            if levers or statement in scenario.statements:
                listed.append(Expression(name, levers))
    return by_statement


__all__ = ["Document", "Expression", "Statement", "Statements", "expressions"]
