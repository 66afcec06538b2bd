"""Rows of pools and offers that hold in some dates alone, apart from those that hold always."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sim.config.reading.cells import Cell
from sim.config.reading.region_tables import DAYS, Table

DATED = ("pools", "offers")
Tables = dict[str, Table]


def apart(tables: Tables) -> tuple[Tables, Tables]:
    """The tables with the rows that hold always, and the dated rows of pools and offers."""
    always = {name: table.where(_always) if name in DATED else table for name, table in tables.items()}
    return always, {name: tables[name].where(lambda row: not _always(row)) for name in DATED}


def _always(row: Mapping[str, Cell]) -> bool:
    return not (row["from"] or row["to"])


def days_of(row: Mapping[str, Any]) -> tuple[date, date]:
    """First and last day of a dated row; a side that is not said reaches as far as the calendar does."""
    first = date.fromisoformat(str(row["from"])) if row["from"] else date.min
    return first, date.fromisoformat(str(row["to"])) if row["to"] else date.max


__all__ = ["DATED", "DAYS", "apart", "days_of"]
