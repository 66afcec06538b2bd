"""The commands that look after a results folder. No logic here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.app.exits import BAD_INPUT, SOME_FAILED, fail, say
from sim.app.overrides import refuse_others
from sim.config.sentence import Sentence

commands = typer.Typer()
FolderOfResults = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FOLDER] [language=en|sv]", help="The folder of results, and the terminal's language. Else: results."
    ),
]


@commands.command()
def status(given: FolderOfResults = None) -> None:
    """Tells of every study of a results folder: running with its process, done, interrupted, or damaged."""
    from sim.report.terminal_inventory import print_states
    from sim.study.inventory import inventory

    folder = _folder(given)
    print_states(inventory(folder), folder)


@commands.command()
def verify_results(given: FolderOfResults = None) -> None:
    """Holds every stored file of a results folder against its identity and its hash."""
    from sim.report.terminal_inventory import print_damaged, print_verdict
    from sim.study.inventory import damaged_runs, inventory

    folder = _folder(given)
    records = inventory(folder)
    runs, alone = damaged_runs(folder)
    damaged = {one.path: one for one in [*(one for record in records for one in record.damaged), *alone]}
    print_damaged(list(damaged.values()))
    print_verdict(len(records), runs, len(damaged))
    if damaged:
        raise typer.Exit(SOME_FAILED)


@commands.command()
def clean(
    given: FolderOfResults = None,
    yes: Annotated[bool, typer.Option("--yes", help="Does not ask.")] = False,
) -> None:
    """Removes runs that no study names, and temporary files that were left; shows them first, and asks."""
    from sim.report.terminal_inventory import print_leftovers
    from sim.study.cleaning import leftovers, remove

    found = leftovers(_folder(given))
    print_leftovers(found)
    if not found.files:
        return
    if not yes and not (sys.stdin.isatty() and typer.confirm(say(Sentence("Remove them?")))):
        typer.echo(say(Sentence("Nothing was removed; --yes removes them.")))
        return
    remove(found.files)
    typer.echo(say(Sentence("Removed.")))


def _folder(given: list[str] | None) -> Path:
    """The results folder that was named, or the usual one."""
    words = [word for word in given or [] if "=" in word]
    names = [word for word in given or [] if "=" not in word]
    refuse_others([*words, *names[1:]])
    folder = Path(names[0] if names else "results")
    if not folder.is_dir():
        raise fail(Sentence("{folder}: no such folder", folder=folder), BAD_INPUT)
    return folder


__all__ = ["commands"]
