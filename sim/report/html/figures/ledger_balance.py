"""Both sides of the ledger: what left a level of care, and what came to another."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.model.codes import LEVELS
from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effect
from sim.report.html.figures.style import BLACK, BLUE, GREY, VERMILLION, Picture, bare, picture_of, tick_places, wrap
from sim.report.html.measure_labels import READINGS
from sim.results.conclusion import Conclusion

COLUMNS = 2
MEASURE = "contacts_per_1000_year"


def draw_ledger(writer: Writer) -> Picture:
    """Small panels, one a scenario: change of contacts at each level, per 1,000 residents and year."""
    effects = writer.effects
    rows = -(-len(effects.scenarios) // COLUMNS)
    figure = Figure(figsize=(7.4, 0.6 + 1.75 * rows), layout="constrained")
    grid = figure.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False)
    panels: list[Axes] = list(grid.flat)
    parts = []
    for axes, scenario in zip(panels, effects.scenarios, strict=False):
        changes = [effects.get(scenario, MEASURE, "level", level) for level in LEVELS]
        axes.set_title(wrap(writer.names.scenario(scenario), 40), loc="left", fontsize=10)
        for i, effect in enumerate(changes):
            _bar(axes, writer, effect, -i)
        _frame(axes, writer)
        parts.append(_alt(writer, scenario, changes))
    for axes in panels[len(effects.scenarios) :]:
        axes.set_visible(False)
    translate = writer.language.translate
    figure.supxlabel(translate("Change in contacts per 1,000 residents and year; hatched: not robust"), fontsize=10)
    return picture_of("ledger", translate("What left one level of care and came to another"), " ".join(parts), figure)


def _bar(axes: Axes, writer: Writer, effect: Effect | None, y: int) -> None:
    if effect is None or not effect.is_shown:
        return
    full = effect.verdict in (Conclusion.ROBUST, Conclusion.NO_CHANGE)
    colour = BLUE if effect.change < 0 else VERMILLION
    axes.barh(
        y, effect.change, height=0.62, facecolor=colour if full else "white", edgecolor=colour,
        hatch="" if full else "////", linewidth=0.8,
    )  # fmt: skip
    left = effect.change < 0
    axes.annotate(
        writer.change(READINGS[MEASURE], effect.change, effect), (effect.change, y),
        xytext=(-4 if left else 4, 0), textcoords="offset points", va="center", ha="right" if left else "left",
        fontsize=9, color=BLACK if full else GREY,
    )  # fmt: skip


def _frame(axes: Axes, writer: Writer) -> None:
    axes.axvline(0, color=BLACK, linewidth=1)
    axes.set_yticks([-i for i in range(len(LEVELS))], [wrap(writer.names.level(x), 16) for x in LEVELS], fontsize=9)
    axes.margins(x=0.3)
    axes.xaxis.set_major_formatter(
        lambda value, _position: writer.language.signed_number(value, tick_places(axes.get_xlim()))
    )
    axes.xaxis.set_major_locator(MaxNLocator(5))
    bare(axes)


def _alt(writer: Writer, scenario: str, changes: list[Effect | None]) -> str:
    parts = [
        f"{writer.names.level(level)} {writer.change(READINGS[MEASURE], effect.change, effect)}"
        for level, effect in zip(LEVELS, changes, strict=True)
        if effect is not None and effect.is_shown
    ]
    return f"{writer.names.scenario(scenario)}: {', '.join(parts)}."


__all__ = ["draw_ledger"]
