"""What regions share when their tables are made: from ``source/`` and the region's facts to tables.

Each region has one script of its own, ``configs/region/<name>/build.py``, which says what is particular to it
(``Facts``) and calls ``main``. This folder is no region: it holds no region.yaml.
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import forecast, home_care, hospital_care, near_care, people, sites, sources, targets
from .facts import DayEr, Facts, Forecast, Left
from .region import Region
from .tables import plain, read, write

TABLES = ("municipalities", "zones", "sites", "pools", "offers", "targets")


def build(facts: Facts, folder: Path) -> None:
    """Writes all tables of a region into ``folder``. Raises ``SourcesWrong`` with all that is wrong."""
    sources.check(facts.folder)
    municipalities = people.municipalities(facts)
    zones = people.zones(facts, municipalities)
    hospitals = read(facts.folder, "hospitals")
    found = {plain(h["hospital_id"]): h for h in hospitals}
    region = Region(facts, zones, sites.make(facts, municipalities, zones), found)
    for care in (near_care, home_care, hospital_care):
        care.add(region)
    goals = targets.make(facts, hospitals, region.total)
    tables = (municipalities, zones, region.sites, region.pools, region.offers, goals)
    for name, rows in zip(TABLES, tables, strict=True):
        write(folder, name, rows, targets.COLUMNS if name == "targets" else None)
    if facts.forecasts:
        write(folder, "forecast", forecast.make(facts, municipalities, zones))


def main(facts: Facts) -> None:
    """The command ``python configs/region/<name>/build.py [folder]``: into the region's own folder if none is said."""
    try:
        build(facts, Path(sys.argv[1]) if len(sys.argv) > 1 else facts.folder)
    except sources.SourcesWrong as wrong:
        print("\n".join([f"{facts.folder.name}: nothing was written.", *wrong.problems]), file=sys.stderr)
        raise


__all__ = ["TABLES", "DayEr", "Facts", "Forecast", "Left", "build", "main"]
