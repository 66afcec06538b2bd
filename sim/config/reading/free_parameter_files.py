"""Reads what may vary of a region and what was fitted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.config.errors import Problem
from sim.config.folders import display_path
from sim.config.reading.model_file import read_file
from sim.config.schema.free_parameters import Fitted, FreeParameters, UsualWaits

FREE, FITTED, USUAL = "free_parameters.yaml", "fitted.yaml", "usual_waits.yaml"


@dataclass(frozen=True)
class FreeParts:
    """The three files as far as they could be read, and how messages call their folder."""

    folder: str
    free: FreeParameters | None = None
    fitted: Fitted | None = None
    usual: UsualWaits | None = None


def read_free(folder: Path, problems: list[Problem]) -> FreeParts:
    """The three files of a region's folder; each may be missing."""
    free, fitted, usual = folder / FREE, folder / FITTED, folder / USUAL
    return FreeParts(
        display_path(folder),
        read_file(FreeParameters, free, problems) if free.is_file() else None,
        read_file(Fitted, fitted, problems) if fitted.is_file() else None,
        read_file(UsualWaits, usual, problems) if usual.is_file() else None,
    )
