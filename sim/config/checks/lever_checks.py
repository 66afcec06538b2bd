"""Levers against the world that they change: names, sites, shares, and what they would act on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import fsum

from sim.config.checks.care_checks import EXIT, check_when, classes, fits, sums_to_one
from sim.config.checks.er_checks import check_closed_rooms
from sim.config.checks.mechanism_checks import carried_ways
from sim.config.checks.size_checks import check_ramp
from sim.config.checks.where_checks import check_site_place, check_where, unknown_sites
from sim.config.errors import Problem, unknown
from sim.config.named_places import NamedPlaces
from sim.config.reading.parts import ScenarioFile
from sim.config.schema import scenario as s
from sim.config.schema.care import Care
from sim.config.schema.region import DAYS, Calendar
from sim.config.sentence import Sentence

FEW = 12  # sites that are spelled out
KEEPS = ("holding", "within")


@dataclass(frozen=True)
class Known:
    """What levers may name; None where it could not be read."""

    care: Care | None
    places: NamedPlaces | None
    pools: list[tuple[str, str]] | None  # (resource, site)
    calendars: Mapping[str, Calendar] | None
    offers: set[tuple[str, str]] | None  # (site, service)
    opened: set[tuple[str, str]]  # offers that levers open
    statements: list[str] | None


def check_levers(scenario_file: ScenarioFile, known: Known) -> Iterator[Problem]:
    """Every problem of the levers that a scenario's own file has."""
    yield from _lacking(
        scenario_file.scenario.statements, scenario_file.file, "statements", "statement", known.statements
    )
    for name, lever in scenario_file.scenario.levers.items():
        key = f"levers.{name}"
        yield from _lacking(lever.statements, scenario_file.file, f"{key}.statements", "statement", known.statements)
        yield from check_ramp(lever, scenario_file.file, key)
        yield from _names(lever, scenario_file.file, key, known)
        yield from _acts(lever, scenario_file.file, key, known)


def check_merged(file: str, scenario: s.Scenario, known: Known) -> Iterator[Problem]:
    """What only all levers of a scenario together can do wrong."""
    if known.care is None:
        return
    if known.offers is not None and known.places is not None:
        yield from check_closed_rooms(known.care, file, scenario, known.offers, known.places)
    levers = scenario.levers.items()
    shifts = [(name, lever) for name, lever in levers if isinstance(lever, s.ShiftLever)]
    for start in sorted({lever.from_service for _, lever in shifts}):
        yield from _overfull([(n, lever) for n, lever in shifts if lever.from_service == start], file, known.care)


def _overfull(shifts: list[tuple[str, s.ShiftLever]], file: str, care: Care) -> Iterator[Problem]:
    """Shifts that together move more than everybody."""
    reported: set[tuple[str, ...]] = set()
    for who in classes(care):
        here = [(name, lever.share.high) for name, lever in shifts if fits(lever.when, who)]
        names = tuple(name for name, _ in here)
        total = fsum(share for _, share in here)
        if total > 1 + 1e-9 and len(here) > 1 and names not in reported:
            reported.add(names)
            message = Sentence(
                "the levers {names} together move more than all, at their high ends", names=", ".join(names)
            )
            allowed = Sentence("a sum of at most {number}", number=1)
            yield Problem(file, f"levers.{names[0]}.share.high", f"{total:g}", message, "", allowed)


def _names(lever: s.Lever, file: str, key: str, known: Known) -> Iterator[Problem]:
    """Names that the world lacks."""
    care = known.care
    services = care.services if care is not None else None
    for part in ("service", "from_service", "to_service"):
        yield from _lacking([getattr(lever, part, None)], file, f"{key}.{part}", "service", services)
    yield from _lacking(getattr(lever, "services", ()), file, f"{key}.services", "service", services)
    steps = [*services, EXIT] if services is not None else None
    for part in ("from_step", "to_step"):
        yield from _lacking([getattr(lever, part, None)], file, f"{key}.{part}", "service", steps)
    if known.places is not None:
        yield from check_where(lever, file, key, known.places)
        for part in ("sites", "to_sites"):
            yield from unknown_sites(getattr(lever, part, None) or (), file, f"{key}.{part}", known.places)
    yield from _lacking([getattr(lever, "calendar", None)], file, f"{key}.calendar", "calendar", known.calendars)
    resources = care.resources if care is not None else None
    yield from _lacking([getattr(lever, "resource", None)], file, f"{key}.resource", "resource", resources)
    for part in ("pools", "source_pools", "target_pools", "paid_by"):
        pools = getattr(lever, part, None)
        if isinstance(pools, s.Pools):
            yield from _pools(pools, file, f"{key}.{part}", known)
    for name, item in (lever.menu if isinstance(lever, s.BudgetLever) else {}).items():
        if item.pools is not None:
            yield from _pools(item.pools, file, f"{key}.menu.{name}.pools", known)
    when = getattr(lever, "when", None)
    if when is not None and care is not None:
        yield from check_when(when, file, f"{key}.when", care)


def _lacking(
    names: Iterable[str | None], file: str, key: str, what: str, allowed: Iterable[str] | None
) -> Iterator[Problem]:
    if allowed is None:
        return
    names_there = set(allowed)
    for name in names:
        if name is not None and name not in names_there:
            yield unknown(file, key, name, what, names_there)


def _pools(pools: s.Pools, file: str, key: str, known: Known) -> Iterator[Problem]:
    resources = known.care.resources if known.care is not None else None
    wrong = list(_lacking([pools.resource], file, f"{key}.resource", "resource", resources))
    if known.places is not None and pools.where is not None:
        wrong += check_site_place(pools.where, file, f"{key}.where", known.places)
    yield from wrong
    if wrong or known.pools is None or known.places is None:
        return
    sites = set(known.places.sites_of(pools.where))
    if not any(site in sites and pools.resource in (None, resource) for resource, site in known.pools):
        yield Problem(file, key, "", "no pool of the region fits all of these lines")


def _acts(lever: s.Lever, file: str, key: str, known: Known) -> Iterator[Problem]:
    """Whether there is something that the lever can change."""
    if isinstance(lever, s.CapacityLever) and lever.add_units is None and lever.scale is None:
        yield Problem(file, key, "", "says neither add_units nor scale")
    elif isinstance(lever, s.BudgetLever):
        yield from sums_to_one((item.share for item in lever.menu.values()), file, f"{key}.menu")
    elif isinstance(lever, s.OpeningHoursLever):
        yield from _opening_hours(lever, file, key, known)
    elif isinstance(lever, s.CloseLever):
        yield from _close(lever, file, key, known)
    elif isinstance(lever, s.OpenLever):
        for site in lever.sites:
            if known.offers is not None and (site, lever.service) in known.offers:
                message = Sentence("already offers {service}: use a capacity lever", service=lever.service)
                yield Problem(file, f"{key}.sites", _site_text(site, known), message)
    elif isinstance(lever, s.ShiftLever):
        yield from _shift(lever, file, key, known)
    elif isinstance(lever, s.LeadTimeLever):
        yield from _lead_time(lever, file, key, known)
    elif isinstance(lever, s.PathwayLever):
        yield from _pathway(lever, file, key, known)


def _opening_hours(lever: s.OpeningHoursLever, file: str, key: str, known: Known) -> Iterator[Problem]:
    calendar = (known.calendars or {}).get(lever.calendar)
    if calendar is not None and not any(getattr(calendar, day) for day in DAYS):
        yield Problem(file, f"{key}.calendar", lever.calendar, "is never open: use a close lever")
    if known.offers is None:
        return
    offering = {site for site, service in known.offers | known.opened if service == lever.service}
    if not offering:
        yield Problem(file, f"{key}.service", lever.service, "no site offers this service")
    if offering and known.places is not None and lever.where is not None:
        yield from _offered_there(lever.where, lever.service, offering, file, key, known.places)


def _offered_there(
    where: s.Where, service: str, offering: Collection[str], file: str, key: str, places: NamedPlaces
) -> Iterator[Problem]:
    """Named sites each offer the service; of a wider place some site does."""
    there = places.sites_of(where)
    for site in where.sites or ():
        if site in there and site not in offering:
            problem = unknown(
                file, f"{key}.where.sites", site, Sentence("site of {service}", service=service), offering
            )
            message = Sentence("{site} does not offer {service}", site=places.with_name(site), service=service)
            yield replace(problem, message=message)
    if where.sites is None and there and not set(there) & set(offering):
        message = Sentence("no site there offers {service}", service=service)
        yield Problem(file, f"{key}.where", "", message, "", places.with_names(sorted(offering)[:FEW]))


def _close(lever: s.CloseLever, file: str, key: str, known: Known) -> Iterator[Problem]:
    if lever.to_sites:
        yield from sums_to_one(lever.to_sites.values(), file, f"{key}.to_sites")
    elif max(lever.moved.value, lever.moved.high) > 0:
        message = Sentence("is missing: where the share {share} moves to", share=f"{lever.moved.value:g}")
        yield Problem(file, f"{key}.to_sites", "", message)
    if known.offers is None or known.places is None:
        return
    for service in lever.services:
        offering = {site for site, offered in known.offers | known.opened if offered == service}
        yield from _offered_there(lever.where, service, offering, file, key, known.places)
        for site in lever.to_sites:
            if site in known.places.sites and site not in offering:
                what = Sentence("site of {service}", service=service)
                yield unknown(file, f"{key}.to_sites", site, what, offering)
    for site in set(lever.to_sites) & set(known.places.sites_of(lever.where)):
        yield Problem(file, f"{key}.to_sites", _site_text(site, known), "is itself closed by this lever")


def _site_text(site: str, known: Known) -> str:
    """A site's id with its name, where it is known."""
    return known.places.with_name(site) if known.places is not None else site


def _shift(lever: s.ShiftLever, file: str, key: str, known: Known) -> Iterator[Problem]:
    if (lever.fail_share is None) != (lever.fail_after is None):
        yield Problem(file, f"{key}.fail_after", "", "fail_share and fail_after are given together")
    care = known.care
    if care is None or lever.from_service not in care.services:
        return
    starts = {
        service
        for name, need in care.needs.items()
        if lever.when.needs is None or name in lever.when.needs
        for rule in need.first.values()
        for service, share in rule.to.items()
        if share > 0
    }
    if starts and lever.from_service not in starts:
        message = Sentence("nobody whom the lever is about has the first contact there")
        yield Problem(file, f"{key}.from_service", lever.from_service, message, "", ", ".join(sorted(starts)))
    yield from _destination(lever.to_service, file, f"{key}.to_service", known)


def _lead_time(lever: s.LeadTimeLever, file: str, key: str, known: Known) -> Iterator[Problem]:
    """Somebody whom the lever is about has a delay that it can change."""
    care = known.care
    if care is None or lever.service not in care.services:
        return
    rules = care.services[lever.service].not_before.values()
    if not any(fits(lever.when, who) and any(fits(rule.when, who) for rule in rules) for who in classes(care)):
        delayed = ", ".join(name for name, service in care.services.items() if service.not_before)
        message = Sentence("nobody whom the lever is about has a delay there (not_before)")
        yield Problem(
            file, f"{key}.service", lever.service, message, "", delayed or Sentence("a service with not_before")
        )


def _pathway(lever: s.PathwayLever, file: str, key: str, known: Known) -> Iterator[Problem]:
    if (lever.how == "follow_up") != (lever.after is not None):
        yield Problem(file, f"{key}.how", lever.how, "a follow_up, and only a follow_up, has a delay `after`")
    if lever.how in KEEPS and lever.to_step == EXIT:
        yield Problem(file, f"{key}.how", lever.how, "who exits keeps no unit", "", "at_once")
    care = known.care
    if care is None or lever.service not in care.services:
        return
    if lever.how in KEEPS and care.services[lever.service].mode == "outreach":
        yield Problem(file, f"{key}.how", lever.how, "a team's unit cannot be kept", "", "at_once, follow_up")
    yield from carried_ways(care, care.services[lever.service], lever.how, lever.to_step, file, f"{key}.how")
    steps = {step.to for rule in care.services[lever.service].next.values() for step in rule.then.values()}
    if lever.from_step not in steps and (lever.from_step == EXIT or lever.from_step in care.services):
        message = Sentence("nobody goes there after {service}", service=lever.service)
        yield Problem(file, f"{key}.from_step", lever.from_step, message, "", ", ".join(sorted(steps)))
    yield from _destination(lever.to_step, file, f"{key}.to_step", known)


def _destination(service: str, file: str, key: str, known: Known) -> Iterator[Problem]:
    """A service to which a lever sends people has a site, or is without limit."""
    if known.care is None or known.offers is None or service not in known.care.services:
        return
    offered = {offered for _, offered in known.offers | known.opened}
    if service not in offered and known.care.services[service].unlimited_at is None:
        yield Problem(file, key, service, "leads to a service that no site offers", "", ", ".join(sorted(offered)))
