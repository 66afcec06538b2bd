"""Who gains and who loses: small maps, coloured only where a municipality's change is beyond luck and matters."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effect
from sim.report.html.figures.outlines import outlines
from sim.report.html.figures.style import (
    BLACK,
    BLUE,
    LIGHT_BLUE,
    LIGHT_VERMILLION,
    VERMILLION,
    Picture,
    hover,
    picture_of,
    wrap,
)
from sim.report.html.measure_labels import READINGS

COLUMNS = 3
BORDER = "#8c8c8c"
NAMED = 3  # municipalities of a map, those that change most; the others on hover
ROOM = np.array([0.75, 0.1])  # degrees of longitude and latitude that a name takes
Ring = NDArray[np.float64]
ER_SITES = "er_arrivals_per_day"


class Paint(NamedTuple):
    """Colour and hatch of a class of change, and the colour of the hatch's lines."""

    colour: str
    hatch: str
    lines: str


MUCH_LESS, LESS, MORE, MUCH_MORE = (
    Paint(BLUE, "-----", "white"),
    Paint(LIGHT_BLUE, "---", BLACK),
    Paint(LIGHT_VERMILLION, "////", BLACK),
    Paint(VERMILLION, "////////", BLACK),
)
NO_DIFFERENCE = Paint("white", "", BORDER)
OPEN: dict[str, Any] = {"color": BLACK, "linestyle": "none", "marker": "o", "markersize": 3}
CLOSED: dict[str, Any] = OPEN | {"marker": "x", "markersize": 8, "markeredgewidth": 2.2}


def draw_maps(writer: Writer, measure: str) -> Picture | None:
    """Maps of the scenarios in which any municipality's change is beyond luck and matters; None if there is none."""
    sure = {s: _sure(writer, s, measure) for s in writer.effects.scenarios}
    scenarios = [s for s in writer.effects.scenarios if sure[s]]
    if not scenarios:
        return None
    limit = round_middle([abs(e.change) for s in scenarios for e in sure[s].values()])
    columns = min(len(scenarios), COLUMNS)
    rows = -(-len(scenarios) // columns)
    figure = Figure(figsize=(max(2.45 * columns, 5.4), 1.0 + 2.8 * rows), layout="constrained")
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axes, scenario in zip(panels, scenarios, strict=False):
        _map(axes, writer, scenario, sure[scenario], limit)
    for axes in panels[len(scenarios) :]:
        axes.set_visible(False)
    _legend(figure, writer, measure, limit)
    figure.get_layout_engine().set(h_pad=0.07)  # type: ignore[union-attr, call-arg]  # or a title's top is cut
    title = writer.language.translate(
        "By municipality: {measure}", measure=writer.language.translate(READINGS[measure].name)
    )
    alt = " ".join(_alt(writer, s, sure[s]) for s in scenarios)
    return picture_of(f"map_{measure}", title, alt, figure)


def _sure(writer: Writer, scenario: str, measure: str) -> dict[str, Effect]:
    """Effects beyond luck that matter, by municipality."""
    effects = writer.effects
    changes = {m: effects.get(scenario, measure, "municipality", m) for m in effects.groups(measure, "municipality")}
    return {m: e for m, e in changes.items() if e is not None and e.is_sure}


def round_middle(sizes: list[float]) -> float:
    """A round number near the middle of the changes, between small and large."""
    middle = float(np.median(sizes))
    power = 10.0 ** math.floor(math.log10(middle))
    return min((power * step for step in (1, 2, 5, 10)), key=lambda value: abs(value - middle))


def _paint(change: float, limit: float) -> Paint:
    if abs(change) < limit:
        return MORE if change > 0 else LESS
    return MUCH_MORE if change > 0 else MUCH_LESS


def _map(axes: Axes, writer: Writer, scenario: str, sure: dict[str, Effect], limit: float) -> None:
    rings_of = outlines()
    latitudes = []
    most = _to_be_named(sure, rings_of)
    for code in writer.effects.groups("nearest_er_min", "municipality"):
        if code not in rings_of:
            continue
        paint = _paint(sure[code].change, limit) if code in sure else NO_DIFFERENCE
        shape = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings_of[code]))
        if paint.hatch:  # on its own, since a hatch has the colour of the edge
            axes.add_patch(PathPatch(shape, facecolor=paint.colour, hatch=paint.hatch, edgecolor=paint.lines, lw=0))
        text = hover(_hover_text(writer, code, sure.get(code)))
        axes.add_patch(PathPatch(shape, facecolor=(1, 1, 1, 0), edgecolor=BORDER, linewidth=0.45, gid=text))
        if code in most:
            _name(axes, writer.names.municipality(code), most[code])
        latitudes += [float(ring[:, 1].mean()) for ring in rings_of[code]]
    _emergency_rooms(axes, writer, scenario)
    axes.margins(0.01)
    axes.autoscale_view()
    axes.set_aspect(1 / math.cos(math.radians(float(np.mean(latitudes)))) if latitudes else 1)
    axes.set_axis_off()
    axes.set_title(wrap(writer.names.scenario(scenario)), fontsize=10)


def _hover_text(writer: Writer, code: str, effect: Effect | None) -> str:
    """A municipality's name, and its change where there is one beyond luck that matters."""
    name = writer.names.municipality(code)
    return name if effect is None else f"{name} {writer.cell(effect).change}"


def _to_be_named(sure: dict[str, Effect], rings_of: dict[str, list[Ring]]) -> dict[str, Ring]:
    """Where the names of those that change most may stand, so that none lies on another."""
    places: dict[str, Ring] = {}
    for code in sorted(sure, key=lambda code: -abs(sure[code].change)):
        if code in rings_of and len(places) < NAMED:
            middle = max(rings_of[code], key=len).mean(axis=0)
            if all((abs(middle - other) > ROOM).any() for other in places.values()):
                places[code] = middle
    return places


def _name(axes: Axes, name: str, place: Ring) -> None:
    """Writes a municipality's name on it."""
    outline = [withStroke(linewidth=2.2, foreground="white")]
    axes.annotate(
        name, (float(place[0]), float(place[1])), (0, -8), textcoords="offset points", ha="center", va="center",
        fontsize=7, path_effects=outline,
    )  # fmt: skip


def _emergency_rooms(axes: Axes, writer: Writer, scenario: str) -> None:
    """A dot for each emergency room, a cross for one that the scenario closes."""
    effects, sites = writer.effects, writer.names.places
    for site in effects.groups(ER_SITES, "site"):
        if site not in sites:
            continue
        at = sites[site]["lon"], sites[site]["lat"]
        closed = effects.base(ER_SITES, "site", site) > 0 and effects.mean(scenario, ER_SITES, "site", site) == 0
        style = CLOSED if closed else OPEN
        axes.plot(*at, **style)


def _legend(figure: Figure, writer: Writer, measure: str, limit: float) -> None:
    translate, reading = writer.language.translate, READINGS[measure]
    amount = writer.language.number(writer.scale(reading, limit), 0 if limit >= 1 else None)
    unit = writer.language.translate("percentage points") if reading.share else writer.unit(reading)
    texts = (
        (MUCH_LESS, translate("less, by {amount} or more", amount=amount)),
        (LESS, translate("less")),
        (NO_DIFFERENCE, translate("no certain difference that matters")),
        (MORE, translate("more")),
        (MUCH_MORE, translate("more, by {amount} or more", amount=amount)),
    )
    handles: list[Line2D | Patch] = [
        Patch(facecolor=p.colour, hatch=p.hatch, edgecolor=p.lines, label=text, lw=0.5) for p, text in texts
    ]
    handles += [
        Line2D([], [], label=translate("emergency room"), **OPEN),
        Line2D([], [], label=translate("closed"), **CLOSED),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=9, title=unit, title_fontsize=9)


def _alt(writer: Writer, scenario: str, sure: dict[str, Effect]) -> str:
    more = [writer.names.municipality(m) for m, e in sure.items() if e.change > 0]
    less = [writer.names.municipality(m) for m, e in sure.items() if e.change < 0]
    translate = writer.language.translate
    return translate(
        "{scenario}: more in {more}; less in {less}.",
        scenario=writer.names.scenario(scenario),
        more=writer.language.enumeration(more) or translate("no municipality"),
        less=writer.language.enumeration(less) or translate("no municipality"),
    )


__all__ = ["draw_maps", "round_middle"]
