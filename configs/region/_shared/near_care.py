"""Vårdcentraler, out-of-hours clinics, telephone and digital centre: pools and offers."""

from __future__ import annotations

from typing import Any

from . import sizing as by
from .region import Region, people
from .tables import Rows


def add(r: Region) -> None:
    """Adds them to the region."""
    _primary_care_centres(r, r.kind("primary_care_centre"))
    clinics = r.kind("out_of_hours_clinic")
    for site, n in zip(clinics, r.drawn(clinics, by.OUT_OF_HOURS_PER_MIN), strict=True):
        calendar, size = "evenings_weekends", by.OUT_OF_HOURS
        more: dict[str, Any] = {"calendar": calendar, "shift_end": "overtime", "overtime_h": 1}
        pool = r.pool(
            site, "out_of_hours_room", size.units(n), f"{size.source_text(n)}, at least 1", size.quality, **more
        )
        source = f"hours: {site['source']}"
        r.offer(site, "out_of_hours_clinic", pool, "primary_care", source, site["quality"], calendar=calendar)
        if site["site"] in r.facts.urgent_care:
            pool = r.pool(site, "urgent_care_room", by.URGENT_CARE_ROOMS, "assumption: rooms", "D", **more)
            where = r.facts.urgent_care_source
            r.offer(site, "urgent_care_centre", pool, "primary_care", where, "C", calendar=calendar)
    centre, size = r.kind("telephone_centre")[0], by.TELEPHONE
    more = {"calendar": "telephone_lines"}
    pool = r.pool(centre, "telephone_line", size.units(r.total), size.source_text(r.total), size.quality, **more)
    r.offer(centre, "telephone_1177", pool, "primary_care", "1177 answers round the clock (1177.se)", "B")
    centre, size = r.kind("digital_centre")[0], by.DIGITAL
    more = {"calendar": "every_day_07_22"}
    pool = r.pool(centre, "digital_doctor", size.units(r.total), size.source_text(r.total), size.quality, **more)
    r.offer(centre, "digital_consultation", pool, "primary_care", "assumption: hours", **more)


def _primary_care_centres(r: Region, centres: Rows) -> None:
    """Rooms by the residents that each vårdcentral draws, weighted by age."""
    weighted = people(r.zones, by.VISITS_BY_AGE.weight)
    drawn = (
        weighted
        / weighted.sum()
        * r.residents(by.VISITS_BY_AGE)
        @ by.shares(r.minutes(centres), by.PRIMARY_CARE_PER_MIN)
    )
    more = {"calendar": "weekdays_08_17"}
    for site, n in zip(centres, drawn, strict=True):
        for role, size in (("physician", by.PHYSICIAN), ("nurse", by.NURSE)):
            staffed = by.staffing(f"{site['site']} {role}", r.facts.staffing_sd)
            source = f"{size.source_text(n)}; residents drawn at {by.PRIMARY_CARE_PER_MIN}/min, weighted by age"
            source += f"; staffed to {staffed:.3f} of it (facts.staffing_sd)"
            rooms = size.units(n, staffed)
            pool = r.pool(site, f"{role}_room", rooms, source, size.quality, calendar="vardcentraler")
            source = "hours: vårdcentraler close at 17 (PC.vc_close_hour_vml)"
            r.offer(site, f"primary_care_{role}", pool, "primary_care", source, "B", **more)
