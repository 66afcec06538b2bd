"""What a terminal shows: a study's plan, its comparison in short, the scenarios there are."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from sim.compile import compile_scenario
from sim.compile.arrivals import silent_needs
from sim.compile.idle_pools import idle_pools
from sim.compile.lever_effects import levers_without_effect
from sim.compile.offered_load import overloaded
from sim.config.notes import notes
from sim.config.schema.scenario import Scenario
from sim.config.world import World, resolved
from sim.demand import try_demand
from sim.measures.rows import NOT_SETTLED
from sim.model.tables import Model
from sim.report.acted_on_lines import acted_on_lines
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_
from sim.report.model_parts import FEW_SERVICES, those_about_model
from sim.report.names import Names
from sim.report.no_effect_lines import no_effect_lines
from sim.report.numbers import DASH, absent
from sim.report.red_flags import hidden_sentence, published_sentence
from sim.report.scenario_reach import reach_lines
from sim.report.terminal_decomposition import lever_kinds, print_decomposition
from sim.report.terminal_language import figure, figures_between, terminal_language
from sim.report.terminal_overloads import overload_lines, overloads_apart
from sim.report.terminal_table import heading, translated_table
from sim.results.conclusion import Conclusion
from sim.results.first_look import is_first_look, window_days
from sim.results.precision import WantedHalfWidths, precision
from sim.results.read import Results
from sim.study.console import own_console
from sim.study.plan import ends, estimate, overloads, plan, refuse_impossible
from sim.study.processes import cores
from sim.study.work_limits import refuse_too_much

HEADLINES = {
    "er_arrivals_per_day": N_("ER arrivals/day"),
    "er_present_mean": N_("Patients at the ERs"),
    "er_stay_median_min": N_("ER stay, median, min"),
    "er_left_share": N_("Left ER unseen, %"),
    "travel_min_per_resident_year": N_("Travel, min/person/year"),
    "nearest_er_min": N_("To nearest open ER, min"),
    "primary_care_wait_median_h": N_("Primary care wait, h"),
    "unserved_per_day": N_("Unserved/day"),
    "cost_msek_per_year": N_("Input, MSEK/year"),
}
OF_SERVICES = {
    "wait_mean_h": N_("{service}: wait, mean, h"),
    "left_per_day": N_("{service}: left/day"),
    "pool_utilisation": N_("{service}: use, %"),
}
FIRST_LOOK = N_(
    "A first look: {days} days, replications: {replications}. Too short for conclusions: it shows what to ask, "
    "not what is so."
)
COMPARISON_HEADS = ("", N_("mean"), N_("change"), N_("luck, 95 %"), N_("assumptions"), N_("worlds"), N_("how sure"))
PRECISION_HEADS = ("", N_("change"), N_("half-width"), N_("wanted"), N_("replications"), N_("pairing"))
QUESTIONS = ("er_arrivals_per_day", "travel_min_per_resident_year")  # whose changes are divided
LEVER_HEADS = (N_("lever"), N_("kind"), N_("effect size"), N_("value"), N_("low"), N_("high"), N_("quality"))
SIZES = ("baseline", "mean", "change", "low", "high", "low_assumption", "high_assumption", "low_worlds", "high_worlds")


def print_comparison(results: Results) -> None:
    """The headline measures: every scenario's change, the interval of luck and the range of the assumptions.

    Then how much of the two first questions' changes is put in, and how much came out.
    """
    study, language = results.config["study"], terminal_language()
    if is_first_look(study):
        text = language.translate(FIRST_LOOK, days=window_days(study), replications=study["replications"])
        own_console().print(text, highlight=False)
    if met := published_sentence(results.folder, language):
        own_console().print(met, highlight=False)
    if hidden := hidden_sentence(results, language):
        own_console().print(hidden, highlight=False)
        return
    table = translated_table(COMPARISON_HEADS)
    services = results.config["care"]["services"]
    for title, found in _headlines(results, services):
        rows = found.assign(**{column: 100 * found[column] for column in SIZES}) if title.endswith("%") else found
        if len(rows):
            table.add_row(heading(title), figure(rows["baseline"].iloc[0]), end_section=False)
        for row in rows.to_dict("records"):
            table.add_row(f"  {row['scenario']}", *_cells(row))
    own_console().print(table)
    _print_worlds(results.manifest.get("worlds", {}))
    print_decomposition(results, {measure: HEADLINES[measure] for measure in those_about_model(QUESTIONS, services)})


def _headlines(results: Results, services: Mapping[str, Any]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Title and rows of each measure that is told: those about what the model has, and few services one by one."""
    comparison, translate = results.comparison, terminal_language().translate
    names = Names(results.config, terminal_language())
    if len(services) <= FEW_SERVICES:
        for service in services:
            own = comparison[(comparison["by"] == "service") & (comparison["group"] == service)]
            for measure, title in OF_SERVICES.items():
                rows = own[(own["measure"] == measure) & own["baseline"].notna()]
                yield translate(title, service=names.service(service)), rows
    whole = comparison[comparison["by"] == "all"]
    for measure in those_about_model(HEADLINES, services):
        yield translate(HEADLINES[measure]), whole[whole["measure"] == measure]


def _cells(row: dict[Hashable, Any]) -> tuple[str, ...]:
    """Mean, change, its two ranges, and how sure it is; no number where a queue still moves."""
    if NOT_SETTLED in row["note"]:
        why = f"{_finding(Conclusion.UNKNOWN)}: {terminal_language().translate(NOT_SETTLED)}"
        return figure(row["mean"]), DASH, "", "", "", why
    luck, assumed = (figures_between(row[f"low{end}"], row[f"high{end}"], 2, sign="+") for end in ("", "_assumption"))
    return figure(row["mean"]), figure(row["change"], sign="+"), luck, assumed, _worlds(row), _finding(row["finding"])


def _finding(finding: str) -> str:
    """How sure a change is, in the terminal's language; nothing where nothing is said."""
    return terminal_language().translate(finding) if finding else ""


def _worlds(row: dict[Hashable, Any]) -> str:
    """In how many of the worlds the change has its sign, and where eight worlds in ten lie."""
    if not row["worlds"]:
        return DASH
    return terminal_language().translate(
        "{number} of {all}, {range}", number=row["worlds_with_sign"], all=row["worlds"],
        range=figures_between(row["low_worlds"], row["high_worlds"], 2, sign="+"),
    )  # fmt: skip


def _print_worlds(about: dict[str, Any]) -> None:
    """How many worlds were kept, and why the others were rejected; nothing if none was drawn."""
    kept, rejected = about.get("kept", []), about.get("rejected", {})
    if not kept and not rejected:
        return
    language = terminal_language()
    nothing = language.translate("nothing: no total of the region is published and fitted")
    text = language.translate(
        "Worlds: {kept} of {number} kept; held against {totals}.",
        kept=len(kept), number=len(kept) + len(rejected), totals=", ".join(map(_total, about["anchors"])) or nothing,
    )  # fmt: skip
    own_console().print(f"\n{text}", highlight=False)
    for world, why in rejected.items():
        own_console().print("  " + language.translate("{world} rejected: {why}", world=world, why=why), highlight=False)


def _total(measure: str) -> str:
    """A measure's name within a sentence."""
    return Names.within(terminal_language().translate(READINGS[measure].name)) if measure in READINGS else measure


def print_precision(results: Results, want: WantedHalfWidths) -> None:
    """For each headline measure and scenario: the change, its half-width, the replications needed."""
    precisions = precision(results.measures, results.manifest["baseline"], HEADLINES, want)
    language = terminal_language()
    table = translated_table(PRECISION_HEADS)
    for measure, rows in precisions.groupby("measure", sort=False):
        title = HEADLINES.get(str(measure), f"{measure}, {rows['unit'].iloc[0]}")
        scale = 100 if title.endswith("%") else 1
        table.add_row(heading(language.translate(title)), figure(scale * rows["baseline"].iloc[0]))
        for row in rows.to_dict("records"):
            signs = {"change": "+", "half_width": "", "wanted": ""}
            sizes = (figure(scale * row[column], 2, sign=sign) for column, sign in signs.items())
            table.add_row(f"  {row['scenario']}", *sizes, _number_needed(row), _times(row["variance_reduction"]))
    own_console().print(table)
    note = language.translate(PRECISION_NOTE, n=int(precisions["n"].max()) if len(precisions) else 0)
    own_console().print(f"\n{note}", highlight=False)


PRECISION_NOTE = N_(
    "{n} replications so far. half-width: of the 95 % interval of the paired difference. wanted: as asked for; a "
    "per cent is of the baseline's mean. replications: needed in all, and with 80 % assurance, since a few "
    "replications tell little of their own spread. pairing: how many times as many independent replications would be "
    "needed for the same precision."
)


def _number_needed(row: dict[Hashable, Any]) -> str:
    """Replications in all; both figures if they differ, a dash where the wanted half-width is not known."""
    language = terminal_language()
    most = language.notation(">100,000")
    least, likely = (most if math.isinf(v) else figure(v, most=0) for v in _counts(row))
    return least if least == likely else language.translate("{least}, likely {likely}", least=least, likely=likely)


def _counts(row: dict[Hashable, Any]) -> tuple[float, float]:
    return row["needed"], row["likely_needed"]


def _times(ratio: float) -> str:
    if absent(ratio):
        return DASH
    return terminal_language().translate("exact") if math.isinf(ratio) else f"x {figure(ratio, 2)}"


def print_plan(world: World) -> None:
    """What a run would do: dates, scenarios with their levers, contacts, time and memory."""
    study, console, language = world.study, own_console(), terminal_language()
    refuse_impossible([*plan(world), *ends(world)])
    refuse_too_much(world)
    models = {name: compile_scenario(world, name) for name in study.scenarios}
    for model in models.values():
        try_demand(model, study.seed)
    config = resolved(world)
    names = Names(config, language)
    for line in _sizes(world, models[study.scenarios[0]]):
        console.print(line, highlight=False)
    common, own = overloads_apart(
        overloads({name: overloaded(model) for name, model in models.items()}), study.scenarios[0]
    )
    silent = [
        language.translate(
            "nobody has the need {need} in the window: its profile is 0 in it.", need=names.within(names.need(need))
        )
        for need in silent_needs(models[study.scenarios[0]])
    ]
    idle_units = [
        language.translate(
            "{pool} has {units} units and work for {share} % of their time: is one of its numbers too large?",
            pool=one.pool, units=language.number(one.units, 0), share=figure(100 * one.load),
        )
        for one in idle_pools(models[study.scenarios[0]])
    ]  # fmt: skip
    remarks = [*silent, *idle_units, *map(language.sentence, notes(world))]
    for line in [*overload_lines(common, names), *(language.translate("Note: {note}", note=one) for one in remarks)]:
        console.print(line, highlight=False)
    for name in study.scenarios:
        _print_levers(name, world.scenarios[name])
        if world.scenarios[name].levers:
            console.print(lever_kinds(name, world.scenarios[name]), highlight=False, soft_wrap=True)
        idle = no_effect_lines(config, {name: levers_without_effect(world, name)}, language)
        for line in [*reach_lines(world, name), *idle, *overload_lines(own.get(name, []), names)]:
            console.print(line, highlight=False, soft_wrap=True)
    first = models[study.scenarios[0]]
    for name, model in models.items():
        for line in acted_on_lines(world, name, (model, first), names, language):
            console.print(line, highlight=False, soft_wrap=True)
    console.print(language.translate("No errors."))


def _sizes(world: World, model: Model) -> Iterator[str]:
    """How large a study is, and what it takes."""
    language, size = terminal_language(), estimate(world, model)
    workers = world.execution.workers or cores()
    busy = min(workers, size.runs)
    yield language.translate(
        "{people} people, {sites} sites, {pools} pools; {scenarios} scenarios, {runs} runs.",
        people=language.number(int(model.people.sum()), 0), sites=len(model.sites), pools=len(model.pools),
        scenarios=len(world.study.scenarios), runs=size.runs,
    )  # fmt: skip
    yield language.translate(
        "About {contacts} contacts a run; {minutes} minutes and {memory} MB on {workers} workers.",
        contacts=language.number(size.contacts, 0), workers=workers,
        minutes=language.number(size.runs * size.contacts / size.contacts_per_s / busy / 60, 1),
        memory=language.number(busy * size.mb_per_run, 0),
    )  # fmt: skip


def _print_levers(name: str, scenario: Scenario) -> None:
    language = terminal_language()
    title = f"{name}: {language.label(scenario.label.model_dump())}"
    table = translated_table(LEVER_HEADS, ("kind", "effect size", "quality"), title)
    for lever_name, lever in scenario.levers.items():
        sizes = [(k, v) for k, v in lever if hasattr(v, "quality") and hasattr(v, "low")]
        if not sizes:
            table.add_row(lever_name, lever.kind, "", "", "", "", "")
        for size, effect in sizes:
            figures = (language.notation(f"{getattr(effect, k):g}") for k in ("value", "low", "high"))
            table.add_row(lever_name, lever.kind, size, *figures, effect.quality)
    own_console().print(table if scenario.levers else title, highlight=False)


__all__ = ["print_comparison", "print_plan", "print_precision"]
