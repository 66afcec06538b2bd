"""``python -m sim``: the plain Hydra application, one scenario against the study's baseline a job.

``python -m sim scenario=near_care replications=8``, ``python -m sim -m 'scenario=glob(*)'``, with any launcher.
"""

from __future__ import annotations

import multiprocessing
import sys
from dataclasses import replace

import hydra
import typer
from omegaconf import DictConfig, OmegaConf

from sim.app.exits import BAD_INPUT, ENVIRONMENT
from sim.config.errors import ConfigErrors
from sim.config.load import load_composed, register_scenarios
from sim.config.world import World
from sim.engines.select import NoCompiledEngine


@hydra.main(version_base="1.3", config_path=None, config_name="config")
def job(config: DictConfig) -> None:
    """Runs the study of one scenario and writes its report."""
    from sim.report import write_report
    from sim.report.terminal import print_comparison
    from sim.study.study import run_study

    plain = OmegaConf.to_container(config, resolve=True)
    assert isinstance(plain, dict)
    try:
        world = _one_scenario(load_composed({str(k): v for k, v in plain.items()}))
        results = run_study(world)
    except ConfigErrors as errors:
        typer.echo(errors, err=True)
        sys.exit(BAD_INPUT)
    except NoCompiledEngine as error:
        typer.echo(error, err=True)
        sys.exit(ENVIRONMENT)
    print_comparison(results)
    typer.echo(f"Report: {write_report(results, world.execution.language)}")


def _one_scenario(world: World) -> World:
    """The world under a study name of its own; a job in a launcher's worker process has one process itself."""
    name = "__".join([world.study.name, *world.study.scenarios[1:]])
    execution = world.execution
    if multiprocessing.parent_process() is not None:
        execution = execution.model_copy(update={"workers": 1})
    return replace(world, study=world.study.model_copy(update={"name": name}), execution=execution)


def main() -> None:
    """The application, with the scenarios that can be found."""
    try:
        register_scenarios()
    except ConfigErrors as errors:
        typer.echo(errors, err=True)
        sys.exit(BAD_INPUT)
    job()


__all__ = ["job", "main"]
