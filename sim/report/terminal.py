"""What a terminal shows: a study's plan, its comparison in short, the scenarios there are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.compile import compile_scenario
from sim.compile.arrivals import silent_needs
from sim.compile.lever_effects import levers_without_effect
from sim.compile.offered_load import overloaded
from sim.config.errors import Problem
from sim.config.folders import folders
from sim.config.notes import notes
from sim.config.reading.parts import merge_inherited, read_scenarios
from sim.config.schema.scenario import Scenario
from sim.config.world import World, resolved
from sim.demand import try_demand
from sim.measures.rows import NOT_SETTLED
from sim.report.language import Language
from sim.report.model_parts import FEW_SERVICES, those_about_model
from sim.report.no_effect_lines import no_effect_lines
from sim.report.numbers import DASH, absent, number, span
from sim.report.scenario_reach import reach_lines
from sim.report.terminal_decomposition import lever_kinds, print_decomposition
from sim.report.terminal_table import heading, terminal_table
from sim.results.conclusion import Conclusion
from sim.results.first_look import is_first_look, window_days
from sim.results.precision import WantedHalfWidths, precision
from sim.results.read import Results
from sim.results.warm_up import short_warm_ups
from sim.study.console import own_console
from sim.study.plan import ends, estimate, overloads, plan, refuse_impossible
from sim.study.processes import cores

HEADLINES = {
    "er_arrivals_per_day": "ER arrivals/day",
    "er_present_mean": "Patients at the ERs",
    "er_stay_median_min": "ER stay, median, min",
    "er_left_share": "Left ER unseen, %",
    "travel_min_per_resident_year": "Travel, min/person/year",
    "nearest_er_min": "To nearest open ER, min",
    "primary_care_wait_median_h": "Primary care wait, h",
    "unserved_per_day": "Unserved/day",
    "cost_msek_per_year": "Input, MSEK/year",
}
OF_SERVICES = {"wait_mean_h": "wait, mean, h", "left_per_day": "left/day", "pool_utilisation": "use, %"}
FIRST_LOOK = (
    "A first look: {days} days, replications: {replications}. Too short for conclusions: it shows what to ask, "
    "not what is so."
)
MORE = 1.1  # a pool's load over the baseline's, from which it is the scenario's own
QUESTIONS = ("er_arrivals_per_day", "travel_min_per_resident_year")  # whose changes are divided
LEVER_HEADS = ("lever", "kind", "effect size", "value", "low", "high", "quality")
SIZES = ("baseline", "mean", "change", "low", "high", "low_assumption", "high_assumption", "low_worlds", "high_worlds")


def print_comparison(results: Results) -> None:
    """The headline measures: every scenario's change, the interval of luck and the range of the assumptions.

    Then how much of the two first questions' changes is put in, and how much came out.
    """
    study = results.config["study"]
    if is_first_look(study):
        text = FIRST_LOOK.format(days=window_days(study), replications=study["replications"])
        own_console().print(text, highlight=False)
    table = terminal_table(("", "mean", "change", "luck, 95 %", "assumptions", "worlds", "how sure"))
    services = results.config["care"]["services"]
    for title, found in _headlines(results, services):
        rows = found.assign(**{column: 100 * found[column] for column in SIZES}) if title.endswith("%") else found
        if len(rows):
            table.add_row(heading(title), number(rows["baseline"].iloc[0]), end_section=False)
        for row in rows.to_dict("records"):
            table.add_row(f"  {row['scenario']}", *_cells(row))
    own_console().print(table)
    _print_worlds(results.manifest.get("worlds", {}))
    print_decomposition(results, {measure: HEADLINES[measure] for measure in those_about_model(QUESTIONS, services)})


def _headlines(results: Results, services: Mapping[str, Any]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Title and rows of each measure that is told: those about what the model has, and few services one by one."""
    comparison = results.comparison
    if len(services) <= FEW_SERVICES:
        for service in services:
            own = comparison[(comparison["by"] == "service") & (comparison["group"] == service)]
            for measure, title in OF_SERVICES.items():
                yield f"{service}: {title}", own[(own["measure"] == measure) & own["baseline"].notna()]
    whole = comparison[comparison["by"] == "all"]
    for measure in those_about_model(HEADLINES, services):
        yield HEADLINES[measure], whole[whole["measure"] == measure]


def _cells(row: dict[Hashable, Any]) -> tuple[str, ...]:
    """Mean, change, its two ranges, and how sure it is; no number where a queue still moves."""
    if NOT_SETTLED in row["note"]:
        return number(row["mean"]), DASH, "", "", "", f"{Conclusion.UNKNOWN}: {NOT_SETTLED}"
    luck, assumed = (span(row[f"low{end}"], row[f"high{end}"], 2, sign="+") for end in ("", "_assumption"))
    return number(row["mean"]), number(row["change"], sign="+"), luck, assumed, _worlds(row), row["finding"]


def _worlds(row: dict[Hashable, Any]) -> str:
    """In how many of the worlds the change has its sign, and where eight worlds in ten lie."""
    if not row["worlds"]:
        return DASH
    return f"{row['worlds_with_sign']} of {row['worlds']}, {span(row['low_worlds'], row['high_worlds'], 2, sign='+')}"


def _print_worlds(about: dict[str, Any]) -> None:
    """How many worlds were kept, and why the others were rejected; nothing if none was drawn."""
    kept, rejected = about.get("kept", []), about.get("rejected", {})
    if not kept and not rejected:
        return
    held = ", ".join(about["anchors"]) or "nothing: no total of the region is published and fitted"
    text = f"\nWorlds: {len(kept)} of {len(kept) + len(rejected)} kept; held against {held}."
    own_console().print(text, highlight=False)
    for world, why in rejected.items():
        own_console().print(f"  {world} rejected: {why}", highlight=False)


def print_warnings(results: Results) -> None:
    """What makes figures doubtful: overloaded pools, and stations whose start still shows; nothing if all is well."""
    common, own = overloads_apart(results.manifest.get("overloaded", []), results.manifest["baseline"])
    for line in overload_lines(common) + [line for pools in own.values() for line in overload_lines(pools)]:
        own_console().print(line, highlight=False)
    for line in no_effect_lines(results.config, results.manifest.get("without_effect", {}), Language("en")):
        own_console().print(f"Warning: {line}", highlight=False)
    days = results.config["study"]["warm_up_days"]
    for (by, group), rows in short_warm_ups(results.measures, days).groupby(["by", "group"], sort=False):
        needs = ", ".join(f"{row['scenario']} {_needs(row)}" for row in rows.to_dict("records"))
        text = (
            f"Warning: the warm-up of {days} days is too short for {by} {group}, or the run too short to tell: {needs}."
        )
        own_console().print(text, highlight=False)


def _needs(row: dict[Hashable, Any]) -> str:
    """Days needed, and how far off the patients present are."""
    needed = "more than half of the run" if math.isinf(row["needed_days"]) else f"{row['needed_days']:.0f} days"
    return needed if absent(row["bias_share"]) else f"{needed} ({row['bias_share']:+.0%} patients)"


def overloads_apart(
    pools: list[dict[str, Any]], baseline: str
) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """The pools that are overloaded in the baseline, and by scenario those that are so only, or clearly more, in it."""
    before = {one["pool"]: one["load"] for one in pools if one["scenario"] == baseline}
    own: dict[str, list[dict[str, Any]]] = {}
    for one in pools:
        if one["scenario"] != baseline and one["load"] > MORE * before.get(one["pool"], 0.0):
            own.setdefault(one["scenario"], []).append(one)
    return [one for one in pools if one["scenario"] == baseline], own


def overload_lines(overloaded_pools: list[dict[str, Any]]) -> list[str]:
    """A line for each pool with the scenarios in which it is overloaded; by service for those that people turn from."""
    pools: dict[str, list[dict[str, Any]]] = {}
    full: dict[str, list[dict[str, Any]]] = {}
    for one in overloaded_pools:
        part, key = (full, one["services"][0]) if one.get("turns_away") else (pools, one["pool"])
        part.setdefault(key, []).append(one)
    return [_full(*item) for item in full.items()] + [_overload(*item) for item in pools.items()]


def _full(service: str, rows: list[dict[str, Any]]) -> str:
    many = ", ".join(f"{scenario} {count}" for scenario, count in Counter(row["scenario"] for row in rows).items())
    return (
        f"Note: pools of {service} that are asked for more than they have open: {many}; offered load up to "
        f"{max(row['load'] for row in rows):.2f}. Who finds the wait long turns elsewhere."
    )


def _overload(pool: str, rows: list[dict[str, Any]]) -> str:
    loads = ", ".join(f"{row['scenario']} {row['load']:.2f}" for row in rows)
    services = ", ".join(rows[0]["services"])
    return f"Warning: pool {pool} ({services}) is overloaded, its queue will grow. Offered load: {loads}."


def print_precision(results: Results, want: WantedHalfWidths) -> None:
    """For each headline measure and scenario: the change, its half-width, the replications needed."""
    precisions = precision(results.measures, results.manifest["baseline"], HEADLINES, want)
    table = terminal_table(("", "change", "half-width", "wanted", "replications", "pairing"))
    for measure, rows in precisions.groupby("measure", sort=False):
        title = HEADLINES.get(str(measure), f"{measure}, {rows['unit'].iloc[0]}")
        scale = 100 if title.endswith("%") else 1
        table.add_row(heading(title), number(scale * rows["baseline"].iloc[0]))
        for row in rows.to_dict("records"):
            signs = {"change": "+", "half_width": "", "wanted": ""}
            sizes = (number(scale * row[column], 2, sign=sign) for column, sign in signs.items())
            table.add_row(f"  {row['scenario']}", *sizes, _number_needed(row), _times(row["variance_reduction"]))
    own_console().print(table)
    own_console().print(PRECISION_NOTE.format(n=int(precisions["n"].max()) if len(precisions) else 0), highlight=False)


PRECISION_NOTE = (
    "\n{n} replications so far. half-width: of the 95 % interval of the paired difference. wanted: as asked for; a "
    "per cent is of the baseline's mean. replications: needed in all, and with 80 % assurance, since a few "
    "replications tell little of their own spread. pairing: how many times as many independent replications would be "
    "needed for the same precision."
)


def _number_needed(row: dict[Hashable, Any]) -> str:
    """Replications in all; both figures if they differ, a dash where the wanted half-width is not known."""
    least, likely = (">100,000" if math.isinf(v) else number(v, most=0) for v in _counts(row))
    return least if least == likely else f"{least}, likely {likely}"


def _counts(row: dict[Hashable, Any]) -> tuple[float, float]:
    return row["needed"], row["likely_needed"]


def _times(ratio: float) -> str:
    return DASH if absent(ratio) else "exact" if math.isinf(ratio) else f"x {number(ratio, 2)}"


def print_plan(world: World) -> None:
    """What a run would do: dates, scenarios with their levers, contacts, time and memory."""
    study, console = world.study, own_console()
    refuse_impossible([*plan(world), *ends(world)])
    models = {name: compile_scenario(world, name) for name in study.scenarios}
    for model in models.values():
        try_demand(model, study.seed)
    model = models[study.scenarios[0]]
    size = estimate(world, model)
    workers = world.execution.workers or cores()
    busy = min(workers, size.runs)
    minutes, memory = size.runs * size.contacts / size.contacts_per_s / busy / 60, busy * size.mb_per_run
    console.print(
        f"{int(model.people.sum()):,} people, "
        f"{len(model.sites)} sites, {len(model.pools)} pools; {len(study.scenarios)} scenarios, {size.runs} runs.",
        highlight=False,
    )
    console.print(
        f"About {size.contacts:,.0f} contacts a run; {minutes:.1f} minutes and {memory:,.0f} MB on {workers} workers.",
        highlight=False,
    )
    common, own = overloads_apart(
        overloads({name: overloaded(model) for name, model in models.items()}), study.scenarios[0]
    )
    silent = [f"nobody falls ill of {need} in the window: its profile is 0 in it." for need in silent_needs(model)]
    for line in [*overload_lines(common), *(f"Note: {note}" for note in [*silent, *notes(world)])]:
        console.print(line, highlight=False)
    for name in study.scenarios:
        _print_levers(name, world.scenarios[name])
        if world.scenarios[name].levers:
            console.print(lever_kinds(name, world.scenarios[name]), highlight=False, soft_wrap=True)
        idle = no_effect_lines(resolved(world), {name: levers_without_effect(world, name)}, Language("en"))
        for line in [*reach_lines(world, name), *idle, *overload_lines(own.get(name, []))]:
            console.print(line, highlight=False, soft_wrap=True)
    console.print("No errors.")


def _print_levers(name: str, scenario: Scenario) -> None:
    table = terminal_table(LEVER_HEADS, ("kind", "effect size", "quality"), f"{name}: {scenario.label.en}")
    for lever_name, lever in scenario.levers.items():
        sizes = [(k, v) for k, v in lever if hasattr(v, "quality") and hasattr(v, "low")]
        if not sizes:
            table.add_row(lever_name, lever.kind, "", "", "", "", "")
        for size, effect in sizes:
            figures = (f"{getattr(effect, k):g}" for k in ("value", "low", "high"))
            table.add_row(lever_name, lever.kind, size, *figures, effect.quality)
    own_console().print(table if scenario.levers else f"{name}: {scenario.label.en}", highlight=False)


def print_scenarios(root: Path | None = None) -> None:
    """Name, labels and number of levers of every scenario that can be found, and whether it came with the program."""
    where = folders(root)
    table = terminal_table(("scenario", "levers", "from", "label"), ("from", "label"))
    for name in where.scenario_names():
        problems: list[Problem] = []
        scenario = merge_inherited(name, read_scenarios(where, [name], {}, problems), problems)
        origin = "careshift" if where.scenario(name).parent == where.scenarios[-1] else "you"
        if scenario is None or problems:
            table.add_row(name, "", origin, "has errors: careshift check tells them")
        else:
            table.add_row(name, str(len(scenario.levers)), origin, f"{scenario.label.sv}, {scenario.label.en}")
    own_console().print(table)


__all__ = ["print_comparison", "print_plan", "print_precision", "print_scenarios", "print_warnings"]
