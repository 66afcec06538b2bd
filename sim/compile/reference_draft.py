"""The world as configured, before any lever: the draft that the levers of every scenario begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import numpy as np

from sim.compile.draft import EXIT, HOW, Draft, OfferDraft, PoolDraft, Way
from sim.config.schema.base import Distribution
from sim.config.schema.care import Care, FirstRule, Service
from sim.config.schema.pathway_rules import Rule, Step, WaysRule, When
from sim.config.schema.region import Region
from sim.model.codes import ACUITIES, ACUITY_NAMES, AGE_GROUPS, Action

R = TypeVar("R", bound=Rule)
W = TypeVar("W", bound=WaysRule)
V = TypeVar("V")


def reference(care: Care, region: Region, areas: int = 1) -> Draft:
    """The world as configured, before any lever: the same in each of so many areas."""
    needs, services = list(care.needs), list(care.services)
    listed = list(care.services.values())
    first = _firsts(care, needs)
    return Draft(
        needs=needs,
        services=services,
        factor=np.ones((areas * len(needs), len(AGE_GROUPS))),
        first=np.array([[rule.to.get(s, 0.0) for s in services] for rule in first] * areas),
        at_hand=np.array([[rule.at_hand.get(s, 0.0) for s in services] for rule in first] * areas),
        next=[_all_ways(service.next, needs) * areas for service in listed],
        leave=[_all_ways(service.patience, needs) * areas for service in listed],
        duration=[_durations(service, needs) * areas for service in listed],
        lead=[_leads(service, needs) * areas for service in listed],
        patience=[_patiences(service, needs) * areas for service in listed],
        target_s=np.array([_targets(service) * areas for service in listed]),
        pools=_pools(region),
        offers=_offers(region, needs),
    )


def _by_class(rules: Mapping[str, R], needs: list[str], value_of: Callable[[R], V]) -> list[V | None]:
    """[C] what the first rule that fits a class says, worked out once a rule; None where none fits."""
    out: list[V | None] = [None] * (len(needs) * len(AGE_GROUPS) * ACUITIES)
    for rule in reversed(list(rules.values())):
        value = value_of(rule)
        for c in _classes_of(rule.when, needs):
            out[c] = value
    return out


def _classes_of(when: When | None, needs: list[str]) -> Iterator[int]:
    """The classes without area that a condition holds for."""
    if when is None:
        yield from range(len(needs) * len(AGE_GROUPS) * ACUITIES)
        return
    for n, need in enumerate(needs):
        for a, age in enumerate(AGE_GROUPS):
            if (when.needs is None or need in when.needs) and (when.ages is None or age in when.ages):
                first = (n * len(AGE_GROUPS) + a) * ACUITIES
                yield from (first + q for q in range(ACUITIES) if when.acuity is None or str(q + 1) in when.acuity)


def _firsts(care: Care, needs: list[str]) -> list[FirstRule]:
    """[C] how the episodes of each class begin."""
    each = len(AGE_GROUPS) * ACUITIES
    rules = [_by_class(care.needs[need].first, needs, lambda rule: rule) for need in needs]
    firsts = [rules[n][n * each + k] for n in range(len(needs)) for k in range(each)]
    assert all(rule is not None for rule in firsts)
    return [rule for rule in firsts if rule is not None]


def _ways(rule: WaysRule) -> tuple[Way, ...]:
    """The services at hand, then the ways on that somebody takes, so that the last has a share."""
    at_hand = (Way(0.0, to, Action.AT_ONCE, at_hand=share) for to, share in rule.at_hand.items() if share > 0)
    return (*at_hand, *ways_of(rule.then))


def ways_of(steps: dict[str, Step]) -> tuple[Way, ...]:
    """The ways on that somebody takes."""
    return tuple(
        Way(s.probability, s.to, Action.EXIT if s.to == EXIT else HOW[s.how], s.after, s.gives_back == "all", name)
        for name, s in steps.items()
        if s.probability > 0
    )


def _all_ways(rules: Mapping[str, W], needs: list[str]) -> list[tuple[Way, ...]]:
    """[C] the ways on by the first rule that fits a class; none where none does."""
    return [ways or () for ways in _by_class(rules, needs, _ways)]


def _durations(service: Service, needs: list[str]) -> list[tuple[Distribution, float]]:
    """[C] duration of each class; every class has one, which is checked where a care model is read."""
    found = _by_class(service.duration, needs, lambda rule: (rule.time, 1.0))
    assert all(one is not None for one in found)
    return [one for one in found if one is not None]


def _leads(service: Service, needs: list[str]) -> list[tuple[Distribution, float] | None]:
    return _by_class(service.not_before, needs, lambda rule: (rule.time, 1.0))


def _patiences(service: Service, needs: list[str]) -> list[Distribution | None]:
    return _by_class(service.patience, needs, lambda rule: rule.time)


def _targets(service: Service) -> list[float]:
    if service.targets is None:
        return [0.0] * ACUITIES
    return [60.0 * service.targets.target_min[q] for q in ACUITY_NAMES]


def _pools(region: Region) -> dict[str, PoolDraft]:
    return {
        row["pool"]: PoolDraft(
            name=row["pool"],
            resource=row["resource"],
            site=row["site"],
            capacity=float(row["capacity"]),
            surge=float(row["surge"]),
            calendar=row["calendar"],
            overtime_h=float(row["overtime_h"]) if row["shift_end"] == "overtime" else 0.0,
            shift_end=row["shift_end"],
            keep_free=tuple(map(int, str(row.get("keep_free", "")).split())) or (0,) * ACUITIES,
        )
        for row in region.pools.to_dict("records")
    }


def _offers(region: Region, needs: list[str]) -> dict[tuple[str, str], OfferDraft]:
    return {
        (row["site"], row["service"]): OfferDraft(
            site=row["site"],
            service=row["service"],
            pool=row["pool"].split()[0],
            level=row["level"],
            ages=frozenset(AGE_GROUPS if row["ages"] == "all" else row["ages"].split()),
            needs=frozenset(needs if row["needs"] == "all" else row["needs"].split()),
            calendar=row["calendar"],
            pull=float(row["pull"]),
            municipality_only=row["serves"] == "municipality",
            further=_further(row["pool"].split()[1:], str(row.get("spill_after_h", "")).split()),
        )
        for row in region.offers.to_dict("records")
    }


def _further(pools: list[str], hours: list[str]) -> tuple[tuple[str, float], ...]:
    return tuple(zip(pools, map(float, hours or ["0"] * len(pools)), strict=True))


__all__ = ["reference", "ways_of"]
