"""The way of each scenario through the window: an outcome a panel, below them how much of its levers is in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.report.html.change_cells import Writer
from sim.report.html.figures.outcome_plane import COLOURS, MARKERS
from sim.report.html.figures.style import BLACK, GREY, Picture, hover, picture_of, tick_places, wrap
from sim.report.html.measure_labels import READINGS
from sim.report.html.over_time import OUTCOMES, effects_by_period, over_time
from sim.report.model_parts import those_about_model
from sim.results.read import Results
from sim.results.trends import periods_of

LINES = ("-", "--", "-.", (0, (1, 1)), (0, (5, 1, 1, 1, 1, 1)))
PANEL_IN, RAMP_IN, WIDTH_IN = 1.7, 0.75, 7.6
FEW_PERIODS = 36  # up to so many have a marker each
Style = dict[str, Any]


def draw_over_time(writer: Writer, results: Results) -> Picture | None:
    """Changes by period with the band of luck, above the ramps; None where the study has no periods."""
    section = over_time(writer, results)
    if section is None:
        return None
    scenarios, outcomes = writer.effects.scenarios, those_about_model(OUTCOMES, writer.effects.services)
    heights = [PANEL_IN] * len(outcomes) + [RAMP_IN] * len(scenarios)
    figure = Figure(figsize=(WIDTH_IN, sum(heights) + 0.7), layout="constrained")
    panels = list(figure.subplots(len(heights), sharex=True, height_ratios=heights, squeeze=False)[:, 0])
    for axes, measure in zip(panels, outcomes, strict=False):
        _outcome(axes, writer, results, measure)
    for axes, scenario in zip(panels[len(outcomes) :], scenarios, strict=True):
        _ramps(axes, writer, results, scenario)
    _time_axis(panels[-1], results)
    if outcomes:
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9)
    alt = " ".join(f"{name}: {' '.join(sentences)}" for name, sentences in section.stories)
    return picture_of("over_time", writer.language.translate("Change from the baseline, period by period"), alt, figure)


def _style(writer: Writer, scenario: str) -> Style:
    """Colour, marker and dashes of a scenario, as in the other figures."""
    i = writer.effects.scenarios.index(scenario)
    return {
        "color": COLOURS[i % len(COLOURS)],
        "marker": MARKERS[i % len(MARKERS)],
        "linestyle": LINES[i % len(LINES)],
    }


def _outcome(axes: Axes, writer: Writer, results: Results, measure: str) -> None:
    reading = READINGS[measure]
    periods = periods_of(results.config["study"])
    middles = [_number(period.first + timedelta(days=period.days / 2)) for period in periods]
    effects = effects_by_period(results, measure)
    for scenario in writer.effects.scenarios:
        there = [
            (x, effect)
            for x, period in zip(middles, periods, strict=True)
            if (effect := effects[period.label].get(scenario)) is not None and effect.is_shown
        ]
        style = _style(writer, scenario) | ({} if len(periods) <= FEW_PERIODS else {"marker": ""})
        x = [at for at, _ in there]
        ends = ("change", "low", "high")
        values, low, high = ([writer.scale(reading, getattr(e, end)) for _, e in there] for end in ends)
        axes.fill_between(x, low, high, color=style["color"], alpha=0.18, linewidth=0)
        axes.plot(x, values, linewidth=1.6, markersize=4, label=wrap(writer.names.scenario(scenario), 40), **style)
    axes.axhline(0, color=BLACK, linewidth=1, zorder=0)
    axes.set_title(f"{writer.language.translate(reading.name)}, {writer.unit(reading)}", loc="left", fontsize=10)
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.7)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(
        lambda value, _position: writer.language.signed_number(value, tick_places(axes.get_ylim()))
    )


def _ramps(axes: Axes, writer: Writer, results: Results, scenario: str) -> None:
    """Each ramp of a scenario as steps; levers with the same ramp are one line, thicker the more they are."""
    study, style = results.config["study"], _style(writer, scenario)
    first, last = (date.fromisoformat(str(study[end])) for end in ("start", "end"))
    levers = results.config["scenarios"][scenario]["levers"].values()
    for ramp, number in Counter(_steps(lever) for lever in levers).items():
        begun = [share for day, share in ramp if day <= first]
        steps = [(first, begun[-1] if begun else 0.0), *(step for step in ramp if first < step[0] <= last)]
        x = [_number(day) for day, _ in steps] + [_number(last)]
        y = [100 * share for _, share in steps]
        line = axes.step(x, [*y, y[-1]], where="post", color=style["color"], linestyle=style["linestyle"],
                         linewidth=1.2 + 0.3 * min(number, 6))[0]  # fmt: skip
        line.set_gid(hover(writer.language.translate("{number} levers", number=number)))
    axes.set_ylim(-8, 108)
    axes.set_yticks([0, 50, 100], [writer.language.percent(share, 0) for share in (0, 0.5, 1)], fontsize=8)
    title = writer.language.translate("Levers in force: {name}", name=writer.names.scenario(scenario))
    axes.set_title(title, loc="left", fontsize=9, color=GREY)


def _steps(lever: Mapping[str, Any]) -> tuple[tuple[date, float], ...]:
    """The days on which more or less of a lever comes in force; in full long before where it has no ramp."""
    ramp = lever.get("ramp")
    if not ramp:
        return ((date.min, 1.0),)
    return tuple((date.fromisoformat(str(day)), float(share)) for day, share in sorted(ramp.items()))


def _time_axis(axes: Axes, results: Results) -> None:
    """From the first day of the window to the last."""
    study = results.config["study"]
    axes.set_xlim(*(_number(date.fromisoformat(str(study[end]))) for end in ("start", "end")))
    locator = AutoDateLocator(maxticks=9)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    formats, at_zero = ["%Y", "%Y-%m", "%m-%d", "", "", ""], ["", "%Y-%m", "%Y-%m", "", "", ""]
    labels = ConciseDateFormatter(locator, formats=formats, zero_formats=at_zero, show_offset=False)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(labels)


def _number(day: date) -> float:
    return float(date2num(day))  # type: ignore[no-untyped-call]


__all__ = ["draw_over_time"]
