"""What is to happen: a heap for the running bucket of 1024 s, and unordered pieces for the buckets after it.

The first word of an event is its second, class and index, the order of the contract; the second word is the order in
which events were made, and the slot of the patient.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.build import inlined, small
from sim.engines.compiled.heaps import push
from sim.engines.compiled.layout import BUCKET_BITS, CHUNK, INDEX_BITS, SLOT_BITS, Stage
from sim.tables import EventClass

PATIENCE_END = int(EventClass.PATIENCE_END)
WAITING = int(Stage.WAITING)
SLOT_MASK = np.uint64((1 << SLOT_BITS) - 1)
INDEX_MASK = np.uint64((1 << INDEX_BITS) - 1)
CLASS_MASK = np.uint64(7)
TO_TIME, TO_CLASS, TO_SLOT = np.uint64(32), np.uint64(INDEX_BITS), np.uint64(SLOT_BITS)


@small
def key_of(when: Any, kind: Any, index: Any) -> Any:
    """The first word of an event."""
    return np.uint64(when) << TO_TIME | np.uint64(kind) << TO_CLASS | np.uint64(index)


@small
def time_of(key: Any) -> Any:
    """The second of an event."""
    return np.int64(key >> TO_TIME)


@small
def class_of(key: Any) -> Any:
    """The class of an event."""
    return np.int64(key >> TO_CLASS & CLASS_MASK)


@small
def index_of(key: Any) -> Any:
    """The index of an event within its class."""
    return np.int64(key & INDEX_MASK)


@small
def slot_of(word: Any) -> Any:
    """The slot in the second word of an entry."""
    return np.int64(word & SLOT_MASK)


@inlined
def add(s: Any, when: Any, kind: Any, index: Any, slot: Any) -> None:
    """Makes an event happen at second ``when``, before the horizon."""
    s.clock[0].sequence += 1
    word = np.uint64(s.clock[0].sequence) << TO_SLOT | np.uint64(slot)
    bucket = when >> BUCKET_BITS
    if bucket <= s.clock[0].bucket:
        push(s.events, 0, s.clock[0].events, key_of(when, kind, index), word)
        s.clock[0].events += 1
    else:
        put_off(s.clock, s.chunks, s.chunk_next, s.bucket_chunk, s.bucket_fill, bucket, key_of(when, kind, index), word)


@small
def put_off(
    clock: Any, chunks: Any, chunk_next: Any, bucket_chunk: Any, bucket_fill: Any, bucket: Any, key: Any, word: Any
) -> None:
    """Adds an event to a bucket to come."""
    fill = bucket_fill[bucket]
    if fill == CHUNK:
        fill = 0
        chunk = clock[0].free_chunk
        clock[0].free_chunk = chunk_next[chunk]
        clock[0].free_chunks -= 1
        chunk_next[chunk] = bucket_chunk[bucket]
        bucket_chunk[bucket] = chunk
    chunk = bucket_chunk[bucket]
    chunks[chunk, fill, 0] = key
    chunks[chunk, fill, 1] = word
    bucket_fill[bucket] = fill + 1


@inlined
def turn(s: Any) -> None:
    """The next bucket begins: its events enter the heap, but for the ends of a patience that no longer matters."""
    clock = s.clock[0]
    clock.bucket += 1
    chunk, fill = s.bucket_chunk[clock.bucket], s.bucket_fill[clock.bucket]
    while chunk >= 0:
        for i in range(fill):
            key, word = s.chunks[chunk, i, 0], s.chunks[chunk, i, 1]
            if class_of(key) != PATIENCE_END or still_waits(s.slots[slot_of(word)], key):
                push(s.events, 0, clock.events, key, word)
                clock.events += 1
        after = s.chunk_next[chunk]
        s.chunk_next[chunk] = clock.free_chunk
        clock.free_chunk = chunk
        clock.free_chunks += 1
        chunk, fill = after, CHUNK


@inlined
def still_waits(patient: Any, key: Any) -> Any:
    """Whether the end of a patience is that of the request that waits in the slot now."""
    mine = patient.episode == index_of(key) and patient.deadline == time_of(key)
    return mine and patient.stage == WAITING


__all__ = ["add", "class_of", "index_of", "key_of", "slot_of", "still_waits", "time_of", "turn"]
