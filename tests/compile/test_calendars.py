"""Local calendars in seconds of real time: summer time, holidays, shifts, fractional units, profiles."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from stories import Person, happens
from worlds import Offer, Plain, Sketch, need, service

from sim.compile.calendars import (
    Clock,
    capacity_steps,
    hourly_weights,
    intervals,
    length_min,
    merge,
    open_hours_per_week,
    toggles,
)
from sim.compile.traffic import episodes
from sim.config.schema.care import Profile
from sim.config.schema.region import Calendar
from sim.demand import draw_episodes
from sim.measures.intervals import place_seconds
from sim.model.codes import LONG_AGO, NEVER
from sim.model.tables import Model

H = 3600
ALWAYS = Calendar.model_validate({"every_day": "00:00-24:00"})
NIGHT = Calendar.model_validate({"every_day": "21:00-07:00"})


def clock(first: date, last: date | None = None, holidays: str = "SE") -> Clock:
    return Clock("Europe/Stockholm", holidays, first, last or first, first)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 28), 24),
        (date(2026, 3, 29), 23),
        (date(2026, 10, 25), 25),
        (date(2027, 3, 28), 23),
        (date(2027, 10, 31), 25),
    ],
)
def test_a_day_has_23_24_or_25_hours(day: date, hours: int) -> None:
    assert clock(day).horizon_s == hours * H
    assert len(clock(day).hours().hour) == hours


def test_the_missing_hour_is_not_there_and_the_repeated_one_is_there_twice() -> None:
    assert clock(date(2026, 3, 29)).hours().hour.tolist() == [0, 1, *range(3, 24)]
    assert clock(date(2026, 10, 25)).hours().hour.tolist() == [0, 1, 2, 2, *range(3, 24)]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 9), (date(2026, 10, 24), 11), (date(2026, 10, 25), 10)])
def test_a_night_shift_is_as_long_as_the_night(day: date, hours: int) -> None:
    time = clock(day)
    start = time.seconds(day, "21:00")
    assert (start, start + hours * H, 1.0) in intervals(NIGHT, time)


def test_an_office_day_is_eight_hours_whatever_the_clocks_do() -> None:
    office = Calendar.model_validate({"every_day": "08:00-16:00"})
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        time = clock(day)
        found = [p for p in intervals(office, time) if 0 <= p[0] < time.horizon_s]
        assert [end - start for start, end, _ in found] == [8 * H]
        assert found[0][0] == (8 + (time.horizon_s // H - 24)) * H


def test_a_leap_year_has_a_29_february_and_a_day_more() -> None:
    time = clock(date(2028, 2, 28), date(2028, 3, 1))
    assert time.horizon_s == 3 * 24 * H
    assert time.hours().month.tolist() == [2] * 48 + [3] * 24
    assert time.year_s() == 366 * 24 * H
    assert clock(date(2027, 3, 1)).year_s() == 365 * 24 * H


def test_iso_week_53_of_2026_is_a_week_like_any_other() -> None:
    time = clock(date(2026, 12, 28), date(2027, 1, 3))
    assert date(2026, 12, 31).isocalendar().week == 53
    assert time.hours().hour_of_week.tolist() == list(range(168))
    assert time.year_s() == 365 * 24 * H


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 6, 19), "holiday"),  # Midsummer Eve
        (date(2026, 6, 20), "holiday"),  # Midsummer Day
        (date(2026, 12, 24), "holiday"),  # Christmas Eve
        (date(2026, 12, 31), "holiday"),  # New Year's Eve
        (date(2027, 1, 6), "holiday"),  # Epiphany
        (date(2026, 6, 18), "thu"),
        (date(2026, 12, 23), "wed"),
        (date(2026, 6, 21), "sun"),
    ],
)
def test_swedish_holidays_are_known_de_facto_ones_too(day: date, kind: str) -> None:
    assert clock(day).day_kind(day) == kind


def test_a_holiday_is_as_sunday_in_hours_and_profile_unless_said() -> None:
    eve = date(2026, 12, 24)  # a Thursday
    sunday = Calendar.model_validate({"mon_fri": "08:00-17:00", "sun": "10:00-14:00"})
    own = Calendar.model_validate({"mon_fri": "08:00-17:00", "sun": "10:00-14:00", "holiday": "11:00-12:00"})
    time = clock(eve)
    assert (10 * H, 14 * H, 1.0) in intervals(sunday, time)
    assert (11 * H, 12 * H, 1.0) in intervals(own, time)
    assert set(time.hours().weekday.tolist()) == {6}
    assert time.hours().hour_of_week[0] == 3 * 24  # the true weekday is kept for tables
    assert (8 * H, 17 * H, 1.0) in intervals(sunday, clock(eve, holidays="none"))


def test_what_never_closes_has_no_opening_and_no_closing() -> None:
    time = clock(date(2026, 3, 1), date(2026, 4, 30))
    assert intervals(ALWAYS, time) == [(LONG_AGO, NEVER, 1.0)]
    assert toggles(intervals(ALWAYS, time)).tolist() == [LONG_AGO]


def test_shifts_that_meet_are_one_opening() -> None:
    pieces = [(0, 10, 1.0), (10, 20, 1.0), (30, 40, 1.0)]
    assert toggles(pieces).tolist() == [0, 20, 30, 40]


def test_where_shifts_overlap_the_larger_factor_counts() -> None:
    assert merge([(0, 10, 0.5), (5, 15, 1.0), (12, 20, 0.5)]) == [(0, 5, 0.5), (5, 15, 1.0), (15, 20, 0.5)]


def test_a_fraction_of_a_unit_is_spread_over_the_shifts() -> None:
    days = [(24 * H * d, 24 * H * d + 9 * H, 1.0) for d in range(5)]
    time, units, _ = capacity_steps(days, 2.4)
    assert units.tolist() == [0, 2, 0, 2, 0, 3, 0, 2, 0, 3, 0]
    assert time.tolist() == [LONG_AGO, *(t for start, end, _ in days for t in (start, end))]


def test_a_pool_that_never_closes_has_a_whole_number_of_units() -> None:
    for capacity, whole in ((2.4, 2), (2.5, 3), (0.2, 0)):
        time, units, _ = capacity_steps([(LONG_AGO, NEVER, 1.0)], capacity)
        assert (time.tolist(), units.tolist()) == ([LONG_AGO], [whole])


def test_places_and_surge_keep_their_own_sums_on_the_same_shifts() -> None:
    days = [(24 * H * d, 24 * H * d + 9 * H, 0.5) for d in range(4)]
    time, places, both = capacity_steps(days, 3.0, 1.5)
    assert places[1::2].tolist() == [1, 2, 1, 2]
    assert both[1::2].tolist() == [2, 2, 2, 3]
    assert len(time) == len(places) == len(both)


def test_hours_a_week_count_shifts_by_their_share() -> None:
    shifts: Plain = {"mon_fri": [{"hours": "08:00-12:00"}, {"hours": "12:00-16:00", "capacity_factor": 0.5}]}
    assert open_hours_per_week(Calendar.model_validate(shifts)) == 5 * 6
    assert [length_min(h) for h in ("08:00-17:00", "21:00-07:00", "00:00-24:00")] == [540, 600, 1440]


FLAT = {"hour": [1] * 24, "weekday": [1] * 7, "month": [1] * 12, "source": "test", "quality": "D"}


def profile(**changes: object) -> Profile:
    return Profile.model_validate(
        {k: [float(x) for x in v] if isinstance(v, list) else v for k, v in {**FLAT, **changes}.items()}
    )


def test_a_flat_year_is_shared_equally_by_its_hours() -> None:
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 5, 5), 24)):
        assert hourly_weights(profile(), clock(day)).sum() == pytest.approx(hours / 8760)


def test_the_repeated_hour_counts_twice_and_the_missing_one_not() -> None:
    night = profile(hour=[0, 0, 1, *[0] * 21])  # everybody comes between 2 and 3
    year = 365 - 1 + 1  # nights: one without the hour, one with two of it
    for day, hours in ((date(2026, 3, 29), 0), (date(2026, 10, 25), 2), (date(2026, 5, 5), 1)):
        assert hourly_weights(night, clock(day)).sum() == pytest.approx(hours / year)


def test_a_profile_weighs_hours_weekdays_months_and_holidays() -> None:
    said = profile(hour=[*[1] * 12, *[3] * 12], hour_weekend=[1] * 24, weekday=[1, 1, 1, 1, 1, 2, 2])
    monday, sunday, eve = (
        hourly_weights(said, clock(d)) for d in (date(2026, 5, 4), date(2026, 5, 3), date(2026, 12, 24))
    )
    assert monday[13] == pytest.approx(3 * monday[1])
    assert sunday.sum() == pytest.approx(2 * monday.sum())
    assert eve == pytest.approx(sunday)
    summer = profile(month=[1] * 6 + [0.5] + [1] * 5)
    assert hourly_weights(summer, clock(date(2026, 7, 1))).sum() == pytest.approx(
        hourly_weights(summer, clock(date(2026, 6, 1))).sum() / 2
    )


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 19), 24), (date(2028, 2, 29), 24)],
)
def test_as_many_arrive_on_a_day_as_its_hours_say(tmp_path: Path, day: date, hours: int) -> None:
    sketch = Sketch({"er": service()}, {"a": {"er": Offer()}}, {"ill": need({"er": 1}, rate=8760)}, start=day)
    model = sketch.compile(tmp_path)
    year_h = 8784 if day.year == 2028 else 8760
    expected = 8760 * hours / year_h  # 1,000 people with 8.76 episodes a year each
    assert episodes(model, 0).sum() == pytest.approx(expected, rel=1e-6)
    counts = [len(draw_episodes(model, 1, r).time) for r in range(40)]
    assert np.mean(counts) == pytest.approx(expected, abs=4 * (expected / 40) ** 0.5)


# through compilation, demand and engine


REPLICATIONS = 40
RISING = {"hour": list(range(1, 25)), "weekday": [1] * 7, "month": [1] * 12, "source": "test", "quality": "D"}
WEEKLY = {"hour": [1] * 24, "weekday": [1, 1, 1, 1, 1, 2, 3], "month": [1] * 12, "source": "test", "quality": "D"}
A_DAY = 10  # expected arrivals on a day of weight 1


def local_times(model: Model, first: date) -> list[datetime]:
    """When people fall ill, by the clock on the wall, over the replications."""
    start = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo("Europe/Stockholm")).timestamp()
    seconds = [t for r in range(REPLICATIONS) for t in draw_episodes(model, 1, r).time.tolist()]
    return [datetime.fromtimestamp(start + t, ZoneInfo("Europe/Stockholm")) for t in seconds]


def compiled(folder: Path, first: date, last: date, rate: float, said: Plain) -> Model:
    ill = need({"er": 1}, rate=rate, profile="said")
    sketch = Sketch({"er": service()}, {"a": {"er": Offer()}}, {"ill": ill}, start=first, end=last)
    sketch.profiles = {"said": said}
    return sketch.compile(folder)


def told_apart(counts: list[int], expected: list[float]) -> bool:
    """Whether sums over the replications are further from what is expected than Poisson luck."""
    return any(abs(n - REPLICATIONS * e) > 4 * (REPLICATIONS * e) ** 0.5 for n, e in zip(counts, expected, strict=True))


@pytest.mark.parametrize(
    ("day", "times_at_two"), [(date(2026, 3, 29), 0), (date(2026, 10, 25), 2), (date(2026, 6, 21), 1)]
)
def test_people_fall_ill_by_the_clock_on_the_wall(tmp_path: Path, day: date, times_at_two: int) -> None:
    """Hour h has h + 1 arrivals, as often as it comes: the year has 365 times each, the missing 2 o'clock repeated."""
    model = compiled(tmp_path, day, day, 365 * sum(range(1, 25)), RISING)
    expected = [(h + 1.0) * (times_at_two if h == 2 else 1) for h in range(24)]
    found = [t.hour for t in local_times(model, day)]
    assert not told_apart([found.count(h) for h in range(24)], expected)
    assert told_apart([found.count(h) for h in range(24)], [h + 1.0 for h in range(23, -1, -1)])
    assert found.count(2) == 0 or times_at_two > 0


# days of the year by weight: in 2026 10 holidays fall on working days and 4 on Saturdays, in 2028 9 and 3
IN_2026 = (261 - 10) * 1 + (52 - 4) * 2 + (52 + 14) * 3
IN_2028 = (260 - 9) * 1 + (53 - 3) * 2 + (53 + 12) * 3


@pytest.mark.parametrize(
    ("first", "year", "weights"),
    [
        (date(2026, 6, 18), IN_2026, [1, 3, 3, 3, 1]),  # Thursday, Midsummer Eve, Midsummer Day, Sunday, Monday
        (date(2026, 12, 28), IN_2026, [1, 1, 1, 3, 3, 2, 3]),  # week 53: New Year's Eve is its Thursday
        (date(2028, 2, 28), IN_2028, [1, 1, 1]),  # the leap day is a Tuesday
        (date(2026, 3, 28), IN_2026, [2, 3 * 23 / 24, 1]),
        (date(2026, 10, 24), IN_2026, [2, 3 * 25 / 24, 1]),
    ],
    ids=["midsummer", "week 53", "leap day", "spring", "autumn"],
)
def test_days_have_the_arrivals_of_their_kind_and_length(
    tmp_path: Path, first: date, year: int, weights: list[float]
) -> None:
    days = [first + timedelta(days=j) for j in range(len(weights))]
    model = compiled(tmp_path, first, days[-1], A_DAY * year, WEEKLY)
    expected = [A_DAY * w for w in weights]
    assert episodes(model, 0).sum() == pytest.approx(sum(expected), rel=1e-6)
    found = [t.date() for t in local_times(model, first)]
    assert set(found) == set(days)
    assert not told_apart([found.count(day) for day in days], expected)
    assert told_apart([found.count(day) for day in days], [A_DAY * (w + 1) for w in weights])


@pytest.mark.parametrize(("eve", "hours"), [(date(2026, 3, 28), 9), (date(2026, 10, 24), 11), (date(2026, 6, 20), 10)])
def test_a_night_shift_serves_as_many_as_the_night_has_hours(tmp_path: Path, eve: date, hours: int) -> None:
    sketch = Sketch({"er": service(60, "booked")}, {"a": {"er": Offer(hours="21:00-07:00")}})
    sketch.start, sketch.end = eve, eve + timedelta(days=1)
    rows = happens(sketch.compile(tmp_path), *[Person(20 * 60) for _ in range(12)], columns="start")
    starts = [float(str(row[3])) for row in rows if row[3] is not None]
    tonight = [t for t in starts if t < 36 * 60]
    assert tonight == [60.0 * (21 + j) for j in range(hours)]
    assert len(starts) == 12  # the others wait for the next evening
    assert min(t for t in starts if t not in tonight) == 60 * (21 + 24 + hours - 10)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2028, 2, 29), 24)])
def test_a_unit_that_never_closes_works_the_hours_of_the_day(tmp_path: Path, day: date, hours: int) -> None:
    model = Sketch({"er": service()}, {"a": {"er": Offer(3)}}, start=day).compile(tmp_path)
    assert place_seconds(model, model.window_start, model.horizon).tolist() == [3 * hours * H]
