"""What a region's ``source/`` must hold; all that is wrong is told at once."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from .tables import plain

Table = list[dict[str, str]]
NEEDED = {
    "municipalities": (
        *("scb_code", "name", "delregion", "centralort", "lat", "lon", "coord_source", "pop_2024_12_31"),
        "pop_source",
    ),
    "localities": (
        *("locality_id", "name", "kind", "scb_code", "lat", "lon", "coord_source", "pop_geonames", "pop_scb"),
        "demand_pop_2024_est",
    ),
    "age_2019": ("scb_code", *(str(age) for age in range(101))),
    "crossings": ("place", "crossing"),
    "hospitals": (
        *("hospital_id", "name", "scb_code", "lat", "lon", "coord_quality", "ed_24h", "ed_status"),
        *("ed_visits_per_year", "ed_low", "ed_high", "ed_year", "ed_quality", "ed_source", "beds_model_2025"),
    ),
    "places": ("site", "name", "kind", "at", "source", "quality"),
    "parameters": ("parameter", "value", "low", "high", "unit", "year", "population", "source", "quality"),
    "targets": (
        *("target", "measure", "by", "group", "parameter", "scale", "unit", "use", "tolerance", "note"),
    ),
}  # fmt: skip
KINDS = ("telephone_centre", "digital_centre", "out_of_hours_clinic", "team_base")


class SourcesWrong(SystemExit):
    """The sources of a region are not what its tables can be made of; says all that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(2)
        self.problems = problems


def check(folder: Path) -> None:
    """Raises ``SourcesWrong`` with every missing table or column, or else with all that does not fit together."""
    problems: list[str] = []
    tables = {name: _read(folder, name, problems) for name in NEEDED}
    if not problems:
        problems += [*_people(tables), *_places(tables), *_figures(tables)]
    if problems:
        raise SourcesWrong(problems)


def _read(folder: Path, name: str, problems: list[str]) -> Table:
    path = folder / "source" / f"{name}.csv"
    if not path.is_file():
        problems.append(f"source/{name}.csv is missing; columns {', '.join(NEEDED[name])}")
        return []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in NEEDED[name] if column not in (reader.fieldnames or ())]
        if missing:
            problems.append(f"source/{name}.csv lacks the columns {', '.join(missing)}")
        return list(reader)


def _people(tables: dict[str, Table]) -> Iterator[str]:
    aged = {r["scb_code"] for r in tables["age_2019"]}
    codes = {r["scb_code"] for r in tables["municipalities"]}
    for r in tables["municipalities"]:
        own = [int(z["demand_pop_2024_est"]) for z in tables["localities"] if z["scb_code"] == r["scb_code"]]
        if sum(own) != int(r["pop_2024_12_31"]):
            yield f"municipality {r['scb_code']}: its localities have {sum(own)} people, it has {r['pop_2024_12_31']}"
        if r["scb_code"] not in aged:
            yield f"municipality {r['scb_code']}: no row in source/age_2019.csv"
    for name in ("localities", "hospitals"):
        for r in tables[name]:
            if r["scb_code"] not in codes:
                yield f"source/{name}.csv, {r['name']}: unknown municipality {r['scb_code']}"


def _places(tables: dict[str, Table]) -> Iterator[str]:
    known = {plain(r["locality_id"]) for r in tables["localities"]}
    known |= {plain(r["hospital_id"]) for r in tables["hospitals"]}
    for r in tables["places"]:
        if plain(r["at"]) not in known:
            yield f"source/places.csv, {r['site']}: unknown place {r['at']!r}; a locality_id or a hospital_id"
    there = {r["kind"] for r in tables["places"]}
    yield from (f"source/places.csv has no {kind}" for kind in KINDS if kind not in there)
    if not any(r["ed_24h"] == "yes" and int(r["ed_visits_per_year"]) for r in tables["hospitals"]):
        yield "source/hospitals.csv: no emergency room is open at all hours (ed_24h yes, ed_visits_per_year above 0)"


def _figures(tables: dict[str, Table]) -> Iterator[str]:
    known = {r["parameter"] for r in tables["parameters"]}
    for r in tables["targets"]:
        if r["parameter"] not in known:
            yield f"source/targets.csv, {r['target']}: {r['parameter']} is no row of source/parameters.csv"
