"""The model's arrays as Python lists, which an interpreter reads several times faster than numpy scalars."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace

import numpy as np

from sim.tables import Discrete, Model


def as_lists(model: Model) -> SimpleNamespace:
    """Every array of the model as (nested) lists under its name; ``first`` gives first_ptr, first_cum, first_item."""
    out = SimpleNamespace()
    for field in fields(model):
        value = getattr(model, field.name)
        if isinstance(value, np.ndarray):
            setattr(out, field.name, value.tolist())
        elif isinstance(value, Discrete):
            for part in ("ptr", "cum", "item"):
                setattr(out, f"{field.name}_{part}", getattr(value, part).tolist())
    return out
