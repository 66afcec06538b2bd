"""Edges of time: windows x profiles x ramps give as many episodes as a calendar says, and nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from lever_world import exactly
from lever_world import world as tiny

from sim.compile import compile_scenario
from sim.compile.acted_on import acted_on
from sim.compile.lever_effects import levers_without_effect
from sim.config.schema import scenario as s
from sim.config.schema.base import Label
from sim.config.schema.care import Profile
from sim.config.schema.pathway_rules import When
from sim.config.world import World
from sim.demand import draw_episodes, try_demand
from sim.model.codes import AGE_GROUPS
from sim.simulation import simulate

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LABEL = Label(sv="-", en="-")
SEEDS = range(3)
NEEDS = ("minor", "acute", "frailty")
WINDOWS = {
    "one day": (date(2027, 10, 6), date(2027, 10, 6)),
    "New Year": (date(2027, 12, 30), date(2028, 1, 2)),
    "29 February": (date(2028, 2, 28), date(2028, 3, 1)),
    "29 February alone": (date(2028, 2, 29), date(2028, 2, 29)),
    "the day of 23 hours": (date(2028, 3, 26), date(2028, 3, 26)),
    "the day of 25 hours": (date(2027, 10, 30), date(2027, 10, 31)),
}
Weight = Callable[[datetime], float]
ALL_DAY: dict[str, list[float]] = {"hour": [1.0] * 24, "weekday": [1.0] * 7, "month": [1.0] * 12}
MAY_TO_AUGUST = [float(5 <= month <= 8) for month in range(1, 13)]
AT_TWO = [float(hour == 2) for hour in range(24)]
PROFILES: dict[str, tuple[dict[str, object], Weight]] = {  # as it is said, and the weight of a local hour
    "even": (ALL_DAY, lambda _: 1.0),
    "summer alone": ({**ALL_DAY, "month": MAY_TO_AUGUST}, lambda at: float(5 <= at.month <= 8)),
    "no weekends": ({**ALL_DAY, "weekday": [1.0] * 5 + [0.0] * 2}, lambda at: float(at.weekday() < 5)),
    "at two in the night": ({**ALL_DAY, "hour": AT_TWO}, lambda at: float(at.hour == 2)),
    "Sundays by the hour": ({"hour_of_week": [0.0] * 144 + [1.0] * 24}, lambda at: float(at.weekday() == 6)),
    "over before the window": (
        {"piecewise": {"2027-01-01 00:00": 1.0, "2027-10-01 00:00": 0.0, "2028-04-01 00:00": 1.0}},
        lambda at: float(not datetime(2027, 10, 1) <= at < datetime(2028, 4, 1)),
    ),
    "twice as much from a day on": (
        {"piecewise": {"2027-01-01 00:00": 1.0, "2027-12-31 00:00": 2.0}},
        lambda at: 1.0 + (at >= datetime(2027, 12, 31)),
    ),
}  # fmt: skip


def ramps(first: date, last: date) -> list[dict[date, float] | None]:
    """Ramps at the edges of a window, each for another need: two scenarios of three."""
    day = timedelta(days=1)
    return [
        None,
        {first - day: 1.0, first: 0.0},  # ends before it
        {last + day: 1.0},  # begins after it
        {last: 1.0},  # begins on the last day
        {first - 400 * day: 0.5, last: 1.0},
        {date(2028, 2, 29): 1.0},
    ]


@cache
def local_hours(first: date, last: date) -> list[datetime]:
    """Every real hour of some days, by the clock on the wall."""
    begin, end = (
        datetime(d.year, d.month, d.day, tzinfo=STOCKHOLM).astimezone(UTC) for d in (first, last + timedelta(days=1))
    )
    number = int((end - begin).total_seconds()) // 3600
    return [(begin + timedelta(hours=h)).astimezone(STOCKHOLM).replace(tzinfo=None) for h in range(number)]


def share_on(ramp: dict[date, float] | None, day: date) -> float:
    """What of a lever is in force on a day."""
    begun = [share for start, share in sorted((ramp or {day: 1.0}).items()) if start <= day]
    return begun[-1] if begun else 0.0


def expected(need: str, window: tuple[date, date], weight: Weight, ramp: dict[date, float] | None) -> float:
    """Episodes of a need that is doubled while its lever is in force."""
    year = window[0].year
    whole = sum(map(weight, local_hours(date(year, 1, 1), date(year, 12, 31))))
    inside = sum(weight(at) * (1 + share_on(ramp, at.date())) for at in local_hours(*window))
    zones, rates = tiny().region.zones, tiny().care.needs[need].rate_per_1000_year
    yearly = sum(zones[f"people_{age}"].sum() * rates[age].value / 1000 for age in AGE_GROUPS if age in rates)
    return float(yearly * inside / whole)


def edge_world(window: tuple[date, date], profile: dict[str, object], some: list[dict[date, float] | None]) -> World:
    """The tiny world in a window, all needs of one profile, each doubled by a lever with a ramp of its own."""
    said = Profile.model_validate({**profile, "source": "test", "quality": "D"})
    care = tiny().care.model_copy(update={"profiles": dict.fromkeys(tiny().care.profiles, said)})
    file = tiny().region.file.model_copy(update={"holidays": "none"})
    levers: dict[str, s.AnyLever] = {
        need: s.DemandLever(kind="demand", when=When(needs=[need]), change=exactly(1), ramp=ramp)
        for need, ramp in zip(NEEDS, some, strict=True)
    }
    scenario = s.Scenario(label=LABEL, description=LABEL, levers=levers)
    study = tiny().study.model_copy(
        update={"start": window[0], "end": window[1], "warm_up_days": 0, "scenarios": ["x"]}
    )
    region = tiny().region.model_copy(update={"file": file})
    return replace(tiny(), study=study, care=care, region=region, scenarios={"x": scenario})


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("window", WINDOWS)
def test_there_are_as_many_episodes_as_the_calendar_says(window: str, profile: str) -> None:
    days, (said, weight) = WINDOWS[window], PROFILES[profile]
    listed = ramps(*days)
    for some in (listed[:3], listed[3:]):
        world = edge_world(days, said, some)
        model = compile_scenario(world, "x")
        drawn = [draw_episodes(model, seed, 0) for seed in SEEDS]
        for n, (need, ramp) in enumerate(zip(NEEDS, some, strict=True)):
            number = sum(int(((one.need == n) & (one.time >= 0)).sum()) for one in drawn)
            mean = len(SEEDS) * expected(need, days, weight, ramp)
            assert abs(number - mean) <= 4.5 * np.sqrt(mean) + 1e-9, (need, ramp, number, mean)
        never = {
            n for n, r in zip(NEEDS, some, strict=True) if not any(share_on(r, at.date()) for at in local_hours(*days))
        }
        assert never <= levers_without_effect(world, "x").keys()


@pytest.mark.parametrize("window", WINDOWS)
def test_a_run_at_an_edge_of_time_ends_and_its_books_balance(window: str) -> None:
    world = edge_world(WINDOWS[window], ALL_DAY, ramps(*WINDOWS[window])[3:])
    model = compile_scenario(world, "x")
    run = simulate(model, seed=1, engine="simpy")  # which holds what the engine did against what it counted
    assert (run.episodes.time >= 0).sum() > 0
    assert try_demand(model, 1) > 0
    found = acted_on(world, "x", model, model)
    assert all(world.study.start <= one.begins <= world.study.end for one in found.values())
