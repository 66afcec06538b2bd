"""How every figure looks, and how a drawing becomes SVG and PNG."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito (2008): told apart by the colour-blind; each use also has a marker, a line style or a hatch
BLACK, GREY, PALE = "#1a1a1a", "#6b6b6b", "#d9d9d9"
BLUE, VERMILLION = "#0072B2", "#D55E00"
LIGHT_BLUE, LIGHT_VERMILLION = "#A6CEE8", "#F5BF99"
PNG_DPI = 200
PROGRAM = "careshift"
MARK = b"tEXtSoftware\0" + PROGRAM.encode()  # in every PNG that is written here, before its pixels
HEAD_BYTES = 2000
LABEL_WIDTH = 24
HOVER = "hover: "
REM_PER_IN = 6.2  # every figure at the same scale
SMALLEST_REM_PER_IN = 3.9  # on a telephone; a wider figure scrolls
STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "careshift",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.parse_math": False,  # two $ in a label are two $
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": BLACK,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": True,
    "xtick.color": BLACK,
    "ytick.color": BLACK,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


@contextmanager
def own_style() -> Iterator[None]:
    """Draws as the program does everywhere: nothing of a user's matplotlibrc is left."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)  # type: ignore[arg-type]
        yield


@dataclass(frozen=True)
class Picture:
    """A figure: ``alt`` says in words what it shows, ``title`` what it tells."""

    name: str
    title: str
    alt: str
    svg: str
    png: bytes


def wrap(text: str, width: int = LABEL_WIDTH) -> str:
    """A label on as many lines as it needs."""
    return textwrap.fill(text, width, break_long_words=False)


def picture_of(name: str, title: str, alt: str, figure: Figure) -> Picture:
    """The picture of a drawing. The same drawing gives the same bytes."""
    vector, raster = io.StringIO(), io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(vector, format="svg", metadata=nothing)
    figure.savefig(raster, format="png", dpi=PNG_DPI, metadata={"Software": PROGRAM})
    svg = _inline(vector.getvalue(), name, figure.get_figwidth())
    return Picture(name, title, alt, svg, raster.getvalue())


def remove_old_pictures(folder: Path, names: Collection[str]) -> None:
    """Removes pictures with other names that an earlier report wrote; not what is of others, or behind a link."""
    if folder.is_symlink():
        return
    for old in folder.glob("*.png"):
        if old.stem not in names and _is_own(old):
            old.unlink()


def _is_own(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return MARK in file.read(HEAD_BYTES)


def _inline(svg: str, name: str, width_in: float) -> str:
    """The SVG element alone, without addresses, and with ids that no other figure of the page has."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", svg)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"(\.\d\d)\d+", r"\1", svg)  # a hundredth of a point is never seen
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(rf'<g id="{HOVER}([^"]*)">', r"<g><title>\1</title>", svg)
    used = set(re.findall(r'href="#([^"]+)"', svg)) | set(re.findall(r"url\(#([^)]+)\)", svg))
    svg = re.sub(r'\s+id="([^"]+)"', lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", svg)
    svg = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'<svg ([^>]*?)width="[^"]*"', r"<svg \1", svg, count=1)
    svg = re.sub(r'<svg ([^>]*?)height="[^"]*"', r"<svg \1", svg, count=1)
    style = f"max-width:{width_in * REM_PER_IN:.1f}rem;min-width:{width_in * SMALLEST_REM_PER_IN:.1f}rem"
    return svg.replace("<svg ", f'<svg aria-hidden="true" focusable="false" style="{style}" ', 1)


def hover(text: str) -> str:
    """The id of a part of a drawing that tells ``text`` where a pointer rests on it."""
    return f"{HOVER}{text}"


def bare(axes: Axes) -> None:
    """Takes away the left spine and the ticks of an axis of names."""
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def tick_places(limits: tuple[float, float]) -> int:
    """Decimals that tell the ticks of an axis with these limits apart."""
    low, high = limits
    return 0 if high - low > 5 else 1 if high - low > 0.5 else 2 if high - low > 0.05 else 3


__all__ = [
    "BLACK", "BLUE", "GREY", "LIGHT_BLUE", "LIGHT_VERMILLION", "PALE", "VERMILLION", "Picture", "bare",
    "hover", "own_style", "picture_of", "remove_old_pictures", "tick_places", "wrap",
]  # fmt: skip
