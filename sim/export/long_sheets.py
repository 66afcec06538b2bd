"""The long sheets of a workbook: every row of the comparison, and every assumption with its source."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sim.export.headline_sheet import HEADS, NAN, columns
from sim.export.sheet_cells import Amount, Cell, Sheet
from sim.report.html.assumptions import Assumption, care_records, scenario_records
from sim.report.html.change_cells import CONCLUSION_NAMES, Writer
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_
from sim.report.numbers import decimals
from sim.results.read import Results

IDS = (
    (N_("Scenario"), N_("What is compared with the baseline."), 34),
    (N_("Scenario, id"), N_("The name of its file."), 18),
    (N_("Measure"), N_("What is measured."), 52),
    (N_("Measure, id"), N_("The name under which docs/generated/measures.md defines it."), 30),
    (N_("Unit, id"), N_("The unit as the results have it; a share is between 0 and 1."), 18),
    (N_("By, id"), N_("How the region is divided; all: not at all."), 14),
    (N_("Group"), N_("The part that the row is of, by its name."), 30),
    (N_("Group, id"), N_("The same, as the results name it."), 18),
)  # fmt: skip
NUMBERS: dict[str, tuple[str, str, int]] = {
    "baseline": HEADS[4],
    "mean": HEADS[5],
    "change": (HEADS[6][0], N_("Scenario less baseline, with the same patients and the same luck."), 12),
    "low": HEADS[8],
    "high": HEADS[9],
    "low_assumption": HEADS[10],
    "high_assumption": HEADS[11],
    "worlds": HEADS[12],
    "worlds_with_sign": HEADS[13],
    "low_worlds": HEADS[14],
    "high_worlds": HEADS[15],
    "n": (N_("Replications"), N_("In how many replications both values are known."), 11),
    "p": (N_("p"), N_("Of the paired t test."), 9),
    "p_holm": (N_("p after Holm"), N_("Adjusted for many comparisons: over municipalities, else over scenarios."), 11),
}
FIGURES = 5, 4  # digits that count, and decimals at most
WORDS = {one.value: text for one, text in CONCLUSION_NAMES.items()}
ASSUMED = (
    (N_("Where"), N_("The scenario, or the part of the care model, that the figure belongs to."), 34),
    (N_("What it does"), N_("Of a scenario: the lever, in words."), 60),
    (N_("Assumption"), N_("The figure, or the rule."), 44),
    (N_("Value"), N_("The value that is used."), 12),
    (N_("Low"), N_("Lower end of its range."), 12),
    (N_("High"), N_("Upper end of its range."), 12),
    (N_("In words"), N_("Of a rule that is no single number: what it says."), 40),
    (N_("Quality"), N_("Quality: A official statistics, trial, meta-analysis or registry. B observational study or "
                       "authority. C old, press or foreign service. D judgement. X derived here."), 9),
    (N_("Source"), N_("Where it is from. In English, as the configuration has it."), 70),
    (N_("Note"), N_("What the scenario file says of the lever. In English, as it stands there."), 60),
)  # fmt: skip


def comparison_sheet(writer: Writer, results: Results) -> Sheet:
    """Every row of ``comparison.csv``, with names beside ids; numbers as they stand there."""
    rows = [_compared(writer, row) for row in results.comparison.to_dict("records")]
    heads = (*IDS, *NUMBERS.values(), *HEADS[16:])
    return Sheet(writer.language.translate(N_("All comparisons")), columns(writer, heads), rows)


def _compared(writer: Writer, row: dict[Hashable, Any]) -> list[Cell]:
    names, translate = writer.names, writer.language.translate
    measure, by, group = str(row["measure"]), str(row["by"]), str(row["group"])
    name = translate(READINGS[measure].name) if measure in READINGS else measure
    about = [
        names.scenario(row["scenario"]),
        row["scenario"],
        name,
        measure,
        row["unit"],
        by,
        names.group(by, group),
        group,
    ]
    numbers = [_number(float(row[column])) for column in NUMBERS]
    return [*about, *numbers, translate(WORDS.get(row["finding"], row["finding"])), row["note"]]


def _number(value: float | None) -> Amount:
    return Amount(NAN, 0) if value is None else Amount(value, decimals(value, *FIGURES))


def assumption_sheet(writer: Writer, results: Results) -> Sheet:
    """Effect sizes of each scenario first, then every figure and rule of the care model that has a source."""
    config, names, language = results.config, writer.names, writer.language
    rows: list[list[Cell]] = []
    for scenario in scenario_records(config, writer.effects.scenarios, names, language):
        for lever in scenario.levers:
            for size in lever.sizes:
                rows.append([scenario.name, lever.text, *_assumed(size), lever.note])
            if not lever.sizes:
                rows.append([scenario.name, lever.text, "", *[Amount(NAN)] * 3, "", "", "", lever.note])
        for other in scenario.shared:
            text = language.translate(N_("Shares levers with {name}; they stand there."), name=other)
            rows.append([scenario.name, text, "", *[Amount(NAN)] * 3, "", "", "", ""])
    for part, records in care_records(config["care"], names, language):
        title = language.translate(N_("Care model: {part}"), part=part)
        rows += [[title, "", *_assumed(one), ""] for one in records]
    return Sheet(language.translate(N_("Assumptions")), columns(writer, ASSUMED), rows)


def _assumed(one: Assumption) -> list[Cell]:
    """A figure as numbers; a rule in words."""
    numbers = [_number(value) for value in (*one.figure, None, None, None)[:3]]
    return [one.what, *numbers, "" if one.figure else one.value, one.quality, one.source]


__all__ = ["assumption_sheet", "comparison_sheet"]
