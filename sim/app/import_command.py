"""The command that reads tables as people have them. No logic here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.app.exits import BAD_INPUT, fail, say
from sim.app.overrides import OfTheTerminal, refuse_others
from sim.config.sentence import Sentence

commands = typer.Typer()


@commands.command("import")
def import_table(  # noqa: PLR0913 (one a choice of the command line)
    file: Annotated[Path, typer.Argument(help="A workbook (xlsx, xls, ods) or a text file (csv, txt, tsv).")],
    given: OfTheTerminal = None,
    form: Annotated[
        str | None,
        typer.Option("--as", help="The table that it is, as zones or source/age_2019; without it, by its columns."),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet, if several have cells.")] = None,
    year: Annotated[str | None, typer.Option(help="The year, if there are figures of several.")] = None,
    within: Annotated[
        list[str] | None, typer.Option(help="Code of a county or a municipality, as 14; may be given again.")
    ] = None,
    unit: Annotated[str, typer.Option(help="Of key figures: their unit, as visits/1000/yr.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="The file to write; without it, beside the file, by the table's name.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Writes over a file that is there.")] = False,
) -> None:
    """Reads a table from SCB, Kolada or Excel, tells what it understood, and writes it clean, as a region takes it."""
    from sim.config.errors import ConfigErrors
    from sim.config.intake import Wanted, take_in
    from sim.results.files import write_text

    refuse_others(given)
    try:
        intake = take_in(file, form, sheet, Wanted(year, tuple(within or ()), unit))
    except ConfigErrors as errors:
        head = Sentence("Not understood, and nothing was written:")
        lines = [say(head), *(f"  {problem.in_words(say)}" for problem in errors.problems)]
        raise fail("\n".join(lines), BAD_INPUT) from None
    for line in intake.understood:
        typer.echo(say(line))
    path = out or file.parent / f"{Path(intake.name).name}.csv"
    if path.exists() and not overwrite:
        text = Sentence("{path} is there already: say --overwrite, or another file with --out", path=path)
        raise fail(text, BAD_INPUT)
    write_text(path, intake.text)
    typer.echo(say(Sentence("Written: {path}", path=path)))


__all__ = ["commands"]
