"""What a terminal shows of places: the ids by which scenarios name sites, municipalities and sub-regions."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from sim.config.errors import nearest
from sim.config.schema.region import Region
from sim.config.sentence import Sentence
from sim.report.language import N_
from sim.report.terminal_language import terminal_language
from sim.report.terminal_table import translated_table
from sim.study.console import own_console

HEADS = (N_("id"), N_("name"), N_("what it is"), N_("in"))
KINDS = {
    "hospital": N_("hospital"),
    "primary_care_centre": N_("primary care centre"),
    "out_of_hours_clinic": N_("out of hours clinic"),
    "team_base": N_("team base"),
    "municipality": N_("municipality"),
    "telephone_centre": N_("telephone centre"),
    "digital_centre": N_("digital centre"),
}  # of sites, as the regions' tables have them


class NamedPlace(NamedTuple):
    """A place as one names it under ``where``."""

    id: str
    name: str
    kind: str
    within: str  # the municipality, or the sub-region, in which it lies


def places_of(region: Region) -> Iterator[NamedPlace]:
    """Sub-regions, then municipalities, then sites, in the order of the region's tables."""
    translate = terminal_language().translate
    towns = {row.municipality: row for row in region.municipalities.itertuples()}
    for subregion in dict.fromkeys(str(row.subregion) for row in towns.values()):
        yield NamedPlace(subregion, subregion, translate("sub-region"), "")
    for code, row in towns.items():
        yield NamedPlace(str(code), str(row.name), translate("municipality"), str(row.subregion))
    for site in region.sites.itertuples():
        town = towns.get(site.municipality)
        yield NamedPlace(
            str(site.site), str(site.name), _kind(str(site.kind)), str(town.name) if town is not None else ""
        )


def _kind(kind: str) -> str:
    translate = terminal_language().translate
    return translate("site: {kind}", kind=translate(KINDS[kind]) if kind in KINDS else kind.replace("_", " "))


def matching(places: list[NamedPlace], text: str) -> list[NamedPlace]:
    """Those with a text in their id, their name or that of what they lie in, whatever its case and accents."""
    wanted = _plain(text)
    return [place for place in places if any(wanted in _plain(part) for part in (place.id, place.name, place.within))]


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def print_places(region: Region, text: str) -> None:
    """The table of the places with a text. Raises ValueError, with the nearest name, if there is none."""
    known = list(places_of(region))
    found = matching(known, text)
    if not found:
        close = nearest(text, [part for place in known for part in (place.name, place.id)])
        hint = Sentence("; did you mean {name}?", name=close) if close else ""
        raise ValueError(
            Sentence(
                "no site, municipality or sub-region of {region} has {text} in its id or name{hint}",
                region=region.name,
                text=repr(text),
                hint=hint,
            )
        )
    table = translated_table(HEADS, ("name", "what it is", "in"))
    for place in found:
        table.add_row(place.id, place.name, place.kind, place.within)
    own_console().print(table)


__all__ = ["NamedPlace", "matching", "places_of", "print_places"]
