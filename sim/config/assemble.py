"""From a study's plain keys to a checked world: reads what they name, holds the parts against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sim.config.checks.given_checks import check_given
from sim.config.checks.label_checks import check_labels
from sim.config.checks.matrix_checks import check_matrix
from sim.config.checks.world_checks import check_world, in_order
from sim.config.differences import overridden, replacements
from sim.config.errors import ConfigErrors, Problem
from sim.config.factors import with_factors
from sim.config.folders import Folders, display_path
from sim.config.named_places import names_beside
from sim.config.paths import Changes, with_changes
from sim.config.people_of_year import check_people_of_year, with_people_of_year
from sim.config.reading.given_tables import columns_of, read_given
from sim.config.reading.inheritance import merge_inherited
from sim.config.reading.parts import (
    RegionParts,
    ScenarioFile,
    read_care,
    read_region,
    read_scenarios,
    read_statements,
)
from sim.config.reading.region_tables import Table
from sim.config.reading.typed import read_model
from sim.config.reading.yaml_text import Text
from sim.config.schema.study_design import Execution, Study
from sim.config.sentence import Sentence
from sim.config.world import Given, World

COMMAND_LINE = Sentence("command line")


@dataclass(frozen=True)
class Composed:
    """The plain keys after overrides, as text, and which file each group came from."""

    keys: dict[str, Text]
    files: dict[str, str]
    overridden: frozenset[str]
    before: dict[str, Text] = field(default_factory=dict)  # the keys as their files say
    choices: dict[str, str] = field(default_factory=dict)  # the file of each group, by name


def world(
    where: Folders,
    composed: Composed,
    own_scenarios: dict[str, ScenarioFile],
    problems: list[Problem],
    fitted: bool = True,
) -> World:
    """Reads and checks all that the keys name; raises if anything is wrong.

    ``fitted``: with the factors of the region's ``fitted.yaml`` in force, if it is of the study's care model.
    """
    study, execution = _plain_models(composed, problems)
    name_of = {k: v for k in ("region", "care") if isinstance(v := composed.keys.get(k), str)}
    region = read_region(where, name_of["region"], problems) if "region" in name_of else None
    care = read_care(where, name_of["care"], problems) if "care" in name_of else None
    listed = composed.keys.get("scenarios", [])
    names = [n for n in listed if isinstance(n, str)] if isinstance(listed, list) else []
    files = read_scenarios(where, names, own_scenarios, problems)
    scenarios = {n: s for n in names if (s := merge_inherited(n, files, problems)) is not None}
    care_file = display_path(where.config(f"care/{name_of.get('care', '')}.yaml"))
    statements = read_statements(where, problems)
    hidden = {p.key.split(".")[1] for p in problems if p.file == care_file and "." in p.key}
    faults = check_world(
        study,
        composed.files["study"],
        region,
        care,
        care_file,
        files,
        scenarios,
        list(statements.statements) if statements is not None else None,
    )
    faults += check_labels(files, scenarios)
    faults += _matrix(region) if region is not None else []
    given_tables = read_given(where, study, problems) if study is not None else {}
    if region is not None and care is not None and study is not None:
        faults += check_given(given_tables, region, care, study)
    problems += [p for p in faults if not (p.message.startswith("unknown ") and p.value in hidden)]
    problems = [_with_file(p, composed) for p in problems]
    whole = region.region() if region is not None and not problems else None
    if whole is not None and study is not None:
        problems += [_with_file(p, composed) for p in check_people_of_year(whole, study)]
    if problems or study is None or execution is None or whole is None or care is None:
        beside = names_beside({one: t.text for one, t in region.tables.items()}) if region is not None else {}
        raise ConfigErrors(problem.with_names(beside) for problem in problems)
    whole = with_people_of_year(whole, study)
    factors: Mapping[str, float] = {}
    if fitted and whole.fitted is not None and whole.free is not None and whole.fitted.care == study.care:
        factors = whole.fitted.factors()
        care, whole = with_factors(care, whole, whole.free.parameters, factors)
    if whole.usual_waits is not None and whole.usual_waits.care == study.care:
        care = with_changes(care, usual_waits_of(whole.usual_waits.wait))
    differences = (*overridden(composed.keys, composed.before), *replacements(where, _configs(composed), files))
    given = _patients(given_tables, study)
    return World(study, execution, whole, care, scenarios, statements, given, differences, factors)


def _configs(composed: Composed) -> dict[str, str]:
    """What a world was read from, below ``configs``, by what it is."""
    parts = {"care": "care/{}.yaml", "region": "region/{}"}
    used = {what: path.format(composed.keys[what]) for what, path in parts.items()}
    return used | {"study": f"study/{composed.choices['study']}.yaml"} if composed.choices else used


def usual_waits_of(wait: Mapping[str, float]) -> Changes:
    """What puts the utilities of usual waits in force in a care model, by service."""
    return {f"service_choice.wait.{service}.usual": utility for service, utility in wait.items()}


def _patients(tables: dict[str, Table], study: Study) -> Given:
    frames = {name: table.frame(columns_of(name)) for name, table in tables.items()}
    return Given(frames.get("episodes"), frames.get("initial"), study.episodes_mode == "in_place")


def _plain_models(composed: Composed, problems: list[Problem]) -> tuple[Study | None, Execution | None]:
    own = {k: v for k, v in composed.keys.items() if k in Execution.model_fields}
    rest = {k: v for k, v in composed.keys.items() if k not in own}
    study, wrong = read_model(Study, rest, composed.files["study"])
    execution, also = read_model(Execution, own, composed.files["execution"])
    problems += [p for p in wrong if p.key] + also
    problems += in_order(rest, composed.files["study"])
    return study, execution


def _with_file(problem: Problem, composed: Composed) -> Problem:
    """A problem with a study's key that was given on the command line is the command line's."""
    files = {*composed.files.values(), "study"}
    if problem.file not in files:
        return problem
    key = problem.key.split(".")[0].split("[")[0]
    source = COMMAND_LINE if key in composed.overridden else composed.files["study"]
    return replace(problem, file=source if key in composed.overridden or problem.file == "study" else problem.file)


def _matrix(region: RegionParts) -> list[Problem]:
    """What is wrong with a ready-made matrix."""
    zones, sites = region.tables["zones"], region.tables["sites"]
    if region.travel is None or region.travel.matrix_file is None or not (zones.complete and sites.complete):
        return []
    return check_matrix(Path(region.travel.matrix_file), zones, sites)
