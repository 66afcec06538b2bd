"""A ready-made travel matrix, as a router writes it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int32]
MATRIX_COLUMNS = ("origin", "destination", "metres", "seconds")
SHOWN = 20  # problems listed in full; a large gap has thousands


def read_matrix(path: Path, origins: Sequence[str], destinations: Sequence[str]) -> tuple[Whole, Whole]:
    """A ready-made matrix, as metres and seconds [origin, destination].

    Raises ``ValueError`` with one line for each row that is unknown, twice there or no whole number of at
    least 0, and for each pair that is missing. Pairs of other places are ignored.
    """
    row, column = ({name: i for i, name in enumerate(names)} for names in (origins, destinations))
    metres = np.full((len(origins), len(destinations)), -1, dtype=np.int64)
    seconds = metres.copy()
    problems: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != MATRIX_COLUMNS:
            raise ValueError(f"{path.name}: columns {reader.fieldnames}, allowed {list(MATRIX_COLUMNS)}")
        for line, cells in enumerate(reader, start=2):
            place = row.get(cells["origin"]), column.get(cells["destination"])
            if place[0] is None or place[1] is None:
                continue
            if metres[place] >= 0:
                problems.append(f"row {line}: {cells['origin']} to {cells['destination']} is there twice")
            try:
                metres[place], seconds[place] = _whole(cells["metres"]), _whole(cells["seconds"])
            except ValueError as error:
                problems.append(f"row {line}: {error}")
                metres[place] = seconds[place] = 0
    gaps = np.argwhere(metres < 0)
    problems += [f"missing: {origins[i]} to {destinations[j]}" for i, j in gaps]
    if problems:
        raise ValueError("\n".join(f"{path.name}: {p}" for p in _shorten(problems)))
    return metres.astype(np.int32), seconds.astype(np.int32)


def _whole(text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdigit() or int(text) >= 2**31:
        raise ValueError(f"{text!r} is no whole number from 0 to {2**31 - 1}")
    return int(text)


def _shorten(problems: list[str]) -> Iterable[str]:
    rest = len(problems) - SHOWN
    return problems if rest <= 0 else [*problems[:SHOWN], f"and {rest} more"]
