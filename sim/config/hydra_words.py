"""What is typed is what runs: values of the command line as Hydra's grammar takes any text, in quotes.

Unquoted, Hydra reads ``2027_01`` as 202701 and ``1_000`` as 1000, and refuses ``Läge A``.
"""

from __future__ import annotations

import re

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Transformer
from hydra.errors import HydraException

from sim.config.errors import Problem
from sim.config.reading.yaml_text import Refused, Text, read_value
from sim.config.sentence import Sentence

QUOTES = "'\""
KEY = re.compile(r"[A-Za-z_]\w*")
STAND_IN = "value"
FUNCTION = re.compile(r"[a-z]+\(.*\)", re.DOTALL)  # of a sweep, as glob(*) or range(1,5)


def typed(value: str, file: str, key: str) -> Text:
    """What a value of the command line says: a list or mapping in brackets, as in a file, or else the text itself.

    Raises Refused.
    """
    if value[:1] in ("[", "{"):
        return read_value(value, file, key)
    if len(value) > 1 and value[0] in QUOTES and value[0] == value[-1]:
        return value[1:-1]
    if "${" in value:
        raise Refused([Problem(file, key, value, Sentence("values with {sign} are not allowed", sign="${"))])
    return value


def in_quotes(value: Text) -> str:
    """A value for Hydra, every text in it in quotes. Raises ValueError for a mapping's key that it cannot say."""
    if isinstance(value, dict):
        if wrong := [key for key in value if not KEY.fullmatch(key)]:
            raise ValueError(Sentence("{wrong} is no key: letters, digits and _", wrong=f"{wrong[0]!r}"))
        return "{" + ",".join(f"{key}:{in_quotes(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(in_quotes(inner) for inner in value) + "]"
    escaped = re.sub(r"(\\*)'", r"\1\1\\'", value)
    return "'" + re.sub(r"(\\+)$", r"\1\1", escaped) + "'"


def swept(value: str, file: str, key: str) -> str:
    """A value of a sweep for Hydra: texts with commas between are each a value; functions, as glob(*), stay.

    Raises Refused and ValueError.
    """
    if FUNCTION.fullmatch(value):
        return value
    if value[:1] in ("[", "{", *QUOTES):
        return in_quotes(typed(value, file, key))
    return ",".join(in_quotes(typed(one, file, key)) for one in value.split(","))


def swept_values(value: str, file: str, key: str) -> list[str]:
    """The texts that a value of a sweep stands for: those between commas, or those of ``range()`` or ``choice()``.

    A list or mapping in brackets is one. Raises Refused.
    """
    if value[:1] in ("[", "{", *QUOTES):
        return [value]
    if not FUNCTION.fullmatch(value):
        return [one.strip() for one in value.split(",")]
    try:
        override = OverridesParser.create().parse_override(f"{STAND_IN}={value}")
        if not override.is_sweep_override():
            raise ValueError(Sentence("is no function of a sweep"))
        return [str(one) for one in override.sweep_iterator(transformer=Transformer.str)]
    except (HydraException, ValueError) as error:
        message = Sentence(
            "is no sweep that can be told here: values with commas between, range(from,to,step) or choice(a,b)"
        )
        raise Refused([Problem(file, key, value, message)]) from error


__all__ = ["in_quotes", "swept", "swept_values", "typed"]
