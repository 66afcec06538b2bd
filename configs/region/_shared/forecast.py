"""The people of each municipality in years to come, so that a region's published forecasts are met.

Those of one-year ages in 2019 grow older, and die by Gompertz's law (Gompertz 1825; in terms of the modal age at death:
Missov et al. 2015, Demogr Res 32:36), whose mode is the one by which those of 75 and over in 2019 become the region's
own number of 80 and over at the end of 2024. The oldest are scaled year by year to the forecast of the region's oldest,
which is a line between the years that are published. The rest of the region's forecast falls to those under 65, in each
municipality as it grew from 2019 to 2024: births and moves together. Children are the same share of those under 65 as
in 2024.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from . import sizing as by
from .facts import Facts, Forecast
from .region import AGES
from .tables import Rows, read

COUNTED = 2019  # year of the one-year ages
BASE = 2024  # year of the region's tables
AGEING_PER_YEAR = 0.11  # by which the force of mortality rises with age; assumption (D): most populations 0.10 to 0.12
MODES = 70.0, 110.0  # years, between which the mode of the age at death is looked for
ONE_YEAR_AGES = np.arange(101)


def make(facts: Facts, municipalities: Rows, zones: Rows) -> Rows:
    """A row for each forecast, year after ``BASE`` and municipality: people by age, in whole numbers."""
    codes = [m["municipality"] for m in municipalities]
    base = np.array([[sum(z[f"people_{age}"] for z in zones if z["municipality"] == c) for age in AGES] for c in codes])
    one_year = {r["scb_code"]: [int(r[str(age)]) for age in ONE_YEAR_AGES] for r in read(facts.folder, "age_2019")}
    counted = np.array([one_year[code] for code in codes], dtype=float)
    return [
        {
            "forecast": name,
            "year": year,
            "municipality": code,
            **{f"people_{age}": n for age, n in zip(AGES, row, strict=True)},
            "source": facts.made_up or f"{forecast.source}; SCB one-year ages of 2019 aged {year - COUNTED} years",
            "quality": "X",
        }
        for name, forecast in facts.forecasts.items()
        for year in range(BASE + 1, forecast.year + 1)
        for code, row in zip(codes, people_in(year, forecast, base, counted).tolist(), strict=True)
    ]


def people_in(year: int, forecast: Forecast, base: by.Floats, counted: by.Floats) -> by.Floats:
    """[municipalities, age groups] people in a year.

    ``base``: the same at the end of 2024; ``counted``: [municipalities, 101] by one-year ages in 2019. The sums over
    all municipalities are those of the forecast, in whole numbers.
    """
    mode = mode_of_deaths(counted, float(base[:, 3].sum()))
    part = (year - BASE) / (forecast.year - BASE)
    total = round(base.sum() + part * (forecast.people - base.sum()))
    oldest = round(base[:, 3].sum() + part * (forecast.oldest - base[:, 3].sum()))
    then, now = survivors(counted, year - COUNTED, mode), survivors(counted, BASE - COUNTED, mode)
    older = base[:, 2:] * then / now
    ages_65_79 = by.whole(older[:, 0], round(float(older[:, 0].sum())))
    ages_80plus = by.whole(older[:, 1], oldest)
    growth = (base.sum(axis=1) / counted.sum(axis=1)) ** ((year - BASE) / (BASE - COUNTED))
    young = base[:, :2].sum(axis=1)
    under_65 = by.whole(young * growth, total - sum(ages_65_79) - oldest)
    children = np.rint(under_65 * base[:, 0] / young).astype(int)
    return np.stack([children, np.array(under_65) - children, ages_65_79, ages_80plus], axis=1)


def survivors(counted: by.Floats, years: int, mode: float) -> by.Floats:
    """[municipalities, 2] of those counted by one-year ages, who are 65 to 79, and 80 and over, so many years later."""
    hazard = np.exp(AGEING_PER_YEAR * (np.stack([ONE_YEAR_AGES, ONE_YEAR_AGES + years]) - mode))
    alive = counted * np.exp(hazard[0] - hazard[1])
    age = ONE_YEAR_AGES + years
    return np.stack([alive[:, (age >= 65) & (age < 80)].sum(axis=1), alive[:, age >= 80].sum(axis=1)], axis=1)


def mode_of_deaths(counted: by.Floats, oldest: float) -> float:
    """The mode of the age at death by which so many of those counted are 80 and over at the end of 2024."""

    def too_many(mode: float) -> float:
        return float(survivors(counted, BASE - COUNTED, mode)[:, 1].sum()) - oldest

    return float(brentq(too_many, *MODES))
