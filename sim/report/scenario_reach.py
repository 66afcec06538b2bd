"""Whom a scenario acts on, and where it puts what: in plain words, with a question where the two differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from sim.compile import areas_of
from sim.compile.areas import Areas, Bools
from sim.compile.calendars import open_hours_per_week
from sim.config.errors import comma_list
from sim.config.schema import scenario as s
from sim.config.schema.pathway_rules import When
from sim.config.world import World
from sim.model.codes import AGE_GROUPS
from sim.report.names import Names
from sim.report.terminal_language import terminal_language

EFFECTS = {
    "shift": ("to_service",),
    "pathway": ("to_step",),
    "duration": ("service",),
    "lead_time": ("service",),
}  # services to which a lever about patients sends them, or that it changes; of the other kinds any


@dataclass(frozen=True)
class Stand:
    """Where a lever puts units or hours."""

    lever: str
    towns: frozenset[str]  # municipalities
    services: frozenset[str]


class Reach:
    """The people and the places of the levers of one scenario."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name, self.levers = world, name, world.scenarios[name].levers
        self.language = terminal_language()
        self.areas: Areas = areas_of(world, self.levers)
        self.places = self.areas.places
        self.people = world.region.zones[[f"people_{a}" for a in AGE_GROUPS]].to_numpy(dtype=np.int64)
        self.town = world.region.zones["municipality"]

    def lines(self) -> Iterator[str]:
        """A sentence for each lever about patients or about what there is, then a question for each that differ."""
        stands = [stand for key, lever in self.levers.items() if (stand := self._stand(key, lever))]
        for stand in stands:
            if not self._is_whole(stand.towns):
                place, people = self._place(stand.towns), self._residents(stand.towns)
                yield self.language.translate(
                    "{scenario}: {lever} stands in {place}, where {people} people live.",
                    scenario=self.name, lever=stand.lever, place=place, people=self.language.number(people, 0),
                )  # fmt: skip
        for key, lever in self.levers.items():
            if isinstance(lever, s.PatientLever):
                yield self._acts_on(key, lever)
        for key, lever in self.levers.items():
            if isinstance(lever, s.PatientLever):
                yield from self._question(key, lever, stands)
        yield from self._spread()

    def _acts_on(self, key: str, lever: s.PatientLever) -> str:
        ages = self._ages(lever)
        number = int(self.people[self._zones(lever)][:, ages].sum())
        kind = getattr(lever, "kind", "")
        when: When | None = getattr(lever, "when", None)
        language, translate = self.language, self.language.translate
        who, aged, place = "", "", translate("in the whole region")
        if when is not None and when.needs:
            who = translate(" (those with {needs})", needs=self._list(self._need(need) for need in when.needs))
        if lever.where is not None:
            place = translate("in {place}", place=self._place(self._towns(lever)))
        if lever.where is not None and lever.where.within is not None:
            near = lever.where.within
            place += translate(
                ", within {minutes} minutes of {sites}",
                minutes=language.plain(near.minutes), sites=self.places.with_names(near.sites),
            )  # fmt: skip
        if len(ages) != len(AGE_GROUPS):
            aged = translate(" aged {ages}", ages=self._list(AGE_GROUPS[a] for a in ages))
        return translate(
            "{scenario}: {lever}: this {kind} acts on {people} people{aged} {place}{who}.",
            scenario=self.name, lever=key, kind=kind, people=language.number(number, 0), aged=aged, place=place,
            who=who,
        )  # fmt: skip

    def _question(self, key: str, lever: s.PatientLever, stands: list[Stand]) -> Iterator[str]:
        """Where people live whom no unit stands near that the lever sends them to."""
        fields = EFFECTS.get(getattr(lever, "kind", ""), ())
        services = {getattr(lever, name) for name in fields}
        related = [stand for stand in stands if not services or stand.services & services]
        towns = frozenset(town for stand in related for town in stand.towns)
        if not related or self._is_whole(towns) or self._towns(lever) <= towns:
            return
        number, all_of_it = self._residents(self._towns(lever)), self._residents(towns)
        yield self.language.translate(
            "Question: {scenario}: {lever} acts on {people} people, and {others} stands in {place}, {there} people. "
            "Are only they meant? Then give {lever} a place: {where}.",
            scenario=self.name, lever=key, others=", ".join(stand.lever for stand in related),
            place=self._place(towns), where=self._where(towns),
            people=self.language.number(number, 0), there=self.language.number(all_of_it, 0),
        )  # fmt: skip

    def _spread(self) -> Iterator[str]:
        """Fewer hours with the same unit hours: nothing is saved."""
        for key, lever in self.levers.items():
            if not isinstance(lever, s.OpeningHoursLever) or lever.capacity != "spread":
                continue
            new = open_hours_per_week(self.world.region.calendars[lever.calendar])
            longest = max(self._hours(lever), default=0.0)
            if new < longest:
                yield self.language.translate(
                    "Question: {scenario}: {lever} opens {service} {new} hours a week instead of up to {longest}, with "
                    "capacity: spread: whoever works in the hours that go works in those that stay, and nothing is "
                    "saved. Is it meant to save? Then write capacity: added, which keeps as many units in fewer hours.",
                    scenario=self.name, lever=key, service=lever.service,
                    new=self.language.plain(new), longest=self.language.plain(longest),
                )  # fmt: skip

    def _hours(self, lever: s.OpeningHoursLever) -> Iterator[float]:
        """Hours a week of the pools that a lever about hours is about."""
        region, sites = self.world.region, set(self.places.sites_of(lever.where))
        offers = region.offers[(region.offers["service"] == lever.service) & region.offers["site"].isin(sites)]
        first = {str(pools).split()[0] for pools in offers["pool"]}
        for calendar in region.pools[region.pools["pool"].isin(first)]["calendar"]:
            yield open_hours_per_week(region.calendars[calendar])

    def _stand(self, key: str, lever: s.Lever) -> Stand | None:
        """Where a lever that gives something puts it; None of the others."""
        offers = self.world.region.offers
        if isinstance(lever, s.OpenLever):
            return self._at(key, lever.sites, {lever.service})
        if isinstance(lever, s.OpeningHoursLever):
            sites = set(self.places.sites_of(lever.where)) & set(offers[offers["service"] == lever.service]["site"])
            return self._at(key, sites, {lever.service}, lever.where)
        pools = lever.target_pools if isinstance(lever, s.TransferLever) else None
        if isinstance(lever, s.CapacityLever) and any(e.value > 0 for e in (lever.add_units, lever.scale) if e):
            pools = lever.pools
        if isinstance(lever, s.BudgetLever) and lever.sum_sek_per_year.value > 0:
            pools = next((item.pools for item in lever.menu.values() if item.pools is not None), None)
        return self._with_pools(key, pools) if pools is not None else None

    def _with_pools(self, key: str, chosen: s.Pools) -> Stand:
        table, sites = self.world.region.pools, set(self.places.sites_of(chosen.where))
        rows = table[table["site"].isin(sites)]
        if chosen.resource is not None:
            rows = rows[rows["resource"] == chosen.resource]
        offers, names = self.world.region.offers, set(rows["pool"])
        using = [bool(names & set(str(pools).split())) for pools in offers["pool"]]
        return self._at(key, set(rows["site"]), set(offers[using]["service"]), chosen.where)

    def _at(self, key: str, sites: Collection[str], services: set[str], where: s.Where | None = None) -> Stand:
        """Of sites that are not chosen by municipality: the whole sub-regions in which they lie."""
        towns = {self.places.sites[site] for site in sites}
        if where is None or where.municipalities is None:
            subregions = {self.places.subregions.get(town) for town in towns}
            towns = {town for town, subregion in self.places.subregions.items() if subregion in subregions}
        return Stand(key, frozenset(towns), frozenset(services))

    def _zones(self, lever: s.PatientLever) -> Bools:
        everywhere = np.ones(len(self.town), dtype=np.bool_)
        return everywhere if lever.where is None else self.areas.zones_of(lever.where)

    def _towns(self, lever: s.PatientLever) -> frozenset[str]:
        return frozenset(self.town[self._zones(lever)])

    def _ages(self, lever: s.PatientLever) -> list[int]:
        when: When | None = getattr(lever, "when", None)
        return [a for a, age in enumerate(AGE_GROUPS) if when is None or when.ages is None or age in when.ages]

    def _residents(self, towns: Collection[str]) -> int:
        return int(self.people[self.town.isin(list(towns)).to_numpy()].sum())

    def _is_whole(self, towns: frozenset[str]) -> bool:
        return frozenset(self.town) <= towns

    def _place(self, towns: frozenset[str]) -> str:
        """Sub-regions by name where all of each is meant, else municipalities."""
        if self._is_whole(towns):
            return self.language.translate("the whole region")
        return self._list(self._subregions(towns) or sorted(self.places.municipalities[town] for town in towns))

    def _list(self, names: Iterable[str]) -> str:
        return self.language.sentence(comma_list(list(names)))

    def _need(self, need: str) -> str:
        return Names.within(self.language.label(self.world.care.needs[need].label.model_dump()))

    def _where(self, towns: frozenset[str]) -> str:
        if subregions := self._subregions(towns):
            return f"where: {{subregions: [{', '.join(subregions)}]}}"
        names = ", ".join(sorted(self.places.municipalities[town] for town in towns))
        return f"where: {{municipalities: [{names}]}}"

    def _subregions(self, towns: frozenset[str]) -> list[str]:
        """The sub-regions that these municipalities make up; none if some is not whole."""
        names = sorted({self.places.subregions[town] for town in towns})
        whole = {town for town, subregion in self.places.subregions.items() if subregion in names}
        return names if whole == towns else []


def reach_lines(world: World, name: str) -> list[str]:
    """Sentences and questions of one scenario; none of one without levers."""
    return list(Reach(world, name).lines()) if world.scenarios[name].levers else []


__all__ = ["reach_lines"]
