"""The pictures of the documentation, as SVG: the house from the program's imports, and the way from files to a report.

``house()`` and ``way()`` return the text of a picture; ``docs/generate.py`` writes it. Colours say nothing that lines
and words do not say too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
INK, SHADE, PAPER = "#1b2a41", "#eef2f7", "#ffffff"
STEP, ROW, BOX_W, BOX_H, MARGIN = 76, 44, 112, 28, 16  # pixels
FACE = {"__main__"}  # what starts the program; it has no room
Layers = list[list[str]]
Imports = set[tuple[str, str]]

WAY = (  # what there is, and what makes the next of it
    ("configs/ and scenarios/", "YAML and CSV, read as data", "sim/config/", "every error told at once"),
    ("World", "one study, checked", "sim/compile/", "once for each scenario"),
    ("Model", "arrays of whole numbers", "", ""),
    ("sim/engines/", "compiled, or SimPy's: both ask sim/model/rules.py", "", ""),
    ("Contacts", "one row a visit", "sim/measures/", "the warm-up is cut here"),
    ("Measures", "one file for each run", "sim/results/compare.py", "scenario less baseline, paired"),
    ("Comparison", "changes with intervals and ranges", "sim/report/", ""),
    ("Report", "one page, sv or en", "", ""),
)
BESIDE = ("Episodes", "who, where, when, why", "sim/demand/", "seed, replication")  # from the Model, to the engines
WAY_W, WAY_H, WAY_STEP, SIDE = 330, 48, 96, 620


def layers() -> Layers:
    """The rooms of ``sim`` from the top to the ground, as the contract of imports orders them; one list a layer."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    ordered = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[room.strip().removeprefix("sim.") for room in layer.split("|")] for layer in ordered]


def imports() -> Imports:
    """Pairs of rooms of which the first imports the second, from the source."""
    graph = grimp.build_graph("sim", cache_dir=None)
    found = ((m, n) for m in graph.modules for n in graph.find_modules_directly_imported_by(m))
    rooms = {(_room(m), _room(n)) for m, n in found}
    return {(a, b) for a, b in rooms if a != b and "" not in (a, b) and a not in FACE}


def _room(module: str) -> str:
    """The room of a module; nothing for the package's own face."""
    return [*module.split("."), ""][1]


def house() -> str:
    """The rooms down a stair, one floor a layer; a dot where one imports the other.

    Raises ValueError if a room has no layer.
    """
    return drawn_house(layers(), imports())


def drawn_house(floors: Layers, pairs: Imports) -> str:
    """The picture of any house. Raises ValueError if a room of ``pairs`` is on no floor."""
    place = {room: j for j, room in enumerate(room for floor in floors for room in floor)}
    if lost := {room for pair in pairs for room in pair} - set(place):
        raise ValueError(f"rooms without a layer in pyproject.toml: {', '.join(sorted(lost))}")
    width, height = MARGIN * 2 + STEP * (len(place) - 1) + BOX_W, MARGIN * 2 + ROW * len(place)
    parts = [*_floors(floors, width)]
    for room, j in place.items():
        parts += _trunk(j, [place[b] for a, b in sorted(pairs) if a == room])
        parts += _branch(j, [place[a] for a, b in sorted(pairs) if b == room])
    parts += [_dot(place[a], place[b]) for a, b in sorted(pairs)]
    parts += [_box(_x(j), _y(j) - BOX_H / 2, BOX_W, BOX_H, [room]) for room, j in place.items()]
    return _svg(width, height, "Which room of sim imports which, floor by floor", parts)


def _x(j: int) -> float:
    return MARGIN + STEP * j


def _y(j: int) -> float:
    return MARGIN + ROW * (j + 0.5)


def _floors(floors: Layers, width: float) -> list[str]:
    """A band for each layer, every other one shaded."""
    parts, first = [], 0
    for number, floor in enumerate(floors):
        if number % 2 == 0:
            top, tall = MARGIN + ROW * first, ROW * len(floor)
            parts.append(f'<rect x="0" y="{top:g}" width="{width:g}" height="{tall:g}" fill="{SHADE}"/>')
        first += len(floor)
    return parts


def _trunk(j: int, below: Sequence[int]) -> list[str]:
    """The line down from a room to the last of those that it imports."""
    return [_line([(_x(j) + 20, _y(j)), (_x(j) + 20, _y(max(below)))])] if below else []


def _branch(j: int, above: Sequence[int]) -> list[str]:
    """The line across to a room, from the first of those that import it."""
    return [_line([(_x(min(above)) + 20, _y(j)), (_x(j) - 2, _y(j))], arrow=True)] if above else []


def _dot(a: int, b: int) -> str:
    return f'<circle cx="{_x(a) + 20:g}" cy="{_y(b):g}" r="4.5" fill="{INK}"/>'


def way() -> str:
    """From files to a report: what there is, and which room makes the next of it."""
    parts = []
    for j, (name, about, maker, how) in enumerate(WAY):
        top = MARGIN + WAY_STEP * j
        parts.append(_box(MARGIN, top, WAY_W, WAY_H, [name, about]))
        if j + 1 < len(WAY):
            x = MARGIN + WAY_W / 2
            parts.append(_line([(x, top + WAY_H), (x, top + WAY_STEP - 2)], arrow=True))
            parts.append(_text(x + 12, top + (WAY_H + WAY_STEP) / 2 + 4, ": ".join(filter(None, (maker, how)))))
    parts += _beside([name for name, *_ in WAY].index("Model"))
    return _svg(SIDE + 220 + MARGIN, MARGIN * 2 + WAY_STEP * (len(WAY) - 1) + WAY_H, "From files to a report", parts)


def _beside(j: int) -> list[str]:
    """Episodes, which are drawn from the model and join it in the engine."""
    name, about, maker, how = BESIDE
    top, right = MARGIN + WAY_STEP * j, MARGIN + WAY_W
    down = top + WAY_STEP + WAY_H / 2
    return [
        _box(SIDE, top, 220, WAY_H, [name, about]),
        _line([(right, top + WAY_H / 2), (SIDE - 2, top + WAY_H / 2)], arrow=True),
        _text(right + 12, top + WAY_H / 2 - 7, f"{maker}: {how}"),
        _line([(SIDE + 110, top + WAY_H), (SIDE + 110, down), (right + 2, down)], arrow=True),
    ]


def _box(x: float, y: float, width: float, height: float, lines: Sequence[str]) -> str:
    """A box with its name, and under it in smaller letters what it is."""
    middle, first = x + width / 2, y + height / 2 + (5 if len(lines) == 1 else -4)
    texts = [f'<text x="{middle:g}" y="{first:g}" text-anchor="middle" font-weight="600">{escape(lines[0])}</text>']
    texts += [_text(middle, first + 18, line, anchor="middle") for line in lines[1:]]
    edge = f'fill="{PAPER}" stroke="{INK}" stroke-width="1.5"'
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="5" {edge}/>{"".join(texts)}'


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="12">{escape(words)}</text>'


def _line(points: Sequence[tuple[float, float]], arrow: bool = False) -> str:
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    end = ' marker-end="url(#arrow)"' if arrow else ""
    return f'<polyline points="{path}" fill="none" stroke="{INK}" stroke-width="1.3"{end}/>'


def _svg(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """The picture around its parts, on paper of its own, so that it can be read on a dark page too."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" font-family="system-ui, sans-serif" font-size="14" fill="{INK}">'
    )
    arrow = (
        '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        f'orient="auto"><path d="M0,0 L10,5 L0,10 z" fill="{INK}"/></marker></defs>'
    )
    paper = f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", arrow, paper, *parts, "</svg>", ""])
