"""Welch's plot: the number present over the whole run, averaged over replications and smoothed.

Welch 1983 (The statistical analysis of simulation results, in Lavenberg (ed.), The computer performance modeling
handbook): where the moving average becomes level, the warm-up may end. A window of a week takes out day and week.
For those who set up a study, so in English alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.report.html.figures.style import BLUE, GREY, PALE, VERMILLION, own_style

Floats = NDArray[np.float64]
WEEK_H, DAY_H = 168, 24


def moving_average(series: Floats, window: int) -> Floats:
    """Welch's moving average over ``window`` values (an odd number is used); at the start over as many as there are.

    Value i is the mean of 2w + 1 values around it, of 2i - 1 (1, 3, 5 ...) where fewer lie before; the last w values
    have none and are left out.
    """
    half = min(window // 2, (len(series) - 1) // 2)
    sums = np.concatenate([[0.0], np.cumsum(series)])
    at = np.arange(len(series) - half)
    reach = np.minimum(at, half)
    average: Floats = (sums[at + reach + 1] - sums[at - reach]) / (2 * reach + 1)
    return average


def draw_welch(replications: Sequence[Floats], warm_up_days: float, title: str, window_h: int = WEEK_H) -> Figure:
    """Hourly numbers present of each replication (thin), their mean, and its moving average (thick).

    ``replications``: one series a run, one value an hour from its first second, as ``hourly_numbers`` of
    ``sim.measures.initial_transient`` gives them. The dotted line is the end of the warm-up.
    """
    runs = np.stack([np.asarray(r, dtype=np.float64) for r in replications])
    mean = runs.mean(axis=0)
    smooth = moving_average(mean, window_h)
    days = np.arange(runs.shape[1]) / DAY_H
    with own_style():
        figure = Figure(figsize=(8, 4), layout="constrained")
        axes = figure.subplots()
        for run in runs:
            axes.plot(days, run, color=PALE, linewidth=0.5)
        axes.plot(days, mean, color=GREY, linewidth=0.7, label=f"mean of {len(runs)} replications")
        axes.plot(days[: len(smooth)], smooth, color=BLUE, linewidth=2.2, label=f"moving average, {window_h} h")
        end = f"end of warm-up, day {warm_up_days:g}"
        axes.axvline(warm_up_days, color=VERMILLION, linestyle=":", linewidth=1.8, label=end)
        axes.set(title=title, xlabel="days since the start of the run", ylabel="patients present", xlim=(0, days[-1]))
        axes.set_ylim(bottom=0)
        figure.legend(loc="outside lower center", ncols=3)
    return figure


__all__ = ["draw_welch", "moving_average"]
