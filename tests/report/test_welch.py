"""Welch's moving average and its plot."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hand_made import people, table, tiny, visit

from sim.measures.initial_transient import hourly_numbers
from sim.report.html.figures.welch import draw_welch, moving_average


def test_the_window_grows_from_the_start_until_it_is_whole() -> None:
    """Welch 1983: w = 1; the first value alone, then three at a time; the last has no whole window."""
    assert moving_average(np.array([3.0, 6, 9, 0, 6]), 3).tolist() == [3, 6, 5, 5]


def test_a_window_of_five_at_the_second_value_takes_three() -> None:
    assert moving_average(np.array([0.0, 3, 6, 9, 12, 0, 0]), 5).tolist() == [0, 3, 6, 6, 5.4]


def test_a_week_is_smoothed_away_by_a_window_of_a_week() -> None:
    week = np.where(np.arange(6 * 7) % 7 < 5, 10.0, 3.0)
    assert np.ptp(moving_average(week, 7)[3:]) == pytest.approx(0)


def test_the_numbers_of_a_run_begin_at_its_first_second() -> None:
    """One patient from an hour and a half after the start, two hours; the run begins 72 hours before the window."""
    model = tiny()
    episodes = people(model, {})
    contacts = table(model, episodes, visit(request=-70.5, start=-70.5, end=-68.5, release=-68.5))
    numbers = hourly_numbers(model, episodes, contacts)
    assert numbers["er"][:5].tolist() == [0, 0.5, 1, 0.5, 0]
    assert len(numbers["er"]) == 240
    assert set(numbers) == set(model.services)


def test_the_plot_shows_every_replication_the_mean_the_average_and_the_end_of_the_warm_up() -> None:
    runs = [np.full(480, 4.0), np.full(480, 8.0)]
    figure = draw_welch(runs, 5, "Ward")
    (axes,) = figure.axes
    *each, mean, smooth, end = axes.lines
    assert [line.get_ydata()[0] for line in each] == [4, 8]
    assert set(np.asarray(mean.get_ydata())) == {6}
    assert len(np.asarray(smooth.get_xdata())) == 480 - 84
    assert np.asarray(end.get_xdata())[0] == 5
    out = io.BytesIO()
    figure.savefig(out, format="png")
    assert out.getvalue().startswith(b"\x89PNG")
