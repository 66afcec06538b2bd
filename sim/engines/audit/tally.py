"""What the engine counts event by event, so that the table of contacts can be held against it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.codes import Ints


@dataclass(frozen=True, eq=False)
class Tally:
    """Index letters as in ``tables.Model``. A stop is an offer (G), then a service without site (S), then the door.

    Who is there when the run starts counts from second 0, who is there at the horizon until then.
    """

    queue_s: Ints  # [P] integral of those who wait
    users_s: Ints  # [P] integral of the units in use
    waiting: Ints  # [P] at the horizon
    users: Ints  # [P] at the horizon
    starts: Ints  # [P] also those who go on in a unit that they have
    gone: Ints  # [P] left or turned away
    onward: Ints  # [G + S + 1] patients who came in by the door, or whose contact at the stop led to another
    unasked: Ints  # [G + S + 1] of them, those on the way at the horizon, or over before the run began


__all__ = ["Tally"]
