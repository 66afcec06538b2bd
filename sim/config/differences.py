"""What a study that is run differs in from the files that a user may think of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.config.folders import Folders, display_path
from sim.config.reading.parts import ScenarioFile
from sim.config.reading.yaml_text import Text
from sim.config.sentence import N_, Sentence

SHIPPED = N_("{what} {file} replaces the one that comes with the program")


def overridden(now: Mapping[str, Text], before: Mapping[str, Text]) -> Iterator[str]:
    """One sentence for each key that the command line sets otherwise than its file does."""
    for key, old in before.items():
        new = now.get(key, old)
        if isinstance(new, dict) and isinstance(old, dict):
            yield from overridden(_below(key, new), _below(key, old))
        elif new != old:
            yield Sentence("{key} {new} (in the file: {old})", key=key, new=in_words(new), old=in_words(old))


def replacements(where: Folders, configs: Mapping[str, str], files: Mapping[str, ScenarioFile]) -> Iterator[str]:
    """One sentence for each file that takes the place of another.

    Of one that comes with the program, where the folder is no world of its own; of any, where a scenario was named by
    its file. ``configs``: below ``configs``, by what it is.
    """
    if not where.own_world:
        for what, relative in configs.items():
            if where.replaced_config(relative):
                yield Sentence(SHIPPED, what=what, file=display_path(where.config(relative)))
    for name, file in files.items():
        own = where.scenario(name) if file.path is None else file.path
        if not where.own_world and where.replaced_scenario(name, own):
            yield Sentence(SHIPPED, what="scenario", file=display_path(own))
        elif file.path is not None and where.scenario(name).exists() and not own.samefile(where.scenario(name)):
            files_there = {"own": display_path(own), "other": display_path(where.scenario(name))}
            yield Sentence("scenario {own} replaces {other}", **files_there)


def in_words(value: Text) -> str:
    """A value as one would type it."""
    if isinstance(value, list):
        return f"[{', '.join(in_words(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {in_words(one)}' for key, one in value.items())}}}"
    return value or Sentence("nothing")


def _below(key: str, values: Mapping[str, Text]) -> dict[str, Text]:
    return {f"{key}.{inner}": value for inner, value in values.items()}


__all__ = ["in_words", "overridden", "replacements"]
