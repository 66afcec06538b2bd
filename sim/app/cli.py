"""The command line. No logic here; exit codes are those of docs/results.md."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sim.app.baseline_commands import commands, of_a_region
from sim.app.exits import BAD_INPUT, SOME_FAILED, Door, fail, say
from sim.app.export_command import commands as export_commands
from sim.app.import_command import commands as import_commands
from sim.app.overrides import OfTheTerminal, Overrides, refuse_others, split
from sim.app.steady_output import steady_output
from sim.app.store_commands import commands as store_commands
from sim.app.stored_studies import EFFECTS, EffectsChoice, LanguageChoice, read_study
from sim.app.strategy_command import commands as strategy_commands
from sim.config.sentence import Sentence

app = typer.Typer(
    cls=Door,
    help="Try a care strategy on a whole region before people live with it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def run(given: Overrides = None) -> None:
    """Computes what is missing of a study, compares its scenarios, writes the report."""
    from sim.app.whole_run import run_and_tell
    from sim.config.load import load_study

    overrides, files = split(given)
    if code := run_and_tell(load_study(overrides, files=files)):
        raise typer.Exit(code)


@app.command()
def check(given: Overrides = None) -> None:
    """Checks a configuration or a scenario file, and tells what a run would do, without running it."""
    from sim.config.load import load_study
    from sim.report.terminal import print_plan
    from sim.report.terminal_study import print_study

    overrides, files = split(given)
    world = load_study(overrides, files=files)
    print_study(world)
    print_plan(world)


@app.command()
def scenarios(given: OfTheTerminal = None) -> None:
    """Lists the scenarios that can be run, yours and those that come with the program; in Swedish with language=sv."""
    from sim.report.terminal_scenarios import print_scenarios

    refuse_others(given)
    print_scenarios()


@app.command()
def places(
    text: Annotated[str, typer.Argument(help="A part of an id or a name, as skövde; nothing: all.")] = "",
    given: Overrides = None,
) -> None:
    """Finds the ids of sites, municipalities and sub-regions by name, as places skövde study=vgr_quick."""
    from sim.config.load import load_study
    from sim.report.terminal_places import print_places

    is_key = "=" in text
    overrides = of_a_region([text, *(given or [])] if is_key else given)
    world = load_study(["scenarios=[baseline]", *overrides])
    try:
        print_places(world.region, "" if is_key else text)
    except ValueError as error:
        raise fail(error.args[0], BAD_INPUT) from None


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A study's folder, as results/vgr_first.")],
    language: Annotated[LanguageChoice | None, typer.Option(help="Without it, the study's.")] = None,
    effects: Annotated[EffectsChoice | None, EFFECTS] = None,
) -> None:
    """Writes the report of a study once more, from its stored results."""
    from sim.report import write_report

    results = read_study(folder, effects)
    chosen = language or LanguageChoice(results.config["execution"]["language"])
    path = write_report(results, "en" if chosen is LanguageChoice.EN else "sv")
    typer.echo(say(Sentence("Report: {path}", path=path)))


@app.command()
def describe(
    given: Overrides = None,
    output: Annotated[Path | None, typer.Option(help="File to write; without it, printed.")] = None,
    results: Annotated[
        Path | None, typer.Option(help="The study's folder, for the versions and times of its run.")
    ] = None,
) -> None:
    """Describes a study by the STRESS-DES checklist, as Markdown."""
    from sim.config.load import load_study
    from sim.report.stress_des import describe as description
    from sim.results.files import write_text

    overrides, files = split(given)
    manifest = read_study(results).manifest if results is not None else None
    text = description(load_study(overrides, files=files), manifest)
    if output is not None:
        write_text(output, text)
    typer.echo(text if output is None else say(Sentence("Written: {path}", path=output)))


@app.command()
def precision(
    folder: Annotated[Path, typer.Argument(help="A study's folder, as results/vgr_first.")],
    half_width: Annotated[
        list[str] | None,
        typer.Option(
            help="5% of the baseline's mean, er_stay_median_min=2%, or unserved_per_day=1.5 in the measure's unit; "
            "as often as wanted."
        ),
    ] = None,
) -> None:
    """Tells how precise a study's changes are, and how many replications a half-width would take."""
    from sim.report.terminal import print_precision
    from sim.results.precision import wanted_half_widths

    results = read_study(folder)
    try:
        print_precision(results, wanted_half_widths(half_width or []))
    except ValueError as error:
        raise fail(error.args[0], BAD_INPUT) from None


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
        raise fail(
            Sentence("{given}: the cases of theory are no study; with --engines a study is named", given=given[0]),
            BAD_INPUT,
        )
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

    overrides, files = split(given)
    comparisons = compare_engines(load_study(overrides, files=files), days)
    print_comparisons(comparisons)
    unlike = sum(not one.same for one in comparisons)
    typer.echo(f"\n{len(comparisons) - unlike} of {len(comparisons)} scenarios are the same in both engines.")
    if unlike:
        raise typer.Exit(SOME_FAILED)


app.add_typer(commands)
app.add_typer(export_commands)
app.add_typer(strategy_commands)
app.add_typer(store_commands)
app.add_typer(import_commands)


def main() -> None:
    """The command ``careshift``; no process that it starts takes code from the working folder."""
    os.environ["PYTHONSAFEPATH"] = "1"
    with steady_output():
        app()


if __name__ == "__main__":
    main()
