"""The study that is about to run, as it was understood."""

from __future__ import annotations

from sim.compile.lever_sizes import questions
from sim.config.world import World
from sim.report.terminal_language import terminal_language
from sim.study.console import own_console


def print_study(world: World) -> None:
    """Name, window and scenarios of a study, what differs from the files that it names, and what is hardly meant."""
    study, execution, language = world.study, world.execution, terminal_language()
    first, *others = study.scenarios
    lines = [
        f"{study.name}: {language.label(study.label.model_dump())}",
        language.translate(
            "{start} to {end} after {days} days of warm-up; {region}, care model {care}; {replications} replications, "
            "seed {seed}; results in {folder}.",
            start=study.start, end=study.end, days=study.warm_up_days, region=study.region, care=study.care,
            replications=study.replications, seed=study.seed, folder=execution.results,
        ),
        language.translate("Baseline {first}; against it {others}.", first=first, others=", ".join(others))
        if others
        else language.translate("Baseline {first}, and nothing against it.", first=first),
        *(language.translate("Differs: {one}.", one=language.sentence(one)) for one in world.differences),
        *(language.translate("Question: {text}", text=language.sentence(one)) for one in questions(world)),
    ]  # fmt: skip
    for line in lines:
        own_console().print(line, soft_wrap=True)


__all__ = ["print_study"]
