"""Stored studies, as the commands that read one are given them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.app.exits import BAD_INPUT, fail
from sim.config.sentence import Sentence

if TYPE_CHECKING:
    from sim.results.read import Results


class LanguageChoice(StrEnum):
    """Languages of the report."""

    SV = "sv"
    EN = "en"


class EffectsChoice(StrEnum):
    """When changes are told."""

    PLAUSIBLE = "plausible"
    ALWAYS = "always"


EFFECTS = typer.Option(
    help="plausible: no changes where the baseline is far off what is published; always: whatever it is. Without it, "
    "the study's."
)


def read_study(folder: Path, effects: EffectsChoice | None = None) -> Results:
    """A study's results, with ``effects`` in place of its own.

    What is missing is bad input, told with the nearest study beside it.
    """
    from sim.config.errors import nearest
    from sim.results.plausibility import with_effects
    from sim.results.read import read_results

    try:
        results = read_results(folder)
    except FileNotFoundError as error:
        missing = Path(error.filename).name
        beside = [one.parent.name for one in folder.absolute().parent.glob("*/manifest.json")]
        near = nearest(folder.name, [name for name in beside if name != folder.name])
        text = Sentence("{folder} holds no finished study: {missing} is missing", folder=folder, missing=missing)
        if near:
            text = Sentence("{text}; did you mean {near}?", text=text, near=folder.parent / near)
        raise fail(text, BAD_INPUT) from None
    return results if effects is None else with_effects(results, effects.value)


__all__ = ["LanguageChoice", "read_study"]
