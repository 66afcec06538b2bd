"""Cells of the report's tables: a change in words and signs that need no colour."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sim.measures.rows import NOT_SETTLED
from sim.report.html.effects import Effect, Effects
from sim.report.html.measure_labels import OF_THOSE_WHO_COME, READINGS, Reading
from sim.report.language import N_, NO_BREAK, Language
from sim.report.names import Names
from sim.report.numbers import DASH, decimals
from sim.results.conclusion import Conclusion

SIGNS = {
    (Conclusion.ROBUST, 1): "▲",
    (Conclusion.ROBUST, -1): "▼",
    (Conclusion.ASSUMPTION, 1): "△",
    (Conclusion.ASSUMPTION, -1): "▽",
}
SIGNS_OF = {Conclusion.NO_CHANGE: "=", Conclusion.NOT_TESTED: "?", Conclusion.UNKNOWN: "≈"}
KINDS = {  # as the page's style names them
    Conclusion.ROBUST: "robust",
    Conclusion.ASSUMPTION: "assumption",
    Conclusion.NO_CHANGE: "nothing",
    Conclusion.NOT_TESTED: "untested",
    Conclusion.UNKNOWN: "luck",
}
MOVING, MISSING = "moving", "missing"
CONCLUSION_NAMES = {
    Conclusion.ROBUST: N_("robust"),
    Conclusion.ASSUMPTION: N_("depends on the assumptions"),
    Conclusion.NO_CHANGE: N_("no change that matters"),
    Conclusion.NOT_TESTED: N_("not tested"),
    Conclusion.UNKNOWN: N_("cannot be told"),
}
NO_CHANGE = N_("no change")
NOT_MEASURED = N_("not measured")
IN_WORLDS = N_("in {number} of {all} worlds")


@dataclass(frozen=True)
class Cell:
    """One change as a reader sees it. ``tone`` is better, worse or neither, and empty unless the change is robust.

    ``kind`` is how sure it is, as the page's style names it, ``certainty`` the same in words.
    """

    sign: str
    change: str
    share: str
    certainty: str
    kind: str
    tone: str = ""
    luck: str = ""
    assumptions: str = ""
    worlds: str = ""


@dataclass(frozen=True)
class Row:
    """One measure (or group) over the scenarios."""

    name: str
    unit: str
    baseline: str
    cells: list[Cell]
    strong: bool = False
    moving: bool = False  # the baseline's own value had not settled
    measure: str = ""  # of the whole region; what the index is looked up by


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
        return Row(title, self.unit(reading), self.amount(reading, base), cells, strong, moving,
                   measure if by == "all" else "")  # fmt: skip

    def cell(self, effect: Effect | None) -> Cell:
        """One change. What had not settled has no number."""
        translate = self.language.translate
        if effect is None or not (effect.is_shown or effect.moving):
            return Cell(DASH, "", "", translate(NOT_MEASURED), MISSING)
        if effect.moving:
            why = f"{translate(CONCLUSION_NAMES[Conclusion.UNKNOWN])}: {translate(NOT_SETTLED)}"
            return Cell("~", "", "", why, MOVING)
        reading = READINGS[effect.measure]
        seen = Conclusion.NO_CHANGE if self.is_next_to_nothing(effect) else effect.verdict
        none = effect.change == 0 and seen is Conclusion.NO_CHANGE
        return Cell(
            SIGNS.get((seen, 1 if effect.change > 0 else -1), SIGNS_OF.get(seen, "≈")),
            "" if none else self.change(reading, effect.change, effect),
            "" if none else self.share(reading, effect),
            translate(NO_CHANGE if none else CONCLUSION_NAMES[seen]),
            KINDS[seen],
            self.tone(reading, effect) if seen is Conclusion.ROBUST else "",
            self.span(reading, effect, effect.low, effect.high),
            self.span(reading, effect, effect.low_assumption, effect.high_assumption),
            self.worlds(reading, effect),
        )

    def is_next_to_nothing(self, effect: Effect) -> bool:
        """Whether no change matters, or one that is known rounds to 0 where it is shown."""
        if effect.verdict in (Conclusion.NO_CHANGE, Conclusion.UNKNOWN):
            return effect.verdict is Conclusion.NO_CHANGE
        reading = READINGS[effect.measure]
        return round(self.scale(reading, effect.change), self.places(reading, effect)) == 0

    def worlds(self, reading: Reading, effect: Effect) -> str:
        """In how many of the worlds the change has its sign, and where eight worlds in ten lie; empty without any."""
        if not effect.worlds:
            return ""
        number, all_worlds = int(effect.worlds_with_sign), int(effect.worlds)
        text = self.language.translate(IN_WORLDS, number=number, all=all_worlds)
        span = self.span(reading, effect, effect.low_worlds, effect.high_worlds)
        return f"{text}, {span}" if span else text

    def tone(self, reading: Reading, effect: Effect) -> str:
        """Whether a robust change is for the better; those who come no more to a closed emergency room gain nothing."""
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
        details.append(cell.worlds)
        parts = "; ".join(p for p in details if p)
        return f"{change} ({parts})" if parts else change


__all__ = ["CONCLUSION_NAMES", "Block", "Cell", "Row", "Writer"]
