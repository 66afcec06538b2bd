"""A compiled model as workers are given it: one file, which every process of a machine maps and none copies."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import accumulate
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.tables import Discrete, Model

ALIGNMENT = 64  # bytes: a line of the processor's cache
TABLES = ".tables_"  # the folder's name begins so where it lies among the results


@dataclass(frozen=True)
class Place:
    """Where an array lies in a block of bytes."""

    start: int
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Parcel:
    """A compiled model: its fields, with the bytes of all its arrays in one file.

    So a parcel itself is small, whoever holds or sends it; a worker's machine reads the file once, whatever the
    number of runs.
    """

    fields: dict[str, Any]  # an array as its Place, a Discrete as three of them
    file: str

    def discard(self) -> None:
        """Removes the file, if it can be: a process that has it mapped still reads it; Windows refuses meanwhile."""
        try:
            Path(self.file).unlink(missing_ok=True)
        except OSError:
            return


def pack(model: Model, file: Path) -> Parcel:
    """A model ready to be sent to any number of workers; its arrays are written into a file."""
    values = {field.name: getattr(model, field.name) for field in fields(model)}
    arrays = [array for value in values.values() for array in _arrays(value)]
    starts = [0, *accumulate(-(-array.nbytes // ALIGNMENT) * ALIGNMENT for array in arrays)]

    with file.open("wb") as block:
        for start, array in zip(starts, arrays, strict=False):
            block.seek(start)
            block.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
        block.truncate(max(starts[-1], ALIGNMENT))  # an empty file cannot be mapped
    places = iter([Place(s, a.dtype.str, a.shape) for s, a in zip(starts, arrays, strict=False)])
    return Parcel({name: _place(value, places) for name, value in values.items()}, str(file))


def _arrays(value: object) -> list[NDArray[Any]]:
    if isinstance(value, Discrete):
        return [value.ptr, value.cum, value.item]
    return [value] if isinstance(value, np.ndarray) else []


def _place(value: object, places: Iterator[Place]) -> object:
    if isinstance(value, Discrete):
        return Discrete(*(next(places) for _ in range(3)))  # type: ignore[arg-type]  # places, until it is unpacked
    return next(places) if isinstance(value, np.ndarray) else value


def unpack(parcel: Parcel) -> Model:
    """The model of a parcel; its arrays are read-only views of the parcel's file, nothing is copied."""
    block = _block(parcel.file)

    def view_of(value: Any) -> Any:
        if isinstance(value, Discrete):
            return Discrete(*map(view_of, (value.ptr, value.cum, value.item)))
        if not isinstance(value, Place):
            return value
        bytes_ = prod(value.shape) * np.dtype(value.dtype).itemsize
        return block[value.start : value.start + bytes_].view(value.dtype).reshape(value.shape)

    return Model(**{name: view_of(value) for name, value in parcel.fields.items()})


@lru_cache(maxsize=2)  # runs come by model: a worker maps each once, and lets go of those that are done with
def _block(file: str) -> NDArray[np.uint8]:
    return np.memmap(file, dtype=np.uint8, mode="r").view(np.ndarray)


@contextmanager
def tables_folder(results: Path, is_far: bool) -> Iterator[Path]:
    """A folder for parcels, gone afterwards: in the temporary folder, or among the results for other machines."""
    if is_far:
        results.mkdir(parents=True, exist_ok=True)
    prefix, place = (TABLES, results) if is_far else (temporary_prefix(os.getpid()), None)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
    try:
        yield folder
    finally:
        _block.cache_clear()
        shutil.rmtree(folder, ignore_errors=True)


def temporary_prefix(process: int) -> str:
    """How a process's folders of parcels begin in the temporary folder."""
    return f"careshift_tables_{process}_"


__all__ = ["TABLES", "Parcel", "pack", "tables_folder", "temporary_prefix", "unpack"]
