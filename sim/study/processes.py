"""Worker processes: what they are sent, and that they do not outlive the study."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from itertools import accumulate
from math import prod
from typing import Any

import numpy as np
from joblib.externals.loky import process_executor
from numpy.typing import NDArray

from sim.model.tables import Discrete, Model

LOOK_S = 1.0
ALIGNMENT = 64  # bytes: a line of the processor's cache
MMAP_MAX, TRIM_THRESHOLD = -4, -1  # glibc's malloc.h
KEPT_BYTES = 2_000_000_000
NEW_OBJECTS = 500_000  # before garbage is looked for: a model makes a million that stay


@dataclass(frozen=True)
class Place:
    """Where an array lies in a block of bytes."""

    start: int
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Parcel:
    """A compiled model as workers are sent it: its fields, with the bytes of all its arrays as one block.

    joblib writes an array of more than a megabyte to a file once, and maps that into every worker; a model's hundred
    arrays would each be looked at, and most of them copied, anew for every run.
    """

    fields: dict[str, Any]  # an array as its Place, a Discrete as three of them
    block: NDArray[np.uint8]


def pack(model: Model) -> Parcel:
    """A model ready to be sent to any number of workers."""
    values = {field.name: getattr(model, field.name) for field in fields(model)}
    arrays = [array for value in values.values() for array in _arrays(value)]
    starts = [0, *accumulate(-(-array.nbytes // ALIGNMENT) * ALIGNMENT for array in arrays)]
    block = np.zeros(starts[-1], dtype=np.uint8)
    for start, array in zip(starts, arrays, strict=False):
        block[start : start + array.nbytes] = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    places = iter([Place(s, a.dtype.str, a.shape) for s, a in zip(starts, arrays, strict=False)])
    return Parcel({name: _place(value, places) for name, value in values.items()}, block)


def _arrays(value: object) -> list[NDArray[Any]]:
    if isinstance(value, Discrete):
        return [value.ptr, value.cum, value.item]
    return [value] if isinstance(value, np.ndarray) else []


def _place(value: object, places: Iterator[Place]) -> object:
    if isinstance(value, Discrete):
        return Discrete(*(next(places) for _ in range(3)))  # type: ignore[arg-type]  # places, until it is unpacked
    return next(places) if isinstance(value, np.ndarray) else value


def unpack(parcel: Parcel) -> Model:
    """The model of a parcel; its arrays are read-only views of the parcel's block, nothing is copied."""
    block = parcel.block.view(np.ndarray)
    block.flags.writeable = False

    def view_of(value: Any) -> Any:
        if isinstance(value, Discrete):
            return Discrete(*map(view_of, (value.ptr, value.cum, value.item)))
        if not isinstance(value, Place):
            return value
        bytes_ = prod(value.shape) * np.dtype(value.dtype).itemsize
        return block[value.start : value.start + bytes_].view(value.dtype).reshape(value.shape)

    return Model(**{name: view_of(value) for name, value in parcel.fields.items()})


def keep_memory() -> None:
    """Has this process keep the memory that a run gives back, for the next one.

    The C library (glibc) would return large arrays to the kernel, which clears every page that it hands out again: a
    fifth of a run. Elsewhere nothing is changed. loky takes memory that is kept for a leak, and would replace the
    worker.
    """
    process_executor._MAX_MEMORY_LEAK_SIZE = KEPT_BYTES
    gc.set_threshold(NEW_OBJECTS)
    with suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MMAP_MAX, 0)
        mallopt(TRIM_THRESHOLD, KEPT_BYTES)


def die_with(parent: int) -> None:
    """Ends this worker soon after the process that it works for (``parent``, its id) is gone, however that went."""
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="die with the parent").start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os._exit(1)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


__all__ = ["Parcel", "cores", "die_with", "keep_memory", "pack", "unpack"]
