"""Both outcomes in one picture: visits to emergency rooms across, travel upwards, a point and a cloud a scenario."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effect
from sim.report.html.figures.style import BLACK, GREY, Picture, picture_of, tick_places, wrap
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_
from sim.results.changes_by_world import is_world
from sim.results.read import Results

ACROSS, UP = "er_arrivals_per_day", "travel_min_per_resident_year"
# Okabe and Ito (2008), each with a marker of its own; after eight scenarios both begin anew, shifted
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#1a1a1a")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
CORNERS = (
    (0.01, 0.02, "left", "bottom", N_("fewer visits, shorter travel")),
    (0.99, 0.98, "right", "top", N_("more visits, longer travel")),
)


def draw_plane(writer: Writer, results: Results) -> Picture | None:
    """Change of visits and of travel in every scenario in which both may be shown; None if there is none.

    The cross is the 95 % interval of luck, the small points are worlds.
    """
    pairs = [
        (across, up)
        for across, up in zip(writer.effects.row(ACROSS), writer.effects.row(UP), strict=True)
        if across is not None and up is not None and across.is_shown and up.is_shown
    ]
    if not pairs:
        return None
    clouds = [_shifts(results.measures, writer.effects.baseline, measure) for measure in (ACROSS, UP)]
    figure = Figure(figsize=(6.0, 4.9), layout="constrained")
    axes = figure.subplots()
    _frame(axes, writer)
    handles = [_scenario(axes, writer, pair, clouds) for pair in pairs]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=9.5)
    title = writer.language.translate("Load on emergency rooms and travel, change from the baseline")
    return picture_of("outcome_plane", title, _alt(writer, pairs), figure)


def _shifts(measures: pd.DataFrame, baseline: str, measure: str) -> pd.Series:
    """By scenario and world: by how much the change differs from that of the run at value with the same luck."""
    whole = measures[(measures["measure"] == measure) & (measures["by"] == "all")]
    table = whole.pivot(index=["variant", "replication"], columns="scenario", values="value")
    change = table.sub(table[baseline], axis=0).drop(columns=baseline)
    usual = change.loc["value"]
    worlds = change[is_world(change.index.get_level_values("variant").to_series()).to_numpy()]
    shifts = worlds - usual.reindex(worlds.index.get_level_values("replication")).to_numpy()
    flat = shifts.reset_index("replication", drop=True).melt(ignore_index=False)
    return flat.set_index("scenario", append=True)["value"].swaplevel()


def _scenario(axes: Axes, writer: Writer, pair: tuple[Effect, Effect], clouds: list[pd.Series]) -> Line2D:
    """Draws a scenario; returns what tells it apart, with its name."""
    across, up = pair
    number = writer.effects.scenarios.index(across.scenario)
    colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
    if all(across.scenario in cloud.index for cloud in clouds):
        x, y = (e.change + cloud.loc[across.scenario] for e, cloud in zip(pair, clouds, strict=True))
        axes.plot(x.to_numpy(), y.to_numpy(), linestyle="none", marker=marker, markersize=4, color=colour, alpha=0.45)
    axes.plot([across.low, across.high], [up.change] * 2, color=colour, linewidth=1.4)
    axes.plot([across.change] * 2, [up.low, up.high], color=colour, linewidth=1.4)
    style = {"linestyle": "none", "marker": marker, "markersize": 9, "color": colour, "markeredgecolor": BLACK}
    axes.plot(across.change, up.change, zorder=3, **style)  # type: ignore[arg-type]
    return Line2D([], [], label=wrap(writer.names.scenario(across.scenario), 20), **style)  # type: ignore[arg-type]


def _frame(axes: Axes, writer: Writer) -> None:
    translate = writer.language.translate
    for line in (axes.axhline, axes.axvline):
        line(0, color=BLACK, linewidth=1, zorder=0)
    axes.set_xlabel(f"{translate(READINGS[ACROSS].name)}, {writer.unit(READINGS[ACROSS])}")
    axes.set_ylabel(wrap(f"{translate(READINGS[UP].name)}, {writer.unit(READINGS[UP])}", 34))
    for x, y, across, up, text in CORNERS:
        axes.text(x, y, translate(text), transform=axes.transAxes, ha=across, va=up, fontsize=8.5, color=GREY)
    axes.margins(0.12)
    axes.grid(color="#e6e6e6", linewidth=0.7)
    axes.set_axisbelow(True)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(
        lambda value, _position: writer.language.signed_number(value, tick_places(axes.get_xlim()))
    )
    axes.yaxis.set_major_formatter(
        lambda value, _position: writer.language.signed_number(value, tick_places(axes.get_ylim()))
    )


def _alt(writer: Writer, pairs: list[tuple[Effect, Effect]]) -> str:
    """What the picture shows, in words."""
    parts = []
    for pair in pairs:
        changes = [
            f"{writer.change(READINGS[e.measure], e.change, e)} {writer.unit(READINGS[e.measure])}" for e in pair
        ]
        parts.append(f"{writer.names.scenario(pair[0].scenario)}: {', '.join(changes)}")
    return ". ".join(parts) + "."


__all__ = ["draw_plane"]
