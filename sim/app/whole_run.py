"""A study from its world to its report, as every command that runs one tells it."""

from __future__ import annotations

import typer

from sim.app.exits import SOME_FAILED, say
from sim.config.sentence import Sentence
from sim.config.world import World
from sim.report import write_report
from sim.report.terminal import print_comparison
from sim.report.terminal_overloads import print_warnings
from sim.report.terminal_study import print_study
from sim.study.study import run_study


def run_and_tell(world: World) -> int:
    """Runs a study, compares its scenarios, writes the report. Returns the exit code: 0, or that some runs failed.

    Raises what ``run_study`` raises.
    """
    print_study(world)
    results = run_study(world)
    report = write_report(results, world.execution.language)
    print_comparison(results)
    print_warnings(results)
    typer.echo("\n" + say(Sentence("Report: {path}", path=report)))
    failed = results.manifest["failed"]
    if not failed:
        return 0
    number = len(failed) + len(results.manifest["runs"])
    typer.echo(say(Sentence("{failed} of {number} runs failed:", failed=len(failed), number=number)), err=True)
    for one in failed:
        typer.echo(f"  {one['scenario']} {one['variant']} {one['replication']}: {one['error']}", err=True)
    return SOME_FAILED


__all__ = ["run_and_tell"]
