"""The contacts whose units a patient holds, innermost first, and what is still to be done in this second.

The innermost held contact stands in the patient's slot, those around it in a list of nodes.
"""

from __future__ import annotations

from typing import Any

from sim.engines.compiled.jit import inlined

EVERYTHING = 1 << 30  # more units than anybody holds
LOOK, BEGIN = -1, -2  # in place of a row: a pool looks whom it can start, the contact of a slot begins


@inlined
def note(x: Any, pool: Any, row: Any, shift: Any) -> None:
    """Notes what is done next in this second, before all that was noted earlier.

    A unit of ``pool`` is given back that the contact in ``row`` took in ``shift``; or LOOK, or BEGIN (of a slot).
    """
    count = x.counts[0]
    x.work[count.work, 0], x.work[count.work, 1], x.work[count.work, 2] = pool, row, shift
    count.work += 1


@inlined
def turn_round(work: Any, first: Any, last: Any) -> None:
    """The first of these becomes the last."""
    a, b = first, last - 1
    while a < b:
        for column in range(3):
            work[a, column], work[b, column] = work[b, column], work[a, column]
        a += 1
        b -= 1


@inlined
def hold(s: Any, x: Any, slot: Any, pool: Any, row: Any, shift: Any) -> None:
    """The patient holds one more unit, innermost."""
    p, q, count = s.slots[slot], x.more[slot], x.counts[0]
    if p.held_pool >= 0:
        node = count.free_node
        n = x.nodes[node]
        count.free_node = n.next
        count.free_nodes -= 1
        n.pool, n.row, n.shift, n.next = p.held_pool, p.held_row, q.held_shift, q.below
        q.below = node
    p.held_pool, p.held_row, q.held_shift = pool, row, shift


@inlined
def drop_innermost(s: Any, x: Any, slot: Any) -> None:
    """The innermost unit is held no more; what becomes of it is the caller's to say."""
    p, q, node = s.slots[slot], x.more[slot], x.more[slot].below
    if node < 0:
        p.held_pool = -1
    else:
        n, count = x.nodes[node], x.counts[0]
        p.held_pool, p.held_row, q.held_shift, q.below = n.pool, n.row, n.shift, n.next
        n.next = count.free_node
        count.free_node = node
        count.free_nodes += 1


@inlined
def give_back(s: Any, x: Any, slot: Any, most: Any) -> None:
    """Up to ``most`` units are given back, innermost first; the pool of each looks before the next is."""
    p, count, left = s.slots[slot], x.counts[0], most
    first = count.work
    while p.held_pool >= 0 and left > 0:
        note(x, p.held_pool, p.held_row, x.more[slot].held_shift)
        drop_innermost(s, x, slot)
        left -= 1
    turn_round(x.work, first, count.work)


@inlined
def give_up(s: Any, x: Any, slot: Any) -> None:
    """All that is held is given back."""
    give_back(s, x, slot, EVERYTHING)


@inlined
def exchange_two(s: Any, x: Any, slot: Any) -> None:
    """The unit around the innermost becomes the innermost."""
    p, q = s.slots[slot], x.more[slot]
    n = x.nodes[q.below]
    n.pool, p.held_pool = p.held_pool, n.pool
    n.row, p.held_row = p.held_row, n.row
    n.shift, q.held_shift = q.held_shift, n.shift


@inlined
def give_back_around(s: Any, x: Any, slot: Any) -> None:
    """All that is held is given back, but for the innermost."""
    p, q = s.slots[slot], x.more[slot]
    pool, row, shift = p.held_pool, p.held_row, q.held_shift
    drop_innermost(s, x, slot)
    give_back(s, x, slot, EVERYTHING)
    p.held_pool, p.held_row, q.held_shift = pool, row, shift


@inlined
def add_tried(x: Any, slot: Any, site: Any) -> None:
    """A site turned the patient away in this chain of asking."""
    q, count = x.more[slot], x.counts[0]
    node = count.free_node
    n = x.nodes[node]
    count.free_node = n.next
    count.free_nodes -= 1
    n.pool, n.next = site, q.tried
    q.tried = node


@inlined
def forget_tried(x: Any, slot: Any) -> None:
    """The chain of asking is over."""
    q, count = x.more[slot], x.counts[0]
    while q.tried >= 0:
        n, node = x.nodes[q.tried], q.tried
        q.tried = n.next
        n.next = count.free_node
        count.free_node = node
        count.free_nodes += 1


@inlined
def has_tried(nodes: Any, node: Any, site: Any) -> Any:
    """Whether a site is in a list of nodes."""
    while node >= 0:
        if nodes[node].pool == site:
            return True
        node = nodes[node].next
    return False


__all__ = [
    "BEGIN", "EVERYTHING", "LOOK", "add_tried", "drop_innermost", "exchange_two", "forget_tried", "give_back",
    "give_back_around", "give_up", "has_tried", "hold", "note",
]  # fmt: skip
