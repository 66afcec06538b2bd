"""A scenario in one phase, still with names and fractions: what levers change and what the model is made of."""

from __future__ import annotations

from collections.abc import Container
from copy import copy
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.config.schema.base import Distribution
from sim.config.schema.pathway_rules import Rule, When
from sim.model.codes import ACUITIES, AGE_GROUPS, LEVELS, PAYERS, Action

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
    return next((rule for rule in rules.values() if rule.when is None or fits(rule.when, needs, c)), None)
