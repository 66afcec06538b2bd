"""What the loop needs besides for models with more than plain queues: stacks of units, several pools, signals, shifts.

A model that uses none of it has no such tables: the loop is then compiled without these parts (an argument that is
None is a branch that numba leaves out), so that a plain model pays nothing for them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.engines.compiled.layout import Array

MORE = np.dtype(
    [
        # in the first line of the processor's cache: what is asked at every event
        ("sequence", "i8"),  # of the event that ends the service; any other end of service is out of date
        ("ends", "i8"),  # s, as drawn, before the hours of ending
        ("ready", "i8"),  # s from which the request may start
        ("below", "i4"),  # node of what is held around the held contact; -1 none
        ("tried", "i4"),  # node of the last site that turned the patient away in this chain of asking
        ("gives", "i4"),  # units that are given back when the contact starts, innermost first
        ("shift", "i4"),  # in which the unit of the contact was taken
        ("held_shift", "i4"),  # in which that of the held contact was taken
        ("joined", "i4"),  # pools of the offer that the request was put in the queue of
        ("way", "i2"),  # Action that led to what is asked for
        ("all", "i2"),  # 1: all that is held is given back
        ("own", "i2"),  # 1: the held contact is the one that ended
        ("goes_on", "i2"),  # 1: starts in the unit that is held
        ("took", "i2"),  # 1: started in a unit that was free
        ("begun", "i2"),  # 1: was interrupted
        ("settled", "i2"),  # 1: the limit of the queue and patience have been asked
        ("empty", "i2"),
        # in the second
        ("rest", "i8"),  # s of an interrupted contact that are left
        ("back", "i8"),  # s at which the team is at its base, if it carries nobody; -1: that is known, or no team
        ("sent", "i4"),  # site at which the patient asks next; -1 chosen
        ("miss", "i4"),  # row of miss_* of who did not come, -1
        ("team", "i4"),  # pool of the team that is with the patient
        ("whose", "i4"),  # of a timer: slot of the patient
        ("before", "i4"),  # those in service in the same pool, where shifts hand over
        ("behind", "i4"),
        ("filler", "i8", 3),  # to the end of the line
    ],
    align=True,
)

NODE = np.dtype([("pool", "i4"), ("row", "i4"), ("shift", "i4"), ("next", "i4")])  # or the site in place of the pool

COUNT = np.dtype([(name, "i8") for name in ("work", "free_node", "free_nodes", "in_use")])


class Mechanisms(NamedTuple):
    """Tables, names and meaning as in ``tables.Model`` unless said otherwise; then what changes in a run."""

    most_pools: int  # of one offer
    next_gives_all: Array
    when_full: Array
    starts_limited: Array
    starts_ptr: Array
    starts_time: Array
    ends_limited: Array
    ends_ptr: Array
    ends_time: Array
    not_before: Array
    waits_unready: Array  # [S] 1: some requests of the service may not start before a second
    miss_row: Array
    miss_share: Array
    miss_occupies_ppm: Array
    miss_next: Array
    refuse_row: Array
    refuse_signal: Array
    refuse_ptr: Array
    refuse_share: Array
    next_signal: Array
    length_row: Array
    length_signal: Array
    length_ptr: Array
    length_ppm: Array
    choice_idle: Array
    carries: Array
    offer_pools_ptr: Array
    offer_pools: Array
    offer_spill_s: Array  # no less than that of the pool before
    service_pools_ptr: Array  # [S + 1]
    service_pools: Array  # pools of all offers of a service, rising
    choosy: Array  # [P] 1: not everybody in its queue may start at any time
    keep_free: Array
    shift_rule: Array
    swap_ptr: Array
    swap_pool: Array
    counts: Array  # [1] COUNT
    more: Array  # [slots] MORE
    nodes: Array  # NODE
    work: Array  # [n, 3] what is still to be done in this second: see ``held_units.note``
    starts_at: Array  # [S] the opening or closing of the hours of starting that comes next
    shift: Array  # [P] shifts that ended
    outside: Array  # [P] units in use that do not count against the capacity
    in_service: Array  # [P] the slot whose contact started last, -1 none


Maybe = Any  # Mechanisms, or None where a model uses none of them

__all__ = ["COUNT", "MORE", "NODE", "Maybe", "Mechanisms"]
