"""What a region's ``source/`` must hold; all that is wrong is told at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sim.config.errors import Problem
from sim.config.reading.cells import READERS, Bad, Reader, people_cell

from .tables import numbered, plain

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


KEYS = {
    "municipalities": "scb_code", "localities": "locality_id", "age_2019": "scb_code", "crossings": "place",
    "hospitals": "hospital_id", "places": "site", "parameters": "parameter", "targets": "target",
}  # fmt: skip


def _code(text: str) -> str:
    if not re.fullmatch(r"\d{4}", text, re.ASCII):
        raise Bad("must be a municipality's code of four digits, as 1480")
    return text


def _perhaps(reader: Reader) -> Reader:
    return lambda text: reader(text) if text else text


NUMBER, TEXT = READERS["number"], READERS["text"]
CELLS: dict[str, dict[str, Reader]] = {  # what is counted with, and what is looked up
    "municipalities": {"scb_code": _code, "name": TEXT, "lat": NUMBER, "lon": NUMBER, "pop_2024_12_31": people_cell},
    "localities": {
        **{"locality_id": TEXT, "name": TEXT, "scb_code": _code, "lat": NUMBER, "lon": NUMBER},
        "demand_pop_2024_est": people_cell,
    },
    "age_2019": {"scb_code": _code, **{str(age): people_cell for age in range(101)}},
    "crossings": {"place": TEXT, "crossing": TEXT},
    "hospitals": {
        **{"hospital_id": TEXT, "name": TEXT, "scb_code": _code, "lat": NUMBER, "lon": NUMBER},
        **dict.fromkeys(("ed_visits_per_year", "ed_low", "ed_high", "beds_model_2025"), _perhaps(NUMBER)),
    },
    "places": {"site": TEXT, "name": TEXT, "kind": TEXT, "at": TEXT},
    "parameters": {"parameter": TEXT, **dict.fromkeys(("value", "low", "high"), _perhaps(READERS["any"]))},
    "targets": {"target": TEXT, "parameter": TEXT, **dict.fromkeys(("scale", "tolerance"), _perhaps(NUMBER))},
}


class SourcesWrong(SystemExit):
    """The sources of a region are not what its tables can be made of; says all that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(2)
        self.problems = problems


def check(folder: Path) -> None:
    """Raises ``SourcesWrong`` with every table, column and cell that is wrong, or else with all that does not fit."""
    wrong: list[Problem] = []
    tables = {name: _read(folder, name, wrong) for name in NEEDED}
    problems = [str(problem) for problem in wrong]
    if not problems:
        problems += [*_people(tables), *_places(tables), *_figures(tables)]
    if problems:
        raise SourcesWrong(problems)


def _read(folder: Path, name: str, problems: list[Problem]) -> Table:
    """The rows of a table; each cell that cannot be read, and each key that is there twice, goes to ``problems``."""
    file, key = f"source/{name}.csv", KEYS[name]
    rows = numbered(folder, name, NEEDED[name], problems)
    first: dict[str, int] = {}
    for line, row in rows:
        for column, reader in CELLS[name].items():
            try:
                reader(row[column])
            except Bad as bad:
                problems.append(Problem(file, f"row {line}, {column}", row[column], bad.why))
        if first.setdefault(row[key], line) != line:
            problems.append(
                Problem(file, f"row {line}, {key}", row[key], f"is there twice (first on row {first[row[key]]})")
            )
    return [row for _, row in rows]


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
