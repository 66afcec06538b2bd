"""Reads the parts of a world: a region's folder, a care model, scenarios with what they inherit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from zoneinfo import available_timezones

import pandas as pd
from pydantic import BaseModel

from sim.config.errors import Problem, nearest, unknown
from sim.config.folders import Folders, display_path
from sim.config.reading.dated_rows import apart
from sim.config.reading.forecast_table import read_forecast
from sim.config.reading.free_parameter_files import FreeParts, read_free
from sim.config.reading.model_file import read_file
from sim.config.reading.region_tables import DAYS, Table, columns_of, frames, read_tables
from sim.config.reading.switched_off import apart_from_off
from sim.config.reading.typed import read_model
from sim.config.reading.yaml_text import Refused, Text, read_yaml
from sim.config.schema.care import Care
from sim.config.schema.region import Calendar, Region, RegionFile
from sim.config.schema.scenario import Scenario
from sim.config.schema.screening_table import read_sensitivity
from sim.config.schema.statements import Statements
from sim.config.schema.travel_rules import TravelConfig
from sim.config.sentence import Sentence

M = TypeVar("M", bound=BaseModel)
COLLECTIONS = ("services", "needs", "profiles", "resources", "signals", "levers")
# what a file must say, in the place of what it says wrongly, until all problems are told
STAND_INS: dict[str, Text] = {
    "label": {"sv": "-", "en": "-"},
    "description": {"sv": "-", "en": "-"},
    "co2_g_per_km": {"value": "0", "source": "none", "quality": "X"},
}
NAME = re.compile(r"[a-z0-9][a-z0-9_\-]{0,79}")


@dataclass(frozen=True)
class RegionParts:
    """What could be read of a region; None where it could not."""

    name: str
    folder: str  # as messages call it
    file: RegionFile | None
    calendars: dict[str, Calendar] | None
    travel: TravelConfig | None
    tables: dict[str, Table]
    free: FreeParts
    dated: dict[str, Table]  # of pools and offers: rows that hold in some dates
    sensitivity: pd.DataFrame | None = None
    forecast: pd.DataFrame | None = None

    def region(self) -> Region | None:
        """The region, if all of it could be read."""
        if self.file is None or self.calendars is None or self.travel is None:
            return None
        if not all(table.complete for table in self.tables.values()):
            return None
        dated = {f"dated_{name}": table.frame([*columns_of(name), *DAYS]) for name, table in self.dated.items()}
        return Region(
            name=self.name,
            file=self.file,
            calendars=self.calendars,
            travel=self.travel,
            free=self.free.free,
            fitted=self.free.fitted,
            usual_waits=self.free.usual,
            sensitivity=self.sensitivity,
            forecast=self.forecast,
            **frames(self.tables),
            **dated,
        )


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario as its file says, before inheriting."""

    name: str
    file: str
    scenario: Scenario
    path: Path | None = None  # None: among the folders of scenarios
    off: tuple[str, ...] = ()  # inherited levers that it switches off


def read_care(folders: Folders, name: str, problems: list[Problem]) -> Care | None:
    """A care model; if something in it is wrong, the services, needs, ... that are right."""
    if name not in folders.config_names("care"):
        problems.append(unknown("study", "care", name, "care model", folders.config_names("care")))
        return None
    path = folders.config(f"care/{name}.yaml")
    try:
        data = read_yaml(path, display_path(path))
    except Refused as refused:
        problems += refused.problems
        return None
    return read_most(Care, data, display_path(path), problems)


def read_most(model: type[M], data: Mapping[str, Text], file: str, problems: list[Problem]) -> M | None:
    """The model, or what is right of it: unknown keys and the named entries that are wrong are left out.

    So the checks across entries can be told together with what is wrong within them.
    """
    instance, faults = read_model(model, data, file)
    problems += faults
    if instance is not None:
        return instance
    entries_of: dict[str, Text] = {k: v for k, v in data.items() if k in model.model_fields}
    for key, entries in entries_of.items():
        wrong = {p.key.split(".")[1] for p in faults if p.key.startswith(f"{key}.") and key in COLLECTIONS}
        if isinstance(entries, dict):
            entries_of[key] = {k: v for k, v in entries.items() if k not in wrong}
    for key in {p.key.split(".")[0] for p in faults} - set(COLLECTIONS):
        entries_of.pop(key, None)
    stand_ins = {k: v for k, v in STAND_INS.items() if k in model.model_fields}
    return read_model(model, {**stand_ins, **entries_of}, file)[0]


def read_region(folders: Folders, name: str, problems: list[Problem]) -> RegionParts | None:
    """The folder of a region; None if there is none of this name."""
    if name not in folders.region_names():
        problems.append(unknown("study", "region", name, "region", folders.region_names()))
        return None
    folder = folders.config(f"region/{name}")
    file = read_file(RegionFile, folder / "region.yaml", problems)
    if file is not None:
        problems += _timezone(file, display_path(folder / "region.yaml"))
    travel = read_file(TravelConfig, folder / "travel.yaml", problems)
    if travel is not None and travel.matrix_file is not None:
        travel = _with_matrix(travel, folder, problems)
    tables, dated = apart(read_tables(folder, display_path(folder), problems))
    calendars, free = _calendars(folder, problems), read_free(folder, problems)
    sensitivity = read_sensitivity(folder, display_path(folder), problems)
    forecast = read_forecast(folder, display_path(folder), tables["municipalities"].names("municipality"), problems)
    return RegionParts(name, display_path(folder), file, calendars, travel, tables, free, dated, sensitivity, forecast)


def _timezone(file: RegionFile, name: str) -> list[Problem]:
    known = sorted(available_timezones())
    if file.timezone in known:
        return []
    message = Sentence("unknown time zone, as Europe/Stockholm")
    return [Problem(name, "timezone", file.timezone, message, nearest(file.timezone, known))]


def _with_matrix(travel: TravelConfig, folder: Path, problems: list[Problem]) -> TravelConfig | None:
    """The matrix file by its full path; it lies in the region's folder."""
    name = travel.matrix_file or ""
    if Path(name).name != name or not (folder / name).is_file():
        allowed = sorted(path.name for path in folder.glob("*.csv"))
        problems.append(unknown(display_path(folder / "travel.yaml"), "matrix_file", name, "file", allowed))
        return None
    return travel.model_copy(update={"matrix_file": str(folder / name)})


UNKNOWN = Calendar.model_validate({"every_day": ["00:00-12:00", "12:00-24:00"]})  # hours that make no other problem


def _calendars(folder: Path, problems: list[Problem]) -> dict[str, Calendar] | None:
    path = folder / "calendars.yaml"
    try:
        data = read_yaml(path, display_path(path))
    except Refused as refused:
        problems += refused.problems
        return None
    calendars: dict[str, Calendar] = {}
    for name, days in data.items():
        if not NAME.fullmatch(name) or not isinstance(days, dict):
            problems.append(
                Problem(display_path(path), name, "", "a calendar has a name of small letters, and days with hours")
            )
            continue
        calendar, faults = read_model(Calendar, days, display_path(path))
        problems += [replace(p, key=f"{name}.{p.key}") for p in faults]
        calendars[name] = calendar or UNKNOWN  # the name is known, and the problem is told
    return calendars


def read_statements(folders: Folders, problems: list[Problem]) -> Statements | None:
    """The strategies' statements; None if the configuration has none, or if they cannot be read."""
    path = folders.config("statements.yaml")
    if not path.is_file():
        return None
    statements = read_file(Statements, path, problems)
    if statements is not None:
        problems += [
            unknown(
                display_path(path), f"statements.{name}.document", statement.document, "document", statements.documents
            )
            for name, statement in statements.statements.items()
            if statement.document not in statements.documents
        ]
    return statements


def read_scenario(path: Path, name: str, problems: list[Problem]) -> ScenarioFile | None:
    """A scenario file; its ``defaults``, a plain list of names, are what it inherits."""
    try:
        data = read_yaml(path, display_path(path), defaults=True)
    except Refused as refused:
        problems += refused.problems
        return None
    return scenario_of(data, name, display_path(path), problems)


def scenario_of(data: Mapping[str, Text], name: str, file: str, problems: list[Problem]) -> ScenarioFile | None:
    """The scenario in a mapping of text."""
    data, off = apart_from_off(data)
    listed = data.pop("defaults", [])
    if not isinstance(listed, list) or not all(isinstance(n, str) and NAME.fullmatch(n) for n in listed):
        problems.append(Problem(file, "defaults", "", "only a plain list of scenario names is allowed"))
    elif listed:
        own = data.get("inherits", [])
        data["inherits"] = [*listed, *(own if isinstance(own, list) else [own])]
    scenario = read_most(Scenario, data, file, problems)
    return ScenarioFile(name, file, scenario, off=tuple(off)) if scenario is not None else None


def read_scenarios(
    folders: Folders, names: list[str], own_scenarios: Mapping[str, ScenarioFile], problems: list[Problem]
) -> dict[str, ScenarioFile]:
    """The named scenarios and all that they inherit, each as its file says; ``own_scenarios`` are not looked for."""
    files: dict[str, ScenarioFile] = {}
    todo = [(name, "study", "scenarios") for name in names]
    visited: set[str] = set()
    known = {*folders.scenario_names(), *own_scenarios}
    while todo:
        name, file, key = todo.pop(0)
        if name in visited:
            continue
        visited.add(name)
        if name not in known:
            problems.append(unknown(file, key, name, "scenario", known))
            continue
        scenario_file = own_scenarios.get(name) or read_scenario(folders.scenario(name), name, problems)
        if scenario_file is not None:
            files[name] = scenario_file
            todo += [(heir, scenario_file.file, "inherits") for heir in scenario_file.scenario.inherits]
    return files
