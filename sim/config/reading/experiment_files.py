"""Reads the files of natural experiments, all or those that are named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sim.config.errors import Problem, unknown
from sim.config.folders import Folders, display_path
from sim.config.reading.model_file import read_file
from sim.config.schema.natural_experiment import NaturalExperiment

FOLDER = "experiments"


@dataclass(frozen=True)
class ExperimentFile:
    """An experiment, and how messages call its file."""

    name: str
    file: str
    experiment: NaturalExperiment


def read_experiments(folders: Folders, only: Collection[str], problems: list[Problem]) -> list[ExperimentFile]:
    """The experiments in order, all or ``only`` some. What is wrong with them goes to ``problems``."""
    there = folders.config_names(FOLDER)
    problems += [unknown("command line", "--only", name, "experiment", there) for name in only if name not in there]
    files = []
    for name in there:
        if only and name not in only:
            continue
        path = folders.config(f"{FOLDER}/{name}.yaml")
        experiment = read_file(NaturalExperiment, path, problems)
        if experiment is not None:
            files.append(ExperimentFile(name, display_path(path), experiment))
    return files


__all__ = ["ExperimentFile", "read_experiments"]
