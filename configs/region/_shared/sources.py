"""What a region's ``source/`` must hold; all that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.config.errors import Problem
from sim.config.reading.cells import Bad
from sim.config.reading.source_tables import SOURCE_CELLS, SOURCE_COLUMNS, SOURCE_KEYS

from .tables import numbered, plain

Table = list[dict[str, str]]
KINDS = ("telephone_centre", "digital_centre", "out_of_hours_clinic", "team_base")


class SourcesWrong(SystemExit):
    """The sources of a region are not what its tables can be made of; says all that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(2)
        self.problems = problems


def check(folder: Path) -> None:
    """Raises ``SourcesWrong`` with every table, column and cell that is wrong, or else with all that does not fit."""
    wrong: list[Problem] = []
    tables = {name: _read(folder, name, wrong) for name in SOURCE_COLUMNS}
    problems = [str(problem) for problem in wrong]
    if not problems:
        problems += [*_people(tables), *_places(tables), *_figures(tables)]
    if problems:
        raise SourcesWrong(problems)


def _read(folder: Path, name: str, problems: list[Problem]) -> Table:
    """The rows of a table; each cell that cannot be read, and each key that is there twice, goes to ``problems``."""
    file, key = f"source/{name}.csv", SOURCE_KEYS[name]
    rows = numbered(folder, name, SOURCE_COLUMNS[name], problems)
    first: dict[str, int] = {}
    for line, row in rows:
        for column, reader in SOURCE_CELLS[name].items():
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
