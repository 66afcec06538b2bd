"""On what each lever of a scenario acts, from the compiled arrays: units where, and how many contacts a day from when.

Contacts are those that are expected if nobody ever waits (``sim.compile.traffic``), in the phase in which the lever is
in force most, a day of the run on average.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from sim.compile import areas_of
from sim.compile.draft import Draft, Phase, PoolDraft, split
from sim.compile.phases import clock_of, phases_of, share_of
from sim.compile.reference_draft import reference
from sim.compile.traffic import Flows, flows
from sim.config.schema import scenario as s
from sim.config.world import World
from sim.model.tables import Model

DAY_S = 86400
ROUNDED = 0.05  # less is not told


@dataclass(frozen=True)
class ActedUnits:
    """Units of a resource before and after a lever, at so many sites."""

    resource: str
    before: float
    after: float
    whole: int | None  # after, where units are rounded to whole ones and that is not as many; else None
    sites: int


@dataclass(frozen=True)
class ActedOn:
    """What a lever acts on, in the phase in which it is in force most."""

    begins: date  # the first day of the study's window on which any of it is in force
    units: list[ActedUnits] = field(default_factory=list)
    services: list[str] = field(default_factory=list)  # whose contacts these are; none of a lever about needs
    contacts: float = 0.0  # a day: first contacts of a shift, episodes of a lever about needs, else all contacts
    enrolled: float = 0.0  # people


def acted_on(world: World, name: str, model: Model, baseline: Model) -> dict[str, ActedOn]:
    """By key, what the levers of a scenario act on; a lever that is not in force on any day of the study is left out.

    ``model`` is the scenario's, ``baseline`` that of the study's first scenario, for what is there before.
    """
    levers = world.scenarios[name].levers
    areas = areas_of(world, levers)
    base = reference(world.care, world.region, areas.number)
    whole = phases_of(world, levers, areas, base)
    clock, found = clock_of(world), {}
    before = flows(baseline, 0)
    for key, lever in levers.items():
        shares = [share_of(lever, max(phase.start, 0), clock) for phase in whole]
        if not any(shares):
            continue
        at = int(np.argmax(shares))
        begins = max(world.study.start, _day_of(whole[int(np.flatnonzero(shares)[0])], clock.first))
        if isinstance(lever, s.PatientLever):
            classes = whole[at].draft.classes(getattr(lever, "when", None), areas.of(lever.where))
            services, contacts = _people_asking(lever, classes, whole[at].draft, flows(model, at), model)
            enrolled = lever.enrolled.value * max(shares) if isinstance(lever, s.EnrolmentLever) else 0.0
            found[key] = ActedOn(begins, [], services, contacts, enrolled)
        else:
            without = phases_of(world, {k: v for k, v in levers.items() if k != key}, areas, base)
            pools, offers = _differences(_at(without, whole[at].start), whole[at].draft)
            services = list(dict.fromkeys(service for _, service in offers))
            contacts = _contacts_at(offers, before, baseline) + _contacts_at(
                [one for one in offers if not _is_offered(one, baseline)], flows(model, at), model
            )
            found[key] = ActedOn(begins, _by_resource(pools, world), services, contacts)
    return found


def _day_of(phase: Phase, first: date) -> date:
    return first + timedelta(days=round(max(phase.start, 0) / DAY_S))


def _at(phases: list[Phase], start: int) -> Draft:
    """What is in force at a second."""
    return next(phase.draft for phase in reversed(phases) if phase.start <= start)


def _people_asking(
    lever: s.PatientLever, classes: list[int], draft: Draft, expected: Flows, model: Model
) -> tuple[list[str], float]:
    """The services and the number a day of what a lever about patients acts on."""
    days = model.horizon / DAY_S
    each = expected.episodes[classes] / days
    if isinstance(lever, s.ShiftLever):
        return [lever.from_service], float(each @ draft.first[classes, draft.services.index(lever.from_service)])
    service = getattr(lever, "service", None)
    if service is None:
        return [], float(each.sum())
    number = draft.services.index(service)
    visits = expected.visits[classes, number]
    if isinstance(lever, s.PathwayLever):
        ways = [sum(w.probability for w in draft.next[number][c] if w.to in _steps(lever)) for c in classes]
        visits = visits * np.array(ways)
    if isinstance(lever, s.TargetLever):
        visits = visits * np.array([str(split(c)[2] + 1) in lever.target_min for c in classes])
    return [service], float(each @ visits)


def _steps(lever: s.PathwayLever) -> tuple[str, str]:
    """Where those go whom a lever sends another way: the ones who still go the old way, and those of the new."""
    return lever.from_step, lever.to_step


def _differences(
    without: Draft, draft: Draft
) -> tuple[list[tuple[PoolDraft | None, PoolDraft]], list[tuple[str, str]]]:
    """Pools that differ, before and after, and the offers that use these or differ themselves."""
    pools = [(without.pools.get(name), pool) for name, pool in draft.pools.items() if without.pools.get(name) != pool]
    names = {pool.name for _, pool in pools}
    offers = [
        key
        for key, offer in draft.offers.items()
        if without.offers.get(key) != offer or (offer.open and offer.pool in names)
    ]
    return pools, offers


def _by_resource(pools: Iterable[tuple[PoolDraft | None, PoolDraft]], world: World) -> list[ActedUnits]:
    by_resource: dict[str, list[tuple[float, PoolDraft]]] = {}
    for before, after in pools:
        by_resource.setdefault(after.resource, []).append((before.capacity if before else 0.0, after))
    rows = []
    for resource, some in by_resource.items():
        units, real = sum(one.capacity for _, one in some), sum(_real_units(one, world) for _, one in some)
        whole = None if abs(real - units) < ROUNDED else round(real)
        rows.append(ActedUnits(resource, sum(b for b, _ in some), units, whole, len({one.site for _, one in some})))
    return rows


def _real_units(pool: PoolDraft, world: World) -> float:
    """The units that a pool will have: whole ones where it never closes."""
    if world.region.calendars[pool.calendar].is_around_the_clock and pool.shift_end == "finish":
        return int(pool.capacity + 0.5 + 1e-9)
    return pool.capacity


def _is_offered(offer: tuple[str, str], model: Model) -> bool:
    site, service = offer
    return site in model.sites and bool(model.offer[model.sites.index(site), model.services.index(service)] >= 0)


def _contacts_at(offers: Iterable[tuple[str, str]], expected: Flows, model: Model) -> float:
    """Contacts a day that ask for some offers, each a site and a service."""
    sites, services = _numbers(model.sites), _numbers(model.services)
    return sum(
        float(expected.episodes @ expected.by_site[:, services[service], sites[site]]) / (model.horizon / DAY_S)
        for site, service in offers
    )


def _numbers(names: Iterable[str]) -> Mapping[str, int]:
    return {name: number for number, name in enumerate(names)}


__all__ = ["ActedOn", "ActedUnits", "acted_on"]
