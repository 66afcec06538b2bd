"""``python -m sim``: the plain Hydra application, one scenario against the study's baseline a job.

``python -m sim scenario=near_care replications=8``, ``python -m sim -m 'scenario=glob(*)'``, with any launcher.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace

import hydra
import typer
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.app.exits import BAD_INPUT, ending_of, in_language_of, say
from sim.app.whole_run import run_and_tell
from sim.config.errors import ConfigErrors, Problem
from sim.config.hydra_words import in_quotes, swept
from sim.config.load import COMMAND_LINE, load_composed, plain_overrides, register_scenarios
from sim.config.reading.yaml_text import Refused
from sim.config.schema.study_design import Execution
from sim.config.sentence import Sentence
from sim.config.world import World

OF_HYDRA = re.compile(r"[+~]{0,2}hydra[./=]")
SWEEPS = ("-m", "--multirun")
ONE_SCENARIO = Sentence(
    "a job is of one scenario: name it with scenario=near_care, several with -m scenario=near_care,closed_er"
)
OF_THE_SAME_STUDY = ("study", "scenario", "name", "replications", "execution", *Execution.model_fields)
LONGEST = 80  # of a study's name
ENDING = 12  # of a name that is too long


@hydra.main(version_base="1.3", config_path=None, config_name="config")
def job(config: DictConfig) -> None:
    """Runs the study of one scenario and writes its report; ends as ``careshift run`` does."""
    plain = OmegaConf.to_container(config, resolve=True)
    assert isinstance(plain, dict)
    overrides = HydraConfig.get().overrides.task
    with in_language_of([text.replace("'", "") for text in overrides]):
        try:
            world = _one_scenario(load_composed({str(k): v for k, v in plain.items()}), overrides)
            code = run_and_tell(world)
        except (Exception, KeyboardInterrupt) as error:
            ending = ending_of(error)
            typer.echo(ending.text, err=True)
            code = ending.code
    if code:
        sys.exit(code)


def _one_scenario(world: World, overrides: Sequence[str]) -> World:
    """The world under a study name of its own; a job in a launcher's worker process has one process itself."""
    name = job_name(world.study.name, world.study.scenarios, overrides)
    execution = world.execution
    if multiprocessing.parent_process() is not None:
        execution = execution.model_copy(update={"workers": 1})
    return replace(world, study=world.study.model_copy(update={"name": name}), execution=execution)


def job_name(study: str, scenarios: Sequence[str], overrides: Sequence[str]) -> str:
    """A study's name that says what a job was given: its scenario, then what makes it a study of its own."""
    parts = [study, *scenarios[1:]]
    for text in overrides:
        key, _, value = text.partition("=")
        if key not in OF_THE_SAME_STUDY:
            parts.append(re.sub(r"[^a-z0-9_\-]+", "_", f"{key}_{value}".lower().replace("'", "")).strip("_"))
    name = "__".join(parts)
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - ENDING - 1]}_{hashlib.sha256(name.encode()).hexdigest()[:ENDING]}"


def in_hydras_words(words: Sequence[str]) -> list[str]:
    """The command line with every value in quotes, so that what is typed is what runs. Raises ConfigErrors."""
    problems: list[Problem] = []
    sweeps = any(word in SWEEPS for word in words)
    translated = []
    for word in words:
        key, sign, value = word.partition("=")
        if word.startswith("-") or not sign or OF_HYDRA.match(word):
            translated.append(word)
            continue
        if key == "scenarios":
            problems.append(Problem(COMMAND_LINE, key, value, ONE_SCENARIO))
            continue
        typed_values = plain_overrides([word], problems, ("scenario",))
        try:
            translated += [
                f"{k}={swept(value, COMMAND_LINE, k) if sweeps else in_quotes(v)}" for k, v in typed_values.items()
            ]
        except Refused as refused:
            problems += refused.problems
        except ValueError as error:
            problems.append(Problem(COMMAND_LINE, key, value, str(error)))
    if problems:
        raise ConfigErrors(problems)
    return translated


def main() -> None:
    """The application, with the scenarios that can be found."""
    os.environ["HYDRA_FULL_ERROR"] = "1"  # what Hydra refuses is told here
    with in_language_of(sys.argv[1:]):
        try:
            sys.argv[1:] = in_hydras_words(sys.argv[1:])
            register_scenarios()
            job()
        except (HydraException, OmegaConfBaseException) as error:
            typer.echo(f"{say(COMMAND_LINE)}: {' '.join(str(error).split())}", err=True)
            sys.exit(BAD_INPUT)
        except ConfigErrors as errors:
            typer.echo(errors.in_words(say), err=True)
            sys.exit(BAD_INPUT)


__all__ = ["in_hydras_words", "job", "job_name", "main"]
