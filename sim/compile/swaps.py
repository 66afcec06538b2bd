"""Pools whose waiting holders exchange units, found among the waits that a scenario's drafts allow."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compile.draft import Draft, split
from sim.compile.offers_and_pools import pool_names
from sim.config.checks.held_checks import asked_service
from sim.config.held_pools import Class, Going, Network, Offered, waits
from sim.config.schema.care import Care
from sim.model.codes import ACUITIES, AGE_GROUPS, Action

HOW = {
    Action.AT_ONCE: "at_once", Action.HOLDING: "holding", Action.WITHIN: "within", Action.CARRIED: "at_once",
}  # fmt: skip


def swap_arrays(care: Care, drafts: list[Draft]) -> dict[str, Any]:
    """``swap_*`` of a model: pools P and Q where holders of each may wait for the other, and give back at the start."""
    areas = [(draft, area) for draft in drafts if _keeps(draft) for area in range(draft.areas)]
    held_waits = waits(_network(care, draft, area) for draft, area in areas)
    names = pool_names(drafts)
    rows: list[list[int]] = [[] for _ in names]
    for one, other in held_waits.by_pools:
        if held_waits.swaps(one, other):
            rows[names[one]].append(names[other])
    return {
        "swap_ptr": np.cumsum([0, *map(len, rows)]).astype(np.int64),
        "swap_pool": np.array([p for row in rows for p in sorted(row)], dtype=np.int64),
    }


def _keeps(draft: Draft) -> bool:
    """Whether anybody keeps a unit while asking for the next: there is no swap where nobody holds."""
    holding = {s for s, row in enumerate(draft.next) for ways in row for way in ways if way.how == Action.HOLDING}
    return len(holding) > 1


def _network(care: Care, draft: Draft, area: int) -> Network:
    """What each class of an area may do in a draft."""
    classes = {_class_names(draft, c): c for c in draft.classes(None, [area])}
    index = {s: j for j, s in enumerate(draft.services)}

    def ways(service: str, who: Class) -> tuple[Going, ...]:
        listed = draft.next[index[service]][classes[who]]
        return tuple(Going(w.to, HOW[w.how], w.gives_all) for w in listed if w.how in HOW)

    return Network(
        services={name: asked_service(care.services[name]) for name in draft.services},
        offers=[Offered(o.site, o.service, o.pools, o.ages, o.needs) for o in draft.offers.values()],
        classes=list(classes),
        ways=ways,
        patient=lambda service, who: draft.patience[index[service]][classes[who]] is not None,
        reached=lambda who: reachable_services(care, draft, classes[who]),
    )


def reachable_services(care: Care, draft: Draft, c: int) -> frozenset[str]:
    """Services that a class can ever ask for."""
    todo = [s for s, share in zip(draft.services, draft.first[c] + draft.at_hand[c], strict=True) if share > 0]
    todo += [shift.to_service for shift in draft.shifts if c in shift.classes]
    services: set[str] = set()
    while todo:
        name = todo.pop()
        if name in services or name not in draft.services:
            continue
        services.add(name)
        s, service = draft.services.index(name), care.services[name]
        missed = [step.to for rule in service.no_show.values() for step in rule.then.values()]
        todo += [*(w.to for w in (*draft.next[s][c], *draft.leave[s][c])), *missed, str(service.fallback)]
    return frozenset(services)


def _class_names(draft: Draft, c: int) -> Class:
    n, a, q = split(c)
    assert q < ACUITIES
    return draft.needs[n % len(draft.needs)], AGE_GROUPS[a], str(q + 1)


__all__ = ["reachable_services", "swap_arrays"]
