"""Worker processes: what they are sent, and that they do not outlive the study."""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from sim.tables import Model

LOOK_S = 1.0
ALIGNMENT = 64  # bytes: a line of the processor's cache


@dataclass(frozen=True, eq=False)
class Parcel:
    """A compiled model as workers are sent it: what it consists of, and the bytes of all its arrays as one.

    joblib writes an array of more than a megabyte to a file once, and maps that into every worker; a model's hundred
    arrays would each be looked at, and most of them copied, anew for every run.
    """

    content: bytes
    spans: tuple[tuple[int, int], ...]  # where each array's bytes begin and end
    arrays: NDArray[np.uint8]


def pack(model: Model) -> Parcel:
    """A model ready to be sent to any number of workers."""
    buffers: list[pickle.PickleBuffer] = []
    content = pickle.dumps(model, protocol=5, buffer_callback=buffers.append)
    parts = [buffer.raw() for buffer in buffers]
    starts = [0, *accumulate(-(-part.nbytes // ALIGNMENT) * ALIGNMENT for part in parts)]
    spans = tuple((start, start + part.nbytes) for start, part in zip(starts, parts, strict=False))
    arrays = np.zeros(starts[-1], dtype=np.uint8)
    for (start, end), part in zip(spans, parts, strict=True):
        arrays[start:end] = part
    return Parcel(content, spans, arrays)


def unpack(parcel: Parcel) -> Model:
    """The model of a parcel; its arrays are read-only views of the parcel's, nothing is copied."""
    arrays = parcel.arrays.view()
    arrays.flags.writeable = False
    buffers = [arrays[start:end] for start, end in parcel.spans]
    model: Model = pickle.loads(parcel.content, buffers=buffers)  # noqa: S301  # made by pack
    return model


@cache
def die_with(study: int) -> None:
    """Ends this worker soon after the study's process (``study``, its process id) is gone, however that went."""
    if study != os.getpid():
        threading.Thread(target=_watch, args=(study,), daemon=True, name="die with the study").start()


def _watch(study: int) -> None:
    while os.getppid() == study:
        time.sleep(LOOK_S)
    os._exit(1)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


__all__ = ["Parcel", "cores", "die_with", "pack", "unpack"]
