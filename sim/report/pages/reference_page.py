"""The reference of the configuration, from the models that read it: ``python -m sim.report.pages.reference_page``.

Each file of a study is a model; each model has its keys, what they may be, what they are if they are not said, and what
they mean. Nothing here is written by hand: a key that has no meaning on the page has none in its model.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sim.config.reading.cells import Measured
from sim.config.reading.region_tables import COLUMNS, OPTIONAL, readers_of
from sim.config.schema.care import Care
from sim.config.schema.free_parameters import Fitted, FreeParameters
from sim.config.schema.natural_experiment import NaturalExperiment
from sim.config.schema.number_kinds import DURATION_OF, UNITS_OF
from sim.config.schema.number_ranges import NumberKind, TimeKind, digits, kind_in
from sim.config.schema.region import Calendar, RegionFile
from sim.config.schema.scenario import Scenario
from sim.config.schema.statements import Statements
from sim.config.schema.study_design import Execution, Study
from sim.config.schema.travel_rules import TravelConfig
from sim.report.markdown import table
from sim.results.files import write_text

PAGE = Path("docs/generated/reference_configuration.md")
FILES: dict[str, type[BaseModel]] = {
    "configs/study/<name>.yaml": Study,
    "configs/execution/<name>.yaml": Execution,
    "configs/care/<name>.yaml": Care,
    "configs/region/<name>/region.yaml": RegionFile,
    "configs/region/<name>/calendars.yaml, each calendar": Calendar,
    "configs/region/<name>/travel.yaml": TravelConfig,
    "configs/region/<name>/free_parameters.yaml": FreeParameters,
    "configs/region/<name>/fitted.yaml": Fitted,
    "configs/statements.yaml": Statements,
    "scenarios/<name>.yaml": Scenario,
    "configs/experiments/<name>.yaml": NaturalExperiment,
}
HEAD = """\
# Reference of the configuration

Written from the program's own models by `python -m sim.report.pages.reference_page`; do not edit it. How to say a model
of one's own, with examples, is in [own_model.md](../own_model.md).

Every key that a file may have, what it may be, what it is if it is not said (*must be said* where it has to be), and
what it means. A key that is not in the list is refused. Of a number, the range that it can have comes first: outside it
is refused. The range that it usually has comes after: outside it you are asked whether you mean it, and nothing stops.
Usual ranges are judgement (quality D), set to let every region and study of the program pass. *name to ...* is a
mapping whose keys are names that you choose: small letters, digits, `_` and `-`.
"""
KINDS = """\
How long a contact takes, by the mean, median or value of its time; and how many units a pool has, by the most generous
of the services that use it."""
PLAIN = {str: "text", float: "number", int: "whole number", bool: "true or false", date: "date"}
Bounds = dict[str, tuple[str, str]]  # by the name of pydantic's metadata: words, and the attribute with the number
LIMITS: Bounds = {"Ge": ("at least", "ge"), "Gt": ("above", "gt"), "Le": ("at most", "le"), "Lt": ("below", "lt")}
OPEN = ("Gt", "Lt")  # said beside a range, whose ends are within
LENGTHS: Bounds = {"MinLen": ("at least", "min_length"), "MaxLen": ("at most", "max_length")}


def reference() -> str:
    """The page as Markdown."""
    seen: set[type[BaseModel]] = set()
    parts = [HEAD]
    for file, model in FILES.items():
        parts.append(f"## `{file}`\n")
        parts += [_section(one) for one in _within(model, seen)]
    return "\n".join([*parts, _tables()])


def _within(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """A model and those that its fields hold, each once, in the order in which they are named."""
    if model in seen:
        return
    seen.add(model)
    yield model
    for field in model.model_fields.values():
        for inner in _models(field.annotation):
            yield from _within(inner, seen)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is not Literal:
        for part in get_args(annotation):
            yield from _models(part)


def _section(model: type[BaseModel]) -> str:
    text = inspect.cleandoc(model.__doc__ or "")
    rows = [(f"`{name}`", _type(field), _default(field), _meaning(field)) for name, field in model.model_fields.items()]
    return f"### {model.__name__}\n\n{text}\n\n{table(('key', 'what it may be', 'if not said', 'meaning'), rows)}\n"


def _meaning(field: FieldInfo) -> str:
    return field.description or ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be said"
    value = field.default if field.default is not PydanticUndefined else _factory_value(field)
    if value is None or value in ({}, [], ""):
        return "nothing"
    return f"`{value.model_dump() if isinstance(value, BaseModel) else value}`"


def _factory_value(field: FieldInfo) -> Any:
    factory = field.default_factory
    return factory() if factory is not None else None  # type: ignore[call-arg]  # none of ours looks at other fields


def _type(field: FieldInfo) -> str:
    return f"{_phrase(field.annotation, list(field.metadata))}{_ranges(kind_in(field.metadata))}"


def _ranges(kind: NumberKind | None) -> str:
    """What a number can be, and what it usually is; nothing of what is no number."""
    if kind is None:
        return ""
    usual = f"; usually {_usual(kind)}" if kind.usual != kind.hard else ""
    return f" ({kind.between(kind.hard)}{usual})"


def _usual(kind: NumberKind) -> str:
    """The usual range of a kind; its unit has been said, unless it is one of time."""
    if isinstance(kind, TimeKind):
        return kind.between(kind.usual)
    return f"{digits(kind.usual.low)} to {digits(kind.usual.high)}"


def _phrase(annotation: Any, limits: list[Any]) -> str:
    """What a value may be, in words."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated_phrase(args, limits)
    if origin in (Union, UnionType):
        kinds = [_phrase(a, limits) for a in args if a is not NoneType]
        return " or ".join(dict.fromkeys(kinds))
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in args)
    if origin is list:
        return f"list of {_phrase(args[0], [])}{_bounds(limits, LENGTHS, ' entries')}"
    if origin is dict:
        return f"{_key(args[0])} to {_phrase(args[1], [])}{_bounds(limits, LENGTHS, ' entries')}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if annotation is str and any(str(getattr(one, "pattern", "")).startswith("^[a-z0-9][") for one in limits):
        return "name"
    known = {k: v for k, v in LIMITS.items() if k in OPEN or kind_in(limits) is None}
    return f"{PLAIN.get(annotation, str(annotation))}{_bounds(limits, known, '')}"


def _annotated_phrase(args: tuple[Any, ...], limits: list[Any]) -> str:
    inner = [one for info in args[1:] for one in (info.metadata if isinstance(info, FieldInfo) else [info])]
    return f"{_phrase(args[0], [*inner, *limits])}{_ranges(kind_in(args[1:]))}"


def _key(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return "each of " + ", ".join(f"`{value}`" for value in get_args(annotation))
    return "date" if annotation is date else "name"


def _bounds(limits: Iterable[Any], known: Bounds, unit: str) -> str:
    phrases = [
        f"{known[kind][0]} {getattr(one, known[kind][1]):,}{unit}"
        for one in limits
        if (kind := type(one).__name__) in known
    ]
    return f", {' and '.join(phrases)}" if phrases else ""


def _tables() -> str:
    rows = [
        (f"`{name}.csv`", ", ".join(f"`{c}`" for c in columns), ", ".join(f"`{c}`" for c in OPTIONAL.get(name, ())))
        for name, columns in COLUMNS.items()
    ]
    numbers = [
        (f"`{name}.csv`", f"`{column}`", one.kind.between(one.kind.hard), one.kind.between(one.kind.usual))
        for name in COLUMNS
        for column, one in readers_of(name).items()
        if isinstance(one, Measured)
    ]
    kinds = [
        (f"`{kind}`", DURATION_OF[kind].between(DURATION_OF[kind].usual), _units(kind)) for kind in sorted(DURATION_OF)
    ]
    return "\n".join([
        f"## Tables of a region\n\n{table(('table', 'columns that it must have', 'columns that it may have'), rows)}\n",
        f"Numbers in them:\n\n{table(('table', 'column', 'can be', 'usually is'), numbers)}\n",
        f"## What is usual by kind of service\n\n{KINDS}\n\n{table(('kind', 'takes', 'units of a pool'), kinds)}\n",
    ])  # fmt: skip


def _units(kind: str) -> str:
    return UNITS_OF[kind].between(UNITS_OF[kind].usual) if kind in UNITS_OF else ""


def page_text() -> str:
    """The page as it is written: no line ends with a space, no two lines are empty one after another."""
    text = "\n".join(line.rstrip() for line in reference().splitlines())
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


if __name__ == "__main__":
    write_text(PAGE, page_text())

__all__ = ["PAGE", "page_text", "reference"]
