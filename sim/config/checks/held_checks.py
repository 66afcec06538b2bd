"""Units that are held while others are waited for: circles without a way out, and pools that cannot be held."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import TypeVar

from sim.config.checks.care_checks import EXIT, classes, fits, turned_to
from sim.config.errors import Problem
from sim.config.held_pools import AskedService, Class, Going, HeldWaits, Network, Offered, waits
from sim.config.reading.region_tables import Table
from sim.config.schema import scenario as s
from sim.config.schema.care import Care, Service
from sim.config.schema.pathway_rules import Rule, Step
from sim.config.sentence import Sentence

R = TypeVar("R", bound=Rule)
Services = frozenset[tuple[str, str]]  # (held, waited for) of each link of a circle
ON = ("at_once", "holding", "within", "carried")


def offers_of(offers: Table, scenario: s.Scenario | None = None) -> list[Offered]:
    """The offers of a region, and those that a scenario opens."""
    rows = [
        Offered(str(r["site"]), str(r["service"]), tuple(str(r["pool"]).split()), _some(r["ages"]), _some(r["needs"]))
        for r in offers.rows
    ]
    levers = scenario.levers.values() if scenario is not None else ()
    opened = [
        Offered(site, one.service, (f"{site}_{one.service}_added",), frozenset(one.ages) if one.ages else None, None)
        for one in levers
        if isinstance(one, s.OpenLever)
        for site in one.sites
    ]
    return rows + opened


def _some(cell: object) -> frozenset[str] | None:
    return None if cell == "all" else frozenset(str(cell).split())


def network(care: Care, offers: list[Offered], levers: Iterable[s.Lever] = ()) -> Network:
    """What each class may do, with the ways and first contacts that levers add."""
    listed = list(levers)
    pathways = [one for one in listed if isinstance(one, s.PathwayLever)]
    shifted = [one for one in listed if isinstance(one, s.ShiftLever)]
    onward = partial(_onward, care, pathways)
    onward_of = {who: {name: onward(name, who) for name in care.services} for who in classes(care)}
    return Network(
        services={name: asked_service(service) for name, service in care.services.items()},
        offers=offers,
        classes=list(onward_of),
        ways=lambda name, who: tuple(
            Going(step.to, step.how, step.gives_back == "all") for step in onward_of[who][name] if step.how in ON
        ),
        patient=lambda name, who: _leaves(care.services[name], who),
        reached=lambda who: _reachable_services(care, shifted, onward_of[who], who),
    )


def asked_service(service: Service) -> AskedService:
    """What matters of a service to those who ask for it."""
    return AskedService(
        has_site=service.unlimited_at is None,
        held=service.unlimited_at is None and service.mode != "outreach",
        from_site=service.mode in ("walk_in", "booked"),
        any_site=_looks_elsewhere(service),
        fallback=service.fallback,
    )


def _looks_elsewhere(service: Service) -> bool:
    limit, choice = service.queue_limit, service.choice
    by_idle = choice is not None and choice.rule == "nearest_idle"
    return by_idle or (limit is not None and limit.when_full == "next_site")


def _onward(care: Care, pathways: list[s.PathwayLever], name: str, who: Class) -> list[Step]:
    """The ways on from a service that a class may take, pathway levers included."""
    rule = _first(care.services[name].next, who)
    steps = [step for step in rule.then.values() if step.probability > 0] if rule is not None else []
    steps += [Step(probability=share, to=to) for to, share in (rule.at_hand if rule is not None else {}).items()]
    for lever in pathways:
        if lever.service == name and fits(lever.when, who):
            for step in [step for step in steps if step.to == lever.from_step]:
                steps.append(Step(probability=1.0, to=lever.to_step, how=lever.how, gives_back=step.gives_back))
    return [step for step in steps if step.to != EXIT]


def _first(rules: Mapping[str, R], who: Class) -> R | None:
    return next((rule for rule in rules.values() if fits(rule.when, who)), None)


def _leaves(service: Service, who: Class) -> bool:
    rule = _first(service.patience, who)
    return rule is not None and rule.time is not None


def _reachable_services(
    care: Care, shifts: list[s.ShiftLever], onward: Mapping[str, list[Step]], who: Class
) -> frozenset[str]:
    """Services that a class can ever ask for."""
    first = _first(care.needs[who[0]].first, who)
    todo = sorted(turned_to(first)) if first is not None else []
    todo += [lever.to_service for lever in shifts if fits(lever.when, who)]
    services: set[str] = set()
    while todo:
        name = todo.pop()
        if name in services or name not in care.services:
            continue
        services.add(name)
        todo += [step.to for step in onward[name]]
        todo += _otherwise(care.services[name], who)
    return frozenset(services)


def _otherwise(service: Service, who: Class) -> list[str]:
    """Where those go who are not served."""
    patience = _first(service.patience, who)
    missed = _first(service.no_show, who)
    steps = [*(patience.then.values() if patience else ()), *(missed.then.values() if missed else ())]
    named = [*(patience.at_hand if patience else ()), *([service.fallback] if service.fallback else ())]
    return [step.to for step in steps] + named


def held_circles(held_waits: HeldWaits, file: str, key: str, known: Collection[Services] = ()) -> Iterator[Problem]:
    """Circles of pools that are held while the next is waited for, each with what its way out would be.

    Those of the same services at several sites are told once, and those of ``known`` services not at all.
    """
    alike: dict[Services, list[list[str]]] = {}
    for circle in held_waits.circles():
        alike.setdefault(_services(held_waits, circle), []).append(circle)
    for services, circles in alike.items():
        if services in known:
            continue
        circle, more = circles[0], len(circles) - 1
        links = [held_waits.by_pools[pair] for pair in pairwise(circle)]
        lacking = sorted({link.services[1] for link in links if link.endless})
        waits = "; ".join(f"{a} is kept while {b} is waited for" for a, b in dict.fromkeys(w.services for w in links))
        way_out = f"patience at {', '.join(lacking)} for every class that can be there"
        if len(circle) == 3:
            way_out += ", or both ways `holding` with no other unit held, so that they swap"
        names = " > ".join(circle) + (f" and {more} more" if more else "")
        message = Sentence(
            "circle of held pools without a way out: {names} ({waits}); missing is {way_out}",
            names=names,
            waits=waits,
            way_out=way_out,
        )
        yield Problem(file, f"services.{links[0].services[0]}.next" if key == "services" else key, "", message)


def _services(held_waits: HeldWaits, circle: list[str]) -> Services:
    return frozenset(held_waits.by_pools[pair].services for pair in pairwise(circle))


def handed_over(held_waits: HeldWaits, pools: Table) -> Iterator[Problem]:
    """Pools that hand over, and whose units are held around another contact, or in use while others are held."""
    for line, row in pools.numbered():
        if row["shift_end"] != "hand_over":
            continue
        name = str(row["pool"])
        relation = "keeps a unit of it around" if name in held_waits.around else "is held around"
        if pair := held_waits.around.get(name) or held_waits.inside.get(name):
            outer, inner = pair
            message = Sentence(
                "hand_over cannot be where units are held within each other: {outer} {relation} {inner}",
                outer=outer,
                relation=relation,
                inner=inner,
            )
            yield Problem(pools.file, f"row {line}, shift_end", "hand_over", message, "", "finish, overtime, fresh")


def _hand_over(pools: Table) -> bool:
    return "hand_over" in pools.names("shift_end")


def held_problems(care: Care, file: str, offers: Table, pools: Table) -> Iterator[Problem]:
    """Every problem of held units in a region without levers."""
    held_waits = waits([network(care, offers_of(offers))], within=_hand_over(pools))
    yield from held_circles(held_waits, file, "services")
    yield from handed_over(held_waits, pools)


def held_by_levers(care: Care, offers: Table, pools: Table, scenario: s.Scenario, file: str) -> Iterator[Problem]:
    """Circles that are there only with the levers of a scenario."""
    levers = list(scenario.levers.values())
    if not any(isinstance(one, s.PathwayLever) and one.how in ("holding", "within") for one in levers):
        return
    handed = _hand_over(pools)
    before = waits([network(care, offers_of(offers))], handed)
    known = {_services(before, circle) for circle in before.circles()}
    after = waits([network(care, offers_of(offers, scenario), levers)], handed)
    yield from held_circles(after, file, "levers", known)
    if not any(True for _ in handed_over(before, pools)):
        yield from handed_over(after, pools)


__all__ = ["asked_service", "held_by_levers", "held_circles", "held_problems", "network", "offers_of"]
