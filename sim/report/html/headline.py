"""The first screen: three sentences that can be repeated, and what each scenario puts in and what comes out of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.report.html.answer import COST, ER, TRAVEL, conclusion_of
from sim.report.html.causes import cause
from sim.report.html.change_cells import Cell, Writer
from sim.report.html.effect_parts import parts_of
from sim.report.html.effects import Effect
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_, NO_BREAK
from sim.results.conclusion import Conclusion
from sim.results.decomposition import Finding
from sim.results.read import Results

MOST = {
    ER: N_(
        "No scenario changes visits to emergency rooms by more than {share}: {name} changes them most, by {change}."
    ),
    TRAVEL: N_(
        "No scenario changes the time travelled to care by more than {share}: {name} changes it most, by {change}."
    ),
}
ONLY = {
    ER: N_("{name} changes visits to emergency rooms by {share}, {change}."),
    TRAVEL: N_("{name} changes the time travelled to care by {share}, {change}."),
}
NONE = {
    ER: N_("No scenario surely changes visits to emergency rooms so much that it matters."),
    TRAVEL: N_("No scenario surely changes the time travelled to care so much that it matters."),
}
OPEN = N_("Of {names} it cannot be told.")
DEPENDS = N_("That depends on the assumptions.")
UNTRIED = N_("That was not tried against other assumptions.")
COSTS = N_("Costs a year change by between {low} and {high} SEK million.")
COST_OF_ONE = N_("It costs {change} SEK million a year.")
SAME_COST = N_("No scenario changes what is spent.")
ALL_MODEL = N_("all from the model")
ALL_ASSUMED = N_("all assumed")
PARTS = N_("{put_in} assumed, {came_out} from the model")
UNTOLD = {
    Finding.NOT_TESTED: N_("how much is assumed was not tested"),
    Finding.UNKNOWN: N_("how much is assumed cannot be told"),
    Finding.NO_CHANGE: "",
}


def headline(writer: Writer) -> list[str]:
    """At most three sentences: on emergency rooms, on travel, and on money; none on what the study has not."""
    sentences = [_most(writer, measure) for measure in (ER, TRAVEL)]
    return [s for s in [*sentences, _costs(writer)] if s]


def _most(writer: Writer, measure: str) -> str:
    """How far the outcome goes in any scenario, and in which; what cannot be told is named."""
    effects = [e for e in writer.effects.row(measure) if e is not None]
    sizes = [e for e in effects if e.is_shown and not math.isnan(e.share)]
    if not sizes:
        return ""
    translate = writer.language.translate
    sure = [e for e in sizes if conclusion_of(writer, e) not in (Conclusion.NO_CHANGE, Conclusion.UNKNOWN)]
    open_ones = [writer.names.scenario(e.scenario) for e in effects if e not in sizes]
    doubt = f" {translate(OPEN, names=writer.language.enumeration(open_ones))}" if open_ones else ""
    if not sure:
        return translate(NONE[measure]) + doubt
    most = max(sizes, key=lambda e: abs(e.share))
    name = writer.names.scenario(most.scenario)
    text = translate((MOST if len(effects) > 1 else ONLY)[measure], share=_share(writer, most, len(effects) == 1),
                     name=name, change=_amount(writer, most))  # fmt: skip
    why = {Conclusion.ASSUMPTION: DEPENDS, Conclusion.NOT_TESTED: UNTRIED, Conclusion.UNKNOWN: OPEN}
    reason = why.get(conclusion_of(writer, most), "")
    parts = [text, translate(reason, names=name) if reason else "", cause(writer, most)]
    return " ".join(part for part in parts if part) + doubt


def _share(writer: Writer, effect: Effect, signed: bool) -> str:
    share = effect.share if signed else abs(effect.share)
    return writer.language.percent(share, 1 if abs(share) < 0.1 else 0, signed=signed)


def _amount(writer: Writer, effect: Effect) -> str:
    reading = READINGS[effect.measure]
    return f"{writer.change(reading, effect.change, effect)}{NO_BREAK}{writer.unit(reading)}"


def _costs(writer: Writer) -> str:
    """What is spent, from the cheapest to the dearest scenario."""
    costs = [e for e in writer.effects.row(COST) if e is not None and e.is_shown]
    if not costs:
        return ""
    reading, translate = READINGS[COST], writer.language.translate
    ordered = sorted(costs, key=lambda e: e.change)
    low, high = (writer.change(reading, e.change, e) for e in (ordered[0], ordered[-1]))
    if all(e.change == 0 for e in costs):
        return translate(SAME_COST)
    return translate(COST_OF_ONE, change=low) if len(costs) == 1 else translate(COSTS, low=low, high=high)


@dataclass(frozen=True)
class Balanced:
    """A scenario on the first screen: visits, how much of them was put in, travel, and in how many worlds both hold."""

    name: str
    visits: Cell
    parts: str
    travel: Cell
    worlds: tuple[str, str]


def balanced(writer: Writer, results: Results) -> list[Balanced]:
    """One line a scenario; none where the study has no emergency rooms."""
    if math.isnan(writer.effects.base(ER)):
        return []
    return [_balanced(writer, results, scenario) for scenario in writer.effects.scenarios]


def _balanced(writer: Writer, results: Results, scenario: str) -> Balanced:
    visits, travel = (writer.effects.get(scenario, measure) for measure in (ER, TRAVEL))
    return Balanced(
        writer.names.scenario(scenario), writer.cell(visits), _parts(writer, results, visits), writer.cell(travel),
        (_worlds(writer, visits), _worlds(writer, travel)),
    )  # fmt: skip


def _worlds(writer: Writer, effect: Effect | None) -> str:
    if effect is None or not effect.worlds or writer.is_next_to_nothing(effect):
        return ""
    return writer.language.translate(
        "{number} of {all} worlds", number=int(effect.worlds_with_sign), all=int(effect.worlds)
    )


def _parts(writer: Writer, results: Results, effect: Effect | None) -> str:
    """How much of a change was assumed, and how much follows from the model."""
    if effect is None or not effect.is_shown or writer.is_next_to_nothing(effect):
        return ""
    table, translate = results.decomposition, writer.language.translate
    rows = table[(table["scenario"] == effect.scenario) & (table["measure"] == effect.measure)].to_dict("records")
    finding = rows[0]["finding"] if rows else Finding.NOT_TESTED
    if finding == Finding.ALL_CAME_OUT:
        return translate(ALL_MODEL)
    if finding == Finding.ALL_PUT_IN:
        return translate(ALL_ASSUMED)
    if finding != Finding.TOLD:
        return translate(UNTOLD[Finding(finding)])
    put_in, came_out = parts_of(writer, effect, rows[0]["came_out"])
    return translate(PARTS, put_in=put_in, came_out=came_out)


__all__ = ["Balanced", "balanced", "headline"]
