"""The tables of a region as wholes: rows that are there twice, names that another table lacks, people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan

from sim.config.errors import Problem, unknown
from sim.config.reading.cells import Cell
from sim.config.reading.region_tables import Table
from sim.config.sentence import Sentence
from sim.model.codes import AGE_GROUPS

LATITUDE = 55.0, 69.1  # Sweden
LONGITUDE = 10.5, 24.2
KEYS = {
    "municipalities": ("municipality",),
    "zones": ("zone",),
    "sites": ("site",),
    "pools": ("pool",),
    "offers": ("site", "service"),
    "targets": ("target",),
    "dated_pools": ("pool", "from"),
    "dated_offers": ("site", "service", "from"),
}


def check_tables(tables: Mapping[str, Table]) -> list[Problem]:
    """Every problem within and between the six tables, of the rows that could be read."""
    problems: list[Problem] = []
    for name, table in tables.items():
        problems += _duplicates(table, KEYS[name])
    for name in ("zones", "sites"):
        problems += _coordinates(tables[name])
    problems += _duplicate_sites(tables["sites"])
    problems += _references(tables)
    problems += _population(tables)
    problems += _targets(tables["targets"])
    return problems


def _duplicates(table: Table, key: tuple[str, ...]) -> Iterator[Problem]:
    first: dict[tuple[Cell, ...], int] = {}
    for line, row in table.numbered():
        value = tuple(row[k] for k in key)
        if value in first:
            text = " ".join(str(v) for v in value)
            yield Problem(
                table.file,
                f"row {line}, {' and '.join(key)}",
                text,
                Sentence("is there twice (first on row {first})", first=first[value]),
            )
        first.setdefault(value, line)


def _coordinates(table: Table) -> Iterator[Problem]:
    for line, row in table.numbered():
        lat, lon = float(row["lat"] or 0), float(row["lon"] or 0)
        place = f"{lat}, {lon}"
        if _within(lon, LATITUDE) and _within(lat, LONGITUDE):
            yield Problem(table.file, f"row {line}, lat and lon", place, "latitude and longitude are swapped")
            continue
        for name, value, bounds in (("lat", lat, LATITUDE), ("lon", lon, LONGITUDE)):
            if not _within(value, bounds):
                allowed = f"{bounds[0]} to {bounds[1]} (Sweden, degrees, WGS 84)"
                yield Problem(table.file, f"row {line}, {name}", str(value), "outside the country", "", allowed)


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _duplicate_sites(table: Table) -> Iterator[Problem]:
    """The same place under two names."""
    first: dict[tuple[Cell, ...], int] = {}
    for line, row in table.numbered():
        value = row["name"], row["kind"], row["lat"], row["lon"]
        if value in first:
            yield Problem(
                table.file,
                f"row {line}, site",
                str(row["site"]),
                Sentence("duplicate site: same name, kind and place as row {first}", first=first[value]),
            )
        first.setdefault(value, line)


def _references(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Names in one table that another lacks."""
    links = (
        ("zones", "municipality", "municipalities"),
        ("sites", "municipality", "municipalities"),
        ("pools", "site", "sites"),
        ("offers", "site", "sites"),
        ("offers", "pool", "pools"),
    )
    for name, column, target in links:
        if not tables[target].readable:
            continue
        allowed = tables[target].names(column)
        names = set(allowed)
        for line, row in tables[name].numbered():
            for one in str(row[column]).split():  # an offer may have several pools
                if one not in names:
                    yield unknown(tables[name].file, f"row {line}, {column}", one, column, allowed)


def _population(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """A municipality whose zones hold nobody, or others than it."""
    zones, municipalities = tables["zones"], tables["municipalities"]
    if not zones.complete:
        return
    people: dict[Cell, int] = {}
    for row in zones.rows:
        size = sum(int(row[f"people_{age}"] or 0) for age in AGE_GROUPS)
        people[row["municipality"]] = people.get(row["municipality"], 0) + size
    for line, row in municipalities.numbered():
        here, stated = people.get(row["municipality"], 0), int(row["people"] or 0)
        if not here:
            message = Sentence("population missing: no zone of this municipality has people")
            yield Problem(municipalities.file, f"row {line}, municipality", str(row["municipality"]), message)
        elif here != stated:
            message = Sentence(
                "its zones in zones.csv have {here} people: is a place missing, or one too many?", here=f"{here:,}"
            )
            yield Problem(municipalities.file, f"row {line}, people", f"{row['municipality']}: {stated:,}", message)


def _targets(table: Table) -> Iterator[Problem]:
    """Figures that a baseline is fitted to or held against, without what that takes."""
    for line, row in table.numbered():
        use, tolerance = str(row["use"]), float(row["tolerance"] or 0)
        if use != "compare" and not tolerance > 0:
            message = Sentence(
                "a figure that is {use} needs a tolerance above 0, as 0.05: the share that it may be off", use=use
            )
            yield Problem(table.file, f"row {line}, tolerance", _cell_text(row["tolerance"]), message)
        if use != "compare" and row["measure"] == "none":
            message = Sentence("a figure that no measure answers can only be compare")
            yield Problem(table.file, f"row {line}, use", use, message, "", "compare")
        if use == "fit" and not float(row["value"] or 0) > 0:
            message = Sentence("a figure that is fitted to must be above 0: the fit is one of ratios")
            yield Problem(table.file, f"row {line}, value", _cell_text(row["value"]), message)
    yield from _contradictions(table)


def _contradictions(table: Table) -> Iterator[Problem]:
    """Two figures to fit to that are one and the same, and cannot both be met within their tolerance."""
    first: dict[tuple[Cell, ...], dict[str, Cell]] = {}
    for line, row in table.numbered():
        if row["use"] != "fit":
            continue
        other = first.setdefault((row["measure"], row["by"], row["group"]), row)
        spans = [float(r["value"] or 0) * float(r["tolerance"] or 0) for r in (row, other)]
        if abs(float(row["value"] or 0) - float(other["value"] or 0)) > sum(spans):
            message = Sentence(
                "contradicts {other}: the same figure, {other_2} there", other=other["target"], other_2=other["value"]
            )
            yield Problem(table.file, f"row {line}, value", _cell_text(row["value"]), message)


def _cell_text(value: Cell) -> str:
    return "" if value is None or (isinstance(value, float) and isnan(value)) else str(value)
