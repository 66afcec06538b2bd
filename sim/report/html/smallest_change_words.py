"""The smallest changes that matter, in words: how large, and why."""

from __future__ import annotations

from dataclasses import dataclass

from sim.report.html.change_cells import Writer
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_, NO_BREAK
from sim.report.model_parts import those_about_model
from sim.results.smallest_changes import SMALLEST_CHANGES, Reason, SmallestChange

REASONS: dict[Reason, str] = {
    Reason.GROWTH: N_("About what the growth of the population adds in a year."),
    Reason.CROWD: N_("One patient in a hundred: whoever works there does not see less."),
    Reason.DOOR: N_("Two minutes at a door or in a telephone queue: nobody chooses otherwise for less."),
    Reason.STAY: N_("Five minutes in a stay of hours: no patient notices less."),
    Reason.SHARE: N_("Half a percentage point: published figures differ by more from year to year."),
    Reason.UNSEEN: N_("One visit in a thousand."),
    Reason.YEAR: N_("A minute or a kilometre in a whole year: nobody notices less."),
    Reason.WAY: N_("Half a minute of a single way: traffic lights take more."),
    Reason.WORKDAY: N_("An hour of a wait that is counted in hours or days."),
    Reason.ANYONE: N_("One person a month without care: all who get none count, save for chance."),
    Reason.BUDGET: N_("Half a thousandth of what is spent: budgets are not written finer."),
}


@dataclass(frozen=True)
class Limit:
    """A measure's smallest change that matters, with its unit, and the reason."""

    name: str
    size: str
    why: str


def limits(writer: Writer) -> list[Limit]:
    """Of each measure that has one, was measured and is about what the model has, by the baseline's value."""
    own = those_about_model(SMALLEST_CHANGES, writer.effects.services)
    shown = [m for m in own if writer.effects.base(m) == writer.effects.base(m)]
    return [_limit(writer, measure, SMALLEST_CHANGES[measure]) for measure in shown]


def _limit(writer: Writer, measure: str, one: SmallestChange) -> Limit:
    language, reading = writer.language, READINGS[measure]
    if one.share:
        of_it = language.translate("{share} of the baseline", share=language.percent(one.share))
        unit = writer.unit(reading)
        size = f"{language.number(one.share * abs(writer.effects.base(measure)))}{NO_BREAK}{unit} ({of_it})"
    else:
        unit = language.translate("percentage points") if reading.share else writer.unit(reading)
        size = f"{language.number(writer.scale(reading, one.amount))}{NO_BREAK}{unit}"
    return Limit(language.translate(reading.name), size, language.translate(REASONS[one.reason]))


__all__ = ["REASONS", "Limit", "limits"]
