"""What ``--help`` says, in the terminal's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import typer
import typer.rich_utils as panels
from typer.main import get_command

from sim.config.sentence import Sentence, as_sentence

TITLES = {  # of the boxes that typer draws
    "ARGUMENTS_PANEL_TITLE": Sentence("Arguments"),
    "OPTIONS_PANEL_TITLE": Sentence("Options"),
    "COMMANDS_PANEL_TITLE": Sentence("Commands"),
}


def translate_help(command: Any, say: Callable[[str], str]) -> None:
    """Has a command, its parameters and all commands below it say their help as ``say`` does."""
    for part in _parts(command):
        if getattr(part, "help", None):
            part.help = say(as_sentence(part.help))
    for name, title in TITLES.items():
        setattr(panels, name, say(title))


def help_texts(app: typer.Typer) -> set[str]:
    """Every text that the help of an application has, in English."""
    return {part.help for part in _parts(get_command(app)) if getattr(part, "help", None)}


def _parts(command: Any) -> Iterator[Any]:
    yield command
    yield from command.params
    for below in getattr(command, "commands", {}).values():
        yield from _parts(below)


__all__ = ["help_texts", "translate_help"]
