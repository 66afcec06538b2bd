"""Items 1.1 to 1.3."""

from __future__ import annotations

from sim.config.variants import trips_vary
from sim.measures.catalogue import CHAPTERS
from sim.report.markdown import bullets, paragraphs, table
from sim.report.stress_des.subject import Subject

TRIPS = (
    " Every scenario and the baseline are run once more with all trips short and long: detours, speeds and access "
    "minutes at the ends of their ranges."
)


def purpose(subject: Subject) -> str:
    """Item 1.1."""
    study, region = subject.world.study, subject.world.region.file
    return paragraphs(
        f"The study `{study.name}` ({study.label.en}) asks: {study.question.en}",
        f"It models the care of {region.label.en} as single episodes of ill-health of {subject.model.people.sum():,} "
        "people, and answers with the difference between each scenario and the baseline, the same people having the "
        "same luck in both. It compares ways to organise care; it does not forecast a year.",
    )


def outputs(_subject: Subject) -> str:
    """Item 1.2."""
    rows = [
        (f"`{name}`", one.unit, one.text, one.population)
        for chapter in CHAPTERS.values()
        for name, one in chapter.items()
    ]
    return paragraphs(
        "Every measure is computed from the table of contacts after the run, the warm-up cut away: counts and waits of "
        "contacts requested in the window, time averages over the window. Waits are Kaplan-Meier quantiles, since some "
        "leave and some still wait at the end. Each change has a 95 % t interval of the paired differences over the "
        "replications; p values are adjusted after Holm, over municipalities within a scenario, else over scenarios.",
        table(("measure", "unit", "definition", "of whom"), rows),
    )


def aims(subject: Subject) -> str:
    """Item 1.3."""
    study, scenarios = subject.world.study, subject.world.scenarios
    rows = [(f"`{name}`", scenarios[name].label.en, scenarios[name].description.en) for name in study.scenarios]
    in_worlds = (
        f" Everything uncertain is drawn at once in {study.worlds} worlds, in each of which every scenario is run once."
        if study.worlds and len(rows) > 1
        else ""
    )
    varied = (
        "Each scenario but the baseline is run once more with all its effect sizes at their low and at their high end."
        + (TRIPS if trips_vary(subject.world.region.travel) else "")
        if study.assumption_runs and len(rows) > 1
        else "Effect sizes are not varied one by one."
        if in_worlds
        else "Effect sizes are not varied in this study."
    ) + in_worlds
    return paragraphs(
        f"Comparison of scenarios; the first, `{study.scenarios[0]}`, is what the others are compared with. " + varied,
        table(("scenario", "name", "description"), rows),
        _rationale(subject),
        "No designed experiment beyond this, and no optimisation.",
    )


def _rationale(subject: Subject) -> str:
    """The statements of strategies that the scenarios express."""
    statements = subject.world.statements
    cited = dict.fromkeys(
        s for name in subject.world.study.scenarios for s in subject.world.scenarios[name].statements if statements
    )
    lines = [f"{s}: {statements.statements[s].en}" for s in cited if statements and s in statements.statements]
    if not lines:
        return "The scenarios are those that the person who asks wants compared; they cite no strategy."
    return "The scenarios express what published strategies say:\n\n" + bullets(lines)


__all__ = ["aims", "outputs", "purpose"]
