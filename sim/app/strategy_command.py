"""The command that traces the strategies: from each statement to levers, scenarios and findings. No logic here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.app.overrides import OfTheTerminal, refuse_others
from sim.app.stored_studies import read_study

commands = typer.Typer()


@commands.command()
def strategies(
    study: Annotated[
        Path | None, typer.Option(help="A study's folder, as results/vgr_first: what it found is told too.")
    ] = None,
    given: OfTheTerminal = None,
) -> None:
    """Tells for each statement of the strategies what expresses it and what a study found, or why nothing does."""
    from sim.report.terminal_strategies import print_strategies

    refuse_others(given)
    print_strategies(read_study(study) if study is not None else None)


__all__ = ["commands"]
