"""Which levers of a scenario change nothing in a study: their ramp is elsewhere, nobody is meant, or it rounds away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.compile import areas_of
from sim.compile.arrivals import acuity_mix
from sim.compile.draft import Draft, Phase, PoolDraft, split
from sim.compile.phases import phases_of
from sim.compile.reference_draft import reference
from sim.compile.swaps import reachable_services
from sim.config.schema.base import EffectSize
from sim.config.schema.care import Care
from sim.config.schema.scenario import Lever
from sim.config.variants import effect_sizes
from sim.config.world import World
from sim.model.codes import AGE_GROUPS, NoEffect

Mask = NDArray[np.bool_]


def levers_without_effect(world: World, name: str) -> dict[str, NoEffect]:
    """By key, the levers of a scenario without which the study would be the same, each with the reason.

    Each is left out in turn, and what is left of the region in every phase of the run is compared, as far as anybody
    is there who could notice: needs that arise, services that those can reach, whole units where pools have those.
    """
    levers = world.scenarios[name].levers
    areas = areas_of(world, levers)
    base = reference(world.care, world.region, areas.number)
    whole = phases_of(world, levers, areas, base)
    eyes = _Eyes(world, [phase.draft for phase in whole])
    reasons = {}
    for key, lever in levers.items():
        without = phases_of(world, {k: v for k, v in levers.items() if k != key}, areas, base)
        if not eyes.tell_apart(whole, without):
            sizes = [size for of, _, size in effect_sizes(world.scenarios[name]) if of == key]
            reasons[key] = _reason(world, lever, sizes)
    return reasons


def _reason(world: World, lever: Lever, sizes: list[EffectSize]) -> NoEffect:
    """Why a lever does nothing, as far as it says itself."""
    ramp = lever.ramp
    if ramp is not None and not any(share for day, share in ramp.items() if day <= world.study.end):
        return NoEffect.LATE if any(ramp.values()) else NoEffect.OFF
    return NoEffect.OFF if sizes and all(size.value == 0 for size in sizes) else NoEffect.NOBODY


class _Eyes:
    """What of a draft anybody in the study could notice."""

    def __init__(self, world: World, drafts: list[Draft]) -> None:
        self.world = world
        self.arises = _arising(world.care, drafts[0])
        self.reached = self._reach(drafts)

    def _reach(self, drafts: list[Draft]) -> Mask:
        """[S, C] services that a class of patients can come to in any phase."""
        first = drafts[0]
        mask = np.zeros((len(first.services), len(self.arises)), dtype=np.bool_)
        for draft in drafts:
            for c in np.flatnonzero(self.arises):
                mask[[first.services.index(s) for s in reachable_services(self.world.care, draft, int(c))], c] = True
        return mask

    def tell_apart(self, some: list[Phase], others: list[Phase]) -> bool:
        """Whether two rows of phases differ in anything; a row without a lever may have fewer phases."""
        starts = sorted({phase.start for phase in (*some, *others)})
        return any(self._differ(_at(some, start), _at(others, start)) for start in starts)

    def _differ(self, a: Draft, b: Draft) -> bool:
        groups = {split(int(c))[:2] for c in np.flatnonzero(self.arises)}
        if any(a.factor[group] != b.factor[group] for group in groups):
            return True
        if (a.first != b.first)[self.arises].any() or (a.at_hand != b.at_hand)[self.arises].any():
            return True
        if any(
            one[s][c] != other[s][c]
            for s, c in np.argwhere(self.reached)
            for one, other in ((a.next, b.next), (a.leave, b.leave), (a.duration, b.duration), (a.lead, b.lead))
        ):
            return True
        met = self.reached.any(axis=1)
        return (
            bool((a.target_s != b.target_s)[met].any())
            or a.offers != b.offers
            or self._units(a.pools) != self._units(b.pools)
            or self._moves(a) != self._moves(b)
            or bool((a.extra_staff_h != b.extra_staff_h).any() or (a.extra_sek != b.extra_sek).any())
        )

    def _units(self, pools: Mapping[str, PoolDraft]) -> list[tuple[object, ...]]:
        """Pools with as many units as a pool can have: whole ones where it never closes."""
        calendars = self.world.region.calendars
        found: list[tuple[object, ...]] = []
        for pool in pools.values():
            units = pool.capacity, pool.capacity + pool.surge
            if calendars[pool.calendar].is_around_the_clock and pool.shift_end == "finish":
                units = int(units[0] + 0.5 + 1e-9), int(units[1] + 0.5 + 1e-9)
            found.append((pool.name, pool.site, pool.resource, pool.calendar, pool.keep_free, *units))
        return found

    def _moves(self, draft: Draft) -> list[tuple[object, ...]]:
        """Shifts that somebody is moved by, and contacts that are induced."""
        index = {s: j for j, s in enumerate(draft.services)}
        moved: list[tuple[object, ...]] = []
        for shift in draft.shifts:
            first = draft.first[:, index[shift.from_service]]
            whom = tuple(c for c in shift.classes if self.arises[c] and first[c] > 0)
            if whom and shift.share > 0:
                moved.append((whom, shift.from_service, shift.to_service, shift.share, shift.fail, shift.delay))
        return [*moved, *((c, s, width) for c, s, width in draft.induced if width > 0 and self.arises[c])]


def _arising(care: Care, draft: Draft) -> Mask:
    """[C] classes of which anybody falls ill: their need has a rate at their age, and their acuity a share."""
    mix = acuity_mix(care, draft.needs)
    arises = np.zeros(len(draft.first), dtype=np.bool_)
    for c in range(len(arises)):
        row, a, q = split(c)
        n = row % len(draft.needs)
        rate = care.needs[draft.needs[n]].rate_per_1000_year.get(AGE_GROUPS[a])
        arises[c] = rate is not None and rate.value > 0 and mix[n][a][q] > 0
    return arises


def _at(phases: list[Phase], start: int) -> Draft:
    """What is in force at a second."""
    return next(phase.draft for phase in reversed(phases) if phase.start <= start)


__all__ = ["levers_without_effect"]
