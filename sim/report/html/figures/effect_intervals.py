"""One measure in every scenario: the change, what luck may do to it, and what the assumptions may do to it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effect
from sim.report.html.figures.style import BLACK, BLUE, GREY, VERMILLION, Picture, bare, picture_of, tick_places, wrap
from sim.report.html.measure_labels import READINGS

LUCK_AT, ASSUMED_AT = 0.12, -0.16  # above and below the row's middle


def draw_intervals(writer: Writer, measure: str) -> Picture | None:
    """A measure's change, its luck, and the range of worlds (or assumptions), a row a scenario; None without any."""
    effects = writer.effects
    reading = READINGS[measure]
    row = effects.row(measure)
    if not any(effect is not None and effect.is_shown for effect in row):
        return None
    figure = Figure(figsize=(5.6, 1.4 + 0.5 * len(row)), layout="constrained")
    axes = figure.subplots()
    for i, effect in enumerate(row):
        _scenario(axes, writer, effect, -i)
    _frame(axes, writer, [wrap(writer.names.scenario(s), 18) for s in effects.scenarios])
    unit = writer.language.translate("percentage points") if reading.share else writer.unit(reading)
    axes.set_xlabel(writer.language.translate("Change from the baseline, {unit}", unit=unit))
    _legend(axes, writer, any(e is not None and e.worlds for e in row))
    title = writer.language.translate(reading.name)
    return picture_of(f"change_{measure}", title, _alt(writer, row), figure)


def _scenario(axes: Axes, writer: Writer, effect: Effect | None, y: int) -> None:
    cell = writer.cell(effect)
    if effect is None or not effect.is_shown:
        axes.text(0, y, f"  {cell.certainty}", va="center", style="italic", color=GREY)
        return
    reading = READINGS[effect.measure]
    low, change, high = (writer.scale(reading, v) for v in (effect.low, effect.change, effect.high))
    axes.plot([low, high], [y + LUCK_AT] * 2, color=BLUE, linewidth=5, solid_capstyle="butt", alpha=0.85)
    assumed = effect.low_assumption, effect.high_assumption
    if effect.worlds:
        assumed = effect.low_worlds, effect.high_worlds
    ends = [writer.scale(reading, v) for v in assumed]
    axes.plot(ends, [y + ASSUMED_AT] * 2, color=VERMILLION, linewidth=1.6, marker="|", markersize=9)
    full = bool(cell.tone)
    axes.plot(
        change, y + LUCK_AT, marker="o", markersize=8, color=BLACK, markerfacecolor=BLACK if full else "white", zorder=3
    )
    amount = writer.change(reading, effect.change, effect)
    share = f" ({cell.share})" if cell.share and not reading.share else ""
    weight = "bold" if full else "normal"
    axes.annotate(
        f"{amount}{share}\n{cell.certainty}", (1.02, y), xycoords=("axes fraction", "data"), va="center", weight=weight
    )


def _frame(axes: Axes, writer: Writer, labels: list[str]) -> None:
    axes.axvline(0, color=BLACK, linewidth=1, zorder=0)
    axes.set_yticks([-i for i in range(len(labels))], labels)
    axes.set_ylim(-len(labels) + 0.45, 0.55)
    axes.margins(x=0.06)
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(
        lambda value, _position: writer.language.signed_number(value, tick_places(axes.get_xlim()))
    )
    bare(axes)


def _legend(axes: Axes, writer: Writer, worlds: bool) -> None:
    translate = writer.language.translate
    other = translate("eight worlds in ten") if worlds else translate("assumptions")
    dot = {"linestyle": "none", "marker": "o", "markersize": 8, "color": BLACK}
    handles = [
        Line2D([], [], **dot, label=translate("robust change")),  # type: ignore[arg-type]
        Line2D([], [], **dot, markerfacecolor="white", label=translate("not robust")),  # type: ignore[arg-type]
        Line2D([], [], color=BLUE, linewidth=5, alpha=0.85, label=translate("chance (95 %)")),
        Line2D([], [], color=VERMILLION, linewidth=1.6, marker="|", markersize=9, label=other),
    ]
    axes.figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=9, handletextpad=0.5)


def _alt(writer: Writer, row: list[Effect | None]) -> str:
    """What the figure shows, in words."""
    parts = []
    for scenario, effect in zip(writer.effects.scenarios, row, strict=True):
        text = writer.cell(effect).certainty
        if effect is not None and effect.is_shown and effect.change != 0:
            text = f"{writer.sentence(effect)}, {text}"
        parts.append(f"{writer.names.scenario(scenario)}: {text}")
    return ". ".join(parts) + "."


__all__ = ["draw_intervals"]
