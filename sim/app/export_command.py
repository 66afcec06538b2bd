"""The commands that read a stored study for other programs, or for what to doubt in it. No logic here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.app.exits import say
from sim.app.stored_studies import EFFECTS, EffectsChoice, LanguageChoice, read_study
from sim.config.sentence import Sentence

commands = typer.Typer()


@commands.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A study's folder, as results/vgr_first.")],
    to: Annotated[
        str,
        typer.Option(
            help="xlsx: a workbook. docx: a brief of two pages. pptx: five slides. csv: tables for a spreadsheet. "
            "events: the event log of one run, which is simulated again."
        ),
    ],
    language: Annotated[LanguageChoice | None, typer.Option(help="Without it, the study's.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The file, or for csv and events the folder; without it, export in the study's folder."),
    ] = None,
    scenario: Annotated[str | None, typer.Option(help="events: of which scenario; without it, the baseline.")] = None,
    replication: Annotated[int | None, typer.Option(help="events: of which replication; without it, 0.")] = None,
    days: Annotated[
        float | None,
        typer.Option(min=0.01, help="events: patients of the first days of the window; without it, of all days."),
    ] = None,
    effects: Annotated[EffectsChoice | None, EFFECTS] = None,
) -> None:
    """Writes a study for other programs: a workbook, a brief, slides, tables, or the event log of a run."""
    from sim.export.formats import RunChoice
    from sim.export.formats import export as write_export

    results = read_study(folder, effects)
    chosen = language or LanguageChoice(results.config["execution"]["language"])
    for path in write_export(
        results, to, "en" if chosen is LanguageChoice.EN else "sv", out, RunChoice(scenario, replication, days)
    ):
        typer.echo(say(Sentence("Written: {path}", path=path)))


@commands.command()
def doctor(
    folder: Annotated[Path, typer.Argument(help="A study's folder, as results/vgr_first.")],
) -> None:
    """Tells what in a stored study a reader should doubt, all on one screen."""
    from sim.report.red_flags import red_flags
    from sim.report.terminal_language import terminal_language

    for line in red_flags(read_study(folder), terminal_language()):
        typer.echo(line)


__all__ = ["commands"]
