"""Text becomes what a model says it is: whole text scalars in, a checked model or all its problems out.

Only these forms are understood: decimal numbers (``0.5``, ``-2``, ``1e-3``), ISO dates, ``true`` and ``false``,
and nothing at all (or ``null``) where nothing is allowed. What does not fit is left as text, and pydantic
refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sim.config.errors import Problem, comma_list, nearest
from sim.config.reading.yaml_text import Text
from sim.config.schema.number_ranges import OutOfRange
from sim.config.schema.region import Hours, WeeklyHours
from sim.config.schema.scenario import Where
from sim.config.sentence import N_, Sentence, as_sentence

M = TypeVar("M", bound=BaseModel)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
COMMA = re.compile(r"[+-]?\d+,\d+")
Path = tuple[str | int, ...]
Fields = dict[Path, list[str]]
WORDS = {
    "missing": Sentence("is missing"),
    "too_short": Sentence("has too little in it"),
    "too_long": Sentence("has too much in it"),
    "extra_forbidden": Sentence("unknown key"),
    "finite_number": Sentence("must be a finite number, not NaN or infinity"),
    "float_type": Sentence("must be a number"),
    "int_type": Sentence("must be a whole number"),
    "bool_type": Sentence("must be true or false"),
    "date_type": Sentence("must be a date, as 2027-10-04"),
    "string_type": Sentence("must be a text"),
    "list_type": Sentence("must be a list, as [a, b]"),
    "dict_type": Sentence("must be keys and values"),
    "model_type": Sentence("must be keys and values"),
    "model_attributes_type": Sentence("must be keys and values"),
    "union_tag_invalid": Sentence("unknown kind"),
    "union_tag_not_found": Sentence("does not say which kind it is"),
    "literal_error": Sentence("unknown value"),
    "string_pattern_mismatch": Sentence("must be a name of small letters, digits, _ and -"),
}
BOUNDS = {
    "greater_than": ("gt", N_("must be greater than {bound}")),
    "greater_than_equal": ("ge", N_("must be greater than or equal to {bound}")),
    "less_than": ("lt", N_("must be less than {bound}")),
    "less_than_equal": ("le", N_("must be less than or equal to {bound}")),
}


def read_model(model: type[M], data: Mapping[str, object], file: str) -> tuple[M | None, list[Problem]]:
    """The model in a mapping of text scalars, or every problem with it."""
    fields: Fields = {}
    values = _model(data, model, (), fields)
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        return None, [_problem(e, data, fields, file) for e in error.errors(include_url=False)]


def as_text(value: object) -> Text:
    """What a framework made of text, as text again."""
    if isinstance(value, Mapping):
        return {str(k): as_text(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [as_text(v) for v in value]
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _typed_value(value: Any, annotation: Any, path: Path, fields: Fields) -> Any:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        tag = next((m.discriminator for m in args[1:] if isinstance(m, FieldInfo) and m.discriminator), None)
        return (
            _one_of_models(value, args[0], str(tag), path, fields)
            if tag
            else _typed_value(value, args[0], path, fields)
        )
    if origin in (Union, UnionType):
        return _optional(value, args, path, fields)
    if origin is list:
        if not isinstance(value, list):
            return value
        return [_typed_value(v, args[0], (*path, i), fields) for i, v in enumerate(value)]
    if origin is dict:
        return _dict(value, args, path, fields)
    if _is_model(annotation):
        return _model(value, annotation, path, fields)
    return _scalar(value, annotation)


def _optional(value: Any, args: tuple[Any, ...], path: Path, fields: Fields) -> Any:
    if NoneType in args and (value in ("", "null", "~") or value is None):
        return None
    rest = [a for a in args if a is not NoneType]
    if isinstance(value, Mapping):  # a text, or the keys of one model
        rest = [a for a in rest if _is_model(get_args(a)[0] if get_origin(a) is Annotated else a)] or rest
    return _typed_value(value, rest[0], path, fields) if len(rest) == 1 else value


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _one_of_models(value: Any, union: Any, tag: str, path: Path, fields: Fields) -> Any:
    """One of several models, chosen by a key that each has with a value of its own."""
    if not isinstance(value, Mapping):
        return value
    for model in get_args(union):
        if value.get(tag) in get_args(model.model_fields[tag].annotation):
            return _model(value, model, path, fields)
    return value


def _dict(value: Any, args: tuple[Any, ...], path: Path, fields: Fields) -> Any:
    if value == "":
        return {}
    if not isinstance(value, Mapping):
        return value
    if keys := _literals(args[0]):
        fields[path] = keys
    return {_typed_value(k, args[0], (), {}): _typed_value(v, args[1], (*path, k), fields) for k, v in value.items()}


def _literals(annotation: Any) -> list[str]:
    return list(get_args(annotation)) if get_origin(annotation) is Literal else []


def _model(value: Any, model: type[BaseModel], path: Path, fields: Fields) -> Any:
    if not isinstance(value, Mapping):
        return value
    fields[path] = list(model.model_fields)
    values: dict[str, Any] = {}
    for key, inner in value.items():
        info = model.model_fields.get(key)
        if info is not None:
            annotation = Annotated[info.annotation, info] if info.discriminator else info.annotation
            values[key] = _typed_value(inner, annotation, (*path, key), fields)
        else:  # a calendar has short forms of its days
            values[key] = _typed_value(inner, Hours, (*path, key), fields) if issubclass(model, WeeklyHours) else inner
    return values


def _scalar(value: Any, annotation: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if annotation is float:
        return _number(text, value)
    if annotation is int and WHOLE.fullmatch(text) and len(text) < 25:
        return int(text)
    if annotation is bool and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if annotation is date and is_date(text):
        return date.fromisoformat(text)
    return value


def _number(text: str, otherwise: Any) -> Any:
    """A number; NaN and infinity too, so that they are refused by name."""
    if NUMBER.fullmatch(text):
        return float(text)
    word = text.lower().replace(".", "").lstrip("+-")
    return float(word) if word in ("nan", "inf", "infinity") else otherwise


def is_date(text: str) -> bool:
    """Whether a text is a day, as 2027-10-04."""
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and date.fromisoformat(text) is not None
    except ValueError:
        return False


def _problem(error: Any, data: Any, fields: Fields, file: str) -> Problem:
    path = _place_of(error["loc"], data)
    key = _dotted_path(path)
    value = error["input"] if isinstance(error["input"], str | int | float | date) else ""
    kind = str(error["type"])
    message = WORDS.get(kind) or _message(error, kind)
    if kind == "model_type" and str(error["ctx"]["class_name"]).endswith("Rule"):
        message = Sentence("must be a rule: keys and values, under a name of its own, as all: {...}")
    if isinstance(value, str) and COMMA.fullmatch(value.strip()):
        message = Sentence("{message} with a decimal point, not a comma", message=as_sentence(message))
    if kind == "extra_forbidden":
        allowed = fields.get(path[:-1], [])
        if "where" in allowed and path[-1] in Where.model_fields:
            example = f"where: {{{path[-1]}: [...]}}"
            message = Sentence("{message}: say it under where, as {example}", message=message, example=example)
            path = (*path[:-1], "where")
        return Problem(file, key, "", message, nearest(str(path[-1]), allowed), comma_list(allowed))
    if isinstance(outside := error.get("ctx", {}).get("error"), OutOfRange):
        return Problem(file, key, str(value), message, outside.meant, outside.allowed)
    allowed = _allowed_values(error, kind)
    if kind == "union_tag_invalid":
        value = error["ctx"]["tag"]
        key = f"{key}.{error['ctx']['discriminator'].strip(chr(39))}"
    return Problem(
        file, key, str(value), message, nearest(str(value), allowed) if value != "" else "", comma_list(allowed)
    )


def _message(error: Any, kind: str) -> str:
    """What pydantic says, or a validator of ours."""
    if kind in BOUNDS:
        bound, text = BOUNDS[kind]
        return Sentence(text, bound=f"{error['ctx'][bound]:g}")
    if kind == "value_error":
        reason: str = error["ctx"]["error"].args[0]
        return reason
    return str(error["msg"]).replace("Input should be", "must be")


def _allowed_values(error: Any, kind: str) -> list[str]:
    if kind == "literal_error":
        return re.findall(r"'([^']*)'", error["ctx"]["expected"])
    if kind == "union_tag_invalid":
        return re.findall(r"'([^']*)'", error["ctx"]["expected_tags"])
    return []


def _place_of(loc: tuple[str | int, ...], data: Any) -> Path:
    """The path as written: without the tags of kinds that pydantic puts between."""
    path: list[str | int] = []
    here = data
    for i, part in enumerate(loc):
        last = i == len(loc) - 1
        if (isinstance(here, Mapping) and part in here) or (
            isinstance(here, Mapping) and not isinstance(part, int) and str(part) in map(str, here)
        ):
            here = here[str(part)]
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        elif part == "[key]" or not last or not isinstance(here, Mapping | list):
            continue
        path.append(part)
    return tuple(path)


def _dotted_path(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
