"""Which pools are waited for while others are held: the ways on of a network, followed with what is held on the way.

A patient may hold a stack of units (``how: within``, ``how: holding``). Where a holder of P waits for Q, a holder of Q
waits for R, and so on round to P, nobody may ever go on again (deadlock by circular wait: Coffman, Elphick & Shoshani
1971, Computing Surveys 3). What is followed is what can happen by the rules alone: every class, every site that may be
chosen; hours and shares are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

Class = tuple[str, str, str]  # need, age, acuity


@dataclass(frozen=True)
class Going:
    """A way on that is not from home: to another service, at_once, holding or within."""

    to: str
    how: str
    gives_all: bool = False


@dataclass(frozen=True)
class Offered:
    """An offer, and for whom it is (None: for all)."""

    site: str
    service: str
    pools: tuple[str, ...]
    ages: frozenset[str] | None
    needs: frozenset[str] | None


@dataclass(frozen=True)
class AskedService:
    """What matters of a service to those who ask for it."""

    has_site: bool  # else it is without limit, and nobody waits
    held: bool  # its unit can be kept; not that of a team
    from_site: bool  # who is at a site that offers it stays there
    any_site: bool  # who is turned away at one site asks another
    fallback: str | None


@dataclass(frozen=True)
class Network:
    """The services and offers of a care model in a region, and what each class may do in it."""

    services: Mapping[str, AskedService]
    offers: list[Offered]
    classes: list[Class]
    ways: Callable[[str, Class], tuple[Going, ...]]
    patient: Callable[[str, Class], bool]  # whether the class leaves the queue of a service in the end
    reached: Callable[[Class], frozenset[str]]  # services that the class can ever ask for


@dataclass
class Wait:
    """Holders of one pool who wait for another."""

    services: tuple[str, str]  # an example: the service whose unit is held, and the one that is waited for
    endless: bool = False  # some of them never leave
    stuck: bool = False  # some of them never leave, and hold more than the one unit that they would give for the next
    swappable: bool = False  # some of them hold one unit, and give it back when they start


@dataclass
class HeldWaits:
    """Who waits for what, holding what."""

    by_pools: dict[tuple[str, str], Wait] = field(default_factory=dict)  # by (held, waited for)
    around: dict[str, tuple[str, str]] = field(default_factory=dict)  # pool held within: an example of (outer, inner)
    inside: dict[str, tuple[str, str]] = field(default_factory=dict)  # pool in use while others are held: the same

    def swaps(self, one: str, other: str) -> bool:
        """Whether holders of two pools who wait for each other's exchange their units, and that is a way out."""
        pair = self.by_pools.get((one, other)), self.by_pools.get((other, one))
        return one != other and all(w is not None and w.swappable and not w.stuck for w in pair)

    def circles(self) -> Iterator[list[str]]:
        """Circles of pools from which there is no way out, each of them once, as P, Q, ..., P."""
        reported: set[frozenset[str]] = set()
        wanted_of: dict[str, list[str]] = {}
        for held, wanted in self.by_pools:
            wanted_of.setdefault(held, []).append(wanted)
        for (held, wanted), wait in self.by_pools.items():
            if not wait.endless:
                continue
            back = _path(wanted_of, wanted, held, without=(wanted, held) if self.swaps(held, wanted) else None)
            if back is not None and frozenset(back) not in reported:
                reported.add(frozenset(back))
                yield [held, *back]

    def no_way_back(self) -> bool:
        """Whether no pool is waited for, directly or not, by holders of one that its own holders wait for."""
        sorter: TopologicalSorter[str] = TopologicalSorter()
        for held, wanted in self.by_pools:
            sorter.add(held, wanted)
        try:
            sorter.prepare()
        except CycleError:
            return False
        return True


def _path(
    wanted_of: Mapping[str, list[str]], start: str, end: str, without: tuple[str, str] | None
) -> list[str] | None:
    """A shortest way from pool to pool along the waits."""
    if start == end:
        return [start]
    came_from: dict[str, str] = {start: ""}
    trail = [start]
    for here in trail:
        for pool in wanted_of.get(here, ()):
            if (here, pool) == without or pool in came_from:
                continue
            came_from[pool] = here
            if pool == end:
                return _unwound(came_from, end)
            trail.append(pool)
    return None


def _unwound(came_from: Mapping[str, str], end: str) -> list[str]:
    path = [end]
    while came_from[path[-1]]:
        path.append(came_from[path[-1]])
    return path[::-1]


Spot = tuple[str, str]  # service, site


@dataclass(frozen=True)
class _State:
    """A patient in service: where, and what is held around; site "" is no site."""

    service: str
    site: str
    stack: tuple[Spot, ...] = ()


ANYBODY: Class = ("", "", "")


def waits(networks: Iterable[Network], within: bool = False) -> HeldWaits:
    """All that can happen in any of the networks.

    Where not even a patient who might do what any class may would come upon a circle, that patient's waits are told:
    those of the classes are among them. ``within``: what is around and inside must be that of the classes.
    """
    listed = list(networks)
    if not within:
        most = _follow_all(map(_anybody, listed))
        if most.no_way_back():
            return most
    return _follow_all(listed)


def _anybody(network: Network) -> Network:
    """The network of one class that may do what any class may, and is patient nowhere but where all are."""
    ways = {s: dict.fromkeys(g for who in network.classes for g in network.ways(s, who)) for s in network.services}
    patient = {s for s in network.services if all(network.patient(s, who) for who in network.classes)}
    reached = frozenset[str]().union(*(network.reached(who) for who in network.classes))
    return Network(
        services=network.services,
        offers=[Offered(o.site, o.service, o.pools, None, None) for o in network.offers],
        classes=[ANYBODY],
        ways=lambda service, who: tuple(ways[service]),
        patient=lambda service, who: service in patient,
        reached=lambda who: reached,
    )


def _follow_all(networks: Iterable[Network]) -> HeldWaits:
    held_waits = HeldWaits()
    for network in networks:
        seen: set[object] = set()
        for who in network.classes:
            ways = {s: network.ways(s, who) for s in network.services}
            starts = {s for s, going in ways.items() if any(g.how != "at_once" for g in going)} & network.reached(who)
            if not starts:
                continue
            offers = _offers(network, who)
            patience = frozenset(s for s in network.services if network.patient(s, who))
            key = tuple(ways.items()), frozenset(starts), tuple(sorted(offers)), patience
            if key not in seen:
                seen.add(key)
                _Follower(network, ways, offers, patience, held_waits).follow(starts)
    return held_waits


def _offers(network: Network, who: Class) -> dict[Spot, tuple[str, ...]]:
    need, age, _ = who
    return {
        (o.service, o.site): o.pools
        for o in network.offers
        if (o.ages is None or age in o.ages) and (o.needs is None or need in o.needs)
    }


@dataclass(frozen=True)
class _Follower:
    """Follows one kind of patient."""

    network: Network
    ways: Mapping[str, tuple[Going, ...]]
    offers: Mapping[Spot, tuple[str, ...]]
    patience: frozenset[str]
    found: HeldWaits

    def follow(self, starts: Iterable[str]) -> None:
        """From each of some services, at each of its sites, with nothing held."""
        todo = [_State(s, site) for s in sorted(starts) for site in self._sites(s, "")]
        seen = set(todo)
        for state in todo:
            fresh = [after for after in dict.fromkeys(self._after(state)) if after not in seen]
            seen |= set(fresh)
            todo += fresh

    def _sites(self, service: str, here: str) -> list[str]:
        asked_service = self.network.services[service]
        if not asked_service.has_site:
            return [""]
        if here and asked_service.from_site and not asked_service.any_site and (service, here) in self.offers:
            return [here]
        return [site for name, site in self.offers if name == service]

    def _pools(self, spot: Spot) -> tuple[str, ...]:
        """Pools of which a contact keeps a unit."""
        return self.offers.get(spot, ()) if self.network.services[spot[0]].held else ()

    def _after(self, state: _State) -> Iterator[_State]:
        for going in self.ways[state.service]:
            if going.to in self.network.services:
                yield from self._go(state, going)

    def _go(self, state: _State, going: Going) -> Iterator[_State]:
        own = (state.service, state.site)
        kept = (*(s for s in state.stack if s != own), own) if self._pools(own) else state.stack
        held = kept if going.how != "at_once" else () if going.gives_all else state.stack
        then = kept if going.how == "within" else () if going.gives_all else state.stack
        yield from self._ask(state, going, going.to, held, then)

    def _ask(
        self, state: _State, going: Going, to: str, held: tuple[Spot, ...], then: tuple[Spot, ...], tried: int = 0
    ) -> Iterator[_State]:
        for site in self._sites(to, state.site):
            top = self._goes_on(state, going, (to, site))
            if top is None:
                self._wait(going, to, site, held)
                yield self._started(_State(to, site, then))
            else:
                yield self._started(_State(to, site, tuple(s for s in then if s != top)))
        fallback = self.network.services[to].fallback
        if held and fallback in self.network.services and tried < len(self.network.services):
            yield from self._ask(state, going, str(fallback), held, then, tried + 1)

    def _goes_on(self, state: _State, going: Going, spot: Spot) -> Spot | None:
        """The contact in whose unit the next one goes on; None if it waits for a unit."""
        own = (state.service, state.site)
        around = () if going.how == "holding" or going.gives_all else state.stack[-1:]
        tops = [] if going.how == "within" else [own, *around]
        for top in tops:
            pools = self._pools(top)
            if pools and set(pools) <= set(self.offers.get(spot, ())):
                return top
        return None

    def _wait(self, going: Going, to: str, site: str, held: tuple[Spot, ...]) -> None:
        endless = to not in self.patience
        swappable = going.how == "holding" and len(held) == 1
        for spot in held:
            for pool in self._pools(spot):
                for wanted in self.offers.get((to, site), ()):
                    wait = self.found.by_pools.setdefault((pool, wanted), Wait((spot[0], to)))
                    wait.endless |= endless
                    wait.stuck |= endless and not swappable
                    wait.swappable |= swappable

    def _started(self, after: _State) -> _State:
        """The patient in the next contact, after noting whose units are held meanwhile."""
        for spot in after.stack:
            for pool in self._pools(spot):
                self.found.around.setdefault(pool, (spot[0], after.service))
            for pool in self.offers.get((after.service, after.site), ()):
                self.found.inside.setdefault(pool, (spot[0], after.service))
        return after


__all__ = ["AskedService", "Class", "Going", "HeldWaits", "Network", "Offered", "Wait", "waits"]
