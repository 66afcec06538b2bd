"""The load of the emergency rooms over the hours of the week, each scenario beside the baseline."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effects
from sim.report.html.figures.style import BLACK, BLUE, GREY, LIGHT_BLUE, LIGHT_VERMILLION, Picture, picture_of, wrap

WEEK_H = 168
COLUMNS = 2
PRESENT, ARRIVALS = "er_present_mean", "er_arrivals_per_day"


def week(effects: Effects, scenario: str, measure: str) -> NDArray[np.float64]:
    """[168] the measure by hour of the week, NaN where the hour is not in the window; arrivals are per hour."""
    values = np.array([effects.mean(scenario, measure, "hour_of_week", str(h)) for h in range(WEEK_H)])
    return values / 24 if measure == ARRIVALS else values


def hour_measure(effects: Effects) -> str:
    """Patients present; arrivals, which need no settled queue, where the presence of any scenario had not settled."""
    moving = any(effects.moving(s, PRESENT) for s in [effects.baseline, *effects.scenarios])
    return ARRIVALS if moving else PRESENT


def draw_hours(writer: Writer) -> Picture:
    """Small panels, one a scenario: the baseline's week as a grey line, the scenario's in blue."""
    effects, translate = writer.effects, writer.language.translate
    measure = hour_measure(effects)
    base = week(effects, effects.baseline, measure)
    rows = -(-len(effects.scenarios) // COLUMNS)
    figure = Figure(figsize=(7.4, 0.7 + 1.6 * rows), layout="constrained")
    grid = figure.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False)
    panels: list[Axes] = list(grid.flat)
    for axes, scenario in zip(panels, effects.scenarios, strict=False):
        axes.set_title(wrap(writer.names.scenario(scenario), 40), loc="left", fontsize=10)
        _panel(axes, base, week(effects, scenario, measure))
        _days(axes, writer)
    for axes in panels[len(effects.scenarios) :]:
        axes.set_visible(False)
    panels[0].set_ylim(0, None)
    title = translate("Patients in the emergency rooms over the week")
    if measure == ARRIVALS:
        title = translate("Visits to emergency rooms over the week, per hour")
    _legend(figure, writer)
    return picture_of("er_week", title, _alt(writer, measure, base), figure)


def _panel(axes: Axes, base: NDArray[np.float64], own: NDArray[np.float64]) -> None:
    hours = np.arange(WEEK_H)
    axes.fill_between(hours, base, own, where=(own > base).tolist(), color=LIGHT_VERMILLION, linewidth=0)
    axes.fill_between(hours, base, own, where=(own < base).tolist(), color=LIGHT_BLUE, linewidth=0)
    axes.plot(hours, base, color=GREY, linewidth=1.6, linestyle=(0, (2, 1)))
    axes.plot(hours, own, color=BLUE, linewidth=1.1)


def _days(axes: Axes, writer: Writer) -> None:
    names = writer.language.locale.days["stand-alone"]["abbreviated"]
    axes.set_xticks(np.arange(0, WEEK_H + 1, 24), [""] * 8)
    axes.set_xticks(np.arange(12, WEEK_H, 24), [names[d] for d in range(7)], minor=True, fontsize=9)
    axes.tick_params(axis="x", which="minor", length=0)
    axes.tick_params(axis="x", which="both", labelbottom=True)
    axes.set_xlim(0, WEEK_H - 1)
    axes.grid(axis="x", which="major", color="#e6e6e6", linewidth=0.7)
    axes.yaxis.set_major_formatter(lambda value, _position: writer.language.number(value, None if 0 < value < 1 else 0))


def _legend(figure: Figure, writer: Writer) -> None:
    translate = writer.language.translate
    handles = [
        Line2D([], [], color=GREY, linewidth=1.6, linestyle=(0, (2, 1)), label=translate("baseline")),
        Line2D([], [], color=BLUE, linewidth=1.1, label=translate("scenario")),
        Patch(color=LIGHT_VERMILLION, label=translate("more than the baseline")),
        Patch(color=LIGHT_BLUE, label=translate("fewer than the baseline")),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=9, labelcolor=BLACK)


def _alt(writer: Writer, measure: str, base: NDArray[np.float64]) -> str:
    """Peaks in words; empty weeks are left out."""
    parts = []
    for scenario in [writer.effects.baseline, *writer.effects.scenarios]:
        own = base if scenario == writer.effects.baseline else week(writer.effects, scenario, measure)
        if np.isnan(own).all():
            continue
        peak = int(np.nanargmax(own))
        day = writer.language.locale.days["stand-alone"]["wide"][peak // 24]
        parts.append(
            writer.language.translate(
                "{scenario}: at most {number}, on {day} at {hour}",
                scenario=writer.names.scenario(scenario),
                number=writer.language.number(float(own[peak])),
                day=day,
                hour=f"{peak % 24:02d}",
            )
        )
    return ". ".join(parts) + "."


__all__ = ["draw_hours", "hour_measure"]
