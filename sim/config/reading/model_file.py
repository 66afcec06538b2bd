"""A YAML file that is one model."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from sim.config.errors import Problem
from sim.config.folders import display_path
from sim.config.reading.typed import read_model
from sim.config.reading.yaml_text import Refused, read_yaml

M = TypeVar("M", bound=BaseModel)


def read_file(model: type[M], path: Path, problems: list[Problem]) -> M | None:
    """The model in a YAML file; None, with the reasons in ``problems``."""
    try:
        data = read_yaml(path, display_path(path))
    except Refused as refused:
        problems += refused.problems
        return None
    record, errors = read_model(model, data, display_path(path))
    problems += errors
    return record


__all__ = ["read_file"]
