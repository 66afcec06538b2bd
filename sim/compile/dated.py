"""Rows of pools and offers that hold in some dates: what the region is on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from sim.compile.draft import Draft
from sim.config.reading.dated_rows import days_of
from sim.config.schema.region import Region


def changing_days(region: Region) -> set[date]:
    """The days on which a dated row begins to hold, or no longer does."""
    days: set[date] = set()
    for row in [*_rows(region.dated_pools), *_rows(region.dated_offers)]:
        first, last = days_of(row)
        days |= {first} if first > date.min else set()
        days |= {last + timedelta(days=1)} if last < date.max else set()
    return days


def on_day(base: Draft, region: Region, day: date) -> Draft:
    """The reference of a day: dated rows that hold replace what holds always.

    An offer that has dated rows is closed, as by a lever, while its calendar has no hours.
    """
    if region.dated_pools.empty and region.dated_offers.empty:
        return base
    draft = base.copy()
    for row in _rows(region.dated_pools):
        if _holds(row, day):
            pool = draft.pools[row["pool"]]
            pool.capacity, pool.surge = float(row["capacity"]), float(row["surge"])
            pool.calendar = row["calendar"]
    for row in _rows(region.dated_offers):
        offer = draft.offers[row["site"], row["service"]]
        if _holds(row, day):
            offer.calendar = row["calendar"]
    for row in _rows(region.dated_offers):
        offer = draft.offers[row["site"], row["service"]]
        offer.open = region.calendars[offer.calendar].has_hours
    return draft


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(column): value for column, value in row.items()} for row in table.to_dict("records")]


def _holds(row: dict[str, Any], day: date) -> bool:
    first, last = days_of(row)
    return first <= day <= last


__all__ = ["changing_days", "on_day"]
