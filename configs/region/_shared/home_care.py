"""Mobile teams at their bases, and the municipalities' health care: pools and offers."""

from __future__ import annotations

import numpy as np

from . import sizing as by
from .region import Region, people


def add(r: Region) -> None:
    """Adds them to the region."""
    _mobile_teams(r)
    _municipal_care(r)


def _mobile_teams(r: Region) -> None:
    bases, residents = r.kind("team_base"), r.residents(by.MOBILE_BY_AGE)
    crews = max(len(bases), round(by.MOBILE_VISITS * residents / 250 / by.CREW_VISITS_PER_DAY / by.CREW_LOAD))
    near = people(r.zones, by.MOBILE_BY_AGE.weight) @ by.shares(r.minutes(bases), by.PRIMARY_CARE_PER_MIN)
    source = (
        f"{by.MOBILE_VISITS * 1000:.1f} per 1000 (MOB.team_visits_skane_per_1000) x {residents:.0f} people"
        f" / 250 days / {by.CREW_VISITS_PER_DAY} per crew-day / load {by.CREW_LOAD} = {crews} crews; one each,"
        " then where most work per crew lies"
    )
    more = {"calendar": "weekdays_08_17"}
    for site, n in zip(bases, by.least_busy(near, crews), strict=True):
        pool = r.pool(site, "mobile_team", n, source, "X", **more)
        hours = "hours: weekdays 8-17 (MOB.visits_per_team_day)"
        r.offer(site, "mobile_team_visit", pool, "mobile_team", hours, "X", **more)


OWN = "a municipality cares for its own residents (Health and Medical Services Act)"


def _municipal_care(r: Region) -> None:
    """Short-term places, not equally many for what each municipality needs, and crews of home care."""
    towns, old, wait = r.kind("municipality"), people(r.zones, {"65_79": 1, "80plus": 1}), r.facts.municipal_wait_days
    own = np.array([[z["municipality"] == t["municipality"] for t in towns] for z in r.zones], dtype=float)
    discharges = r.facts.discharges * (old @ own) / old.sum()
    to_place = discharges * by.PLACE_SHARE
    staffed = np.array([by.staffing(f"{t['site']} places", r.facts.municipal_sd) for t in towns])
    sizes = by.municipal_places(to_place * by.PLACE_DAYS / 365, staffed, wait)
    for site, n, size, part in zip(towns, to_place, sizes, staffed, strict=True):
        source = (
            f"assumption: {n:.0f} discharges to a place a year (by people 65+) x {by.PLACE_DAYS} days, square-root"
            f" staffing for a mean wait of {wait} days in the region; {part:.3f} of it here (facts.municipal_sd)"
        )
        pool = r.pool(site, "municipal_place", size, source, "D")
        r.offer(site, "municipal_care", pool, "primary_care", OWN, "A", serves="municipality")
    for site, n in zip(towns, discharges - to_place, strict=True):
        source = (
            f"assumption: {n:.0f} discharges home a year x {by.HOME_VISITS} visits x {by.HOME_VISIT_MIN} min with the"
            f" way / {by.DAYTIME_H} h / load {by.HOME_CARE_LOAD}, at least 1"
        )
        pool = r.pool(site, "home_care_crew", by.home_care_crews(float(n)), source, "D", calendar="home_care")
        for service in ("home_care_start", "home_care_visit"):
            r.offer(site, service, pool, "primary_care", OWN, "A", serves="municipality", calendar="every_day_07_22")
