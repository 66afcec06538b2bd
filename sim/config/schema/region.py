"""The region: people, sites, pools and offers as tables; calendars, travel and labels as YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Literal

import pandas as pd
from pydantic import AfterValidator, ConfigDict, Field, model_validator

from sim.config.schema.base import Label, Name, Remark, Share, Strict
from sim.config.schema.free_parameters import Fitted, FreeParameters, UsualWaits
from sim.config.schema.number_kinds import CAPACITY_FACTOR
from sim.config.schema.travel_rules import TravelConfig
from sim.config.sentence import Sentence

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
CLOSED = "closed"
SPAN = re.compile(r"\d{4}-\d\d-\d\d(\.\.\d{4}-\d\d-\d\d)?")
HOURS = re.compile(r"([01]?\d|2[0-3]):[0-5]\d-(([01]?\d|2[0-3]):[0-5]\d|24:00)")


def _is_hours(text: str) -> str:
    if not HOURS.fullmatch(text):
        raise ValueError(Sentence("must be hours of a day, as 08:00-17:00, or closed; here {text}", text=text))
    start, end = (part.zfill(5) for part in text.split("-"))
    if start == end and start != "00:00":
        raise ValueError(Sentence("begin and end at once: say 00:00-24:00 for all day; here {text}", text=text))
    return text


Clock = Annotated[str, AfterValidator(_is_hours)]


class Shift(Strict):
    """Hours with a share of the pool's capacity."""

    hours: Clock = Field(description="local time, as 08:00-17:00; one that ends before it starts passes midnight")
    capacity_factor: Annotated[float, Field(ge=0), CAPACITY_FACTOR] = Field(
        1.0, description="share of the pool's units"
    )

    @property
    def is_whole_day(self) -> bool:
        """Whether it goes from midnight to midnight."""
        return self.hours.removeprefix("0") in ("0:00-24:00", "0:00-00:00", "0:00-0:00")


Hours = list[Shift]


class WeeklyHours(Strict):
    """Opening hours of a week, local time; a shift may pass midnight. A holiday is as Sunday unless said."""

    mon: Hours = Field(default_factory=list)
    tue: Hours = Field(default_factory=list)
    wed: Hours = Field(default_factory=list)
    thu: Hours = Field(default_factory=list)
    fri: Hours = Field(default_factory=list)
    sat: Hours = Field(default_factory=list)
    sun: Hours = Field(default_factory=list)
    holiday: Hours | None = None

    def has_hours_on(self, day: date) -> bool:
        """Whether the day has hours, as a day of its week or as a holiday."""
        return bool(getattr(self, DAYS[day.weekday()]) or self.holiday)

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, data: object) -> object:
        """Turns ``mon_fri: "08:00-17:00"`` into a list of shifts for each day."""
        if data == CLOSED:
            return {}
        if not isinstance(data, dict):
            return data
        groups = {"mon_fri": DAYS[:5], "sat_sun": DAYS[5:7], "every_day": DAYS[:7]}
        spelled: dict[str, object] = {}
        for key, hours in data.items():
            if key == "dates":
                spelled[key] = hours
                continue
            listed = hours if isinstance(hours, list) else [hours]
            shifts = [{"hours": h} if isinstance(h, str) else h for h in listed if h not in ("", None)]
            for day in groups.get(key, (key,)):
                spelled[day] = shifts
        return spelled


def span(text: str) -> tuple[date, date]:
    """First and last day of ``2027-07-05..2027-08-01``, or of one day. Raises ValueError if it is no such text."""
    if not SPAN.fullmatch(text):
        raise ValueError(
            Sentence("must be a day or two, as 2027-12-24 or 2027-07-05..2027-08-01; here {text}", text=text)
        )
    days = [date.fromisoformat(day) for day in text.split("..")]
    if days[-1] < days[0]:
        raise ValueError(Sentence("ends before it starts: {text}", text=text))
    return days[0], days[-1]


def _is_span(text: str) -> str:
    span(text)
    return text


Span = Annotated[str, AfterValidator(_is_span)]


class Calendar(WeeklyHours):
    """Hours of ordinary weeks, and those of dates that have their own: these replace the whole week on their days."""

    dates: dict[Span, WeeklyHours] = Field(
        default_factory=dict, description="first..last day (or one day) to the hours of a week there, or closed"
    )

    @property
    def exceptions(self) -> list[tuple[date, date, WeeklyHours]]:
        """First day, last day and hours of the dates that have their own, in order."""
        return sorted(((*span(text), hours) for text, hours in self.dates.items()), key=lambda one: one[:2])

    @property
    def has_hours(self) -> bool:
        """Whether any day of an ordinary week has hours."""
        return any(getattr(self, day) for day in DAYS)

    @property
    def is_ever_open(self) -> bool:
        """Whether any day has hours, of an ordinary week or of dates that have their own."""
        return self.has_hours or any(getattr(week, day) for _, _, week in self.exceptions for day in DAYS)

    @property
    def is_around_the_clock(self) -> bool:
        """Whether every day is one shift of 24 hours, all with the same share of the units: no shift ever ends."""
        weeks: list[WeeklyHours] = [self, *(week for _, _, week in self.exceptions)]
        days = [getattr(week, day) for week in weeks for day in DAYS if getattr(week, day) is not None]
        return (
            all(len(day) == 1 and day[0].is_whole_day for day in days)
            and len({d[0].capacity_factor for d in days}) == 1
        )

    def meets(self, other: Calendar) -> bool:
        """Whether some hours of an ordinary week are another calendar's; dates or holidays of their own may be."""
        special = (self.dates, self.holiday, other.dates, other.holiday)
        return any(special) or any(max(a, c) < min(b, d) for a, b in self._minutes() for c, d in other._minutes())

    def hours_without(self, others: Sequence[Calendar]) -> Iterator[str]:
        """Where gaps begin, as ``mon 03:00``: hours of an ordinary week at which none of the others has units."""
        staffed = sorted(span for other in others for span in other._minutes(units=True))
        for begin, end in sorted(self._minutes()):
            reached = max(begin, 0)
            for a, b in staffed:
                if a <= reached:
                    reached = max(reached, b)
            if reached < min(end, 7 * 1440):
                yield f"{DAYS[reached // 1440]} {reached % 1440 // 60:02}:{reached % 60:02}"

    def _minutes(self, units: bool = False) -> list[tuple[int, int]]:
        """Begin and end of each shift of an ordinary week, min from its Monday; Sunday night is on both its sides.

        ``units``: of those alone that have units.
        """
        spans = []
        for day, shift in ((d, s) for d, name in enumerate(DAYS[:7]) for s in getattr(self, name)):
            if units and shift.capacity_factor == 0:
                continue
            moments = (moment.split(":") for moment in shift.hours.split("-"))
            begin, end = (60 * int(hour) + int(minute) for hour, minute in moments)
            end += 1440 if end <= begin else 0
            spans += [(1440 * day + begin + week, 1440 * day + end + week) for week in (0, -7 * 1440)]
        return spans

    def is_open_between(self, first: date, last: date) -> bool:
        """Whether some day from ``first`` to ``last`` has hours; a holiday's hours count as those of a day."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return any(week.has_hours_on(day) for day in days for week in [self._week_of(day)])

    def _week_of(self, day: date) -> WeeklyHours:
        return next((week for begin, end, week in self.exceptions if begin <= day <= end), self)

    @model_validator(mode="after")
    def _dates_apart(self) -> Calendar:
        for before, after in pairwise(self.exceptions):
            if after[0] <= before[1]:
                raise ValueError(
                    Sentence(
                        "dates overlap: one ends {before}, the next starts {after}", before=before[1], after=after[0]
                    )
                )
        return self


class RegionFile(Strict):
    """``region.yaml``: what the tables do not say."""

    label: Label
    timezone: str = "Europe/Stockholm"
    holidays: Literal["SE", "none"] = "SE"
    population_date: date
    users_from_outside: Label = Field(description="modelled, or capacity is net of them: which")
    left_out: list[Label] = Field(
        default_factory=list, description="what is not modelled and taken out of every target"
    )
    notes: Remark = ""


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
    dated_pools: pd.DataFrame = Field(default_factory=pd.DataFrame, description="rows that replace others in dates")
    dated_offers: pd.DataFrame = Field(default_factory=pd.DataFrame, description="rows that replace others in dates")
    targets: pd.DataFrame
    free: FreeParameters | None = None
    fitted: Fitted | None = None
    usual_waits: UsualWaits | None = None
    forecast: pd.DataFrame | None = Field(None, description="the people of years to come, if somebody foretold them")
    sensitivity: pd.DataFrame | None = Field(None, description="what the baseline depends on most, if it was screened")


__all__ = ["Calendar", "Region", "RegionFile", "Share", "Shift", "WeeklyHours", "span"]
