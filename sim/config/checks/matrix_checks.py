"""A ready-made matrix against what else is known: where places lie, and how fast people travel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.config.distances import great_circle_m
from sim.config.errors import ConfigErrors, Problem
from sim.config.folders import display_path
from sim.config.reading.matrix import read_matrix
from sim.config.reading.region_tables import Table
from sim.config.sentence import Sentence

Floats = NDArray[np.float64]
USUAL_KMH = 5.0, 130.0  # median of the trips of a region
MOST_KMH = 250.0  # of any trip
FAR_M = 2_000.0  # from here on a trip's speed and its straight line tell something
OFF_SHARE, OFF_M = 0.9, 500.0  # a road may seem shorter than the straight line by the places' own size
UNITS = {  # what a wrong unit makes of a speed, and which it then was
    60.0: Sentence("`seconds` seems to hold minutes"),
    3600.0: Sentence("`seconds` seems to hold hours"),
    1 / 1000: Sentence("`metres` seems to hold kilometres"),
    60 / 1000: Sentence("`seconds` seems to hold minutes and `metres` kilometres"),
    3.6: Sentence("`seconds` and `metres` seem to be changed for each other"),
}
SHOWN = 10


def check_matrix(path: Path, zones: Table, sites: Table) -> list[Problem]:
    """What is wrong with a matrix: in itself, or beside the places' coordinates and the speed of trips."""
    names = [*zones.names("zone"), *sites.names("site")]
    try:
        metres, seconds = read_matrix(path, names, sites.names("site"))
    except ConfigErrors as errors:
        return errors.problems
    file = display_path(path)
    straight = _straight_m(zones, sites)
    units = list(_units(file, metres.astype(float), seconds.astype(float), straight))
    pairs = [f"{a} to {b}" for a in names for b in sites.names("site")]
    return units or list(_pairs(file, metres.astype(float), seconds.astype(float), straight, pairs))


def _straight_m(zones: Table, sites: Table) -> Floats:
    """[places, sites] metres of the straight line."""
    rows = [*zones.rows, *sites.rows]
    lat, lon = (np.array([row[one] for row in rows], dtype=float) for one in ("lat", "lon"))
    to_lat, to_lon = (np.array([row[one] for row in sites.rows], dtype=float) for one in ("lat", "lon"))
    return great_circle_m(lat[:, None], lon[:, None], to_lat[None, :], to_lon[None, :])


def _units(file: str, metres: Floats, seconds: Floats, straight: Floats) -> Iterator[Problem]:
    """Whole columns that are in another unit, by the median of the trips that are not next door."""
    far = (straight >= FAR_M) & (metres > 0) & (seconds > 0)
    if not far.any():
        far = (metres >= FAR_M) & (seconds > 0)
    if not far.any():
        return
    kmh = float(np.median(3.6 * metres[far] / seconds[far]))
    detour = float(np.median(metres[far] / np.maximum(straight[far], 1.0)))
    if USUAL_KMH[0] <= kmh <= USUAL_KMH[1]:
        if detour < 0.01:
            message = Sentence(
                "the middle trip is far shorter than the straight line: `metres` seems to hold kilometres, and "
                "`seconds` another unit too"
            )
            yield Problem(file, "metres", f"{detour:.2g} of it", message)
        return
    guess = [text for factor, text in UNITS.items() if _explains(factor, kmh, detour)]
    allowed = f"{USUAL_KMH[0]:g} to {USUAL_KMH[1]:g} km/h"
    message = Sentence("the middle trip has a speed that nobody travels at")
    if guess:
        message = Sentence("{message}: {guess}", message=message, guess=guess[0])
    yield Problem(file, "metres and seconds", f"{kmh:.3g} km/h", message, "", allowed)


def _explains(factor: float, kmh: float, detour: float) -> bool:
    """Whether a wrong unit would be the reason of a speed, and of metres that are too few or not."""
    fits = USUAL_KMH[0] <= kmh / factor <= USUAL_KMH[1]
    return fits and ((detour < 0.01) == (factor < 1))


def _pairs(file: str, metres: Floats, seconds: Floats, straight: Floats, pairs: list[str]) -> Iterator[Problem]:
    """Trips that cannot be: shorter than the straight line, or too fast."""
    short = metres < OFF_SHARE * straight - OFF_M
    fast = (metres >= FAR_M) & (3.6 * metres > MOST_KMH * np.maximum(seconds, 1e-9))
    for number in np.flatnonzero(short)[:SHOWN]:
        line = f"{straight.flat[number] / 1000:.1f} km"
        found = f"{metres.flat[number] / 1000:.1f} km"
        yield Problem(
            file, pairs[number], found, Sentence("the road is shorter than the straight line of {line}", line=line)
        )
    for number in np.flatnonzero(fast)[:SHOWN]:
        found = f"{metres.flat[number] / 1000:.1f} km in {seconds.flat[number]:.0f} s"
        yield Problem(file, pairs[number], found, Sentence("faster than {most_kmh} km/h", most_kmh=f"{MOST_KMH:g}"))


__all__ = ["check_matrix"]
