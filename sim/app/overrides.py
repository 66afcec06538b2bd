"""What commands of a study are given: keys with values, and scenario files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.app.exits import BAD_INPUT, LANGUAGES, fail
from sim.config.sentence import Sentence

Overrides = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[KEY=VALUE | FILE.yaml]...",
        help="Keys of the study, as study=vgr_first replications=8 scenarios=[baseline,near_care] workers=2 seed=7 "
        "results=some/folder; or scenario files that join the study.",
    ),
]


OfTheTerminal = Annotated[
    list[str] | None, typer.Argument(metavar="[language=en|sv]", help="The language that the terminal speaks.")
]


def refuse_others(given: list[str] | None) -> None:
    """Raises typer.Exit if a command that knows no other key than the language was given one."""
    for word in given or []:
        if word not in [f"language={code}" for code in LANGUAGES]:
            allowed = ", ".join(f"language={code}" for code in LANGUAGES)
            raise fail(Sentence("{word}: is not taken here; allowed: {names}", word=word, names=allowed), BAD_INPUT)


def split(given: list[str] | None) -> tuple[list[str], list[Path]]:
    """Overrides, and scenario files."""
    files = [Path(text) for text in given or [] if text.endswith((".yaml", ".yml")) and "=" not in text]
    return [text for text in given or [] if Path(text) not in files], files


__all__ = ["OfTheTerminal", "Overrides", "refuse_others", "split"]
