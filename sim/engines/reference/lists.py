"""The model's arrays as Python lists, which an interpreter reads several times faster than numpy scalars."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.tables import Discrete, Model


class Lists:
    """Tables of a model by name. Each model's are slots of a class of its own: nothing is read as often in a run."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def as_lists(model: Model) -> Lists:
    """Every array of the model as (nested) lists under its name; ``first`` gives first_ptr, first_cum, first_item."""
    tables: dict[str, Any] = {}
    for field in fields(model):
        value = getattr(model, field.name)
        if isinstance(value, np.ndarray):
            tables[field.name] = value.tolist()
        elif isinstance(value, Discrete):
            for part in ("ptr", "cum", "item"):
                tables[f"{field.name}_{part}"] = getattr(value, part).tolist()
    lists: Lists = type("ListsOfOneModel", (Lists,), {"__slots__": tuple(tables)})()
    for name, table in tables.items():
        setattr(lists, name, table)
    return lists
