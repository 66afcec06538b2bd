"""A queue that grows without end is stopped before it fills the memory."""

from __future__ import annotations

WAITING_LIMIT = 2_000_000  # requests that may wait for one pool: more than the people of the largest shipped region


class Overloaded(RuntimeError):
    """More requests wait for a pool than any region has people."""


def overloaded(pool: str, waiting: int, starts: int, gone: int) -> Overloaded:
    """The error for a pool: its queue, and how many times as much was asked for as it could start."""
    load = (waiting + starts + gone) / max(starts, 1)
    return Overloaded(
        f"{waiting:,} wait for {pool}, which is asked for {load:.1f} times as often as it can start"
        f" ({starts:,} started); give it more capacity, a patience or a queue limit"
    )


__all__ = ["WAITING_LIMIT", "Overloaded", "overloaded"]
