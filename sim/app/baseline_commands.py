"""Commands that ask whether a baseline should be believed. No logic here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.app.exits import BAD_INPUT, fail
from sim.app.overrides import Overrides, split
from sim.config.sentence import Sentence

commands = typer.Typer()
SHARES = 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05


@commands.command()
def calibrate(given: Overrides = None) -> None:
    """Fits a region's baseline to published figures and writes its fitted.yaml, as calibrate region=vgr."""
    from sim.config.load import load_study
    from sim.credibility.calibration import calibrate as fit
    from sim.report.pages.calibration_page import print_calibration

    calibration = fit(load_study(of_a_region(given), fitted=False))
    print_calibration(calibration)


@commands.command()
def usual_waits(given: Overrides = None) -> None:
    """Finds which waits are usual in a region's baseline and writes its usual_waits.yaml, after calibrate."""
    from sim.config.load import load_study
    from sim.credibility.usual_waits import find_usual_waits
    from sim.report.pages.usual_waits_page import print_usual_waits

    found = find_usual_waits(load_study(of_a_region(given)))
    print_usual_waits(found)


@commands.command()
def validate(
    given: Overrides = None,
    write: Annotated[Path | None, typer.Option(help="Writes the region's part of a page too.")] = None,
) -> None:
    """Holds a region's baseline against published figures, as validate region=vgr --write page.md."""
    from sim.config.load import load_study
    from sim.credibility.validation import validate as validation_of
    from sim.report.pages.validation_page import print_validation, write_page

    validation = validation_of(load_study(of_a_region(given), fitted=False))
    if write is not None:
        write_page(validation, write)
    print_validation(validation)


@commands.command()
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
        raise fail(Sentence("--only and --write: what is written tells of all experiments"), BAD_INPUT)
    world = load_study(of_a_region(given))
    trials = run_experiments(world, load_experiments(world, only or ()))
    if write is not None:
        write_experiments(trials, write)
        write_table(trials)
    print_experiments(trials)


@commands.command()
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

    screening = screening_of(load_study(of_a_region(given, "screening"), fitted=False), trajectories)
    file = write_screening(screening)
    if write is not None:
        write_page(screening, write)
    print_screening(screening)
    typer.echo(f"\n{screening.seconds:.0f} s. Written: {file}")


@commands.command()
def warmup(
    given: Overrides = None,
    days: Annotated[
        list[int] | None, typer.Option(help="A warm-up, days; given for each. Else the study's, and twice that.")
    ] = None,
    write: Annotated[Path | None, typer.Option(help="Writes a page too.")] = None,
) -> None:
    """Tells whether levels depend on the length of the warm-up, as warmup study=vgr_first --days 14 --days 28."""
    from sim.config.load import load_study
    from sim.credibility.longer_warm_up import longer_warm_ups
    from sim.report.pages.warm_up_page import as_markdown, print_levels
    from sim.results.files import write_text
    from sim.study.progress_bar import watch

    overrides, files = split(given)
    world = load_study(overrides, files=files)
    lengths = sorted(set(days or (world.study.warm_up_days, 2 * world.study.warm_up_days)))
    with watch(True) as listener:
        levels = longer_warm_ups(world, lengths, listener)
    if write is not None:
        write_text(write, as_markdown(levels, world))
    print_levels(levels)


@commands.command()
def beds(
    given: Overrides = None,
    share: Annotated[
        list[float] | None, typer.Option(help="Beds over those that there are; given for each. Else 0.75 to 1.05.")
    ] = None,
    write: Annotated[Path | None, typer.Option(help="Writes a page too, and a figure beside it.")] = None,
) -> None:
    """Tells what becomes of a baseline with fewer or more beds, as beds study=vgr_first --share 0.9 --share 1."""
    from sim.config.load import load_study
    from sim.credibility.bed_numbers import levels_by_beds
    from sim.report.pages.beds_page import as_markdown, draw, print_levels
    from sim.results.files import write_text
    from sim.study.progress_bar import watch

    overrides, files = split(given)
    shares = sorted(set(share or SHARES))
    if bad := [one for one in shares if not 0.1 <= one <= 10]:
        raise fail(Sentence("--share: {bad} is no share of the beds: 0.1 to 10", bad=f"{bad[0]:g}"), BAD_INPUT)
    world = load_study(overrides, files=files)
    with watch(True) as listener:
        levels = levels_by_beds(world, shares, listener)
    if write is not None:
        write_text(write, as_markdown(levels, world, write.with_suffix(".svg").name))
        draw(levels, write.with_suffix(".svg"))
    print_levels(levels)


def of_a_region(given: list[str] | None, study: str = "validation") -> list[str]:
    """Overrides, with ``study`` where no other one is named."""
    overrides, files = split(given)
    if files:
        raise fail(Sentence("{files}: what is asked of a region is asked without scenarios", files=files[0]), BAD_INPUT)
    named = any(text.startswith("study=") for text in overrides)
    return overrides if named else [f"study={study}", *overrides]


__all__ = ["commands", "of_a_region"]
