"""Which sites of a service are open when, with and without a scenario, and how far the nearest is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from itertools import chain

import numpy as np

from sim.compile.calendars import Shifts
from sim.compile.choice_sets import seconds_or_any, within_reach
from sim.compile.draft import Draft, Floats, OfferDraft, Phase
from sim.compile.offers_and_pools import closes
from sim.config.schema.care import Care
from sim.config.schema.region import Region
from sim.model.codes import LONG_AGO, Ints

Sites = frozenset[str]
Pattern = tuple[tuple[Sites, Sites], ...]  # by service: open sites of the reference, and of the scenario
ADULTS = "18_64"


class OpenSites:
    """The sites of one service, and how far they are from home."""

    def __init__(self, care: Care, region: Region, service: str, travel: tuple[Ints, Ints]) -> None:
        zones, choice = len(region.zones), care.services[service].choice
        rule = care.service_choice.nearness[service]
        minds_hours = bool(rule.closed)  # also where one may ask at any hour
        self.service, self.closes = service, minds_hours or closes(care.services[service])
        self.index = {site: t for t, site in enumerate(region.sites["site"])}
        self.seconds, self.metres = travel[0][:zones], travel[1][:zones]
        reach_s = seconds_or_any(choice.reach_min if choice else None)
        self.reach_s = min(reach_s, seconds_or_any(rule.within_min))
        self.detour_s = seconds_or_any(choice.detour_min if choice else None)
        listed = region.offers.loc[region.offers["service"] == service, "site"]
        self.reference = np.isin(list(self.index), listed)
        self.km_of = cache(self._km_of)

    def _km_of(self, sites: Sites) -> Floats:
        """[Z] km to the nearest of these sites that is within reach; infinite if none is."""
        if not sites:
            return np.full(len(self.seconds), np.inf)
        among = self.reference.copy()
        among[[self.index[site] for site in sites]] = True
        near = within_reach(self.seconds[:, among], self.reference[among], self.reach_s, self.detour_s)
        is_open = np.isin(np.flatnonzero(among), [self.index[site] for site in sites])
        seconds = np.where(near & is_open, self.seconds[:, among].astype(np.float64), np.inf)
        nearest = seconds.argmin(axis=1)
        km = self.metres[:, among][np.arange(len(seconds)), nearest] / 1000
        return np.where(np.isfinite(seconds.min(axis=1)), km, np.inf)

    def offers(self, draft: Draft) -> list[OfferDraft]:
        """What adults are offered, whatever the hour."""
        return [o for o in draft.offers.values() if o.service == self.service and o.open and ADULTS in o.ages]

    def calendars(self, phases: list[Phase]) -> set[str]:
        """The calendars that say when one can ask; none where one always can, and nobody minds the hours."""
        drafts = [draft for phase in phases for draft in (phase.reference, phase.draft)]
        return {o.calendar for draft in drafts for o in self.offers(draft)} if self.closes else set()

    def open_at(self, draft: Draft, open_calendars: frozenset[str]) -> Sites:
        """The sites that are open while these calendars are."""
        return frozenset(o.site for o in self.offers(draft) if not self.closes or o.calendar in open_calendars)


def patterns(
    sites_of: Mapping[str, OpenSites], phases: list[Phase], shifts: Shifts
) -> tuple[Ints, Ints, list[Pattern]]:
    """Periods in which the same sites are open: when each begins, which pattern it has, and the patterns."""
    calendars = sorted({name for sites in sites_of.values() for name in sites.calendars(phases)})
    edges = {name: [time for *ends, units in shifts[name] if units > 0 for time in ends] for name in calendars}
    starts = sorted({LONG_AGO, *(phase.start for phase in phases), *chain(*edges.values())})
    begins = np.array([phase.start for phase in phases])

    @cache
    def pattern_of(f: int, open_calendars: frozenset[str]) -> Pattern:
        reference, draft = phases[f].reference, phases[f].draft
        return tuple(
            (s.open_at(reference, open_calendars), s.open_at(draft, open_calendars)) for s in sites_of.values()
        )

    number_of: dict[Pattern, int] = {}
    row = []
    for start in starts:
        phase = max(int(np.searchsorted(begins, start, side="right")) - 1, 0)
        running = frozenset(name for name in calendars if bisect_right(edges[name], start) & 1)
        row.append(number_of.setdefault(pattern_of(phase, running), len(number_of)))
    return np.array(starts, dtype=np.int64), np.array(row, dtype=np.int64), list(number_of)


__all__ = ["OpenSites", "patterns"]
