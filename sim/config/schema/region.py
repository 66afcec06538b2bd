"""The region: people, sites, pools and offers as tables; calendars, travel and labels as YAML."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import pandas as pd
from pydantic import ConfigDict, Field, model_validator

from sim.config.schema.base import Label, Name, Share, Strict
from sim.config.schema.free_parameters import Fitted, FreeParameters
from sim.config.schema.travel_rules import TravelConfig

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
Clock = Annotated[str, Field(pattern=r"^([01]?\d|2[0-4]):[0-5]\d-([01]?\d|2[0-4]):[0-5]\d$")]


class Shift(Strict):
    """Hours with a share of the pool's capacity."""

    hours: Clock = Field(description="local time, as 08:00-17:00; one that ends before it starts passes midnight")
    capacity_factor: Annotated[float, Field(ge=0)] = Field(1.0, description="share of the pool's units")


Hours = list[Shift]


class Calendar(Strict):
    """Opening hours of a week, local time; a shift may pass midnight. A holiday is as Sunday unless said."""

    mon: Hours = Field(default_factory=list)
    tue: Hours = Field(default_factory=list)
    wed: Hours = Field(default_factory=list)
    thu: Hours = Field(default_factory=list)
    fri: Hours = Field(default_factory=list)
    sat: Hours = Field(default_factory=list)
    sun: Hours = Field(default_factory=list)
    holiday: Hours | None = None

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, data: object) -> object:
        """Turns ``mon_fri: "08:00-17:00"`` into a list of shifts for each day."""
        if not isinstance(data, dict):
            return data
        groups = {"mon_fri": DAYS[:5], "sat_sun": DAYS[5:7], "every_day": DAYS[:7]}
        spelled: dict[str, object] = {}
        for key, hours in data.items():
            listed = hours if isinstance(hours, list) else [hours]
            shifts = [{"hours": h} if isinstance(h, str) else h for h in listed if h not in ("", None)]
            for day in groups.get(key, (key,)):
                spelled[day] = shifts
        return spelled


class RegionFile(Strict):
    """``region.yaml``: what the tables do not say."""

    label: Label
    timezone: str = "Europe/Stockholm"
    holidays: Literal["SE", "none"] = "SE"
    population_date: date
    users_from_outside: str = Field(description="modelled, or capacity is net of them: which")
    left_out: list[Label] = Field(
        default_factory=list, description="what is not modelled and taken out of every target"
    )
    notes: str = ""


class Region(Strict):
    """A region, read and checked."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: Name
    file: RegionFile
    calendars: dict[Name, Calendar]
    travel: TravelConfig
    municipalities: pd.DataFrame
    zones: pd.DataFrame
    sites: pd.DataFrame
    pools: pd.DataFrame
    offers: pd.DataFrame
    targets: pd.DataFrame
    free: FreeParameters | None = None
    fitted: Fitted | None = None
    sensitivity: pd.DataFrame | None = Field(None, description="what the baseline depends on most, if it was screened")


__all__ = ["Calendar", "Region", "RegionFile", "Share", "Shift"]
