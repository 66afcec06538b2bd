"""A scenario in one phase, still with names and fractions: what levers change and what the model is made of."""

from __future__ import annotations

from collections.abc import Container
from copy import copy
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.config.schema.base import Distribution
from sim.config.schema.care import Care, FirstRule, Service
from sim.config.schema.pathway_rules import Rule, Step, WaysRule, When
from sim.config.schema.region import Region
from sim.model.codes import ACUITIES, ACUITY_NAMES, AGE_GROUPS, LEVELS, PAYERS, Action

Floats = NDArray[np.float64]
HOW = {
    "at_once": Action.AT_ONCE, "holding": Action.HOLDING, "follow_up": Action.FOLLOW_UP, "within": Action.WITHIN,
    "carried": Action.CARRIED,
}  # fmt: skip
GIVEN_BACK = (Action.AT_ONCE, Action.HOLDING)  # where one may say what
EXIT = "exit"
EVERYWHERE = range(1 << 30)  # all areas
R = TypeVar("R", bound=Rule)


@dataclass(frozen=True)
class Way:
    """One way on from a contact."""

    probability: float
    to: str
    how: Action
    after: Distribution | None = None
    gives_all: bool = False  # everything that is held is given back, not the own unit alone
    step: str = field(default="", compare=False)  # its name in the care model, by which responses know it
    at_hand: float = 0.0  # share of a service beside an open site of it, of those who choose; in no reference


@dataclass
class PoolDraft:
    """Units of one kind in one place."""

    name: str
    resource: str
    site: str
    capacity: float
    surge: float
    calendar: str
    overtime_h: float
    shift_end: str = "finish"
    keep_free: tuple[int, ...] = (0,) * ACUITIES  # by acuity


@dataclass
class OfferDraft:
    """A service at a site."""

    site: str
    service: str
    pool: str
    level: str
    ages: frozenset[str]
    needs: frozenset[str]
    calendar: str
    pull: float
    municipality_only: bool
    open: bool = True
    added: bool = False
    further: tuple[tuple[str, float], ...] = ()  # pools after the first, each with hours after the request

    @property
    def pools(self) -> tuple[str, ...]:
        """All its pools, in the order in which they are tried."""
        return self.pool, *(pool for pool, _ in self.further)


class Phase(NamedTuple):
    """A stretch of the run in which no lever's ramp and no dated row of the region changes."""

    start: int  # s
    reference: Draft  # as configured
    draft: Draft  # with the scenario's levers


@dataclass(frozen=True)
class ShiftDraft:
    """First contacts of some classes that a lever moves."""

    classes: tuple[int, ...]
    from_service: str
    to_service: str
    share: float
    fail: float
    delay: Distribution | None


@dataclass
class Draft:
    """Index letters as in ``tables.Model``, classes too."""

    needs: list[str]
    services: list[str]
    factor: Floats  # [D * N, A] wanted over reference rate
    first: Floats  # [C, S] probabilities
    at_hand: Floats  # [C, S] share of a service beside an open site of it; 0 but for those that are in no reference
    next: list[list[tuple[Way, ...]]]  # [S][C]
    leave: list[list[tuple[Way, ...]]]  # [S][C]
    duration: list[list[tuple[Distribution, float]]]  # [S][C] with a factor
    lead: list[list[tuple[Distribution, float] | None]]  # [S][C] delay before which nothing starts, with a factor
    patience: list[list[Distribution | None]]  # [S][C]
    target_s: Floats  # [S, D * Q]
    pools: dict[str, PoolDraft]
    offers: dict[tuple[str, str], OfferDraft]  # by (site, service)
    shifts: list[ShiftDraft] = field(default_factory=list)
    induced: list[tuple[int, str, float]] = field(default_factory=list)  # class, service, width
    extra_staff_h: Floats = field(default_factory=lambda: np.zeros((len(LEVELS), len(PAYERS))))
    extra_sek: Floats = field(default_factory=lambda: np.zeros((len(LEVELS), len(PAYERS))))

    def copy(self) -> Draft:
        """A copy that levers may change; what is frozen inside is shared."""
        return replace(
            self,
            factor=self.factor.copy(),
            first=self.first.copy(),
            at_hand=self.at_hand.copy(),
            next=[list(row) for row in self.next],
            leave=[list(row) for row in self.leave],
            duration=[list(row) for row in self.duration],
            lead=[list(row) for row in self.lead],
            patience=[list(row) for row in self.patience],
            target_s=self.target_s.copy(),
            pools={name: copy(pool) for name, pool in self.pools.items()},
            offers={key: copy(offer) for key, offer in self.offers.items()},
            shifts=list(self.shifts),
            induced=list(self.induced),
            extra_staff_h=self.extra_staff_h.copy(),
            extra_sek=self.extra_sek.copy(),
        )

    @property
    def areas(self) -> int:
        """How many areas there are."""
        return len(self.factor) // len(self.needs)

    def classes(self, when: When | None, areas: Container[int] = EVERYWHERE) -> list[int]:
        """The classes of some areas that a condition holds for."""
        each = len(self.first) // self.areas
        return [c for c in range(len(self.first)) if c // each in areas and fits(when, self.needs, c)]


def split(c: int) -> tuple[int, int, int]:
    """Row of the factors (area * N + need), age and acuity (0-based) of a class."""
    return c // (len(AGE_GROUPS) * ACUITIES), c // ACUITIES % len(AGE_GROUPS), c % ACUITIES


def fits(when: When | None, needs: list[str], c: int) -> bool:
    """Whether a condition holds for a class."""
    if when is None:
        return True
    n, a, q = split(c)
    return (
        (when.needs is None or needs[n % len(needs)] in when.needs)
        and (when.ages is None or AGE_GROUPS[a] in when.ages)
        and (when.acuity is None or str(q + 1) in when.acuity)
    )


def rule_for(rules: dict[str, R], needs: list[str], c: int) -> R | None:
    """The first rule that fits a class."""
    return next((rule for rule in rules.values() if fits(rule.when, needs, c)), None)


def reference(care: Care, region: Region, areas: int = 1) -> Draft:
    """The world as configured, before any lever: the same in each of so many areas."""
    needs, services = list(care.needs), list(care.services)
    classes = range(len(needs) * len(AGE_GROUPS) * ACUITIES)
    listed = list(care.services.values())
    first = [_first(care, needs, c) for c in classes]
    return Draft(
        needs=needs,
        services=services,
        factor=np.ones((areas * len(needs), len(AGE_GROUPS))),
        first=np.array([[rule.to.get(s, 0.0) for s in services] for rule in first] * areas),
        at_hand=np.array([[rule.at_hand.get(s, 0.0) for s in services] for rule in first] * areas),
        next=[[_next(service, needs, c) for c in classes] * areas for service in listed],
        leave=[[_leave(service, needs, c) for c in classes] * areas for service in listed],
        duration=[[_duration(service, needs, c) for c in classes] * areas for service in listed],
        lead=[[_lead(service, needs, c) for c in classes] * areas for service in listed],
        patience=[[_patience(service, needs, c) for c in classes] * areas for service in listed],
        target_s=np.array([_targets(service) * areas for service in listed]),
        pools=_pools(region),
        offers=_offers(region, needs),
    )


def _first(care: Care, needs: list[str], c: int) -> FirstRule:
    rule = rule_for(care.needs[needs[split(c)[0]]].first, needs, c)
    assert rule is not None
    return rule


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


def _next(service: Service, needs: list[str], c: int) -> tuple[Way, ...]:
    rule = rule_for(service.next, needs, c)
    return _ways(rule) if rule else ()


def _leave(service: Service, needs: list[str], c: int) -> tuple[Way, ...]:
    rule = rule_for(service.patience, needs, c)
    return _ways(rule) if rule else ()


def _duration(service: Service, needs: list[str], c: int) -> tuple[Distribution, float]:
    rule = rule_for(service.duration, needs, c)
    assert rule is not None
    return rule.time, 1.0


def _lead(service: Service, needs: list[str], c: int) -> tuple[Distribution, float] | None:
    rule = rule_for(service.not_before, needs, c)
    return (rule.time, 1.0) if rule else None


def _patience(service: Service, needs: list[str], c: int) -> Distribution | None:
    rule = rule_for(service.patience, needs, c)
    return rule.time if rule else None


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
