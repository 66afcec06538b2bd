"""A ready-made travel matrix, as a router writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.config.errors import ConfigErrors, Problem
from sim.config.folders import display_path
from sim.config.reading.cells import Bad, Reader, any_cell
from sim.config.reading.region_tables import read_table
from sim.config.sentence import Sentence

Whole = NDArray[np.int32]
SHOWN = 20  # problems listed in full; a large gap has thousands


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) >= 2**31:
        no_number = Sentence("is no whole number from {low} to {high}", low=0, high=2**31 - 1)
        raise Bad(no_number if text else Sentence("is missing"))
    return int(text)


MATRIX_COLUMNS: dict[str, Reader] = {
    "origin": any_cell,
    "destination": any_cell,
    "metres": _whole,
    "seconds": _whole,
}


def read_matrix(path: Path, origins: Sequence[str], destinations: Sequence[str]) -> tuple[Whole, Whole]:
    """A ready-made matrix, as metres and seconds [origin, destination].

    Raises ConfigErrors with each row that is twice there or no whole number of at least 0, and with each pair that is
    missing. Pairs of other places are ignored.
    """
    row, column = ({name: i for i, name in enumerate(names)} for names in (origins, destinations))
    metres = np.full((len(origins), len(destinations)), -1, dtype=np.int64)
    seconds = metres.copy()
    problems: list[Problem] = []
    file = display_path(path)
    table = read_table(path, file, MATRIX_COLUMNS, problems)
    for line, cells in table.numbered():
        place = row.get(str(cells["origin"])), column.get(str(cells["destination"]))
        if place[0] is None or place[1] is None:
            continue
        if metres[place] >= 0:
            pair = f"{cells['origin']} to {cells['destination']}"
            problems.append(Problem(file, f"row {line}, origin and destination", pair, "is there twice"))
        metres[place], seconds[place] = int(cells["metres"] or 0), int(cells["seconds"] or 0)
    if table.complete:
        problems += _gaps(file, metres, origins, destinations)
    if problems:
        raise ConfigErrors(_shorten(file, problems))
    return metres.astype(np.int32), seconds.astype(np.int32)


def _gaps(
    file: str, metres: NDArray[np.int64], origins: Sequence[str], destinations: Sequence[str]
) -> Iterator[Problem]:
    for i, j in np.argwhere(metres < 0):
        yield Problem(file, "", f"{origins[i]} to {destinations[j]}", "unreachable site, no row for this pair")


def _shorten(file: str, problems: list[Problem]) -> list[Problem]:
    rest = len(problems) - SHOWN
    return problems if rest <= 0 else [*problems[:SHOWN], Problem(file, "", "", Sentence("and {rest} more", rest=rest))]


__all__ = ["MATRIX_COLUMNS", "Whole", "read_matrix"]
