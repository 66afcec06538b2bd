"""What a terminal shows: a study's plan, its comparison in short, the scenarios there are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from rich import get_console
from rich.table import Table

from sim.compile import compile_scenario
from sim.compile.flows import expected_contacts
from sim.config.files import read_scenario
from sim.config.folders import folders, shown
from sim.config.scenario import Scenario
from sim.config.world import World
from sim.processes import cores
from sim.results import Results
from sim.study import plan

CONTACTS_PER_S = 45_000  # SimPy engine, one core, with demand and measures; docs/performance.md
MB_PER_RUN, BYTES_PER_CONTACT = 300, 600  # measured likewise
HEADLINES = {
    "er_arrivals_per_day": "Arrivals at emergency rooms, per day",
    "er_present_mean": "Patients present at emergency rooms, mean",
    "er_stay_median_min": "Stay at emergency rooms, median, min",
    "travel_min_per_resident_year": "Travel, min one way per resident and year",
    "nearest_er_min": "To the nearest open emergency room, min",
    "primary_care_share_within_3_days": "Primary care within 3 days, share",
    "cost_msek_per_year": "Cost of staff and what is put in, MSEK per year",
}


def print_comparison(results: Results) -> None:
    """The headline measures: every scenario's change, the interval of luck and the range of the assumptions."""
    table = results.comparison
    whole = table[table["by"] == "all"]
    console = get_console()
    for measure, title in HEADLINES.items():
        rows = whole[whole["measure"] == measure]
        if len(rows):
            console.print(_measure_table(f"{title}; baseline {_number(rows['baseline'].iloc[0])}", rows))


def _measure_table(title: str, rows: pd.DataFrame) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("scenario")
    for head in ("mean", "change", "95 % interval (luck)", "range (assumptions)"):
        table.add_column(head, justify="right")
    table.add_column("robust")
    for row in rows.to_dict("records"):
        change = row["note"] if "not settled" in str(row["note"]) else f"{row['change']:+.4g}"
        robust = "yes" if row["robust"] else "no"
        table.add_row(
            str(row["scenario"]),
            _number(row["mean"]),
            str(change),
            _range(row["low"], row["high"]),
            _range(row["low_assumption"], row["high_assumption"]),
            robust,
        )
    return table


def _number(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.4g}"


def _range(low: float, high: float) -> str:
    return "–" if pd.isna(low) or pd.isna(high) else f"{low:+.4g} to {high:+.4g}"


def print_plan(world: World) -> None:
    """What a run would do: dates, scenarios with their levers, contacts, time and memory."""
    study, console = world.study, get_console()
    model = compile_scenario(world, study.scenarios[0])
    contacts, runs = expected_contacts(model), plan(world)
    workers = world.execution.workers or cores()
    minutes = len(runs) * contacts / CONTACTS_PER_S / min(workers, len(runs)) / 60
    memory = min(workers, len(runs)) * (MB_PER_RUN + contacts * BYTES_PER_CONTACT / 1e6)
    console.print(f"[bold]{study.name}[/bold]: {study.label.en}", highlight=False)
    console.print(
        f"{study.start} to {study.end} after {study.warm_up_days} days of warm-up; {int(model.people.sum()):,} people, "
        f"{len(model.sites)} sites, {len(model.pools)} pools; {len(study.scenarios)} scenarios, {len(runs)} runs.",
        highlight=False,
    )
    console.print(
        f"About {contacts:,.0f} contacts a run; {minutes:.1f} minutes and {memory:,.0f} MB on {workers} workers.",
        highlight=False,
    )
    for name in study.scenarios:
        _print_levers(name, world.scenarios[name])
    console.print("No errors.")


def _print_levers(name: str, scenario: Scenario) -> None:
    table = Table(title=f"{name}: {scenario.label.en}", title_justify="left")
    for head in ("lever", "kind", "effect size", "value", "low", "high", "quality"):
        table.add_column(head)
    for lever_name, lever in scenario.levers.items():
        sizes = [(k, v) for k, v in lever if hasattr(v, "quality") and hasattr(v, "low")]
        if not sizes:
            table.add_row(lever_name, lever.kind, "", "", "", "", "")
        for size, effect in sizes:
            figures = (f"{getattr(effect, k):g}" for k in ("value", "low", "high"))
            table.add_row(lever_name, lever.kind, size, *figures, effect.quality)
    get_console().print(table if scenario.levers else f"{name}: {scenario.label.en}", highlight=False)


def print_scenarios(root: Path | None = None) -> None:
    """Name, label and place of every scenario that can be found."""
    where = folders(root)
    table = Table()
    for head in ("scenario", "Swedish", "English", "levers", "file"):
        table.add_column(head, overflow="fold")
    for name in where.scenario_names():
        path = where.scenario(name)
        read = read_scenario(path, name, [])
        if read is None:
            table.add_row(name, "", "has errors: careshift check tells them", "", shown(path))
        else:
            label = read.scenario.label
            table.add_row(name, label.sv, label.en, str(len(read.scenario.levers)), shown(path))
    get_console().print(table)


__all__ = ["print_comparison", "print_plan", "print_scenarios"]
