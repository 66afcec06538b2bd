"""The places that levers name, against the region: every name is there, and the lines together leave something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.config.errors import Problem, comma_list, nearest, unknown
from sim.config.named_places import NamedPlaces
from sim.config.schema import scenario as s
from sim.config.sentence import Sentence

UNKNOWN_SITE = Sentence("unknown site (careshift places TEXT finds ids by name)")


def check_where(lever: s.Lever, file: str, key: str, places: NamedPlaces) -> Iterator[Problem]:
    """What is wrong with the place of a lever, or of its pools."""
    where: s.Where | None = getattr(lever, "where", None)
    if where is None:
        return
    if isinstance(lever, s.PatientLever):
        yield from _of_people(where, file, f"{key}.where", places)
    else:
        yield from check_site_place(where, file, f"{key}.where", places)


def check_site_place(where: s.Where, file: str, key: str, places: NamedPlaces) -> Iterator[Problem]:
    """A place of sites: known names, no minutes, and a site there."""
    wrong = list(_names(where, file, key, places))
    if where.within is not None:
        message = Sentence(
            "is of levers about people: name the sites, or the municipalities or sub-regions where they lie"
        )
        wrong.append(Problem(file, f"{key}.within", f"{where.within.minutes:g} min", message))
    if not wrong and not places.sites_of(where):
        wrong.append(Problem(file, key, "", "no site fits all of these lines"))
    yield from wrong


def _of_people(where: s.Where, file: str, key: str, places: NamedPlaces) -> Iterator[Problem]:
    """A place where people live: known names, no site without minutes, and a municipality there."""
    wrong = list(_names(where, file, key, places))
    if where.sites is not None:
        message = Sentence("nobody lives at a site, and this lever is about people: say who lives near it")
        named = ", ".join(where.sites)
        allowed = f"within: {{minutes: 30, sites: [{named}]}}, municipalities, subregions"
        wrong.append(Problem(file, f"{key}.sites", named, message, "within", allowed))
    if not wrong and not places.municipalities_of(where):
        wrong.append(Problem(file, key, "", "nobody lives there: no municipality fits all of these lines"))
    yield from wrong


def _names(where: s.Where, file: str, key: str, places: NamedPlaces) -> Iterator[Problem]:
    towns = set(places.municipalities.values())
    for name in where.municipalities or ():
        if name not in towns and name not in places.municipalities:
            yield unknown(file, f"{key}.municipalities", name, "municipality", towns)
    for name in where.subregions or ():
        if name not in places.subregions.values():
            yield unknown(file, f"{key}.subregions", name, "sub-region", places.subregions.values())
    yield from unknown_sites(where.sites or (), file, f"{key}.sites", places)
    if where.within is not None:
        yield from unknown_sites(where.within.sites, file, f"{key}.within.sites", places)


def unknown_sites(sites: Iterable[str], file: str, key: str, places: NamedPlaces) -> Iterator[Problem]:
    """Sites that the region lacks, with the one whose id or name is nearest."""
    for site in sites:
        if site not in places.sites:
            allowed = comma_list([places.with_name(one) for one in sorted(places.sites)])
            yield Problem(file, key, site, UNKNOWN_SITE, _nearest_site(site, places), allowed)


def _nearest_site(text: str, places: NamedPlaces) -> str:
    by_name = {name: site for site, name in places.site_names.items()}
    found = nearest(text, [*places.sites, *by_name])
    return places.with_name(by_name.get(found, found)) if found else ""


__all__ = ["check_site_place", "check_where", "unknown_sites"]
