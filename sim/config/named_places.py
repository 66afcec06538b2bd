"""The places that a scenario may name, and what lies where: municipalities, sub-regions and sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sim.config.schema.region import Region
from sim.config.schema.scenario import Where


@dataclass(frozen=True)
class NamedPlaces:
    """Municipalities by code, and sites by id."""

    municipalities: Mapping[str, str]  # code to name
    subregions: Mapping[str, str]  # municipality to sub-region
    sites: Mapping[str, str]  # site to municipality
    site_names: Mapping[str, str]

    @classmethod
    def of_region(cls, region: Region) -> NamedPlaces:
        """Those of a region that was read."""
        towns, sites = region.municipalities, region.sites
        return cls(
            municipalities=dict(zip(towns["municipality"], towns["name"], strict=True)),
            subregions=dict(zip(towns["municipality"], towns["subregion"], strict=True)),
            sites=dict(zip(sites["site"], sites["municipality"], strict=True)),
            site_names=dict(zip(sites["site"], sites["name"], strict=True)),
        )

    def municipalities_of(self, where: Where) -> set[str]:
        """The municipalities, by code, that fit the lines about municipalities and sub-regions."""
        return {
            code
            for code, name in self.municipalities.items()
            if (where.municipalities is None or name in where.municipalities or code in where.municipalities)
            and (where.subregions is None or self.subregions[code] in where.subregions)
        }

    def sites_of(self, where: Where | None) -> list[str]:
        """The sites that fit every line, in the order in which they are named."""
        if where is None:
            return list(self.sites)
        named = self.sites if where.sites is None else dict.fromkeys(where.sites)
        if where.municipalities is None and where.subregions is None:
            return [site for site in named if site in self.sites]
        towns = self.municipalities_of(where)
        return [site for site in named if self.sites.get(site) in towns]

    def with_name(self, site: str) -> str:
        """A site's id with its name beside it."""
        name = self.site_names.get(site, "")
        return f"{site} ({name})" if name else site

    def with_names(self, sites: Iterable[str]) -> str:
        """Some sites, each with its name."""
        return ", ".join(map(self.with_name, sites))


def names_beside(region: Mapping[str, Sequence[Mapping[str, object]]]) -> dict[str, str]:
    """What messages say beside an id, from the rows of a region's tables: a site's name, for its pools too.

    An id that a service or a resource has as well is left alone.
    """
    sites = {_cell(row, "site"): _cell(row, "name") for row in region["sites"]}
    others = {row.get("service") for row in region["offers"]} | {row.get("resource") for row in region["pools"]}
    names = {
        _cell(row, "pool"): sites[site] for row in region["pools"] if (site := _cell(row, "site")) in sites
    } | sites
    return {
        one: name for one, name in names.items() if one not in others and name.casefold() not in ("", one.casefold())
    }


def _cell(row: Mapping[str, object], column: str) -> str:
    return str(row.get(column, ""))


def names_of_region(region: Region) -> dict[str, str]:
    """As ``names_beside``, of a region that was read."""
    return names_beside({name: getattr(region, name).to_dict("records") for name in ("sites", "offers", "pools")})


__all__ = ["NamedPlaces", "names_beside", "names_of_region"]
