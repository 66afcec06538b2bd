"""Periods of a run: as known at the end of each, which is what a run that ends then would have left."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from both_engines import ENGINES
from hand_made import people, table, tiny, visit
from hypothesis import given, settings
from hypothesis import strategies as st
from mechanism_networks import a_network_with_mechanisms
from networks import SETTINGS
from worlds import Sketch

from sim.demand import draw_episodes
from sim.measures import measure
from sim.measures.periods import CUTS, MANY_SITES, knowledge_at, measure_periods, run_of_period
from sim.measures.view import ObservedRun
from sim.model.codes import ABSENT, Kind, Outcome
from sim.model.tables import CONTACT_COLUMNS, Contacts, Model
from sim.simulation import simulate_episodes

HOUR = 3600
NETWORKS = int(os.environ.get("CARESHIFT_NETWORKS", "5"))  # more are tried on demand
AUTUMN = ("start=2027-09-06", "end=2027-11-17", "warm_up_days=5", "period=month")
WINDOWS = {"2027-10": ("start=2027-10-01", "end=2027-10-31", "warm_up_days=30")}
ROWS = ["measure", "unit", "by", "group", "value", "note", "early", "late"]


def assert_same_contacts(one: Contacts, other: Contacts) -> None:
    assert len(one.episode) == len(other.episode)
    for name in CONTACT_COLUMNS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_a_run_as_known_at_an_hour_is_the_run_that_ends_then_whatever_the_mechanisms() -> None:
    seen: set[int] = set()

    @settings(SETTINGS, max_examples=NETWORKS)
    @given(a_network_with_mechanisms(), st.sampled_from([1, 7, 12, 26, 41]))
    def hold(sketch: Sketch, hours: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            model = sketch.compile(Path(folder))
        episodes, end = draw_episodes(model, 1, 0), hours * HOUR
        for engine in ENGINES:
            known = knowledge_at(model, simulate_episodes(model, episodes, engine), end)
            assert_same_contacts(known, simulate_episodes(replace(model, horizon=end), episodes, engine))
        seen.update(known.outcome.tolist())

    hold()
    assert seen >= {Outcome.DONE, Outcome.LEFT, Outcome.TURNED_AWAY, Outcome.OPEN}


KNOWN = [  # what happens, and what is known at hour 10: outcome, start, end, release
    (visit(request=1, start=2, end=9, release=12), (Outcome.DONE, 2, 9, None)),  # the unit is still kept
    (visit(request=1, start=2, end=10, release=10), (Outcome.OPEN, 2, None, None)),
    (visit(request=1, start=10, end=11, release=11), (Outcome.OPEN, None, None, None)),
    (visit(request=1, release=10, outcome="left"), (Outcome.OPEN, None, None, None)),
    (visit(request=1, release=9.5, outcome="left"), (Outcome.LEFT, None, None, 9.5)),
    (visit(request=1, start=9, end=11, release=11, outcome="missed"), (Outcome.MISSED, 9, None, None)),
    (visit(request=1, start=10, end=11, release=11, outcome="missed"), (Outcome.OPEN, None, None, None)),
    (visit(request=1, site="", outcome="unserved"), (Outcome.UNSERVED, None, None, None)),
]


def test_what_has_not_happened_by_the_end_of_a_period_is_not_known_then() -> None:
    model = tiny()
    episodes = people(model, *[{}] * len(KNOWN))
    later = visit(episode=0, request=10, start=10)
    contacts = table(model, episodes, *({**row, "episode": e} for e, (row, _) in enumerate(KNOWN)), later)
    known = knowledge_at(model, contacts, model.window_start + 10 * HOUR)
    hours = {name: getattr(known, name).tolist() for name in ("start", "end", "release")}
    there = zip(known.outcome.tolist(), hours["start"], hours["end"], hours["release"], strict=True)
    assert list(there) == [(outcome, *(_second(model, h) for h in times)) for _, (outcome, *times) in KNOWN]


def _second(model: Model, hour: float | None) -> int:
    return ABSENT if hour is None else model.window_start + round(hour * HOUR)


def test_a_contact_long_before_a_period_is_looked_at_where_its_episode_goes_on_in_it() -> None:
    """A follow-up at the clinic in the period is no first visit of its episode."""
    plain = tiny()
    clinics = np.where(plain.kind == Kind.PRIMARY_CARE, Kind.CLINIC, plain.kind)
    model = in_days(replace(plain, kind=clinics), 0, 3, 5)
    rows = [
        visit("primary_care", "vc_norrby", request=1, start=2, end=3, release=3),
        visit("primary_care", "vc_norrby", request=90, start=91, end=92, release=92, origin="followed"),
        visit("primary_care", "vc_norrby", request=80, start=92, end=93, release=93, episode=1),
    ]
    episodes = people(model, {}, {})
    frame = measure_periods(model, episodes, table(model, episodes, *rows))
    waits = frame[(frame["measure"] == "clinic_started_wait_median_days") & (frame["by"] == "all")]
    assert waits["value"].tolist() == pytest.approx([1 / 24, 12 / 24])


def in_days(model: Model, *days: int) -> Model:
    """A model whose periods begin and end so many days after the window's start."""
    marks = model.window_start + 24 * HOUR * np.array(days)
    size = len(days) - 1
    names = tuple(f"day {day}" for day in days[:-1])
    years = np.full(size, model.year_s)
    ppm = np.repeat(model.window_ppm[None], size, axis=0)
    return replace(model, period_name=names, period_mark=marks, period_year_s=years, period_ppm=ppm)


@pytest.fixture(scope="module")
def autumn() -> tuple[Model, ObservedRun]:
    """Ten weeks of the tiny world of which two parts of months and one whole month are in the window."""
    model = tiny("closed_er", *AUTUMN)
    episodes = draw_episodes(model, 3, 0)
    return model, ObservedRun(model, episodes, simulate_episodes(model, episodes, "compiled"))


def test_a_part_of_a_month_at_an_end_of_the_window_is_no_period(autumn: tuple[Model, ObservedRun]) -> None:
    assert autumn[0].period_name == ("2027-10",)
    assert np.diff(autumn[0].period_mark).tolist() == [(31 * 24 + 1) * HOUR]  # summer time ends


def test_the_measures_of_a_period_are_those_of_a_study_whose_window_it_is(autumn: tuple[Model, ObservedRun]) -> None:
    model, run = autumn
    alone = tiny("closed_er", *WINDOWS["2027-10"])
    there = measure(alone, run.episodes, simulate_episodes(alone, run.episodes, "simpy"))
    there = there[there["by"].isin(CUTS) & ~((there["by"] == "site") & there["measure"].isin(MANY_SITES))]
    here = measure_periods(model, run.episodes, run.contacts)
    assert set(here["period"]) == {"2027-10"}
    keys = ["measure", "by", "group"]
    both = here[keys].merge(there[keys])
    assert len(both) == len(here) > 300
    order = there.merge(here[keys])[ROWS]
    pd.testing.assert_frame_equal(order, here[ROWS], check_exact=True)


def test_only_the_episodes_that_matter_to_a_period_are_looked_at(autumn: tuple[Model, ObservedRun]) -> None:
    model, run = autumn
    some, (low, high) = run_of_period(run, 0), model.period_mark.tolist()
    assert len(some.contacts.episode) < 0.6 * len(run.contacts.episode)
    asked = (some.contacts.request >= low).sum()
    assert asked == ((run.contacts.request >= low) & (run.contacts.request < high)).sum()
    assert (some.contacts.request < low).any()
    assert some.contacts.start.max() < high
