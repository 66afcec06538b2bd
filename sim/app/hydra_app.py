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
from typing import Any

import hydra
import typer
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.app.exits import BAD_INPUT, ending_of, in_language_of, say
from sim.app.interruption import signals_interrupt
from sim.app.steady_output import steady_output
from sim.app.whole_run import run_and_tell
from sim.config.errors import ConfigErrors, Problem, unknown
from sim.config.folders import folders
from sim.config.hydra_words import in_quotes, swept, swept_values
from sim.config.load import COMMAND_LINE, load_composed, register_scenarios
from sim.config.paths import ROOTS
from sim.config.reading.yaml_text import Refused
from sim.config.schema.study_design import Execution
from sim.config.sentence import Sentence
from sim.config.typed_overrides import GROUPS, is_change, plain_overrides
from sim.config.world import World

OF_HYDRA = re.compile(r"[+~]{0,2}hydra[./=]")
SWEEPS = ("-m", "--multirun")
ONE_SCENARIO = Sentence(
    "a job is of one scenario: name it with scenario=near_care, several with -m scenario=near_care,closed_er"
)
OF_THE_SAME_STUDY = ("study", "scenario", "name", "replications", "execution", *Execution.model_fields)
CHANGES = "+changes."  # how Hydra is told of changes within a part: their paths are not in its grammar
IMPLIED = ("scenarios", "levers")  # words of a path that say nothing
PLAIN = re.compile(r"[A-Za-z0-9_\-., \[\]]*")
LONGEST = 80  # of a study's name
ENDING = 12  # of a name that is too long


@hydra.main(version_base="1.3", config_path=None, config_name="config")
def job(config: DictConfig) -> None:
    """Runs the study of one scenario and writes its report; ends as ``careshift run`` does."""
    plain = OmegaConf.to_container(config, resolve=True)
    assert isinstance(plain, dict)
    own = HydraConfig.get()
    with in_language_of([text.replace("'", "") for text in own.overrides.task]):
        try:
            with signals_interrupt():
                code = _run_job(plain, own)
        except (Exception, KeyboardInterrupt) as error:
            ending = ending_of(error)
            typer.echo(ending.text, err=True)
            code = ending.code
    if code:
        sys.exit(code)


def _run_job(plain: dict[Any, Any], own: Any) -> int:
    """Runs the study of one scenario; returns the exit code."""
    choices = {group: str(own.runtime.choices[group]) for group in GROUPS}
    composed = load_composed({str(key): value for key, value in plain.items()}, choices=choices)
    return run_and_tell(_one_scenario(composed, own.overrides.task))


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
        key, _, value = text.replace("'", "").partition("=")
        if key.startswith(CHANGES):
            key, _, value = value.partition("=")
            key = ".".join(word for word in key.split(".") if word not in (*IMPLIED, *scenarios[1:]))
        if key not in OF_THE_SAME_STUDY:
            parts.append(_name_of(f"{key.removesuffix('.value')}_{value}"))
    name = "__".join(parts)
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - ENDING - 1]}_{_digest(name)[:ENDING]}"


def _name_of(text: str) -> str:
    """A text in the letters of a study's name; one that loses letters by it has a mark of its own."""
    name = re.sub(r"[^a-z0-9_\-]+", "_", text.lower()).strip("_")
    return name if PLAIN.fullmatch(text) else f"{name}_{_digest(text)[:6]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def in_hydras_words(words: Sequence[str]) -> list[str]:
    """The command line with every value in quotes, so that what is typed is what runs. Raises ConfigErrors."""
    problems: list[Problem] = []
    sweeps = any(word in SWEEPS for word in words)
    translated: list[str] = []
    changes = 0
    for word in words:
        key, sign, value = word.partition("=")
        if word.startswith("-") or not sign or OF_HYDRA.match(word):
            translated.append(word)
        elif key == "scenarios":
            problems.append(Problem(COMMAND_LINE, key, value, ONE_SCENARIO))
        else:
            try:
                if is_change(word):
                    translated.append(f"{CHANGES}{changes}={_quoted_changes(key, value, sweeps)}")
                    changes += 1
                else:
                    translated += _quoted_keys(word, sweeps, problems)
            except Refused as refused:
                problems += refused.problems
            except ValueError as error:
                problems.append(Problem(COMMAND_LINE, key, value, str(error)))
    chosen = _changed_scenario(words, problems)
    if problems:
        raise ConfigErrors(problems)
    first = next((j for j, word in enumerate(translated) if word.startswith(CHANGES)), 0)
    return [*translated[:first], *chosen, *translated[first:]]  # Hydra wants its overrides beside each other


def _quoted_keys(word: str, sweeps: bool, problems: list[Problem]) -> list[str]:
    typed_values = plain_overrides([word], problems, ("scenario",))
    value = word.partition("=")[2]
    return [f"{k}={swept(value, COMMAND_LINE, k) if sweeps else in_quotes(v)}" for k, v in typed_values.items()]


def _quoted_changes(path: str, value: str, sweeps: bool) -> str:
    """Path and value as one text, of a sweep one for each value. Raises Refused and ValueError."""
    values = swept_values(value, COMMAND_LINE, path) if sweeps else [value]
    return ",".join(in_quotes(f"{path}={one}") for one in values)


def _changed_scenario(words: Sequence[str], problems: list[Problem]) -> list[str]:
    """Which scenario a job is of, if none is named: the one within which something is changed."""
    if any(word.startswith("scenario=") for word in words):
        return []
    changes = [word for word in words if is_change(word) and not OF_HYDRA.match(word)]
    paths = [word.partition("=")[0].removeprefix("scenarios.") for word in changes]
    names = folders().scenario_names()
    heads = dict.fromkeys(head for path in paths if (head := path.split(".")[0]) not in ROOTS)
    problems += [unknown(COMMAND_LINE, head, head, "scenario", names) for head in heads if head not in names]
    if len(heads) > 1:
        problems.append(Problem(COMMAND_LINE, ", ".join(heads), "", ONE_SCENARIO))
    return [f"scenario={in_quotes(head)}" for head in heads]


def main() -> None:
    """The application, with the scenarios that can be found."""
    os.environ["HYDRA_FULL_ERROR"] = "1"  # what Hydra refuses is told here
    with steady_output(), in_language_of(sys.argv[1:]):
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
