"""The page of natural experiments, a part for each region; and the same in a terminal."""

from __future__ import annotations

from pathlib import Path

from sim.credibility.experiments.trials import ReadChange, Trial, Trials
from sim.report.markdown import bullets, put_part, table
from sim.report.numbers import DASH, FOUR, absent, number
from sim.report.terminal_table import terminal_table
from sim.results.foretold import FORETOLD, Agreement, count_foretold
from sim.study.console import own_console

EXPERIMENTS_INTRODUCTION = """# Natural experiments

Written by `careshift experiments region=<name> --write docs/generated/experiments.md`, a part for each region; do not
edit. What an experiment is, how one is added and what each word of agreement means is told in
[experiments.md](../experiments.md).

- *Use* was written in each file before its first run: **fit**, figures of the care model are taken from the study or
  may be set with it in view, so that agreement shows little; **kept out**, they may not.
- *Change* is relative to what was before (or, of a measure *per* another, the change of the one over that of the
  other), with the 95 % interval of luck alone, the same luck before and after. Nothing tells here how far a study from
  another country holds in this region.
- A row without a published range of its own shows that the mechanism acted, or tests the sign alone.
"""
HEADS = ("experiment", "use", "reading", "before", "after", "change", "95 %", "published", "agreement")
USE_WORDS = {"fit": "fit", "kept_out": "kept out"}


def write_experiments(trials: Trials, path: Path) -> None:
    """Writes the region's part of the page; the other regions' parts stay as they are. Raises OSError."""
    put_part(experiments_part(trials), path, EXPERIMENTS_INTRODUCTION)


def experiments_part(trials: Trials) -> str:
    """The region's part, in Markdown."""
    study, title = trials.world.study, trials.world.region.file.label.sv
    tried = [one for one in trials.trials if not one.experiment.not_expressible]
    silent = [one for one in trials.trials if one.experiment.not_expressible]
    about = f"`region={trials.world.region.name}` as fitted, {study.replications} replications, seed {study.seed}."
    rows = [cells for one in tried for cells in _trial(one)]
    bullet_list = bullets(f"**{_label(one)}** (`{one.name}`). {_sentences(one)}" for one in tried)
    without = bullets(
        f"**{_label(one)}** (`{one.name}`). {_line(one.experiment.study)} *{_line(one.experiment.not_expressible)}*"
        for one in silent
    )
    return (
        f"## {title}\n\n{about} {summary(trials)}\n\n{table(HEADS, rows)}\n\n"
        f"### {title}: what was studied\n\n{bullet_list}\n\n### {title}: what the model cannot express\n\n{without}\n"
    )


def summary(trials: Trials) -> str:
    """How many are foretold, in a sentence."""
    count = count_foretold(trials.table())
    return (
        f"The model foretells {count.foretold} of {count.experiments} experiments with a published size "
        f"({count.kept_out_foretold} of the {count.kept_out} that are kept out of fitting), {count.easily} of the "
        f"foretold by a range that begins at or holds no change; {count.inexpressible} others it cannot express."
    )


def _trial(trial: Trial) -> list[tuple[str, ...]]:
    use = USE_WORDS[trial.experiment.use]
    return [
        (_label(trial), use, f"`{one.name}`", *_figures(one), _published_range(one), _word(one))
        for one in trial.changes
    ]


def _figures(one: ReadChange) -> tuple[str, ...]:
    ends = (
        DASH
        if absent(one.half_width)
        else f"{_percent(one.change - one.half_width)} to {_percent(one.change + one.half_width)}"
    )
    return number(one.before, *FOUR), number(one.after, *FOUR), _percent(one.change), ends


def _percent(value: float) -> str:
    return DASH if absent(value) else f"{value + 0.0:+.1%}"


def _published_range(one: ReadChange) -> str:
    published = one.reading.published
    return f"{_range(one)}: {published.source}, {published.quality}" if published is not None else ""


def _range(one: ReadChange) -> str:
    """What is published: its range, or its sign."""
    published = one.reading.published
    if published is None:
        return ""
    if published.low is None or published.high is None:
        return published.sign
    return f"{_percent(published.low)} to {_percent(published.high)}"


def _word(one: ReadChange) -> str:
    good = one.agreement is None or one.agreement.value in FORETOLD or one.agreement is Agreement.SIGN
    text = one.agreement.value if one.agreement is not None else ""
    return text if good else f"**{text}**"


def _label(trial: Trial) -> str:
    return trial.experiment.label.en


def _sentences(trial: Trial) -> str:
    limits = f" *Not said here: {_line(trial.experiment.limits)}*" if trial.experiment.limits else ""
    return _line(trial.experiment.study) + limits


def _line(text: str) -> str:
    return " ".join(text.split())


def print_experiments(trials: Trials) -> None:
    """The same in a terminal, an experiment at a time."""
    console = own_console()
    for trial in trials.trials:
        title = f"{_label(trial)} ({trial.name}, {USE_WORDS[trial.experiment.use]})"
        grid = terminal_table(HEADS[2:], left=HEADS[-2:], title=title)
        for one in trial.changes:
            word = _word(one)
            grid.add_row(one.name, *_figures(one), _range(one), word.strip("*"), style="red" if "*" in word else "")
        console.print(grid if trial.changes else f"{title}: {_line(trial.experiment.not_expressible)}", highlight=False)
    console.print(summary(trials), highlight=False)


__all__ = ["EXPERIMENTS_INTRODUCTION", "experiments_part", "print_experiments", "summary", "write_experiments"]
