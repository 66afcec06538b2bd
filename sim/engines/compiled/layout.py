"""What the compiled engine works on: the model's tables, the people and the state of a run, as arrays."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

INDEX_BITS = 29  # of an episode in the key of an event; above it 3 bits of its class and 32 of its second
SLOT_BITS = 26  # of a slot in an entry's second word
BUCKET_BITS = 10  # a bucket of the agenda is 1024 s
PART_BITS = 3  # a part of a bucket is 8 s
CHUNK = 32  # entries of one piece of a bucket; a power of two
CACHE_LINE = 64  # bytes
VISITS = 8  # visits whose salts are kept
NO_SERVICE, NO_CHOICE = -1, -2  # an alternative without a service, and what is none


class Status(IntEnum):
    """Why the loop came back."""

    OVER = 0  # the horizon is reached
    MORE_ROWS = 1
    MORE_SLOTS = 2
    MORE_EVENTS = 3
    MORE_CHUNKS = 4
    MORE_QUEUE = 5
    OVERLOAD = 6  # a pool's queue is beyond the limit
    MORE_NODES = 7
    MORE_WORK = 8


class Stage(IntEnum):
    """What a patient does, or what a slot is used for."""

    WAITING = 0
    STARTED = 1
    GONE = 2
    BETWEEN = 3  # on the way, or at home until a follow-up
    RETURNING = 4  # no patient: a team on its way back to its base
    FREE = 5
    TIMER = 6  # no patient: looks after one who waits, at a second


SLOT = np.dtype(
    [
        ("key", "u8"),  # of the episode
        ("course", "u8"),  # random word of a contact's duration and of what comes next
        ("asked_for", "u8"),  # services, by bit
        ("fail_delay", "i8"),  # s; more than 32 bits hold if it is never
        ("episode", "i4"),
        ("time", "i4"),
        ("home", "i4"),
        ("group", "i4"),
        ("need", "i2"),
        ("age", "i2"),
        ("acuity", "i2"),
        ("fail_service", "i2"),  # where a lever's shift falls back to; -1 it does not fail
        ("step", "i4"),
        ("service", "i4"),
        ("visit", "i4"),
        ("site", "i4"),
        ("offer", "i4"),
        ("pool", "i4"),
        ("row", "i4"),  # of the contact
        ("origin", "i2"),
        ("waits", "i2"),  # of who is there when the run starts: 1 has not started
        ("holding", "i2"),
        ("place", "i4"),  # where the patient is
        ("came_from", "i4"),  # where the patient asked from
        ("asked", "i4"),
        ("deadline", "i4"),
        ("stage", "i2"),
        ("outcome", "i2"),
        ("held_pool", "i4"),  # of the contact whose unit is kept; -1 none
        ("held_row", "i4"),
        ("stop", "i4"),  # see Tally
        ("free_next", "i4"),  # the next free slot
    ],
    align=True,
)

POOL = np.dtype(
    [
        ("queue_s", "i8"),  # see Tally
        ("users_s", "i8"),
        ("starts", "i8"),
        ("gone", "i8"),
        ("base", "i8"),  # where its queue begins
        ("size", "i8"),  # entries of its queue, with those who gave up
        ("room", "i8"),
        ("capacity", "i8"),
        ("users", "i8"),
        ("waiting", "i8"),
        ("overtime_units", "i8"),
        ("last_call", "i8"),
    ],
    align=True,
)

CLOCK = np.dtype(
    [
        (name, "i8")
        for name in (
            "arrival", "calendar", "rows", "events", "line", "line_end", "sequence", "bucket", "largest_bucket",
            "free_slot", "free_slots", "free_chunk", "free_chunks", "waiting", "queue_end", "largest_queue", "stack",
            "overloaded", "near", "drawn_set", "drawn_for", "drawn_site",
        )
    ]
)  # fmt: skip


class Tables(NamedTuple):
    """A model for the loop; names and meaning as in ``tables.Model`` unless said otherwise."""

    horizon: int
    zones: int
    places: int
    needs: int
    redraws: int
    units: int  # that can be in use at once
    waiting_limit: int  # requests that may wait for one pool
    phase_start: Array
    salt: Array  # [S, VISITS, purposes]
    service_hash: Array
    choice_hash: Array
    listed: Array
    cell: Array  # [F, S, C, 4] duration, patience, row of next, row of next after leaving
    first_ptr: Array
    first_cum: Array
    first_item: Array
    first_pull: Array
    first_row: Array
    shift_ptr: Array
    shift_cum: Array
    shift_item: Array
    shift_row: Array
    shift_to: Array
    shift_fail: Array
    shift_delay: Array
    switches: Array
    near_row: Array
    near_start: Array
    near_pattern: Array
    near_odds: Array  # [patterns, Z, Q, rows] in 32 bits: all that one patient asks for lies together
    wait_row: Array
    wait_signal: Array
    wait_ptr: Array
    wait_odds: Array
    signal_kind: Array
    signal_over_s: Array
    signal_ptr: Array
    signal_threshold: Array
    signal_offer: Array
    signal_pool: Array  # [X, P] 1: the signal is read of the pool
    offer_pools_ptr: Array
    offer_pools: Array
    pool_mean_s: Array
    places_value: Array
    answers: Array
    next_to: Array  # [items of next] service of a way that may be chosen, -1 none, -2 it is no choice
    next_pull: Array  # [items of next] weight of a service at hand; 0 of the other ways
    next_ptr: Array
    next_cum: Array
    next_item: Array
    next_action: Array
    next_service: Array
    next_delay: Array
    zone_area: Array
    target: Array
    quantile: Array
    mode: Array
    keeps_at_close: Array
    queue_limit: Array
    fallback: Array
    choice_set: Array
    choice_ptr: Array
    choice_cum: Array
    choice_site: Array
    added_ptr: Array
    added_cum: Array
    added_site: Array
    nearest_ptr: Array
    nearest_site: Array
    travel_s: Array
    offer: Array
    offer_pool: Array
    offer_service: Array
    offer_open: Array
    always_accepts: Array  # [G] 1: one may wait there at any time
    open_ptr: Array
    open_time: Array
    overtime: Array
    pool_site: Array
    tour_milli: Array
    capacity_ptr: Array
    capacity_time: Array
    capacity_value: Array
    start_queue: Array
    calendar_key: Array  # what the calendar does, as keys of events in their order
    calendar_value: Array  # units, or when the overtime that ends began


class People(NamedTuple):
    """Episodes that begin before the horizon; columns as in ``tables.Episodes``, in EPISODE_TYPES."""

    key: Array
    time: Array
    need: Array
    zone: Array
    age: Array
    acuity: Array
    first_draw: Array
    shift_draw: Array
    service: Array
    site: Array


class State(NamedTuple):
    """A run: where the clock stands, patients, events, pools, and the growing table of contacts."""

    clock: Array  # [1] CLOCK
    slots: Array  # SLOT
    visits: Array  # [slots, S] how many times the patient asked for each service
    events: Array  # [n, 2] heap of what was made for the running bucket while it runs: key, sequence and slot
    line: Array  # [n, 2] what was made for it before, in order
    part_begins: Array  # [parts of a bucket + 1] where in the line a part begins
    chunks: Array  # [n, CHUNK, 2] events of later buckets
    chunk_next: Array
    bucket_chunk: Array  # [buckets] its first chunk, -1 none
    bucket_count: Array  # [buckets] entries in all its chunks; the first alone may not be full
    pools: Array  # POOL
    queue: Array  # [n, 2] heaps of requests, one a pool: due and asked; episode, step and slot
    passed: Array  # [n, 2] requests that could not start in their turn
    stack: Array  # pools in which a unit became free
    open_at: Array  # [G] the opening or closing that comes next
    table: Array  # [columns, n] the contacts
    onward: Array
    unasked: Array
    users_before: Array  # [X, P] integrals at the end of the last period of a signal
    waiting_before: Array
    known: Array  # [X, P] a signal's mean over the last period, -1 before the first ends, or where it is of the moment
    odds: Array  # of the items of a row among which somebody chooses, for the moment


__all__ = ["CACHE_LINE", "CHUNK", "CLOCK", "POOL", "SLOT", "Array", "People", "Stage", "State", "Status", "Tables"]
