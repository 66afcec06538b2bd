"""Makes the arrays of a run, and makes larger what has become too small."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from sim.engines.compiled.layout import (
    BUCKET_BITS,
    CACHE_LINE,
    CHUNK,
    CLOCK,
    INDEX_BITS,
    NO_CHOICE,
    PART_BITS,
    POOL,
    SLOT,
    SLOT_BITS,
    VISITS,
    Array,
    People,
    Stage,
    State,
    Status,
    Tables,
)  # fmt: skip
from sim.engines.compiled.timetable import timetable
from sim.model.codes import Action, Ints, Purpose, Words
from sim.model.randomness import salt
from sim.model.tables import CONTACT_COLUMNS, EPISODE_TYPES, Discrete, Episodes, Model

FIRST_ROOM = 1024
LONGEST = 1 << 31  # s, 68 years
HALVED = frozenset({"choice_site", "added_site", "nearest_site"})  # for the cache's sake; seconds can be too many


class TooLarge(RuntimeError):
    """A run is beyond what the compiled engine can count; the SimPy engine has no such limit but memory."""


def tables_of(model: Model, waiting_limit: int) -> Tables:
    """The model's arrays as the loop reads them."""
    if model.horizon + int(model.target.max(initial=0)) >= LONGEST:
        raise TooLarge(f"the compiled engine counts to {LONGEST:,} s: a target wait ends after that")
    key, value = timetable(model)
    kept = model.keeps_at_close[model.offer_service] == 1
    made: dict[str, Any] = {
        "horizon": model.horizon,
        "redraws": model.redraws,
        "zones": len(model.zones),
        "needs": len(model.needs),
        "places": len(model.zones) + len(model.sites),
        "units": int(_most(model).sum()),
        "waiting_limit": waiting_limit,
        "salt": _salts(model),
        "cell": np.stack([model.duration, model.patience, model.next_row, model.leave_row], axis=-1).astype(np.int32),
        "always_accepts": (kept & model.offer_open.all(axis=0)).astype(np.int64),
        "signal_pool": _signal_pool(model),
        "next_to": _chosen_services(model),
        "near_odds": model.near_odds.transpose(0, 2, 3, 1).astype(np.int32),
        "calendar_key": key,
        "calendar_value": value,
    }
    columns: dict[str, Any] = {name: made[name] if name in made else _of(model, name) for name in Tables._fields}
    frozen: dict[str, Any] = {name: _read_only(c) if isinstance(c, np.ndarray) else c for name, c in columns.items()}
    return Tables(**frozen)


def _read_only(array: Array) -> Array:
    """The array as the loop knows it, wherever it lies: another kind of array would be compiled for anew."""
    plain = np.ascontiguousarray(array).view(np.ndarray)
    plain.flags.writeable = False
    return plain


def _of(model: Model, name: str) -> Any:
    """An array of the model; of a discrete distribution one of its parts."""
    head, _, part = name.rpartition("_")
    whole = getattr(model, head, None)
    is_part = isinstance(whole, Discrete) and part in ("ptr", "cum", "item")
    found = getattr(whole, part) if is_part else getattr(model, name)
    return found.astype(np.int32) if name in HALVED else found


def _most(model: Model) -> Array:
    """[P] the most units that a pool ever has."""
    most = np.zeros(len(model.pools), dtype=np.int64)
    np.maximum.at(most, np.repeat(np.arange(len(most)), np.diff(model.capacity_ptr)), model.capacity_value)
    return most


def _salts(model: Model) -> Words:
    """[S, VISITS, purposes] the salts of the first visits to each service."""
    hashes = model.service_hash.tolist()
    purposes = range(len(Purpose) + 1)
    kept = [[[salt(h, visit, purpose) for purpose in purposes] for visit in range(VISITS)] for h in hashes]
    return np.array(kept, dtype=np.uint64).reshape(len(hashes), VISITS, len(purposes))


def _chosen_services(model: Model) -> Ints:
    """By item of next: its service, -1 at an exit; NO_CHOICE where it is a follow-up or what is held goes on."""
    action = model.next_action[model.next.item]
    chosen: Ints = np.where(
        np.isin(action, (Action.AT_ONCE, Action.EXIT)), model.next_service[model.next.item], NO_CHOICE
    )
    return chosen


def _signal_pool(model: Model) -> Ints:
    read = np.zeros((len(model.signal_kind), len(model.pools)), dtype=np.int64)
    for signal, offers in enumerate(model.signal_offer):
        pools = model.offer_pool[offers[offers >= 0]]
        read[signal, pools[pools >= 0]] = 1
    return read


def people_of(model: Model, episodes: Episodes) -> People:
    """The episodes that begin before the horizon; nothing is copied. Raises TooLarge beyond its counters."""
    count = int(np.searchsorted(episodes.time, model.horizon, side="left"))
    earliest = int(episodes.time[:count].min(initial=0))
    if count >= 1 << INDEX_BITS or model.horizon >= LONGEST or earliest <= -LONGEST:
        told = f"{count:,} episodes from second {earliest:,} to {model.horizon:,}"
        raise TooLarge(f"the compiled engine counts to {1 << INDEX_BITS:,} episodes and {LONGEST:,} s: {told}")
    columns = {name: getattr(episodes, name)[:count] for name in People._fields}
    return People(**{name: _read_only(c.astype(EPISODE_TYPES[name], copy=False)) for name, c in columns.items()})


def state_of(model: Model, tables: Tables, people: People) -> State:
    """A run before its first event."""
    slots, rows, units = FIRST_ROOM, 2 * len(people.key) + FIRST_ROOM, tables.units  # what is not used takes no memory
    buckets = (model.horizon >> BUCKET_BITS) + 2
    pools = np.zeros(len(model.pools), dtype=POOL)
    for p in range(len(pools)):
        steps = slice(model.capacity_ptr[p], model.capacity_ptr[p + 1])
        before = model.capacity_value[steps][model.capacity_time[steps] < 0]
        pools["capacity"][p] = before[-1] if len(before) else 0
    read = (len(model.signal_kind), len(pools))
    stops = len(model.offer_pool) + len(model.services) + 1
    state = State(
        clock=np.zeros(1, dtype=CLOCK),
        slots=np.zeros(0, dtype=SLOT),
        visits=np.zeros((0, len(model.services)), dtype=np.uint16),
        events=aligned((2 * units + FIRST_ROOM, 2), np.uint64),
        line=aligned((2 * units + FIRST_ROOM, 2), np.uint64),
        part_begins=np.zeros((1 << BUCKET_BITS - PART_BITS) + 1, dtype=np.int32),
        chunks=np.empty((0, CHUNK, 2), dtype=np.uint64),
        chunk_next=np.empty(0, dtype=np.int32),
        bucket_chunk=np.full(buckets, -1, dtype=np.int32),
        bucket_count=np.zeros(buckets, dtype=np.int32),
        pools=pools,
        queue=np.empty((FIRST_ROOM, 2), dtype=np.uint64),
        passed=np.empty((FIRST_ROOM, 2), dtype=np.uint64),
        stack=np.empty(2 * units + len(pools) + 8, dtype=np.int32),
        open_at=model.open_ptr[:-1].copy(),
        table=aligned((len(CONTACT_COLUMNS), rows), np.int32),
        onward=np.zeros(stops, dtype=np.int64),
        unasked=np.zeros(stops, dtype=np.int64),
        users_before=np.zeros(read, dtype=np.int64),
        waiting_before=np.zeros(read, dtype=np.int64),
        known=np.full(read, -1, dtype=np.int64),
        odds=np.zeros(int(max(np.diff(d.ptr).max(initial=0) for d in (model.first, model.next))), dtype=np.int64),
    )
    state.clock[0]["free_slot"] = state.clock[0]["free_chunk"] = -1
    return _more_chunks(_more_slots(state, slots + units), 2 * units + FIRST_ROOM)


def enlarged(state: State, tables: Tables, status: Status) -> State:
    """The state with more room where the loop found too little."""
    clock = state.clock[0]
    if status == Status.MORE_ROWS:
        if 3 * state.table.shape[1] // 2 >= LONGEST:
            raise TooLarge(f"the compiled engine counts to {LONGEST:,} contacts; this run makes more")
        return state._replace(table=_wider(state.table))
    if status == Status.MORE_SLOTS:
        return _more_slots(state, len(state.slots) + tables.units)
    if status == Status.MORE_EVENTS:
        more = len(state.events) + int(clock["waiting"]) + int(clock["largest_bucket"])
        return state._replace(events=_longer(state.events, more), line=_longer(state.line, more))
    if status == Status.MORE_CHUNKS:
        return _more_chunks(state, len(state.chunks) + tables.units)
    if status in (Status.MORE_NODES, Status.MORE_WORK):
        return state
    more = len(state.queue) + 2 * int(clock["largest_queue"])
    queue = _longer(state.queue, more)
    return state._replace(queue=queue, passed=_longer(state.passed, more))


def aligned(shape: tuple[int, ...], dtype: Any) -> Array:
    """An array that begins with a line of the processor's cache, so that a slot is two lines and no part of a third."""
    size = prod(shape) * np.dtype(dtype).itemsize
    block = np.empty(size + CACHE_LINE, dtype=np.uint8)
    start = -block.ctypes.data % CACHE_LINE
    array: Array = block[start : start + size].view(dtype).reshape(shape)
    return array


def _longer(array: Array, more: int) -> Array:
    longer = aligned((len(array) + more, *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer


def _wider(table: Array) -> Array:
    wider = aligned((len(table), 3 * table.shape[1] // 2), table.dtype)
    wider[:, : table.shape[1]] = table
    return wider


def _more_slots(state: State, more: int) -> State:
    """New slots, in the list of the free ones."""
    clock, before = state.clock[0], len(state.slots)
    if before + more > 1 << SLOT_BITS:
        raise TooLarge(f"the compiled engine has room for {1 << SLOT_BITS:,} patients at once")
    slots, visits = _longer(state.slots, more), _longer(state.visits, more)
    slots["stage"][before:] = Stage.FREE
    slots["free_next"][before:] = np.arange(before + 1, len(slots) + 1)
    slots["free_next"][-1] = clock["free_slot"]
    clock["free_slot"] = before
    clock["free_slots"] += more
    return state._replace(slots=slots, visits=visits)


def _more_chunks(state: State, more: int) -> State:
    """New pieces of buckets, in the list of the free ones."""
    clock, before = state.clock[0], len(state.chunks)
    chunks, after = _longer(state.chunks, more), _longer(state.chunk_next, more)
    after[before:] = np.arange(before + 1, len(after) + 1)
    after[-1] = clock["free_chunk"]
    clock["free_chunk"] = before
    clock["free_chunks"] += more
    return state._replace(chunks=chunks, chunk_next=after)


__all__ = ["TooLarge", "aligned", "enlarged", "people_of", "state_of", "tables_of"]
