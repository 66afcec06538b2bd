"""The people of another year: those of a region's tables, as many as a forecast has of them in each municipality.

Where in a municipality people live stays as it is. What is built, staffed and open stays too: a baseline of a later
year is what happens if nothing is done.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.config.errors import Problem, comma_list, unknown
from sim.config.reading.forecast_table import FORECAST, PEOPLE
from sim.config.schema.region import Region
from sim.config.schema.study_design import Study
from sim.config.sentence import Sentence

Ints = NDArray[np.int64]


def check_people_of_year(region: Region, study: Study) -> list[Problem]:
    """Why a region has no people of the year that a study is about; nothing if it has, or if none is asked for."""
    if study.people_year is None:
        if study.forecast is None:
            return []
        return [Problem("study", "forecast", study.forecast, "says whose people, and people_year says no year")]
    if region.forecast is None:
        message = Sentence("the region has no {file}, so its people are those of its tables alone", file=FORECAST)
        return [Problem("study", "people_year", str(study.people_year), message)]
    names = list(dict.fromkeys(region.forecast["forecast"]))
    if study.forecast is None and len(names) > 1:
        message = Sentence("is missing: the region has several forecasts of its people")
        return [Problem("study", "forecast", "", message, "", comma_list(names))]
    name = study.forecast or names[0]
    if name not in names:
        return [unknown("study", "forecast", name, Sentence("forecast"), names)]
    years = sorted(set(region.forecast["year"][region.forecast["forecast"] == name]))
    if study.people_year in years:
        return []
    allowed = Sentence("{first} to {last}", first=years[0], last=years[-1])
    message = Sentence("the forecast has no such year")
    return [Problem("study", "people_year", str(study.people_year), message, "", allowed)]


def with_people_of_year(region: Region, study: Study) -> Region:
    """The region with the people of the study's year, where it names one that ``check_people_of_year`` has passed.

    In whole numbers: each age group of a municipality is divided over its places as it is there now (largest
    remainder), evenly where nobody of it lives there now.
    """
    if study.people_year is None or region.forecast is None:
        return region
    table = region.forecast
    chosen = table["forecast"] == (study.forecast or table["forecast"].iloc[0])
    rows = table[chosen & (table["year"] == study.people_year)].set_index("municipality")
    zones, towns = region.zones.copy(), region.municipalities.copy()
    where = zones["municipality"].to_numpy()
    for column in PEOPLE:
        people = zones[column].to_numpy(dtype=np.int64).copy()
        for town in towns["municipality"]:
            people[where == town] = _divided(people[where == town], int(rows.loc[town, column]))
        zones[column] = people
    towns["people"] = pd.Series(towns["municipality"]).map(rows[PEOPLE].sum(axis=1)).astype(np.int64)
    return region.model_copy(update={"zones": zones, "municipalities": towns})


def _divided(people: Ints, total: int) -> Ints:
    weights = people if people.sum() > 0 else np.ones_like(people)
    exact, rest = np.divmod(weights * total, weights.sum())
    order = np.argsort(-rest, kind="stable")
    exact[order[: total - int(exact.sum())]] += 1
    return exact


__all__ = ["check_people_of_year", "with_people_of_year"]
