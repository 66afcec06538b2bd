"""Levers whose change hardly anybody means: more units than there are, nearly everybody moved, more people than live.

A relative change has its usual range beside its unit (``sim.config.schema.number_kinds``); here is what only the region
shows.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.compile import areas_of
from sim.compile.areas import Areas
from sim.compile.draft import Draft, Floats
from sim.compile.expected_work import yearly_episodes
from sim.compile.reference_draft import reference
from sim.config.named_places import NamedPlaces
from sim.config.schema import scenario as s
from sim.config.schema.base import EffectSize
from sim.config.sentence import Sentence
from sim.config.unusual_numbers import number_questions
from sim.config.world import World
from sim.model.codes import AGE_GROUPS

MANY_TIMES = 3.0  # what there is, from which a change is asked about
HARDLY_ANY = 0.1  # of what there is
NEARLY_ALL = 0.8  # of the people or contacts that could be meant


def questions(world: World) -> list[str]:
    """What hardly anybody means in a world: numbers that hardly ever are, then levers that change too much."""
    return [*number_questions(world), *(one for name in world.study.scenarios for one in size_questions(world, name))]


def size_questions(world: World, name: str) -> list[str]:
    """A sentence for each lever of a scenario whose change is hardly meant, at the end at which it is largest."""
    sizes = _Sizes(world, name)
    return [
        Sentence("{scenario}: levers.{lever}: {question}", scenario=name, lever=key, question=question)
        for key, lever in sizes.levers.items()
        for question in sizes.of(lever)
    ]


class _Sizes:
    """What there is, for the levers of one scenario to be held against."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.levers = world, world.scenarios[name].levers
        self.areas: Areas = areas_of(world, self.levers)
        self.draft: Draft = reference(world.care, world.region, self.areas.number)
        self.places = NamedPlaces.of_region(world.region)

    def of(self, lever: s.Lever) -> Iterator[str]:
        """What is asked of a lever."""
        match lever:
            case s.CapacityLever():
                yield from self._capacity(lever)
            case s.TransferLever():
                yield from self._transfer(lever)
            case s.OpenLever():
                yield from self._open(lever)
            case s.ShiftLever():
                yield from self._shift(lever)
            case s.EnrolmentLever():
                yield from self._enrolment(lever)

    def _capacity(self, lever: s.CapacityLever) -> Iterator[str]:
        had = self._units(lever.pools)
        if lever.add_units is None:
            return
        for added in _ends(lever.add_units):
            after = had + added
            if had > 0 and after >= 0 and not HARDLY_ANY * had < after <= MANY_TIMES * had:
                yield Sentence("{before} units become {after}. Is it meant?", before=f"{had:g}", after=f"{after:g}")
                return
            if had == 0 and (there := self._units(s.Pools.model_construct(resource=lever.pools.resource))) < added:
                yield self._of_all(added, there)
                return

    def _transfer(self, lever: s.TransferLever) -> Iterator[str]:
        had, freed = self._units(lever.target_pools), self._units(lever.source_pools) * lever.share.high
        if had > 0 and freed > MANY_TIMES * had:
            yield Sentence(
                "{freed} units are freed for pools that have {before}. Is it meant?",
                freed=f"{freed:g}",
                before=f"{had:g}",
            )

    def _open(self, lever: s.OpenLever) -> Iterator[str]:
        units, there = max(lever.sites.values()), self._units(s.Pools.model_construct(resource=lever.resource))
        if 0 < there < units:
            yield self._of_all(units, there)

    def _of_all(self, units: float, there: float) -> str:
        return Sentence(
            "{units} units at one place, and the whole region has {there} of this kind. Is it meant?",
            units=f"{units:g}", there=f"{there:g}",
        )  # fmt: skip

    def _units(self, pools: s.Pools) -> float:
        sites = set(self.places.sites_of(pools.where))
        return sum(
            p.capacity for p in self.draft.pools.values() if p.site in sites and pools.resource in (None, p.resource)
        )

    def _shift(self, lever: s.ShiftLever) -> Iterator[str]:
        first = self.draft.first[:, self.draft.services.index(lever.from_service)] * yearly_episodes(
            self.world, self.draft, self.areas
        )
        whom = self.draft.classes(lever.when, self.areas.of(lever.where))
        part = lever.share.high * float(first[whom].sum()) / max(float(first.sum()), 1e-300)
        if part > NEARLY_ALL:
            yield Sentence(
                "moves {part} % of all first contacts with {service} in the region. Is it meant?",
                part=f"{100 * part:.0f}", service=lever.from_service,
            )  # fmt: skip

    def _enrolment(self, lever: s.EnrolmentLever) -> Iterator[str]:
        ages = [a for a, age in enumerate(AGE_GROUPS) if lever.when.ages is None or age in lever.when.ages]
        zones = slice(None) if lever.where is None else self.areas.zones_of(lever.where)
        there = int(self._people()[zones][:, ages].sum())
        if lever.eligible.high > there:
            yield Sentence(
                "{eligible} people are eligible, and {there} of these ages live there. Is it meant?",
                eligible=f"{lever.eligible.high:g}", there=there,
            )  # fmt: skip

    def _people(self) -> Floats:
        """[Z, A] people."""
        return self.world.region.zones[[f"people_{a}" for a in AGE_GROUPS]].to_numpy(dtype=np.float64)


def _ends(size: EffectSize) -> tuple[float, float]:
    """Both ends of an effect size, the larger first."""
    low, high = size.low, size.high
    return (high, low) if abs(high) >= abs(low) else (low, high)


__all__ = ["questions", "size_questions"]
