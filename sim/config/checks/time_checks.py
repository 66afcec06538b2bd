"""Times whose distribution cannot be tabulated in whole seconds: told with file and key before anything is compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from pydantic import BaseModel

from sim.config.distributions import quantile_table
from sim.config.errors import Problem
from sim.config.schema.base import Distribution

LAWS = get_args(get_args(Distribution)[0])


def check_times(part: object, file: str, key: str = "", known: dict[str, str] | None = None) -> Iterator[Problem]:
    """Distributions within a part of the configuration, a model or a mapping, that no table can hold.

    ``known``: what was found of those that were looked at before, by their text.
    """
    known = {} if known is None else known
    if isinstance(part, LAWS):
        text = part.model_dump_json()
        if text not in known:
            known[text] = _wrong(part)
        if known[text]:
            yield Problem(file, key, "", known[text])
        return
    if isinstance(part, BaseModel):
        inner: Mapping[object, object] = {name: getattr(part, name) for name in type(part).model_fields}
    elif isinstance(part, Mapping):
        inner = part
    else:
        return
    for name, value in inner.items():
        yield from check_times(value, file, f"{key}.{name}" if key else str(name), known)


def _wrong(law: Distribution) -> str:
    """Why a distribution cannot be tabulated; empty if it can."""
    try:
        quantile_table(law)
    except (ValueError, OverflowError, FloatingPointError) as error:
        return error.args[0] if error.args else str(error)
    return ""


__all__ = ["check_times"]
