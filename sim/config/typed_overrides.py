"""What is typed on a command line: keys of study and execution, and changes of what lies within a study's parts."""

from __future__ import annotations

from collections.abc import Sequence

from sim.config.assemble import COMMAND_LINE
from sim.config.errors import Problem, nearest
from sim.config.hydra_words import typed
from sim.config.paths import ROOTS
from sim.config.reading.yaml_text import Refused, Text, read_value
from sim.config.schema.study_design import Execution, Study

GROUPS = ("study", "execution")


def apart_from_changes(overrides: Sequence[str], problems: list[Problem]) -> tuple[list[str], dict[str, Text]]:
    """The overrides of keys of study and execution, and the changes of what lies within the study's parts, by path.

    A change has a path with a dot that does not begin with a key; it is looked up when there is a world.
    """
    keys: list[str] = []
    changes: dict[str, Text] = {}
    for text in overrides:
        path, _, value = text.partition("=")
        if not is_change(text):
            keys.append(text)
        elif path in changes:
            problems.append(Problem(COMMAND_LINE, path, value, "the key is given twice"))
        else:
            try:
                changes[path] = read_value(value, COMMAND_LINE, path)
            except Refused as refused:
                problems += refused.problems
    return keys, changes


def is_change(text: str) -> bool:
    """Whether an override is of what lies within a part, as ``near_care.more_physicians.scale=0.03``."""
    path, sign, _ = text.partition("=")
    head, dot, _ = path.partition(".")
    plain = {*GROUPS, *Study.model_fields, *Execution.model_fields} - set(ROOTS)
    return bool(sign and dot) and head not in plain


def plain_overrides(overrides: Sequence[str], problems: list[Problem], also: Sequence[str] = ()) -> dict[str, Text]:
    """What is typed for each key that exists, ``also`` among them; a value is text, or a list or mapping of texts."""
    allowed = sorted([*GROUPS, *Study.model_fields, *Execution.model_fields, *also])
    values: dict[str, Text] = {}
    for text in overrides:
        key, sign, value = text.partition("=")
        if not sign:
            problems.append(Problem(COMMAND_LINE, text, "", "an override is key=value, as replications=8"))
        elif key.split(".")[0] not in allowed:
            problems.append(Problem(COMMAND_LINE, key, value, "unknown key", nearest(key, allowed), ", ".join(allowed)))
        elif key in values:
            problems.append(Problem(COMMAND_LINE, key, value, "the key is given twice"))
        else:
            try:
                values[key] = typed(value, COMMAND_LINE, key)
            except Refused as refused:
                problems += refused.problems
    return values


__all__ = ["GROUPS", "apart_from_changes", "is_change", "plain_overrides"]
