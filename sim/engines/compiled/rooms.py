"""Room for what one event can bring, where a model has more than plain queues; and a slot for a new patient."""

from __future__ import annotations

from typing import Any

from sim.engines.compiled.jit import called, inlined
from sim.engines.compiled.layout import Status
from sim.model.codes import Action

AT_ONCE = int(Action.AT_ONCE)
OVER, _, MORE_SLOTS, MORE_EVENTS, MORE_CHUNKS, MORE_QUEUE, _, MORE_NODES, MORE_WORK = map(int, Status)


@called
def lacking_more(m: Any, s: Any, x: Any) -> Any:
    """What has too little room; OVER if nothing has. More units can be in use than there are, after a shift ended."""
    clock, count = s.clock[0], x.counts[0]
    most = 2 * (m.units + count.in_use) + 16  # starts that can follow from one event
    if count.free_nodes < 8:
        return MORE_NODES
    if count.work + 2 * most + len(s.pools) > len(x.work):
        return MORE_WORK
    if clock.free_slots < most:
        return MORE_SLOTS
    if clock.events + most + clock.waiting > len(s.events):
        return MORE_EVENTS
    if clock.free_chunks < most:
        return MORE_CHUNKS
    if clock.queue_end + 2 * x.most_pools * max(2 * clock.largest_queue, 8) + 8 * count.in_use > len(s.queue):
        return MORE_QUEUE
    return MORE_QUEUE if clock.waiting + count.in_use + 8 > len(s.passed) else OVER


@inlined
def new_patient(x: Any, slot: Any) -> None:
    """The slot of a patient who holds nothing and has asked for nothing."""
    q = x.more[slot]
    q.below, q.tried, q.sent, q.miss = -1, -1, -1, -1
    q.way, q.all, q.own, q.gives, q.goes_on, q.took = AT_ONCE, 0, 0, 0, 0, 0
    q.begun, q.settled, q.joined, q.sequence, q.back = 0, 0, 0, -1, -1


__all__ = ["lacking_more", "new_patient"]
