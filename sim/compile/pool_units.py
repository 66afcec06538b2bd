"""Units of pools: more, fewer, spread over several."""

from __future__ import annotations

from sim.compile.draft import PoolDraft


def grow(pools: list[PoolDraft], factor: float) -> None:
    """Multiplies places and surge."""
    for pool in pools:
        pool.capacity *= factor
        pool.surge *= factor


def add_units(pools: list[PoolDraft], units: float) -> None:
    """Spreads units over pools as their capacity is; evenly where they have none."""
    total = sum(p.capacity for p in pools)
    if total > 0:
        grow(pools, 1 + units / total)
        return
    for pool in pools:
        pool.capacity += units / len(pools)


__all__ = ["add_units", "grow"]
