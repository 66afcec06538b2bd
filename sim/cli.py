"""The command line: run, check, scenarios, report. No logic here; exit codes are those of docs/results.md."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import click
import typer

OK, SOME_FAILED, BAD_INPUT, LOCKED, ENVIRONMENT, INTERRUPTED = 0, 1, 2, 3, 4, 130

app = typer.Typer(
    help="Try a care strategy on a whole region before people live with it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Overrides = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[KEY=VALUE | FILE.yaml]...",
        help="Keys of the study, as study=vgr_first replications=8 scenarios=[baseline,near_care] workers=2 seed=7 "
        "results=some/folder; or scenario files that join the study.",
    ),
]


@app.command()
def run(given: Overrides = None) -> None:
    """Computes what is missing of a study, compares its scenarios, writes the report."""
    from sim.load import load_study
    from sim.report import write_report
    from sim.study import run_study
    from sim.summary import print_comparison

    overrides, files = _split(given)
    world = load_study(overrides, files=files)
    results = run_study(world)
    report = write_report(results, world.execution.language)
    print_comparison(results)
    typer.echo(f"\nReport: {report}")
    if failed := results.manifest["failed"]:
        typer.echo(f"{len(failed)} of {len(failed) + len(results.manifest['runs'])} runs failed:", err=True)
        for one in failed:
            typer.echo(f"  {one['scenario']} {one['variant']} {one['replication']}: {one['error']}", err=True)
        raise typer.Exit(SOME_FAILED)


@app.command()
def check(given: Overrides = None) -> None:
    """Checks a configuration or a scenario file, and tells what a run would do, without running it."""
    from sim.load import load_study
    from sim.summary import print_plan

    overrides, files = _split(given)
    print_plan(load_study(overrides, files=files))


@app.command()
def scenarios() -> None:
    """Lists the scenarios that can be run, yours and those that come with the program."""
    from sim.summary import print_scenarios

    print_scenarios()


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A study's folder, as results/vgr_first.")],
    language: Annotated[str, typer.Option(help="sv or en.")] = "",
) -> None:
    """Writes the report of a study once more, from its stored results."""
    from sim.report import write_report
    from sim.results import read_results

    try:
        results = read_results(folder)
    except FileNotFoundError as error:
        raise click.UsageError(f"{folder} holds no finished study: {Path(error.filename).name} is missing") from None
    chosen = language or results.config["execution"]["language"]
    if chosen not in ("sv", "en"):
        raise click.UsageError(f"language {chosen}: sv or en")
    typer.echo(f"Report: {write_report(results, chosen)}")


def _split(given: list[str] | None) -> tuple[list[str], list[Path]]:
    """Overrides, and scenario files."""
    files = [Path(text) for text in given or [] if text.endswith((".yaml", ".yml")) and "=" not in text]
    return [text for text in given or [] if Path(text) not in files], files


def main() -> None:
    """Runs a command; what went wrong is told in plain words, and by the exit code."""
    sys.exit(_code())


def _code() -> int:
    from sim.config.errors import ConfigErrors

    try:
        code = app(standalone_mode=False)
    except ConfigErrors as errors:
        return _fail(str(errors), BAD_INPUT)
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except (KeyboardInterrupt, click.Abort):
        code = INTERRUPTED
    except OSError as error:
        return _fail(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "), ENVIRONMENT)
    except Exception as error:
        return _known(error)
    if code == INTERRUPTED:  # also typer's own word for it
        return _fail("Interrupted. What was finished is kept; start the same study again to go on.", INTERRUPTED)
    return code if isinstance(code, int) else OK


def _known(error: Exception) -> int:
    from sim.store import OtherStudy, StudyLocked

    if isinstance(error, StudyLocked):
        return _fail(str(error), LOCKED)
    if isinstance(error, OtherStudy):
        return _fail(str(error), BAD_INPUT)
    raise error


def _fail(text: str, code: int) -> int:
    typer.echo(text, err=True)
    return code


if __name__ == "__main__":
    main()
