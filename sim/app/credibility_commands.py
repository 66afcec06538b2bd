"""The commands that ask whether a baseline should be believed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.app.arguments import Overrides, split_arguments
from sim.app.exits import BAD_INPUT, SOME_FAILED, fail, plain_errors

app = typer.Typer()


@app.command()
def verify(
    given: Overrides = None,
    write: Annotated[Path | None, typer.Option(help="Writes the page docs/generated/verification.md too.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: as many as there are cores.")] = 0,
    engines: Annotated[
        bool, typer.Option("--engines", help="Holds both engines against each other on a study.")
    ] = False,
    days: Annotated[float, typer.Option(min=0.01, help="With --engines: how much of the study.")] = 2,
) -> None:
    """Holds the simulator against queueing theory, or with --engines the two engines against each other."""
    from sim.credibility.verification import verify as verdicts_of
    from sim.report.pages.verification_page import page, print_table
    from sim.results.files import write_text

    if engines:
        _verify_engines(given, days)
        return
    if given:
        raise fail(f"{given[0]}: the cases of theory are no study; with --engines a study is named", BAD_INPUT)
    with plain_errors():
        verdicts = verdicts_of(workers=workers)
        if write is not None:
            write_text(write, page(verdicts))
    print_table(verdicts)
    wrong = sum(not verdict.right for verdict in verdicts)
    typer.echo(f"\n{len(verdicts) - wrong} of {len(verdicts)} values are right.")
    if wrong:
        raise typer.Exit(SOME_FAILED)


def _verify_engines(given: list[str] | None, days: float) -> None:
    from sim.config.load import load_study
    from sim.credibility.verification import compare_engines
    from sim.report.pages.verification_page import print_comparisons

    overrides, files = split_arguments(given)
    with plain_errors():
        comparisons = compare_engines(load_study(overrides, files=files), days)
    print_comparisons(comparisons)
    unlike = sum(not one.same for one in comparisons)
    typer.echo(f"\n{len(comparisons) - unlike} of {len(comparisons)} scenarios are the same in both engines.")
    if unlike:
        raise typer.Exit(SOME_FAILED)


@app.command()
def calibrate(given: Overrides = None) -> None:
    """Fits a region's baseline to published figures and writes its fitted.yaml, as calibrate region=vgr."""
    from sim.config.load import load_study
    from sim.credibility.calibration import calibrate as fit
    from sim.report.pages.calibration_page import print_calibration

    with plain_errors():
        calibration = fit(load_study(_of_a_region(given), fitted=False))
    print_calibration(calibration)


@app.command()
def usual_waits(given: Overrides = None) -> None:
    """Finds which waits are usual in a region's baseline and writes its usual_waits.yaml, after calibrate."""
    from sim.config.load import load_study
    from sim.credibility.usual_waits import find_usual_waits
    from sim.report.pages.usual_waits_page import print_usual_waits

    with plain_errors():
        found = find_usual_waits(load_study(_of_a_region(given)))
    print_usual_waits(found)


@app.command()
def validate(
    given: Overrides = None,
    write: Annotated[Path | None, typer.Option(help="Writes the region's part of a page too.")] = None,
) -> None:
    """Holds a region's baseline against published figures, as validate region=vgr --write page.md."""
    from sim.config.load import load_study
    from sim.credibility.validation import validate as validation_of
    from sim.report.pages.validation_page import print_validation, write_page

    with plain_errors():
        validation = validation_of(load_study(_of_a_region(given), fitted=False))
        if write is not None:
            write_page(validation, write)
    print_validation(validation)


@app.command()
def experiments(
    given: Overrides = None,
    only: Annotated[list[str] | None, typer.Option(help="An experiment by name; may be given again.")] = None,
    write: Annotated[
        Path | None, typer.Option(help="Writes the region's part of a page too, and its experiments.csv.")
    ] = None,
) -> None:
    """Holds a region's baseline against natural experiments (configs/experiments), as experiments region=vgr."""
    from sim.config.load import load_study
    from sim.credibility.experiments import load_experiments, run_experiments
    from sim.credibility.experiments import write as write_table
    from sim.report.pages.experiments_page import print_experiments, write_experiments

    if only and write is not None:
        raise fail("--only and --write: what is written tells of all experiments", BAD_INPUT)
    with plain_errors():
        world = load_study(_of_a_region(given))
        trials = run_experiments(world, load_experiments(world, only or ()))
        if write is not None:
            write_experiments(trials, write)
            write_table(trials)
    print_experiments(trials)


@app.command()
def screen(
    given: Overrides = None,
    trajectories: Annotated[int, typer.Option(min=2, help="Random paths; the effects are means over them.")] = 8,
    write: Annotated[Path | None, typer.Option(help="Writes the region's part of a page too.")] = None,
) -> None:
    """Tells which uncertain figures a region's baseline depends on most, and writes its sensitivity.csv."""
    from sim.config.load import load_study
    from sim.credibility.sensitivity import screen as screening_of
    from sim.credibility.sensitivity import write as write_screening
    from sim.report.pages.sensitivity_page import print_screening, write_page

    with plain_errors():
        screening = screening_of(load_study(_of_a_region(given, "screening"), fitted=False), trajectories)
        file = write_screening(screening)
        if write is not None:
            write_page(screening, write)
    print_screening(screening)
    typer.echo(f"\n{screening.seconds:.0f} s. Written: {file}")


def _of_a_region(given: list[str] | None, study: str = "validation") -> list[str]:
    """Overrides, with ``study`` where no other one is named."""
    overrides, files = split_arguments(given)
    if files:
        raise fail(f"{files[0]}: a region is calibrated, validated and screened without scenarios", BAD_INPUT)
    named = any(text.startswith("study=") for text in overrides)
    return overrides if named else [f"study={study}", *overrides]


__all__ = ["app"]
