"""What is measured by place: each emergency room, each municipality."""

from __future__ import annotations

from sim.export.headline_sheet import HEADS, amount, change, columns, levels, measure_words
from sim.export.sheet_cells import Amount, Cell, Sheet
from sim.report.html.by_municipality import TABLES
from sim.report.html.change_cells import Writer
from sim.report.html.er_by_name import COLUMNS
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_

ER, SITE, TOWN = "er_arrivals_per_day", "site", "municipality"
ROOM = (N_("Emergency room"), N_("The hospital's name."), 34)
TOWN_HEADS = (
    (N_("Municipality"), N_("Where people live."), 22),
    (N_("Residents"), N_("How many live there."), 12),
)
MOVED = (
    N_("Not settled"),
    N_("Measures of the row behind which a queue still grew or shrank: their levels depend on how long one looks."),
    40,
)
SCENARIO, CHANGE = HEADS[3], HEADS[6:]


def room_sheet(writer: Writer) -> Sheet:
    """Every emergency room in the baseline and in every scenario: levels, and the change of its visits."""
    translate, effects = writer.language.translate, writer.effects
    meaning = N_("Level, mean of the replications.")
    measures = tuple((name, meaning, 14) for name in COLUMNS.values())
    rows: list[list[Cell]] = []
    for scenario in (effects.baseline, *effects.scenarios):
        for room in effects.groups(ER, SITE):
            numbers = [amount(READINGS[m], effects.mean(scenario, m, SITE, room)) for m in COLUMNS]
            moving = [translate(name) for m, name in COLUMNS.items() if effects.moving(scenario, m, SITE, room)]
            visits = change(writer, effects.get(scenario, ER, SITE, room))
            changes: list[Cell] = ["" for _ in visits] if scenario == effects.baseline else visits
            rows.append(
                [writer.names.scenario(scenario), writer.names.site(room), *numbers, *changes, ", ".join(moving)]
            )
    heads = (SCENARIO, ROOM, *measures, *CHANGE, MOVED)
    return Sheet(translate(N_("Emergency rooms")), columns(writer, heads), rows)


def municipality_sheet(writer: Writer) -> Sheet:
    """Every municipality, measure of the report's tables and scenario."""
    effects, names = writer.effects, writer.names
    rows: list[list[Cell]] = []
    for measure in (m for m in TABLES if effects.groups(m, TOWN)):
        for town in sorted(effects.groups(measure, TOWN), key=names.municipality):
            for scenario in effects.scenarios:
                place: list[Cell] = [names.municipality(town), Amount(names.people(town), 0)]
                about = [*place, *measure_words(writer, measure), names.scenario(scenario)]
                changes = change(writer, effects.get(scenario, measure, TOWN, town))
                rows.append([*about, *levels(writer, scenario, measure, TOWN, town), *changes])
    heads = (*TOWN_HEADS, *HEADS[1:])
    return Sheet(writer.language.translate(N_("Municipalities")), columns(writer, heads), rows)


__all__ = ["municipality_sheet", "room_sheet"]
