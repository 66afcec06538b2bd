"""Changes as data: something else said somewhere in a world, judged as a file would be.

``vary(world, {"near_care.more_physicians.scale": 0.03, "near_care.prevention": "off"})`` is the world of a study in
whose files that had been written. ``sim.config.paths`` tells what a path is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import pandas as pd
from pydantic import BaseModel

from sim.config.checks.table_checks import KEYS
from sim.config.checks.world_checks import check_world
from sim.config.differences import in_words
from sim.config.errors import ConfigErrors, Problem, comma_list, nearest, unknown
from sim.config.named_places import names_of_region
from sim.config.paths import Changes, Finder, Keys, UnknownPath, child, rows_of, with_changes
from sim.config.reading.cells import Bad
from sim.config.reading.dated_rows import DATED
from sim.config.reading.free_parameter_files import FreeParts
from sim.config.reading.parts import RegionParts, ScenarioFile
from sim.config.reading.region_tables import COLUMNS, Table, readers_of
from sim.config.reading.switched_off import apart_from_off, is_off, not_there
from sim.config.reading.typed import as_text, read_model
from sim.config.reading.yaml_text import Text
from sim.config.schema.base import Figure
from sim.config.schema.region import Region
from sim.config.schema.scenario import Scenario
from sim.config.sentence import Sentence
from sim.config.world_parts import WorldParts

W = TypeVar("W", bound=WorldParts)

CHANGE = "change"
PART = {"care": 1, "study": 1, "scenarios": 2, "region": 2}  # keys that lead to what is judged as one
AT_LOADING = ("study.region", "study.care", "study.people_year", "study.forecast", "region.travel.matrix_file")
ROW = re.compile(r"row (\d+), (.*)")


def vary(world: W, changes: Changes, place: str = CHANGE) -> W:
    """The world with changes in force; it is not changed itself.

    Values are numbers, texts, dates, lists or mappings as a file would have them; a text is read as in a file. A number
    at a figure is its value, its range and source stay; ``"off"`` or False at a lever switches it off. The source of a
    record tells what was changed in it, and ``differences`` of the world do. ``place`` is what messages call the
    changes. Raises ConfigErrors
    with all that is wrong: paths that lead nowhere, values that a file may not have, and what the changed world's parts
    say against each other.
    """
    problems: list[Problem] = []
    parts = _by_part(world, changes, place, problems)
    judged = {".".join(part): _judge(world, part, inner, place, problems) for part, inner in parts.items()}
    right = with_changes(world, {part: model for part, model in judged.items() if model is not None})
    varied = _in_order(right, place, problems)
    if varied is not None:
        problems += [replace(p, file=place) for p in _new(world, varied)]
    if problems or varied is None:
        names = names_of_region(world.region)
        raise ConfigErrors(problem.with_names(names) for problem in problems)
    return replace(varied, differences=(*world.differences, *_in_words(world, parts)))


def check_scenarios(world: WorldParts) -> None:
    """Holds a world's scenarios against their schema and against the rest of it, however it was put together.

    Raises ConfigErrors with all that a file may not say: a model can be copied with any value in it.
    """
    problems: list[Problem] = []
    for name, scenario in world.scenarios.items():
        problems += read_model(Scenario, _text(scenario), f"scenarios.{name}")[1]
    if not problems:
        problems += [p for p in _across(world) if p.key.startswith("scenarios.")]
    if problems:
        names = names_of_region(world.region)
        raise ConfigErrors(problem.with_names(names) for problem in problems)


def _in_words(world: WorldParts, parts: Mapping[Keys, Mapping[Keys, Any]]) -> Iterator[str]:
    """One sentence for each change: the whole path, what is said now, and what was there if that is a line."""
    finder = Finder(world)
    for part, changes in parts.items():
        for below, value in changes.items():
            keys = (*part, *below)
            before, now = _text(finder.at(keys)), _text(value)
            was = "" if isinstance(before, dict) else f" (before: {in_words(before)})"
            now_there = "off" if _is_lever(keys) and is_off(now) else in_words(now)
            yield f"{'.'.join(keys).removeprefix('scenarios.')} {now_there}{was}"


def _is_lever(keys: Keys) -> bool:
    return len(keys) == 4 and keys[0] == "scenarios" and keys[2] == "levers"


def _by_part(world: WorldParts, changes: Changes, place: str, problems: list[Problem]) -> dict[Keys, dict[Keys, Any]]:
    """The changes by the part that they are in: keys below the part, and what is said there."""
    by_part: dict[Keys, dict[Keys, Any]] = {}
    finder = Finder(world)
    for path, value in changes.items():
        try:
            keys = finder.keys(path)
        except UnknownPath as error:
            problems.append(_lost(path, error, place))
            continue
        if isinstance(finder.at(keys), Figure) and not isinstance(value, Mapping | BaseModel):
            keys = (*keys, "value")
        part = keys[: _depth(keys)]
        if problem := _refusal(path, keys, part, by_part.get(part, {}), place):
            problems.append(problem)
        else:
            by_part.setdefault(part, {})[keys[len(part) :]] = value
    return by_part


def _depth(keys: Keys) -> int:
    return PART[keys[0]] + (keys[:2] == ("region", "calendars"))


def _lost(path: str, error: UnknownPath, place: str) -> Problem:
    where = ".".join(error.known)
    message = Sentence("unknown path: {where} has no {key}", where=where or Sentence("a world"), key=error.key)
    best = nearest(error.key, sorted(error.allowed))
    return Problem(
        place, path, "", message, f"{where}.{best}".lstrip(".") if best else "", comma_list(sorted(error.allowed))
    )


def _refusal(path: str, keys: Keys, part: Keys, others: Mapping[Keys, Any], place: str) -> Problem | None:
    """A change of too much, of what is read when a study is loaded, or of what another change is within."""
    below = keys[len(part) :]
    if path in AT_LOADING or (keys[0] == "scenarios" and below == ("inherits",)):
        return Problem(place, path, "", "is read when a study is loaded, and cannot be changed afterwards")
    of_table = len(keys) > 1 and keys[0] == "region" and keys[1] in KEYS
    if len(part) < _depth(keys) or (of_table and len(below) != 2):
        return Problem(place, path, "", "is more than one change can be of; name something within it")
    if any(below[: len(other)] == other or other[: len(below)] == below for other in others):
        return Problem(place, path, "", "another change is of the same, or within it")
    return None


def _judge(world: WorldParts, part: Keys, changes: Mapping[Keys, Any], place: str, problems: list[Problem]) -> Any:
    """The part with what is said in it, or None with the reasons in ``problems``."""
    if part[0] == "region" and part[1] in KEYS:
        return _table(world.region, part[1], changes, place, problems)
    old: Any = world
    for key in part:
        old = child(old, key)
    where, data = ".".join(part), _file_data(_text(old), changes)
    if isinstance(old, Scenario) and isinstance(data, dict):
        data, off = apart_from_off(data)
        problems += not_there(off, old.levers, place, f"{where}.levers")
    model, faults = read_model(type(old), data, place)
    problems += [replace(p, key=f"{where}.{p.key}" if p.key else where) for p in faults]
    return model


def _text(value: object) -> Any:
    """What a file would say."""
    if isinstance(value, BaseModel):
        return as_text(value.model_dump(exclude_none=True, warnings=False))
    if isinstance(value, Mapping):
        return {str(key): _text(inner) for key, inner in value.items()}
    return as_text(value)


def _file_data(data: Any, changes: Mapping[Keys, Any]) -> Any:
    """What a file would say with the changes in it, and in the sources of the records that they are in."""
    for keys, value in {**_sources(data, changes), **changes}.items():
        data = _with(data, keys, _text(value))
    return data


def _with(data: Any, keys: Keys, value: Text) -> Any:
    if not keys:
        return value
    return {**data, keys[0]: _with(data.get(keys[0], {}), keys[1:], value)}


def _sources(data: Any, changes: Mapping[Keys, Any]) -> dict[Keys, str]:
    """The source of each record in which something else is said, telling what was there."""
    sources: dict[Keys, str] = {}
    for keys in changes:
        records = [keys[:n] for n in range(len(keys)) if "source" in _at(data, keys[:n])]
        if records and (at := (*records[-1], "source")) not in changes:
            sources[at] = f"{sources.get(at, _at(data, at))}; {_was('.'.join(keys[len(at) - 1 :]), _at(data, keys))}"
    return sources


def _at(data: Any, keys: Keys) -> Any:
    for key in keys:
        data = data.get(key, {})
    return data


def _was(key: str, before: object) -> str:
    """How a source tells of a change."""
    return f"{key} changed from {before}" if isinstance(before, str | int | float) else f"{key} changed"


def _table(
    region: Region, name: str, changes: Mapping[Keys, Any], place: str, problems: list[Problem]
) -> pd.DataFrame | None:
    """The table with cells changed, each read as one of a file."""
    wrong, cells = len(problems), {}
    rows = rows_of(region, name)
    for (row, column), value in changes.items():
        text = str(as_text(value))
        try:
            cells[row, column] = readers_of(name.removeprefix("dated_"))[column](text)
        except Bad as bad:
            best = bad.meant or (nearest(text, bad.allowed) if text else "")
            key = f"region.{name}.{row}.{column}"
            problems.append(Problem(place, key, text, bad.why, best, comma_list(bad.allowed)))
    if len(problems) > wrong:
        return None
    data = {row: rows.frame.iloc[rows.index[row]].to_dict() for row, _ in cells}
    sources = {f"{name}.{'.'.join(keys)}": text for keys, text in _sources(data, changes).items()}
    changed = with_changes(
        region, {**sources, **{f"{name}.{row}.{column}": cell for (row, column), cell in cells.items()}}
    )
    return getattr(changed, name)  # type: ignore[no-any-return]


def _in_order(world: W, place: str, problems: list[Problem]) -> W | None:
    """The world with the scenarios that its study lists, in that order; None if one is not there."""
    names = world.study.scenarios
    missing = [name for name in names if name not in world.scenarios]
    problems += [unknown(place, "study.scenarios", name, "scenario", world.scenarios) for name in missing]
    return None if missing else replace(world, scenarios={name: world.scenarios[name] for name in names})


def _new(before: WorldParts, after: WorldParts) -> list[Problem]:
    """What the parts of a world say against each other, and did not before."""
    faults = list(_across(after))
    before_faults = set(_across(before)) if faults else set()
    return [problem for problem in faults if problem not in before_faults]


def _across(world: WorldParts) -> Iterator[Problem]:
    """What no part can know alone: the checks that a study's files go through, by path."""
    scenarios = {name: ScenarioFile(name, f"scenarios.{name}", one) for name, one in world.scenarios.items()}
    statements = list(world.statements.statements) if world.statements is not None else None
    faults = check_world(
        world.study, "study", as_read(world.region), world.care, "care", scenarios, world.scenarios, statements
    )
    for problem in faults:
        row = ROW.fullmatch(problem.key)
        key = f"{_row_names(world.region, problem.file)[int(row[1])]}.{row[2]}" if row else problem.key
        yield replace(problem, file="", key=f"{problem.file}.{key}")


def as_read(region: Region) -> RegionParts:
    """The region as the checks take it; its rows are numbered from 0."""
    tables = {name: _as_read(region, name) for name in COLUMNS}
    dated = {name: _as_read(region, f"dated_{name}") for name in DATED}
    free = FreeParts("region", region.free, region.fitted, region.usual_waits)
    return RegionParts(
        region.name,
        "region",
        region.file,
        region.calendars,
        region.travel,
        tables,
        free,
        dated,
        region.sensitivity,
        region.forecast,
    )


def _as_read(region: Region, name: str) -> Table:
    rows = getattr(region, name).to_dict("records")
    text = [{column: str(cell) for column, cell in row.items()} for row in rows]
    return Table(f"region.{name}", text, list(range(len(rows))), rows, complete=True)


def _row_names(region: Region, file: str) -> list[str]:
    return list(rows_of(region, file.removeprefix("region.")).index)


__all__ = ["CHANGE", "as_read", "check_scenarios", "vary"]
