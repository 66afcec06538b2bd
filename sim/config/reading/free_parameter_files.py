"""Reads what may vary of a region and what was fitted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from sim.config.errors import Problem
from sim.config.folders import shown
from sim.config.reading.typed import read_model
from sim.config.reading.yaml_text import Refused, read_yaml
from sim.config.schema.free_parameters import Fitted, FreeParameters

M = TypeVar("M", bound=BaseModel)
FREE, FITTED = "free_parameters.yaml", "fitted.yaml"


@dataclass(frozen=True)
class FreeParts:
    """The two files as far as they could be read, and how messages call their folder."""

    folder: str
    free: FreeParameters | None = None
    fitted: Fitted | None = None


def read_free(folder: Path, problems: list[Problem]) -> FreeParts:
    """The two files of a region's folder; either may be missing."""
    free = _read(FreeParameters, folder / FREE, problems)
    return FreeParts(shown(folder), free, _read(Fitted, folder / FITTED, problems))


def _read(model: type[M], path: Path, problems: list[Problem]) -> M | None:
    if not path.is_file():
        return None
    try:
        data = read_yaml(path, shown(path))
    except Refused as refused:
        problems += refused.problems
        return None
    made, found = read_model(model, data, shown(path))
    problems += found
    return made
