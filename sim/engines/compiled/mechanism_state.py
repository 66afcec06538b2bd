"""Makes the tables and arrays of the mechanisms that a model uses, and makes larger what has become too small."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.layout import Array, State, Status
from sim.engines.compiled.mechanisms import COUNT, MORE, NODE, Mechanisms
from sim.engines.compiled.state import aligned
from sim.model.codes import Action, Ints, ShiftRule, WhenFull
from sim.model.tables import Model

FIRST_NODES = 1024
ROWS = ("not_before", "miss_row", "refuse_row", "next_signal", "length_row")  # -1: not used
FLAGS = (
    "next_gives_all", "starts_limited", "ends_limited", "keep_free", "offer_spill_s", "choice_idle",
)  # fmt: skip


def uses_mechanisms(model: Model) -> bool:
    """Whether a model needs more than the plain loop."""
    several = len(model.offer_pools) > len(model.offer_pool)
    shifts = np.isin(model.shift_rule, (ShiftRule.FRESH, ShiftRule.HAND_OVER)).any()
    said = any((getattr(model, name) >= 0).any() for name in ROWS) or any(getattr(model, n).any() for n in FLAGS)
    kept = np.isin(model.next_action, (Action.WITHIN, Action.CARRIED)).any()
    ways = kept or (model.when_full != WhenFull.FALLBACK).any()
    return bool(said or several or shifts or ways or len(model.swap_pool))


def mechanisms_of(model: Model, state: State) -> Mechanisms | None:
    """The mechanisms before the first event of a run; None if the model uses none of them."""
    if not uses_mechanisms(model):
        return None
    pools = len(model.pools)
    ptr, of_service = _service_pools(model)
    made: dict[str, Any] = {
        "most_pools": int(np.diff(model.offer_pools_ptr).max(initial=1)),
        "waits_unready": (model.not_before >= 0).any(axis=(0, 2)).astype(np.int64),
        "offer_spill_s": _rising(model),
        "service_pools_ptr": ptr,
        "service_pools": of_service,
        "choosy": _choosy(model, ptr, of_service),
        "counts": np.zeros(1, dtype=COUNT),
        "more": _more_slots(np.zeros(0, dtype=MORE), len(state.slots)),
        "nodes": np.zeros(0, dtype=NODE),
        "work": np.zeros((0, 3), dtype=np.int64),
        "starts_at": model.starts_ptr[:-1].copy(),
        "shift": np.zeros(pools, dtype=np.int64),
        "outside": np.zeros(pools, dtype=np.int64),
        "in_service": np.full(pools, -1, dtype=np.int64),
    }
    columns: dict[str, Any] = {
        name: made[name] if name in made else _plain(getattr(model, name)) for name in Mechanisms._fields
    }
    found = Mechanisms(**columns)
    found.counts[0]["free_node"] = -1
    return _more_work(_more_nodes(found), state, int(_most(model).sum()))


def fitted(found: Mechanisms | None, state: State, status: Status) -> Mechanisms | None:
    """The mechanisms with as many slots as the state has, and with more room where the loop found too little."""
    if found is None:
        return None
    if len(found.more) < len(state.slots):
        found = found._replace(more=_more_slots(found.more, len(state.slots)))
    if status == Status.MORE_NODES:
        found = _more_nodes(found)
    return _more_work(found, state, 0) if status == Status.MORE_WORK else found


def _plain(array: Array) -> Array:
    """The array as the loop knows it: whole, and without the flag of one that may not be written."""
    return np.array(array, dtype=np.int64, order="C")


def _most(model: Model) -> Ints:
    most = np.zeros(len(model.pools), dtype=np.int64)
    np.maximum.at(most, np.repeat(np.arange(len(most)), np.diff(model.capacity_ptr)), model.capacity_value)
    return most


def _more_slots(more: Array, slots: int) -> Array:
    """As many as the state has."""
    longer = aligned((slots,), MORE)
    longer[len(more) :] = np.zeros((), dtype=MORE)
    longer[: len(more)] = more
    return longer


def _more_nodes(found: Mechanisms) -> Mechanisms:
    count, before = found.counts[0], len(found.nodes)
    nodes = np.zeros(2 * before + FIRST_NODES, dtype=NODE)
    nodes[:before] = found.nodes
    nodes["next"][before:] = np.arange(before + 1, len(nodes) + 1)
    nodes["next"][-1] = count["free_node"]
    count["free_node"] = before
    count["free_nodes"] += len(nodes) - before
    return found._replace(nodes=nodes)


def _more_work(found: Mechanisms, state: State, units: int) -> Mechanisms:
    work = np.zeros((2 * len(found.work) + 8 * units + len(state.pools) + 1024, 3), dtype=np.int64)
    work[: len(found.work)] = found.work
    return found._replace(work=work)


def _rising(model: Model) -> Ints:
    """Delays of an offer's pools, each no less than that before it."""
    rising = model.offer_spill_s.astype(np.int64)
    for first, last in zip(model.offer_pools_ptr[:-1], model.offer_pools_ptr[1:], strict=True):
        rising[first:last] = np.maximum.accumulate(rising[first:last])
    return rising


def _service_pools(model: Model) -> tuple[Ints, Ints]:
    """Rows of the pools in which a service may start, by service."""
    service = np.repeat(model.offer_service, np.diff(model.offer_pools_ptr))
    pairs = np.unique(np.stack([service, model.offer_pools]), axis=1)
    pairs = pairs[:, pairs[1] >= 0]
    return np.searchsorted(pairs[0], np.arange(len(model.services) + 1)), pairs[1].copy()


def _choosy(model: Model, ptr: Ints, of_service: Ints) -> Ints:
    choosy = ((model.tour_milli > 0) | model.keep_free.any(axis=1)).astype(np.int64)
    for service in np.flatnonzero(model.starts_limited):
        choosy[of_service[ptr[service] : ptr[service + 1]]] = 1
    return choosy


__all__ = ["fitted", "mechanisms_of", "uses_mechanisms"]
