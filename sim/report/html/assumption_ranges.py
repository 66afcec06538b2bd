"""What the assumptions do to the headline outcomes: the effect sizes and the trips apart."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import pandas as pd

from sim.report.html.answer import ER, TRAVEL
from sim.report.html.change_cells import Writer
from sim.report.html.measure_labels import READINGS
from sim.report.numbers import DASH
from sim.results.compare import TRIPS

MEASURES = (ER, TRAVEL, "nearest_er_min")
SIZES = ("low", "high")
Values = dict[tuple[str, str, str], float]  # by scenario, variant and measure


@dataclass(frozen=True)
class Parts:
    """A scenario's change of one measure: the range that its effect sizes give, and the range that trips give."""

    scenario: str
    sizes: str
    trips: str


@dataclass(frozen=True)
class AssumptionRange:
    """A measure with the baseline's level under short, usual and long trips, and each scenario's ranges."""

    name: str
    unit: str
    levels: list[str]
    rows: list[Parts]


def ranges(writer: Writer, measures: pd.DataFrame) -> list[AssumptionRange]:
    """The parts of the range of the assumptions, of replication 0; empty if trips were not varied."""
    first = measures[(measures["by"] == "all") & (measures["replication"] == 0) & measures["measure"].isin(MEASURES)]
    if not first["variant"].isin(TRIPS).any():
        return []
    keys = zip(first["scenario"], first["variant"], first["measure"], strict=True)
    values: Values = dict(zip(keys, first["value"].astype(float), strict=True))
    return [_range(writer, values, measure) for measure in MEASURES]


def _range(writer: Writer, values: Values, measure: str) -> AssumptionRange:
    reading, effects, missing = READINGS[measure], writer.effects, float("nan")
    short, long = (values.get((effects.baseline, trips, measure), missing) for trips in TRIPS)
    usual = values.get((effects.baseline, "value", measure), missing)
    rows = [
        Parts(writer.names.scenario(s), *(_span(writer, values, measure, s, ends) for ends in (SIZES, TRIPS)))
        for s in effects.scenarios
    ]
    levels = [writer.amount(reading, level) for level in (short, usual, long)]
    return AssumptionRange(writer.language.translate(reading.name), writer.unit(reading), levels, rows)


def _span(writer: Writer, values: Values, measure: str, scenario: str, ends: tuple[str, ...]) -> str:
    """The estimate, shifted by what the ends do with the luck of replication 0; one number if they do nothing."""
    effect, reading = writer.effects.get(scenario, measure), READINGS[measure]
    changes = [_change(values, measure, scenario, writer.effects.baseline, v) for v in ("value", *ends)]
    if effect is None or not effect.is_shown or any(map(isnan, changes)):
        return DASH
    shifts = [change - changes[0] for change in changes]
    low, high = effect.change + min(shifts), effect.change + max(shifts)
    return writer.span(reading, effect, low, high) or writer.change(reading, low, effect)


def _change(values: Values, measure: str, scenario: str, baseline: str, variant: str) -> float:
    against = variant if variant in TRIPS else "value"
    missing = float("nan")
    return values.get((scenario, variant, measure), missing) - values.get((baseline, against, measure), missing)


__all__ = ["AssumptionRange", "Parts", "ranges"]
