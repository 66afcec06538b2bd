"""Measures of many contacts: looked at in blocks, kept in few bytes, at seconds far from the start."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand_made import changed, run, tiny, visit

from sim.demand import draw_episodes
from sim.measures import columns, measure, view
from sim.measures.intervals import time_between_marks
from sim.model.codes import ABSENT, Kind, Outcome
from sim.simulation import simulate_episodes

WEEK_H, WEEK_S = 168, 168 * 3600
FIFTY_YEARS, SEVENTY_YEARS = 2609, 3653  # weeks
SAMPLED = ("waiting_p50", "waiting_p95", "present_p50", "present_p95")  # at fewer instants of a longer run
FROM_THE_START = ("warm_up_needed_days", "warm_up_bias", *SAMPLED)  # of the whole run, not of the window


@pytest.fixture(scope="module")
def world():
    """A run of which some contacts are told as if the door had been closed, or no site open."""
    model = tiny("closed_er")
    episodes = draw_episodes(model, 7, 0)
    contacts = simulate_episodes(model, episodes, "simpy")
    columns_of = {name: getattr(contacts, name).copy() for name in ("outcome", "site", "pool", "start", "end")}
    columns_of["outcome"][::9] = Outcome.TURNED_AWAY
    columns_of["outcome"][::10] = Outcome.UNSERVED
    for name in ("start", "end"):
        columns_of[name][columns_of["outcome"] == Outcome.TURNED_AWAY] = ABSENT
    for name in ("site", "pool"):
        columns_of[name][columns_of["outcome"] == Outcome.UNSERVED] = -1
    return model, episodes, replace(contacts, **columns_of)


def test_the_run_measured_here_has_something_of_everything(world):
    _, _, contacts = world
    assert set(contacts.outcome.tolist()) == set(Outcome) - {Outcome.MISSED}  # nobody has an appointment
    assert len(contacts.episode) > 500


@pytest.mark.parametrize("rows", [1, 7, 100])
def test_the_size_of_the_blocks_changes_no_measure(world, rows, monkeypatch):
    whole = measure(*world)
    monkeypatch.setattr(view, "BLOCK", rows)
    pd.testing.assert_frame_equal(measure(*world), whole, check_exact=True)


def test_wider_codes_and_seconds_change_no_measure(world, monkeypatch):
    whole = measure(*world)
    monkeypatch.setattr(columns, "MANY", 1)
    monkeypatch.setattr(columns, "LONG_RUN_S", 1)
    pd.testing.assert_frame_equal(measure(*world), whole, check_exact=True)


def later(model, weeks):
    """The same window so many weeks later in a longer run."""
    shift = weeks * WEEK_S
    hours = np.tile(np.roll(np.arange(WEEK_H), -int(model.hour_of_week[0])), weeks)
    assert model.hour_of_week[0] == (hours[-1] + 1) % WEEK_H
    times = {name: getattr(model, name) + shift for name in ("open_time", "capacity_time", "horizon", "window_start")}
    return changed(model, hour_of_week=np.concatenate([hours, model.hour_of_week]), **times)


def moved(contacts, weeks):
    times = ("request", "start", "end", "release")
    columns_of = {name: getattr(contacts, name).astype(np.int64) for name in times}
    there = {name: np.where(at == ABSENT, ABSENT, at + weeks * WEEK_S) for name, at in columns_of.items()}
    return replace(contacts, **there)


@pytest.mark.parametrize("weeks", [FIFTY_YEARS, SEVENTY_YEARS])
def test_a_window_after_many_years_has_the_measures_of_the_same_window_at_the_start(world, weeks):
    model, episodes, contacts = world
    now = measure(model, episodes, contacts)
    then = measure(later(model, weeks), replace(episodes, time=episodes.time + weeks * WEEK_S), moved(contacts, weeks))
    some = ~now["measure"].isin(FROM_THE_START)
    assert some.sum() > 1000
    pd.testing.assert_frame_equal(then[some], now[some], check_exact=True)


@pytest.mark.parametrize("weeks", [FIFTY_YEARS, SEVENTY_YEARS])
def test_a_wait_of_many_years_keeps_its_length(weeks):
    hours = weeks * WEEK_H
    seen = run(later(tiny(), weeks), [{}], visit("er", request=-hours, start=1), visit("er", request=0)).all
    assert seen.wait.tolist() == [(hours + 1) * 3600, WEEK_S]
    marks = np.array([seen.run.low, seen.run.high])
    assert time_between_marks(seen.episode, seen.request, seen.wait_end, 1, marks).tolist() == [[3600 + WEEK_S]]
    assert (
        time_between_marks(seen.episode, seen.request, seen.wait_end, 1, np.array([0, seen.run.high]))[0, 0]
        > weeks * WEEK_S
    )


def test_the_contact_before_and_the_next_are_found_whatever_lies_between():
    rows = [visit(request=k, start=k, episode=e) for k, e in enumerate((2, 0, 2, 1, 0, 2))]
    result = run(tiny(), [{}] * 3, *rows)
    assert result.next_row.tolist() == [2, 4, 5, -1, -1, -1]
    assert result.previous_row.tolist() == [-1, -1, 0, -1, 1, 2]


def test_a_world_without_emergency_rooms_and_wards_can_be_measured(world):
    model, episodes, contacts = world
    frame = measure(changed(model, kind=np.full_like(model.kind, Kind.OTHER)), episodes, contacts)
    known = frame.set_index(["measure", "by", "group"])["value"]
    assert known["er_arrivals_per_day", "all", ""] == 0
    assert np.isnan(known["bed_occupancy", "all", ""])
    assert known["contacts_per_1000_year", "all", ""] > 0
