"""The load of the emergency rooms over the hours of the week, each scenario as a change from the baseline."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effects
from sim.report.html.figures.style import BLACK, BLUE, GREY, VERMILLION, Picture, picture_of, tick_places, wrap

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
    """The baseline's week in the first panel, then one a scenario: by how much its week differs from the baseline's."""
    effects, translate = writer.effects, writer.language.translate
    measure = hour_measure(effects)
    base = week(effects, effects.baseline, measure)
    rows = -(-(1 + len(effects.scenarios)) // COLUMNS)
    figure = Figure(figsize=(7.4, 0.7 + 1.6 * rows), layout="constrained")
    panels: list[Axes] = list(figure.subplots(rows, COLUMNS, squeeze=False).flat)
    panels[0].plot(np.arange(WEEK_H), base, color=GREY, linewidth=1.6)
    panels[0].set_ylim(0, None)
    panels[0].yaxis.set_major_formatter(lambda v, _at: writer.language.number(v, None if 0 < v < 1 else 0))
    for axes, scenario in zip(panels[1:], effects.scenarios, strict=False):
        axes.sharey(panels[1])
        _difference(axes, week(effects, scenario, measure) - base, writer)
    for axes, scenario in zip(panels, [effects.baseline, *effects.scenarios], strict=False):
        axes.set_title(wrap(writer.names.scenario(scenario), 40), loc="left", fontsize=10)
        _days(axes, writer)
    for axes in panels[1 + len(effects.scenarios) :]:
        axes.set_visible(False)
    title = translate("Patients in the emergency rooms over the week: the baseline, then the change in each scenario")
    if measure == ARRIVALS:
        title = translate("Visits to emergency rooms over the week, per hour: the baseline, then each change")
    _legend(figure, writer)
    return picture_of("er_week", title, _alt(writer, measure, base), figure)


def _difference(axes: Axes, change: NDArray[np.float64], writer: Writer) -> None:
    """Fills what is more and what is fewer than in the baseline."""
    hours = np.arange(WEEK_H)
    axes.axhline(0, color=BLACK, linewidth=0.8)
    axes.fill_between(hours, 0, change, where=(change > 0).tolist(), color=VERMILLION, linewidth=0, step="mid")
    axes.fill_between(hours, 0, change, where=(change < 0).tolist(), color=BLUE, linewidth=0, step="mid")
    axes.yaxis.set_major_formatter(lambda v, _at: writer.language.signed_number(v, tick_places(axes.get_ylim())))


def _days(axes: Axes, writer: Writer) -> None:
    names = writer.language.locale.days["stand-alone"]["abbreviated"]
    axes.set_xticks(np.arange(0, WEEK_H + 1, 24), [""] * 8)
    axes.set_xticks(np.arange(12, WEEK_H, 24), [names[d] for d in range(7)], minor=True, fontsize=9)
    axes.tick_params(axis="x", which="minor", length=0)
    axes.tick_params(axis="x", which="both", labelbottom=True)
    axes.set_xlim(0, WEEK_H - 1)
    axes.grid(axis="x", which="major", color="#e6e6e6", linewidth=0.7)


def _legend(figure: Figure, writer: Writer) -> None:
    translate = writer.language.translate
    handles = [
        Patch(color=VERMILLION, label=translate("more than the baseline")),
        Patch(color=BLUE, label=translate("fewer than the baseline")),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=9, labelcolor=BLACK)


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
