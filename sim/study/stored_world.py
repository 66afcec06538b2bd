"""The world of a stored study, from what its folder says: what was run can be run again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from sim.config.errors import ConfigErrors, Problem
from sim.config.load import load_composed
from sim.config.reading.typed import as_text, read_model
from sim.config.schema.care import Care
from sim.config.schema.scenario import Scenario
from sim.config.schema.study_design import Execution, Study
from sim.config.schema.travel_rules import TravelConfig
from sim.config.sentence import Sentence
from sim.config.world import World, resolved
from sim.results.read import PARTS, Results
from sim.study.store import differences

M = TypeVar("M", bound=BaseModel)
MOST_DIFFERENCES = 10


def stored_world(results: Results, root: Path | None = None) -> World:
    """The world that a study was run in.

    Study, care model, scenarios and travel are those of the study's ``config.yaml``, so that no scenario file is
    needed; the region's tables are not kept there, and are read from ``configs`` (below ``root``, as ``load_study``
    says).
    Raises ConfigErrors with all that is not as it was.
    """
    config, file = results.config, str(results.folder / "config.yaml")
    problems: list[Problem] = []
    study = _part(Study, config["study"], file, problems)
    execution = _part(Execution, config["execution"], file, problems)
    care = _part(Care, config["care"], file, problems)
    travel = _part(TravelConfig, config["region"]["travel"], file, problems)
    scenarios = {name: _part(Scenario, one, file, problems) for name, one in config["scenarios"].items()}
    whole = {name: scenario for name, scenario in scenarios.items() if scenario is not None}
    if problems or study is None or execution is None or care is None or travel is None:
        raise ConfigErrors(problems)
    here = load_composed(_keys(config), root)
    if travel.matrix_file is None:
        here = replace(here, region=here.region.model_copy(update={"travel": travel}))
    world = replace(here, study=study, execution=execution, care=care, scenarios=whole)
    if changes := differences(_determining(config), _determining(resolved(world))):
        raise ConfigErrors(_refusal(file, change) for change in changes[:MOST_DIFFERENCES])
    return world


def _refusal(file: str, change: str) -> Problem:
    return Problem(file, "", "", Sentence("the study cannot be run again as it was: {change}", change=change))


def _determining(config: Mapping[str, Any]) -> dict[str, Any]:
    """What of a configuration determines its runs, or nearly: without statements, and what a region says of itself."""
    region = {name: part for name, part in config["region"].items() if name != "file"}
    return {**{part: config[part] for part in PARTS}, "region": region}


def _keys(config: Mapping[str, Any]) -> dict[str, object]:
    """The keys of a study of its baseline alone, which is said whole."""
    keys = {**config["study"], **config["execution"]}
    baseline = config["study"]["scenarios"][0]
    worded = {key: value for key, value in keys.items() if value is not None}
    return {**worded, "scenarios": [baseline], "scenario": {**config["scenarios"][baseline], "name": baseline}}


def _part(model: type[M], data: Mapping[str, Any], file: str, problems: list[Problem]) -> M | None:
    as_words = as_text(data)
    assert isinstance(as_words, dict)
    part, wrong = read_model(model, as_words, file)
    problems += wrong
    return part


__all__ = ["stored_world"]
