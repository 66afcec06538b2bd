"""Local calendars become seconds since the start of the run: summer time, holidays, shifts, profiles.

The calendar is that of the region's time zone; a day has 23, 24 or 25 hours. Holidays are those of the package
``holidays``, public and de facto (Midsummer, Christmas and New Year's Eve), and are as Sunday.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays as holiday_package
import numpy as np
from numpy.typing import NDArray

from sim.config.calendar_periods import CalendarPeriod, PeriodKind, whole_periods
from sim.config.schema.care import Profile
from sim.config.schema.region import Calendar, Shift
from sim.config.sentence import Sentence
from sim.model.codes import LONG_AGO, NEVER, Ints

Interval = tuple[int, int, float]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MARGIN = timedelta(days=8)  # calendars are spelled out this far beyond the run
TINY = 1e-9
WEEK_S = 7 * 86400


@cache
def swedish_holidays(year: int) -> frozenset[date]:
    """Public and de facto holidays of a year; Sundays are not among them."""
    holidays = holiday_package.country_holidays(
        "SE", years=year, categories=("public", "de_facto"), include_sundays=False
    )
    return frozenset(holidays)


def _is_holiday(holidays: str, day: date) -> bool:
    return holidays == "SE" and day in swedish_holidays(day.year)


@dataclass(frozen=True)
class Hours:
    """One entry an hour of real time."""

    hour: Ints  # local hour of the day
    weekday: Ints  # 0 Monday .. 6 Sunday or holiday
    month: Ints  # 1..12
    hour_of_week: Ints  # true weekday * 24 + hour
    second: Ints  # of the run, at its start


@dataclass(frozen=True)
class Clock:
    """Seconds of a run that goes from local midnight of ``first`` to the end of ``last``."""

    timezone: str
    holidays: str
    first: date
    last: date
    window: date
    period: PeriodKind = "none"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def origin(self) -> datetime:
        """Start of the run in UTC."""
        return self._utc(self.first, 0)

    @cached_property
    def horizon_s(self) -> int:
        """Length of the run, s."""
        return self.seconds_after(self.last)

    @cached_property
    def window_start_s(self) -> int:
        """Length of the warm-up, s."""
        return self.seconds(self.window)

    def seconds(self, day: date, hhmm: str = "00:00") -> int:
        """Seconds since the start of the run; a time that comes twice is the first, a skipped one an hour later."""
        return int((self._utc(day, minutes(hhmm)) - self.origin).total_seconds())

    def seconds_after(self, day: date) -> int:
        """Seconds from the start of the run to the end of a day."""
        return self.seconds(day + timedelta(days=1))

    def _utc(self, day: date, minute: int) -> datetime:
        day += timedelta(days=minute // 1440)
        hour, rest = divmod(minute % 1440, 60)
        return datetime(day.year, day.month, day.day, hour, rest, tzinfo=self.zone).astimezone(UTC)

    def periods(self) -> list[CalendarPeriod]:
        """The calendar periods that lie wholly in the window."""
        return whole_periods(self.window, self.last, self.period)

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a holiday; an ordinary Sunday is not."""
        return _is_holiday(self.holidays, day)

    def day_kind(self, day: date) -> str:
        """``mon`` .. ``sun`` or ``holiday``."""
        return "holiday" if self.is_holiday(day) else DAYS[day.weekday()]

    def hours(self) -> Hours:
        """The hours of the run."""
        return self._hours(self.origin, self.horizon_s // 3600)

    def year_hours(self) -> Hours:
        """The hours of the calendar year in which the window starts."""
        return self._hours(self._utc(date(self.window.year, 1, 1), 0), self.year_s() // 3600)

    def year_s(self) -> int:
        """Seconds of the calendar year in which the window starts."""
        year = self.window.year
        return self.seconds(date(year + 1, 1, 1)) - self.seconds(date(year, 1, 1))

    def _hours(self, start: datetime, count: int) -> Hours:
        return _local_hours(self.timezone, self.holidays, start, count, int((start - self.origin).total_seconds()))


@lru_cache(maxsize=32)
def _local_hours(timezone: str, holidays: str, start: datetime, count: int, second: int) -> Hours:
    """The hours from ``start``, which is ``second`` of the run; many profiles ask for the same."""
    zone = ZoneInfo(timezone)
    local = [(start + timedelta(hours=h)).astimezone(zone) for h in range(count)]
    weekday = [6 if _is_holiday(holidays, t.date()) else t.weekday() for t in local]
    columns = (
        [t.hour for t in local],
        weekday,
        [t.month for t in local],
        [24 * t.weekday() + t.hour for t in local],
        [second + 3600 * h for h in range(count)],
    )
    out = Hours(*(np.array(c, dtype=np.int64) for c in columns))
    for column in (out.hour, out.weekday, out.month, out.hour_of_week, out.second):
        column.flags.writeable = False
    return out


class Shifts(dict[str, list[Interval]]):
    """Every calendar of a region, spelled out for a run: by name, shifts that meet at the same factor being one."""

    def __init__(self, calendars: Mapping[str, Calendar], clock: Clock) -> None:
        super().__init__({name: intervals(calendar, clock) for name, calendar in calendars.items()})
        self._calendars, self._clock = calendars, clock

    def apart(self, name: str) -> list[Interval]:
        """The shifts of a calendar one by one, also where they meet."""
        return _without_overlap(_shifts(self._calendars[name], self._clock))


def intervals(calendar: Calendar, clock: Clock) -> list[Interval]:
    """(start, end, capacity factor) of the shifts from eight days before the run to eight days after it.

    A shift that passes midnight is of the day on which it starts, also at the ends of dates with their own hours.
    """
    return merge(_shifts(calendar, clock), always=clock)


def _shifts(calendar: Calendar, clock: Clock) -> list[Interval]:
    intervals: list[Interval] = []
    exceptions = calendar.exceptions
    day, last = clock.first - MARGIN, clock.last + MARGIN
    while day <= last:
        kind = clock.day_kind(day)
        week = next((hours for begin, end, hours in exceptions if begin <= day <= end), calendar)
        shifts = getattr(week, kind)
        for shift in week.sun if shifts is None else shifts:
            start = shift.hours.split("-")[0]
            ends = minutes(start) + length_min(shift.hours)
            end = clock.seconds(day + timedelta(days=ends // 1440), f"{ends % 1440 // 60}:{ends % 60:02}")
            intervals.append((clock.seconds(day, start), end, shift.capacity_factor))
        day += timedelta(days=1)
    return sorted(intervals)


def merge(pieces: list[Interval], always: Clock | None = None) -> list[Interval]:
    """Joins pieces that meet and have the same factor, where the calendar never closes or changes at all.

    Where shifts overlap, the largest factor counts.
    """
    joined: list[Interval] = []
    for start, end, factor in _without_overlap(pieces):
        if joined and joined[-1][1] >= start and joined[-1][2] == factor:
            joined[-1] = joined[-1][0], max(end, joined[-1][1]), factor
        else:
            joined.append((start, end, factor))
    if always is not None and len(joined) == 1 and joined[0][0] < 0 and joined[0][1] > always.horizon_s:
        return [(LONG_AGO, NEVER, joined[0][2])]
    return joined


def _without_overlap(pieces: list[Interval]) -> list[Interval]:
    if all(before[1] <= after[0] for before, after in pairwise(pieces)):
        return pieces
    cuts = sorted({t for start, end, _ in pieces for t in (start, end)})
    covering = [(a, b, [f for start, end, f in pieces if start <= a and b <= end]) for a, b in pairwise(cuts)]
    return [(a, b, max(factors)) for a, b, factors in covering if factors]


def toggles(pieces: list[Interval]) -> Ints:
    """Opening and closing times in turn; no closing time if it never closes."""
    spans = merge([(a, b, 1.0) for a, b, _ in sorted(pieces)])
    times = [t for a, b, _ in spans for t in (a, b)]
    if times and times[-1] >= NEVER:
        times.pop()
    return np.array(times, dtype=np.int64)


def capacity_steps(
    pieces: list[Interval], capacity: float, surge: float = 0.0, every: bool = False
) -> tuple[Ints, Ints, Ints]:
    """(time, units, units with surge) of a pool: each shift has a whole number of units, whose sum is faithful.

    A fraction is spread over the shifts by accumulating, so that 2.4 units from Monday to Friday are 2, 2, 3, 2, 3.
    A pool that never closes has a whole number, half rounded up, and so has a stretch of a week or longer. ``every``:
    also the steps at which nothing changes.
    """
    steps: dict[int, tuple[int, int]] = {LONG_AGO: (0, 0)}
    carried: tuple[dict[float, float], dict[float, float]] = {}, {}
    for start, end, factor in pieces:
        endless = end - start >= WEEK_S  # one that never ends is longer still
        places = _whole_units(factor, capacity, carried[0], endless)
        steps[start] = places, _whole_units(factor, capacity + surge, carried[1], endless)
        steps[end] = 0, 0
    rows = [(t, *units) for t, units in sorted(steps.items()) if t < NEVER]
    changes = [row for j, row in enumerate(rows) if every or j == 0 or row[1:] != rows[j - 1][1:]]
    time, base, full = np.array(changes, dtype=np.int64).T
    return time, base, full


def _whole_units(factor: float, capacity: float, carried: dict[float, float], endless: bool) -> int:
    """Units of a shift; ``carried`` sums what the shifts of this kind have wanted so far."""
    units = factor * capacity
    if endless:
        return int(units + 0.5 + TINY)
    before = carried.get(factor, 0.0)
    carried[factor] = before + units
    return int(before + units + TINY) - int(before + TINY)


def hourly_weights(profile: Profile, clock: Clock) -> NDArray[np.float64]:
    """[hours of the run] share of a calendar year's arrivals that falls in each real hour of the run.

    Normalised over the actual hours of the year in which the window starts: the repeated hour of autumn counts
    twice, the missing one of spring not at all.
    """
    year = _weights(profile, clock, clock.year_hours()).sum()
    if year == 0:
        raise ValueError(Sentence("a profile is 0 all over the year {year}", year=clock.window.year))
    share: NDArray[np.float64] = _weights(profile, clock, clock.hours()) / year
    return share


def _weights(profile: Profile, clock: Clock, hours: Hours) -> NDArray[np.float64]:
    month = np.array(profile.month or [1.0] * 12)[hours.month - 1]
    if profile.piecewise is not None:
        moments = [m.split() for m in profile.piecewise]
        starts = [clock.seconds(date.fromisoformat(day), hhmm) for day, hhmm in moments]
        piece = np.searchsorted(starts, hours.second, side="right") - 1
        return np.array(list(profile.piecewise.values()))[np.maximum(piece, 0)]
    if profile.hour_of_week is not None:
        weekly: NDArray[np.float64] = np.array(profile.hour_of_week)[24 * hours.weekday + hours.hour] * month
        return weekly
    assert profile.hour is not None and profile.weekday is not None
    weekend = profile.hour_weekend or profile.hour
    day = np.where(hours.weekday >= 5, np.array(weekend)[hours.hour], np.array(profile.hour)[hours.hour])
    scale = np.where(hours.weekday >= 5, sum(weekend), sum(profile.hour))
    weights: NDArray[np.float64] = day / scale * np.array(profile.weekday)[hours.weekday] * month
    return weights


WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def minutes(hhmm: str) -> int:
    """Minutes after midnight."""
    hour, minute = hhmm.split(":")
    return 60 * int(hour) + int(minute)


def length_min(hours: str) -> int:
    """Minutes of ``"HH:MM-HH:MM"``; one that ends before it starts passes midnight."""
    start, end = (minutes(t) for t in hours.split("-"))
    return end - start if end > start else end - start + 24 * 60


def open_hours_per_week(calendar: Calendar) -> float:
    """Hours a week that a unit works, each shift counted by its share of the units; no holiday, no dated hours."""
    shifts: list[Shift] = [shift for day in WEEK for shift in getattr(calendar, day)]
    return sum((length_min(s.hours) * s.capacity_factor for s in shifts), 0.0) / 60
