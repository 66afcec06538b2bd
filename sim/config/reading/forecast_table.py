"""``forecast.csv`` of a region: the people of each municipality by age in years to come. It may be missing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.config.errors import Problem, comma_list
from sim.config.reading.cells import ORIGIN, READERS, Bad, Measured, Reader
from sim.config.reading.region_tables import COLUMNS, read_table
from sim.config.schema.number_kinds import YEAR
from sim.config.sentence import Sentence
from sim.model.codes import AGE_GROUPS

FORECAST = "forecast.csv"
PEOPLE = [f"people_{age}" for age in AGE_GROUPS]


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Bad(Sentence("must be a year, as 2030"))
    return int(text)


FORECAST_COLUMNS: dict[str, Reader] = {
    "forecast": READERS["name"],
    "year": Measured(_year, YEAR),
    "municipality": READERS["name"],
    **{column: COLUMNS["zones"][column] for column in PEOPLE},
    **ORIGIN,
}


def read_forecast(
    folder: Path, name_of_folder: str, municipalities: list[str], problems: list[Problem]
) -> pd.DataFrame | None:
    """The table, typed; None if there is none. What is wrong with it goes to ``problems``.

    Each year of a forecast has every municipality of the region once, and nobody else.
    """
    path = folder / FORECAST
    if not path.is_file():
        return None
    file = f"{name_of_folder}/{FORECAST}"
    table = read_table(path, file, FORECAST_COLUMNS, problems)
    frame = table.frame(list(FORECAST_COLUMNS))
    if table.complete and municipalities:
        problems += _incomplete(frame, file, set(municipalities))
    return frame


def _incomplete(frame: pd.DataFrame, file: str, wanted: set[str]) -> list[Problem]:
    problems = []
    for (name, year), rows in frame.groupby(["forecast", "year"], sort=False):
        found, key = list(rows["municipality"]), f"{name} {year}"
        twice = sorted({one for one in found if found.count(one) > 1})
        for names, message in (
            (sorted(wanted - set(found)), Sentence("has no row for these municipalities of the region")),
            (sorted(set(found) - wanted), Sentence("has rows for municipalities that the region has not")),
            (twice, Sentence("has several rows for the same municipality")),
        ):
            if names:
                problems.append(Problem(file, key, comma_list(names), message))
    return problems


__all__ = ["FORECAST", "FORECAST_COLUMNS", "PEOPLE", "read_forecast"]
