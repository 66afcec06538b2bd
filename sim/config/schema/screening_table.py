"""``sensitivity.csv`` of a region: which of its uncertain figures the baseline depends on most.

Written by ``careshift screen`` and never by hand; the report shows it. It may be missing.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from sim.config.errors import Problem
from sim.config.reading.cells import READERS, Bad, Measured, Reader, one_of
from sim.config.reading.region_tables import read_table
from sim.config.schema.number_kinds import RESULT
from sim.config.sentence import Sentence

SENSITIVITY = "sensitivity.csv"
ABOUT = ("er", "travel")  # what an outcome tells of
SIGNS = ("up", "down", "both", "none")  # where the outcome goes when the figure is raised


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Bad(Sentence("must be a date, as 2027-10-04")) from None


def _perhaps_a_day(text: str) -> str:
    return _day(text) if text else ""


_NUMBER, _AMOUNT = Measured(READERS["number"], RESULT), Measured(READERS["amount"], RESULT)
_TEXT = READERS["text"]
SENSITIVITY_COLUMNS: dict[str, Reader] = {
    "outcome": READERS["name"],
    "about": one_of(*ABOUT),
    "rank": _AMOUNT,
    "parameter": _TEXT,
    "kind": one_of("factor", "care", "travel"),
    "sv": _TEXT,
    "en": _TEXT,
    "value": _NUMBER,
    "low": _NUMBER,
    "high": _NUMBER,
    "mu_star": _AMOUNT,
    "mu_star_conf": _AMOUNT,
    "sigma": _AMOUNT,
    "mu": _NUMBER,
    "sign": one_of(*SIGNS),
    "baseline": _NUMBER,
    "luck_sd": _AMOUNT,
    "source": READERS["source"],
    "quality": READERS["quality"],
    "care": READERS["name"],
    "fitted": _perhaps_a_day,
    "written": _day,
    "version": _TEXT,
    "code": _TEXT,
    "seed": READERS["any"],
    "start": _day,
    "end": _day,
    "warm_up_days": _AMOUNT,
    "replications": _AMOUNT,
    "trajectories": _AMOUNT,
    "levels": _AMOUNT,
}


def read_sensitivity(folder: Path, name_of_folder: str, problems: list[Problem]) -> pd.DataFrame | None:
    """The table, typed; None if there is none. What is wrong with it goes to ``problems``."""
    path = folder / SENSITIVITY
    if not path.is_file():
        return None
    return read_table(path, f"{name_of_folder}/{SENSITIVITY}", SENSITIVITY_COLUMNS, problems).frame(
        list(SENSITIVITY_COLUMNS)
    )


__all__ = ["ABOUT", "SENSITIVITY", "SENSITIVITY_COLUMNS", "SIGNS", "read_sensitivity"]
