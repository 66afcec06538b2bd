"""What each kind of lever does to a draft, at a share of its ramp."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sim.compile.areas import Areas
from sim.compile.calendars import open_hours_per_week
from sim.compile.draft import EVERYWHERE, EXIT, GIVEN_BACK, HOW, Draft, OfferDraft, PoolDraft, ShiftDraft, Way, split
from sim.compile.lever_bounds import (
    require_eligible,
    require_left,
    require_means,
    require_other_pools,
    require_takers,
    require_units,
    require_worth,
)
from sim.compile.pool_units import add_units, grow
from sim.config.named_places import NamedPlaces
from sim.config.schema import scenario as s
from sim.config.schema.base import EffectSize
from sim.config.schema.care import Care
from sim.config.schema.region import Region
from sim.config.sentence import Sentence
from sim.model.codes import ACUITIES, AGE_GROUPS, LEVELS, PAYERS, Action

WEEKS = 365.25 / 7  # in a year


class Applier:
    """Applies levers to a draft: knows the world, and the share of the ramp."""

    def __init__(self, care: Care, region: Region, areas: Areas | None = None) -> None:
        """``areas``: those of the levers that will be applied; nothing: no lever about patients names a place."""
        self.care = care
        self.region = region
        self.areas = areas
        self.places = NamedPlaces.of_region(region)

    def apply(self, draft: Draft, lever: s.Lever, share: float) -> None:
        """Changes the draft as the lever says; share 0 changes nothing."""
        if share > 0:
            _KINDS[type(lever)](self, draft, lever, share)

    def size(self, lever: s.Lever, name: str) -> float:
        """The effect size; 0 where it is not given."""
        effect: EffectSize | None = getattr(lever, name)
        return effect.value if effect is not None else 0.0

    def _pools(self, draft: Draft, selection: s.Pools) -> list[PoolDraft]:
        sites = set(self.places.sites_of(selection.where))
        return [p for p in draft.pools.values() if p.site in sites and selection.resource in (None, p.resource)]

    def _classes(self, draft: Draft, lever: Any) -> list[int]:
        """The classes that a lever about patients is about: whom, and where they live."""
        areas = EVERYWHERE if self.areas is None else self.areas.of(lever.where)
        return draft.classes(lever.when, areas)

    def _worth(self, pool: PoolDraft, exchange: str = "cost") -> float:
        """What one unit of a pool costs a week, in SEK or in staff hours."""
        resource = self.care.resources[pool.resource]
        staff = resource.staff_h_per_unit_h.value * self._hours(pool)
        return staff * resource.sek_per_staff_h.value if exchange == "cost" else staff

    def _hours(self, pool: PoolDraft) -> float:
        return open_hours_per_week(self.region.calendars[pool.calendar])

    def _total(self, pools: list[PoolDraft], exchange: str = "cost") -> float:
        return sum(p.capacity * self._worth(p, exchange) for p in pools)

    def capacity(self, draft: Draft, lever: s.CapacityLever, share: float) -> None:
        pools = self._pools(draft, lever.pools)
        before, had = self._total(pools), sum(p.capacity for p in pools)
        scale = 1 + share * self.size(lever, "scale")
        require_units(had, had * scale + share * self.size(lever, "add_units"))
        grow(pools, scale)
        add_units(pools, share * self.size(lever, "add_units"))
        self._pay(draft, lever.paid_by, self._total(pools) - before)

    def budget(self, draft: Draft, lever: s.BudgetLever, share: float) -> None:
        total = share * self.size(lever, "sum_sek_per_year")
        for key, item in lever.menu.items():
            sek = total * item.share
            if item.pools is None:
                draft.extra_sek[LEVELS.index(lever.level), PAYERS.index(lever.payer)] += sek
                continue
            pools = self._pools(draft, item.pools)
            require_worth(self._total(pools) * WEEKS, sek, key)
            for pool, part in zip(pools, self._parts_of_money(pools, item.spread), strict=True):
                before = pool.capacity
                add_units([pool], sek * part / WEEKS / self._worth(pool))
                require_units(before, pool.capacity)
        self._pay(draft, lever.paid_by, total / WEEKS)

    def _parts_of_money(self, pools: list[PoolDraft], spread: str) -> list[float]:
        """The share of a sum that each of some pools gets."""
        cost = [pool.capacity * self._worth(pool) for pool in pools]
        if spread == "people":
            towns = [self.places.sites[pool.site] for pool in pools]
            people = dict(zip(*(self.region.municipalities[c] for c in ("municipality", "people")), strict=True))
            there = {town: sum(c for c, t in zip(cost, towns, strict=True) if t == town) for town in towns}
            cost = [
                people[town] * (c / there[town] if there[town] > 0 else 1 / towns.count(town))
                for c, town in zip(cost, towns, strict=True)
            ]
        return [c / sum(cost) if sum(cost) > 0 else 1 / len(pools) for c in cost]

    def _pay(self, draft: Draft, by: s.Pools | None, sek_per_week: float) -> None:
        """Cuts pools by what something else costs, or lets them grow by what it saves."""
        if by is None:
            return
        pools = self._pools(draft, by)
        had = self._total(pools)
        require_means(had, sek_per_week)
        require_takers(had, sek_per_week)
        grow(pools, max(1 - sek_per_week / had, 0.0) if had > 0 else 1.0)

    def transfer(self, draft: Draft, lever: s.TransferLever, share: float) -> None:
        sources = self._pools(draft, lever.source_pools)
        targets = self._pools(draft, lever.target_pools)
        require_other_pools([p.name for p in sources], [p.name for p in targets])
        part = share * self.size(lever, "share")
        freed = self._total(sources, lever.exchange) * part
        had = self._total(targets, lever.exchange)
        if had == 0 and freed > 0:
            raise ValueError(Sentence("a transfer's target pools have no capacity that could grow"))
        grow(sources, 1 - part)
        grow(targets, 1 + freed / had if freed > 0 else 1.0)

    def opening_hours(self, draft: Draft, lever: s.OpeningHoursLever, share: float) -> None:
        new = open_hours_per_week(self.region.calendars[lever.calendar])
        sites = set(self.places.sites_of(lever.where))
        for offer in draft.offers.values():
            if offer.service != lever.service or offer.site not in sites:
                continue
            offer.calendar = lever.calendar
            for pool in _own_pools(draft, offer, [offer]):
                self._restaff(pool, lever, new)

    def _restaff(self, pool: PoolDraft, lever: s.OpeningHoursLever, hours: float) -> None:
        """Gives a pool a calendar of so many hours a week. Raises ValueError if its shifts would never end."""
        if pool.shift_end != "finish" and self.region.calendars[lever.calendar].is_around_the_clock:
            raise ValueError(
                Sentence(
                    "{calendar} is one shift around the clock, so no shift of {pool} would ever end, and its shift_end "
                    "is {rule}: choose a calendar with shifts",
                    calendar=lever.calendar, pool=pool.name, rule=pool.shift_end,
                )
            )  # fmt: skip
        if lever.capacity == "spread":
            grow([pool], self._hours(pool) / hours)
        pool.calendar = lever.calendar

    def close(self, draft: Draft, lever: s.CloseLever, share: float) -> None:
        sites = self.places.sites_of(lever.where)
        closed = [o for site in sites for v in lever.services if (o := draft.offers.get((site, v)))]
        for offer in closed:
            offer.open = False
        by_pool = {p.name: (p, o) for o in reversed(closed) for p in _own_pools(draft, o, closed)}
        for pool, offer in by_pool.values():
            self._move_out(draft, pool, offer, lever)

    def _move_out(self, draft: Draft, pool: PoolDraft, offer: OfferDraft, lever: s.CloseLever) -> None:
        """Moves a share of a closed service's units; the rest stay for what is still open, or are gone."""
        moved = self.size(lever, "moved")
        for site, part in lever.to_sites.items():
            to = draft.pools[draft.offers[site, offer.service].pool]
            rate = moved * part * self._worth(pool) / self._worth(to)
            to.capacity += pool.capacity * rate
            to.surge += pool.surge * rate
        used = any(o.open and pool.name in o.pools for o in draft.offers.values())
        grow([pool], 1 - moved if used else 0.0)

    def open(self, draft: Draft, lever: s.OpenLever, share: float) -> None:
        for site, units in lever.sites.items():
            name = f"{site}_{lever.service}_added"
            draft.pools[name] = PoolDraft(name, lever.resource, site, units * share, 0.0, lever.calendar, 0.0)
            draft.offers[site, lever.service] = OfferDraft(
                site, lever.service, name, lever.level, frozenset(lever.ages or AGE_GROUPS),
                frozenset(draft.needs), lever.calendar, 0.0, False, added=True,
            )  # fmt: skip

    def shift(self, draft: Draft, lever: s.ShiftLever, share: float) -> None:
        part = share * self.size(lever, "share")
        classes = self._classes(draft, lever)
        fail = self.size(lever, "fail_share")
        draft.shifts.append(
            ShiftDraft(tuple(classes), lever.from_service, lever.to_service, part, fail, lever.fail_after)
        )
        induced = self.size(lever, "induced")
        if induced:
            self._induce(draft, lever, classes, part * induced)

    def _induce(self, draft: Draft, lever: s.ShiftLever, classes: list[int], per_contact: float) -> None:
        """Further first contacts of a class: the share of its episodes that is moved, times the induced per moved."""
        first = draft.first[:, draft.services.index(lever.from_service)]
        draft.induced += [(c, lever.to_service, first[c] * per_contact) for c in classes if first[c] > 0]

    def demand(self, draft: Draft, lever: s.DemandLever, share: float) -> None:
        change = share * self.size(lever, "change")
        require_left(change, "need")
        for n, a in sorted({split(c)[:2] for c in self._classes(draft, lever)}):
            draft.factor[n, a] *= 1 + change

    def enrolment(self, draft: Draft, lever: s.EnrolmentLever, share: float) -> None:
        enrolled = share * self.size(lever, "enrolled")
        require_eligible(enrolled, self.size(lever, "eligible"))
        part = enrolled / self.size(lever, "eligible")
        for n, a in sorted({split(c)[:2] for c in self._classes(draft, lever)}):
            draft.factor[n, a] *= 1 - part * self.size(lever, "reduction")
        at = LEVELS.index(lever.level), PAYERS.index(lever.payer)
        hours = enrolled * self.size(lever, "staff_min_per_week") / 60
        draft.extra_staff_h[at] += hours
        sek = hours * WEEKS * self.size(lever, "sek_per_staff_h") + enrolled * self.size(lever, "sek_per_year")
        draft.extra_sek[at] += sek
        self._pay(draft, lever.paid_by, sek / WEEKS)

    def pathway(self, draft: Draft, lever: s.PathwayLever, share: float) -> None:
        part = share * self.size(lever, "share")
        row = draft.next[draft.services.index(lever.service)]
        how = Action.EXIT if lever.to_step == EXIT else HOW[lever.how]
        for c in self._classes(draft, lever):
            ways: list[Way] = []
            for way in row[c]:
                if way.to == lever.from_step:
                    ways += [replace(way, probability=way.probability * (1 - part))]
                    gives_all = way.gives_all and how in GIVEN_BACK
                    ways += [Way(way.probability * part, lever.to_step, how, lever.after, gives_all, way.step)]
                else:
                    ways.append(way)
            row[c] = tuple(ways)

    def duration(self, draft: Draft, lever: s.DurationLever, share: float) -> None:
        require_left(share * self.size(lever, "change"), "time")
        row = draft.duration[draft.services.index(lever.service)]
        for c in self._classes(draft, lever):
            row[c] = row[c][0], row[c][1] * (1 + share * self.size(lever, "change"))

    def lead_time(self, draft: Draft, lever: s.LeadTimeLever, share: float) -> None:
        require_left(share * self.size(lever, "change"), "time")
        row = draft.lead[draft.services.index(lever.service)]
        for c in self._classes(draft, lever):
            lead = row[c]
            if lead is not None:
                row[c] = lead[0], lead[1] * (1 + share * self.size(lever, "change"))

    def target(self, draft: Draft, lever: s.TargetLever, share: float) -> None:
        row = draft.target_s[draft.services.index(lever.service)].reshape(draft.areas, ACUITIES)
        areas = EVERYWHERE if self.areas is None else self.areas.of(lever.where)
        for acuity, minutes in lever.target_min.items():
            those = [area for area in range(draft.areas) if area in areas], int(acuity) - 1
            row[those] += share * (60 * minutes - row[those])


def _own_pools(draft: Draft, offer: OfferDraft, changed: list[OfferDraft]) -> list[PoolDraft]:
    """The first pool of an offer, and those after it that are no pool of an open offer besides ``changed``.

    What another service uses as well is not this one's to close or to staff.
    """
    own = [draft.pools[offer.pool]]
    if offer.further:
        keys = {(o.site, o.service) for o in changed}
        others = {p for key, o in draft.offers.items() if o.open and key not in keys for p in o.pools}
        own += [draft.pools[name] for name, _ in offer.further if name not in others]
    return own


_KINDS: dict[type, Callable[..., Any]] = {
    s.CapacityLever: Applier.capacity,
    s.BudgetLever: Applier.budget,
    s.TransferLever: Applier.transfer,
    s.OpeningHoursLever: Applier.opening_hours,
    s.CloseLever: Applier.close,
    s.OpenLever: Applier.open,
    s.ShiftLever: Applier.shift,
    s.DemandLever: Applier.demand,
    s.EnrolmentLever: Applier.enrolment,
    s.PathwayLever: Applier.pathway,
    s.DurationLever: Applier.duration,
    s.LeadTimeLever: Applier.lead_time,
    s.TargetLever: Applier.target,
}
