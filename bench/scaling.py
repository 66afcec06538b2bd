"""How time grows with the population: two weeks of the region with 1 % to 1000 % of its people and units."""

from __future__ import annotations

from functools import partial
from math import log
from pathlib import Path

import matplotlib as mpl
from children import OURS, Found, child, engines, in_turn, median, table
from matplotlib.figure import Figure

SHARES = {"simpy": (0.01, 0.03, 0.1, 0.3, 1.0), "compiled": (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)}
HEAD = ("", "people", "contacts", "engine s", "contacts / CPU s", "time over n log n", "peak MB")
LOOKS = {"simpy": "#777777", "compiled": "#0b5d7a"}
Points = dict[str, dict[float, tuple[float, float]]]  # engine, share: contacts, seconds


def measured(runs: int, drawing: Path | None) -> str:
    """The table; the curve is drawn where ``drawing`` says."""
    names = engines()
    jobs = {
        f"{OURS[name]}, {100 * share:g} %": partial(_one, name, share)
        for share in SHARES["compiled"]
        for name in names
        if share in SHARES[name]
    }
    found = in_turn(runs, jobs)
    points: Points = {name: {} for name in names}
    for name in names:
        for share in SHARES[name]:
            tried = found[f"{OURS[name]}, {100 * share:g} %"]
            points[name][share] = median(tried, "contacts"), median(tried, "cpu_s")
    if drawing is not None:
        draw(points, drawing)
    rows = [
        _row(label, found[label], points[name][1.0])
        for name in names
        for share in SHARES[name]
        for label in [f"{OURS[name]}, {100 * share:g} %"]
    ]
    return table(HEAD, rows)


def _one(engine: str, share: float, _: int) -> Found:
    return child("scaling_run.py", engine, share)


def _row(label: str, runs: list[Found], whole: tuple[float, float]) -> tuple[str, ...]:
    contacts, seconds = median(runs, "contacts"), median(runs, "cpu_s")
    return (
        label,
        f"{median(runs, 'people'):,.0f}",
        f"{contacts:,.0f}",
        f"{seconds:.3g}",
        f"{contacts / seconds:,.0f}",
        f"{seconds / n_log_n(contacts, whole):.2f}",
        f"{median(runs, 'peak_mb'):,.0f}",
    )


def n_log_n(contacts: float, whole: tuple[float, float]) -> float:
    """Seconds for so many contacts if time were n log n, through what the whole region takes."""
    return whole[1] * contacts * log(contacts) / (whole[0] * log(whole[0]))


def draw(points: Points, path: Path) -> None:
    """Time against contacts, both logarithmic, with the n log n line of each engine beside."""
    with mpl.rc_context({"svg.hashsalt": "scaling", "svg.fonttype": "none"}):
        figure = Figure(figsize=(6.4, 4.0), layout="constrained")
        axes = figure.subplots()
        for name, found in points.items():
            contacts, seconds = (list(column) for column in zip(*found.values(), strict=True))
            axes.plot(contacts, seconds, "o-", color=LOOKS[name], label=OURS[name])
            line = [n_log_n(n, found[1.0]) for n in contacts]
            axes.plot(contacts, line, ":", color=LOOKS[name], label=f"n log n through 100 % ({OURS[name]})")
        axes.set(
            xscale="log", yscale="log", xlabel="contacts (1 % to 1000 % of the population)", ylabel="engine, CPU s"
        )
        axes.legend(frameon=False, fontsize=8)
        axes.grid(visible=True, which="major", color="#dddddd", linewidth=0.6)
        figure.savefig(path, metadata={"Date": None})
