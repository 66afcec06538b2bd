"""The most important outcomes: one row a measure and scenario, with how sure the change is."""

from __future__ import annotations

import math

from sim.export.sheet_cells import Amount, Cell, Column, Sheet
from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effect
from sim.report.html.measure_labels import READINGS, Reading
from sim.report.html.sections import SUMMARY
from sim.report.language import N_

NAN = float("nan")
HEADS: tuple[tuple[str, str, int], ...] = (
    (N_("Subject"), N_("The chapter of the report that the measure belongs to."), 30),
    (N_("Measure"), N_("What is measured, over the whole region."), 66),
    (N_("Unit"), N_("Unit of the numbers in the row. A share is in per cent, its change in percentage points."), 26),
    (N_("Scenario"), N_("What is compared with the baseline."), 34),
    (N_("Baseline"), N_("Mean of the baseline's replications."), 12),
    (N_("In the scenario"), N_("Mean of the scenario's replications."), 12),
    (N_("Change"),
     N_("Scenario less baseline, with the same patients and the same luck. Empty where nothing can be told."), 12),
    (N_("Change, per cent"), N_("The change over the baseline's value."), 12),
    (N_("Chance, from"), N_("Lower end of the 95 % interval of chance (paired t interval over the replications)."), 12),
    (N_("Chance, to"), N_("Upper end of the same interval."), 12),
    (N_("Assumptions, from"),
     N_("The smallest change when the assumptions are taken at their ends; empty if that was not run."), 14),
    (N_("Assumptions, to"), N_("The largest change when the assumptions are taken at their ends."), 14),
    (N_("Worlds"), N_("In how many worlds it was run: everything uncertain drawn at once within its ranges."), 9),
    (N_("Worlds with the same sign"), N_("In how many of them the change has the same sign."), 14),
    (N_("Worlds, from"), N_("The 10th percentile of the change over the worlds."), 12),
    (N_("Worlds, to"), N_("The 90th percentile of the change over the worlds."), 12),
    (N_("Finding"),
     N_("What can be said: robust, depends on the assumptions, no change that matters, not tested, cannot be told."),
     26),
    (N_("Note"),
     N_("Why nothing can be told, or what must be known of the number. In English, as the results have it."), 40),
)  # fmt: skip


def columns(writer: Writer, heads: tuple[tuple[str, str, int], ...]) -> list[Column]:
    """Columns in a language."""
    translate = writer.language.translate
    return [Column(translate(name), translate(meaning), width) for name, meaning, width in heads]


def headline_sheet(writer: Writer) -> Sheet:
    """Every measure of the report's overview in every scenario; one without a value anywhere is left out, as there."""
    translate, effects = writer.language.translate, writer.effects
    rows: list[list[Cell]] = []
    for title, measures in SUMMARY.items():
        for measure in (m for m in measures if not math.isnan(effects.base(m))):
            for scenario in effects.scenarios:
                about = [translate(title), *measure_words(writer, measure), writer.names.scenario(scenario)]
                rows.append(
                    [*about, *levels(writer, scenario, measure), *change(writer, effects.get(scenario, measure))]
                )
    return Sheet(translate(N_("Overview")), columns(writer, HEADS), rows)


def measure_words(writer: Writer, measure: str) -> list[str]:
    """A measure's name and unit."""
    reading = READINGS[measure]
    return [writer.language.translate(reading.name), "%" if reading.share else writer.unit(reading)]


def levels(writer: Writer, scenario: str, measure: str, by: str = "all", group: str = "") -> list[Cell]:
    """The baseline's value and the scenario's."""
    effects = writer.effects
    values = effects.base(measure, by, group), effects.mean(scenario, measure, by, group)
    return [amount(READINGS[measure], value) for value in values]


def amount(reading: Reading, value: float) -> Amount:
    """A value; a share as per cent."""
    return Amount(value, 1, percent=True) if reading.share else Amount(value, 2 if abs(value) < 1000 else 0)


def change(writer: Writer, effect: Effect | None) -> list[Cell]:
    """Change, relative change, its three ranges, what can be said of it, and the note.

    What had not settled has no number, as in the report.
    """
    words = writer.cell(effect).certainty
    if effect is None or not effect.is_shown:
        return [*[Amount(NAN)] * 10, words, effect.note if effect is not None else ""]
    reading = READINGS[effect.measure]
    places = writer.places(reading, effect)

    def number(value: float) -> Amount:
        return Amount(writer.scale(reading, value), places, signed=True)

    share = Amount(NAN) if reading.share else Amount(effect.share, 1, percent=True, signed=True)
    worlds = [Amount(n if effect.worlds else NAN, 0) for n in (effect.worlds, effect.worlds_with_sign)]
    return [
        number(effect.change), share, number(effect.low), number(effect.high), number(effect.low_assumption),
        number(effect.high_assumption), *worlds, number(effect.low_worlds), number(effect.high_worlds), words,
        effect.note,
    ]  # fmt: skip


__all__ = ["HEADS", "NAN", "amount", "change", "columns", "headline_sheet", "levels", "measure_words"]
