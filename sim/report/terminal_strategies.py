"""What a terminal shows of the strategies: statement by statement what expresses it, and what was found."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.folders import folders
from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effects
from sim.report.language import Language
from sim.report.names import Names
from sim.report.strategy_rows import StrategyRow, strategy_rows
from sim.report.terminal_language import terminal_language
from sim.results.plausibility import tellable
from sim.results.read import Results
from sim.study.console import own_console


def print_strategies(results: Results | None) -> None:
    """Every statement by document; with what a study found, if there is one. Raises ConfigErrors."""
    language, console = terminal_language(), own_console()
    writer = _writer(tellable(results), language) if results is not None else None
    document = ""
    for row in strategy_rows(folders(), language, writer):
        if row.document != document:
            document = row.document
            console.print(f"\n{document}", style="bold", highlight=False)
        console.print(f"{row.statement}  {row.text}", highlight=False)
        for line in _lines(row, language):
            console.print(f"    {line}", highlight=False, soft_wrap=True)


def _writer(results: Results, language: Language) -> Writer:
    return Writer(Effects(results), Names(results.config, language), language)


def _lines(row: StrategyRow, language: Language) -> Iterator[str]:
    for scenario, levers in row.levers.items():
        if levers:
            yield f"{scenario}: {', '.join(levers)}"
    if row.promised:
        names = [Names.within(name) for name in row.promised]
        yield language.translate("it promises something of: {measures}", measures=language.enumeration(names))
    yield from row.found
    if row.reason:
        yield language.translate("no scenario: {reason}", reason=row.reason)


__all__ = ["print_strategies"]
