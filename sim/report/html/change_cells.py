"""Cells of the report's tables: a change in words and signs that need no colour."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sim.report.html.effects import Conclusion, Effect, Effects
from sim.report.html.measure_labels import OF_THOSE_WHO_COME, READINGS, Reading
from sim.report.language import N_, NO_BREAK, Language
from sim.report.names import Names
from sim.report.numbers import DASH, decimals

SIGNS = {
    (Conclusion.ROBUST, 1): "▲",
    (Conclusion.ROBUST, -1): "▼",
    (Conclusion.ASSUMPTION, 1): "△",
    (Conclusion.ASSUMPTION, -1): "▽",
    (Conclusion.UNTRIED, 1): "△",
    (Conclusion.UNTRIED, -1): "▽",
    (Conclusion.LUCK, 1): "≈",
    (Conclusion.LUCK, -1): "≈",
    (Conclusion.LUCK, 0): "≈",
    (Conclusion.SAME, 0): "=",
}
NOTHING_MUCH = "nothing"
CONCLUSION_NAMES = {
    Conclusion.ROBUST: N_("robust"),
    Conclusion.ASSUMPTION: N_("depends on the assumptions"),
    Conclusion.UNTRIED: N_("not tried against other assumptions"),
    Conclusion.LUCK: N_("may be chance"),
    Conclusion.SAME: N_("no change"),
    Conclusion.MOVING: N_("not settled"),
    Conclusion.MISSING: N_("not measured"),
}


@dataclass(frozen=True)
class Cell:
    """One change as a reader sees it. ``tone`` is better, worse or neither, and empty unless the change is robust."""

    sign: str
    change: str
    share: str
    certainty: str
    verdict: str
    tone: str = ""
    luck: str = ""
    assumptions: str = ""


@dataclass(frozen=True)
class Row:
    """One measure (or group) over the scenarios."""

    name: str
    unit: str
    baseline: str
    cells: list[Cell]
    strong: bool = False
    moving: bool = False  # the baseline's own value had not settled


@dataclass(frozen=True)
class Block:
    """Rows with a heading of their own."""

    title: str
    rows: list[Row] = field(default_factory=list)


class Writer:
    """Turns effects into cells and rows, in one language."""

    def __init__(self, effects: Effects, names: Names, language: Language) -> None:
        self.effects, self.names, self.language = effects, names, language

    def rows(self, measure: str, by: str, strong: str = "") -> list[Row]:
        """One row a group of a measure's cut; the group ``strong`` stands out."""
        groups = self.effects.groups(measure, by)
        return [self.row(measure, by, g, self.names.group(by, g), g == strong) for g in groups]

    def row(self, measure: str, by: str = "all", group: str = "", name: str = "", strong: bool = False) -> Row:
        """One measure over the scenarios, beside the baseline."""
        reading = READINGS[measure]
        base = self.effects.base(measure, by, group)
        moving = self.effects.moving(self.effects.baseline, measure, by, group)
        cells = [self.cell(e) for e in self.effects.row(measure, by, group)]
        title = name or self.language.translate(reading.name)
        return Row(title, self.unit(reading), self.amount(reading, base), cells, strong, moving)

    def cell(self, effect: Effect | None) -> Cell:
        """One change. What had not settled has no number."""
        if effect is None:
            return Cell(DASH, "", "", self.language.translate(CONCLUSION_NAMES[Conclusion.MISSING]), Conclusion.MISSING)
        verdict = effect.verdict
        certainty = self.language.translate(CONCLUSION_NAMES[verdict])
        if not effect.is_shown:
            return Cell("~" if verdict is Conclusion.MOVING else DASH, "", "", certainty, verdict)
        reading = READINGS[effect.measure]
        up = (effect.change > 0) - (effect.change < 0)
        nothing = verdict is not Conclusion.SAME and self.is_next_to_nothing(effect)
        return Cell(
            "≈" if nothing else SIGNS.get((verdict, up), "≈"),
            "" if verdict is Conclusion.SAME else self.change(reading, effect.change, effect),
            self.share(reading, effect),
            self.language.translate("next to nothing") if nothing else certainty,
            NOTHING_MUCH if nothing else verdict,
            "" if nothing else self.tone(reading, effect),
            self.span(reading, effect, effect.low, effect.high),
            self.span(reading, effect, effect.low_assumption, effect.high_assumption),
        )

    def is_next_to_nothing(self, effect: Effect) -> bool:
        """Whether a change rounds to 0 where it is shown, sure or not."""
        reading = READINGS[effect.measure]
        return effect.is_shown and round(self.scale(reading, effect.change), self.places(reading, effect)) == 0

    def tone(self, reading: Reading, effect: Effect) -> str:
        """Whether a robust change is for the better; those who come no more to a closed emergency room gain nothing."""
        if effect.verdict is not Conclusion.ROBUST:
            return ""
        if reading.better == "neither":
            return "neither"
        if (effect.change > 0) != (reading.better == "more"):
            return "worse"
        spared = effect.measure in OF_THOSE_WHO_COME and self.effects.keeps_away(effect.scenario)
        return "neither" if spared else "better"

    def unit(self, reading: Reading) -> str:
        """The unit in this language; a share has none, its sign stands at the number."""
        return "" if reading.share else self.language.translate(reading.unit)

    def amount(self, reading: Reading, value: float) -> str:
        """A value without its unit; a share as per cent."""
        if math.isnan(value):
            return DASH
        return self.language.percent(value) if reading.share else self.language.number(value)

    def change(self, reading: Reading, value: float, effect: Effect) -> str:
        """A change, with as many decimals as its range needs; a share in percentage points."""
        return self.language.signed_number(self.scale(reading, value), self.places(reading, effect))

    def span(self, reading: Reading, effect: Effect, low: float, high: float) -> str:
        """From low to high; empty if there is no such range."""
        if math.isnan(low) or math.isnan(high) or low == high:
            return ""
        places = self.places(reading, effect)
        first, last = (self.language.signed_number(self.scale(reading, v), places) for v in (low, high))
        return self.language.span(first, last)

    def scale(self, reading: Reading, value: float) -> float:
        """A share in per cent, all else as it is."""
        return 100 * value if reading.share else value

    def places(self, reading: Reading, effect: Effect) -> int:
        """Decimals of a change and its ranges: three digits of the largest, never more than two decimals."""
        size = abs(self.scale(reading, effect.change))
        wide = max((abs(self.scale(reading, v)) for v in (effect.low, effect.high) if not math.isnan(v)), default=0.0)
        return decimals(max(size, wide))

    def share(self, reading: Reading, effect: Effect) -> str:
        """Change relative to the baseline, or that it is in percentage points."""
        if effect.verdict is Conclusion.SAME:
            return ""
        if reading.share:
            return self.language.translate("points")
        if math.isnan(effect.share) or abs(effect.share) < 0.0005:
            return ""
        return self.language.percent(effect.share, 1 if abs(effect.share) < 0.1 else 0, signed=True)

    def sentence(self, effect: Effect) -> str:
        """Change, relative change and both ranges, to stand within a sentence."""
        cell, reading = self.cell(effect), READINGS[effect.measure]
        unit = self.language.translate("percentage points") if reading.share else self.unit(reading)
        change = f"{cell.change}{NO_BREAK}{unit}"
        details = [] if reading.share or not cell.share else [cell.share]
        details.append(self.language.translate("chance {span}", span=cell.luck) if cell.luck else "")
        details.append(self.language.translate("assumptions {span}", span=cell.assumptions) if cell.assumptions else "")
        parts = "; ".join(p for p in details if p)
        return f"{change} ({parts})" if parts else change


__all__ = ["CONCLUSION_NAMES", "Block", "Cell", "Row", "Writer"]
