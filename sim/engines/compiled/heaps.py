"""A heap in an array: entries of two words, the least first; four children a node, so that they share a cache line."""

from __future__ import annotations

from typing import Any

from sim.engines.compiled.jit import inlined


@inlined
def push(heap: Any, base: Any, size: Any, high: Any, low: Any) -> None:
    """Adds (high, low) to the heap of ``size`` entries that begins at ``base``."""
    at = size
    while at > 0:
        parent = (at - 1) >> 2
        if not (high < heap[base + parent, 0] or (high == heap[base + parent, 0] and low < heap[base + parent, 1])):
            break
        heap[base + at, 0] = heap[base + parent, 0]
        heap[base + at, 1] = heap[base + parent, 1]
        at = parent
    heap[base + at, 0] = high
    heap[base + at, 1] = low


@inlined
def drop_first(heap: Any, base: Any, size: Any) -> None:
    """Removes the first entry of the heap of ``size`` entries that begins at ``base``."""
    last = size - 1
    high, low = heap[base + last, 0], heap[base + last, 1]
    at, child = 0, 1
    while child < last:
        least = child
        for other in range(child + 1, min(child + 4, last)):
            if heap[base + other, 0] < heap[base + least, 0] or (
                heap[base + other, 0] == heap[base + least, 0] and heap[base + other, 1] < heap[base + least, 1]
            ):
                least = other
        if not (heap[base + least, 0] < high or (heap[base + least, 0] == high and heap[base + least, 1] < low)):
            break
        heap[base + at, 0] = heap[base + least, 0]
        heap[base + at, 1] = heap[base + least, 1]
        at, child = least, 4 * least + 1
    heap[base + at, 0] = high
    heap[base + at, 1] = low


__all__ = ["drop_first", "push"]
