"""How many contacts and units a scenario will have, before anything is compiled: what a run of it takes.

From the drafts of its phases: people times rates times days, and for each class the visits v = f + v P of the traffic
equations (``sim.compile.traffic`` has the same of a compiled model). Seasons, hours, shifts of first contacts, refusals
and who leaves a queue are left out: within some tens of per cent, and right in its order of magnitude whatever a lever
does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compile import areas_of
from sim.compile.areas import Areas
from sim.compile.arrivals import acuity_mix
from sim.compile.draft import Draft, Floats, split
from sim.compile.phases import clock_of, phases_of
from sim.config.world import World
from sim.model.codes import AGE_GROUPS

ROUND = 1e-6  # of those who come to a service, who leave for good: fewer, and the others go round for ever
YEAR_D = 365.25


@dataclass(frozen=True)
class ExpectedWork:
    """Of one run."""

    contacts: float
    units: float  # of all pools, surge too
    circle: str = ""  # a service at which patients would go round for ever


def expected_work(world: World, name: str) -> ExpectedWork:
    """The most that any phase of a scenario would make of a whole run. Raises ConfigErrors as compiling does."""
    levers = world.scenarios[name].levers
    areas = areas_of(world, levers)
    clock = clock_of(world)
    days = clock.horizon_s / 86400
    works = [_of_draft(world, phase.draft, areas, days) for phase in phases_of(world, levers, areas)]
    circle = next((one.circle for one in works if one.circle), "")
    return ExpectedWork(max(one.contacts for one in works), max(one.units for one in works), circle)


def _of_draft(world: World, draft: Draft, areas: Areas, days: float) -> ExpectedWork:
    episodes = yearly_episodes(world, draft, areas) * days / YEAR_D
    for c, _, width in draft.induced:
        episodes[c] *= 1 + width
    visits, circle = _visits(draft, episodes > 0)
    given = len(world.given.episodes) if world.given.episodes is not None else 0
    most = float(visits.max(initial=1.0))
    contacts = float(episodes @ visits) * (0.0 if world.given.in_place else 1.0) + given * most
    units = sum(pool.capacity + pool.surge for pool in draft.pools.values())
    return ExpectedWork(contacts, units, circle)


def yearly_episodes(world: World, draft: Draft, areas: Areas) -> Floats:
    """[C] episodes of a year by people and rates, with what levers do to these."""
    people = np.zeros((areas.number, len(AGE_GROUPS)))
    np.add.at(people, areas.zone_area, world.region.zones[[f"people_{a}" for a in AGE_GROUPS]].to_numpy(np.float64))
    mix, episodes = acuity_mix(world.care, draft.needs), np.zeros(len(draft.first))
    for c in range(len(episodes)):
        row, a, q = split(c)
        area, n = divmod(row, len(draft.needs))
        rate = world.care.needs[draft.needs[n]].rate_per_1000_year.get(AGE_GROUPS[a])
        if rate is not None:
            episodes[c] = people[area, a] * rate.value / 1000 * mix[n][a][q] * draft.factor[row, a]
    return episodes


def _visits(draft: Draft, arises: NDArray[np.bool_]) -> tuple[Floats, str]:
    """[C] contacts of an episode of each class, and a service at which some class would go round for ever."""
    number = {service: s for s, service in enumerate(draft.services)}
    ways = np.zeros((len(draft.first), len(number), len(number)))
    for s, row in enumerate(draft.next):
        for c in np.flatnonzero(arises):
            for way in row[c]:
                if way.to in number:
                    ways[c, s, number[way.to]] += way.probability
    kept = np.minimum(ways.sum(axis=2), 1.0)
    ways *= np.where(kept > 1 - ROUND, 1 - ROUND, 1.0)[:, :, None]  # so that nothing is divided by 0
    by_service = np.linalg.solve(np.eye(len(number)) - ways.transpose(0, 2, 1), draft.first[:, :, None])[:, :, 0]
    visits: Floats = np.where(arises, by_service.sum(axis=1), 1.0)
    worst = int(visits.argmax())
    circle = draft.services[int(by_service[worst].argmax())] if visits[worst] > 0.1 / ROUND else ""
    return visits, circle


__all__ = ["ExpectedWork", "expected_work", "yearly_episodes"]
