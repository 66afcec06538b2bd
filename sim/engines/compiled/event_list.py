"""What is to happen: in order for the running bucket of 1024 s, in unordered pieces for the buckets after it.

The first word of an event is its second, class and index, the order of the contract; the second word is the order in
which events were made, and the slot of the patient.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.heaps import drop_first, push
from sim.engines.compiled.jit import inlined
from sim.engines.compiled.layout import BUCKET_BITS, CHUNK, INDEX_BITS, PART_BITS, SLOT_BITS, Stage
from sim.model.codes import EventClass

PATIENCE_END = int(EventClass.PATIENCE_END)
WAITING = int(Stage.WAITING)
SLOT_MASK = np.uint64((1 << SLOT_BITS) - 1)
INDEX_MASK = np.uint64((1 << INDEX_BITS) - 1)
CLASS_MASK = np.uint64(7)
NO_EVENT = np.uint64(0xFFFFFFFFFFFFFFFF)
PART_MASK = (1 << BUCKET_BITS - PART_BITS) - 1
FULL_PART = 64  # events; insertion takes a step for each pair of them
TO_TIME, TO_CLASS, TO_SLOT = np.uint64(32), np.uint64(INDEX_BITS), np.uint64(SLOT_BITS)


@inlined
def key_of(when: Any, kind: Any, index: Any) -> Any:
    """The first word of an event."""
    return np.uint64(when) << TO_TIME | np.uint64(kind) << TO_CLASS | np.uint64(index)


@inlined
def time_of(key: Any) -> Any:
    """The second of an event."""
    return np.int64(key >> TO_TIME)


@inlined
def part_of(key: Any) -> Any:
    """The part of its bucket in which an event lies."""
    return time_of(key) >> PART_BITS & PART_MASK


@inlined
def class_of(key: Any) -> Any:
    """The class of an event."""
    return np.int64(key >> TO_CLASS & CLASS_MASK)


@inlined
def index_of(key: Any) -> Any:
    """The index of an event within its class."""
    return np.int64(key & INDEX_MASK)


@inlined
def slot_of(word: Any) -> Any:
    """The slot in the second word of an entry."""
    return np.int64(word & SLOT_MASK)


@inlined
def sequence_of(word: Any) -> Any:
    """The order in which an event was made, in the second word of an entry."""
    return np.int64(word >> TO_SLOT)


@inlined
def add(s: Any, when: Any, kind: Any, index: Any, slot: Any) -> None:
    """Makes an event happen at second ``when``, before the horizon."""
    clock = s.clock[0]
    clock.sequence += 1
    word = np.uint64(clock.sequence) << TO_SLOT | np.uint64(slot)
    bucket = when >> BUCKET_BITS
    if bucket <= clock.bucket:
        push(s.events, 0, clock.events, key_of(when, kind, index), word)
        clock.events += 1
    else:
        count = s.bucket_count[bucket] + 1
        s.bucket_count[bucket] = count
        clock.largest_bucket = max(clock.largest_bucket, count)
        put_off(s.clock, s.chunks, s.chunk_next, s.bucket_chunk, bucket, count, key_of(when, kind, index), word)


@inlined
def put_off(
    clock: Any, chunks: Any, chunk_next: Any, bucket_chunk: Any, bucket: Any, count: Any, key: Any, word: Any
) -> None:
    """Writes down the last event of a bucket to come, which has ``count`` now."""
    at = (count - 1) & (CHUNK - 1)
    if at == 0:
        chunk = clock[0].free_chunk
        clock[0].free_chunk = chunk_next[chunk]
        clock[0].free_chunks -= 1
        chunk_next[chunk] = bucket_chunk[bucket]
        bucket_chunk[bucket] = chunk
    chunk = bucket_chunk[bucket]
    chunks[chunk, at, 0] = key
    chunks[chunk, at, 1] = word


@inlined
def turn(s: Any) -> None:
    """The next bucket begins: its events stand in line, but for the ends of a patience that no longer matters."""
    clock, kept = s.clock[0], 0
    clock.bucket += 1
    chunk, fill = s.bucket_chunk[clock.bucket], ((s.bucket_count[clock.bucket] - 1) & (CHUNK - 1)) + 1
    while chunk >= 0:
        for i in range(fill):
            key, word = s.chunks[chunk, i, 0], s.chunks[chunk, i, 1]
            if class_of(key) != PATIENCE_END or still_waits(s.slots[slot_of(word)], key):
                s.events[kept, 0], s.events[kept, 1] = key, word  # the heap is empty now: they are put there meanwhile
                kept += 1
        after = s.chunk_next[chunk]
        s.chunk_next[chunk] = clock.free_chunk
        clock.free_chunk = chunk
        clock.free_chunks += 1
        chunk, fill = after, CHUNK
    clock.line, clock.line_end = 0, 0
    if line_up(s.events, kept, s.part_begins, s.line):
        clock.line_end = kept
    else:
        for i in range(kept):
            push(s.events, 0, i, s.events[i, 0], s.events[i, 1])
        clock.events = kept


@inlined
def line_up(events: Any, count: Any, begins: Any, line: Any) -> Any:
    """Puts the events of a bucket in order: by counting those of each part, and by insertion within a part.

    Not if a part has so many that a heap is faster; returns whether.
    """
    begins[:] = 0
    for i in range(count):
        begins[part_of(events[i, 0]) + 1] += 1
    for part in range(PART_MASK + 1):
        if begins[part + 1] > FULL_PART:
            return False
    for part in range(PART_MASK):
        begins[part + 1] += begins[part]
    for i in range(count):
        part = part_of(events[i, 0])
        at = begins[part]
        begins[part] = at + 1
        line[at, 0], line[at, 1] = events[i, 0], events[i, 1]
    for i in range(1, count):
        key, word, at = line[i, 0], line[i, 1], i
        while at > 0 and (key < line[at - 1, 0] or (key == line[at - 1, 0] and word < line[at - 1, 1])):
            line[at, 0], line[at, 1] = line[at - 1, 0], line[at - 1, 1]
            at -= 1
        line[at, 0], line[at, 1] = key, word
    return True


@inlined
def soonest(s: Any) -> Any:
    """The words of the next event, NO_EVENT if none is left in the running bucket; and whether it stands in line."""
    clock, key, word, in_line = s.clock[0], NO_EVENT, NO_EVENT, False
    if clock.events:
        key, word = s.events[0, 0], s.events[0, 1]
    if clock.line < clock.line_end:
        first, second = s.line[clock.line, 0], s.line[clock.line, 1]
        if first < key or (first == key and second < word):
            key, word, in_line = first, second, True
    return key, word, in_line


@inlined
def drop_soonest(s: Any, in_line: Any) -> None:
    """Removes the next event."""
    clock = s.clock[0]
    if in_line:
        clock.line += 1
    else:
        drop_first(s.events, 0, clock.events)
        clock.events -= 1


@inlined
def still_waits(patient: Any, key: Any) -> Any:
    """Whether the end of a patience is that of the request that waits in the slot now."""
    mine = patient.episode == index_of(key) and patient.deadline == time_of(key)
    return mine and patient.stage == WAITING


__all__ = [
    "NO_EVENT", "add", "class_of", "drop_soonest", "index_of", "key_of", "sequence_of", "slot_of", "soonest",
    "still_waits", "time_of", "turn",
]  # fmt: skip
