"""The answer under three heads: emergency rooms, travel, and what it takes and who waits."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.report.html.change_cells import Writer
from sim.report.html.effect_parts import part_lines
from sim.report.html.effects import SWITCHED, Effect
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_, NO_BREAK
from sim.results.conclusion import Conclusion
from sim.results.read import Results

ER, TRAVEL, COST = "er_arrivals_per_day", "travel_min_per_resident_year", "cost_msek_per_year"
ER_RATE = "er_visits_per_1000_year"
UNSERVED = "unserved_per_day"
LEFT = ("left_per_day", "service")
USE = ("pool_utilisation", "resource")
WAITS = ("er_wait_p90_min", "primary_care_wait_median_h", "telephone_wait_p90_min")
MOVED = (COST, "resource")
NEUTRAL = 0.05  # of the money that is moved: what pays and what is paid for are as good as the same
FULL = 0.95  # use of open rooms, places or teams from which on hardly any is free


class Wording(NamedTuple):
    """How one outcome is told."""

    subject: str
    fewer: str
    more: str


WORDINGS = {
    ER: Wording(N_("Emergency rooms"), N_("Robustly fewer visits: {list}."), N_("Robustly more visits: {list}.")),
    TRAVEL: Wording(N_("Time travelled to care"), N_("Robustly shorter: {list}."), N_("Robustly longer: {list}.")),
}
REST = {
    N_("It depends on the assumptions: {names}."): Conclusion.ASSUMPTION,
    N_("A change, but not tested against other assumptions: {names}."): Conclusion.NOT_TESTED,
    N_("No change that matters: {names}."): Conclusion.NO_CHANGE,
    N_("These runs cannot tell: {names}."): Conclusion.UNKNOWN,
}
VISITS = {
    Conclusion.ASSUMPTION: N_("visits depend on the assumptions"),
    Conclusion.NOT_TESTED: N_("visits not tested against other assumptions"),
    Conclusion.NO_CHANGE: N_("no change of visits that matters"),
    Conclusion.UNKNOWN: N_("visits: these runs cannot tell"),
}
CLOSED = N_("Where an emergency room closes, fewer visits are no gain in themselves: {list}.")


def answer(writer: Writer, results: Results) -> list[tuple[str, list[str], list[str]]]:
    """Three heads, each with short sentences made from the results: what is robust, and what is not.

    Beside the first two stands how much of each robust change is assumed.
    """
    translate = writer.language.translate
    effects = writer.effects
    visits = _outcome(writer, ER, [s for s in effects.scenarios if not effects.keeps_away(s)])
    return [
        (translate(WORDINGS[ER].subject), visits + closures(writer), _parts(writer, results, ER)),
        (
            translate(WORDINGS[TRAVEL].subject),
            _outcome(writer, TRAVEL, effects.scenarios) + _locally(writer),
            _parts(writer, results, TRAVEL),
        ),
        (
            translate("Resources and waits"),
            [_price(writer), *_promise(writer, results.config), *_longer(writer), *_full(writer)],
            [],
        ),
    ]


def _outcome(writer: Writer, measure: str, scenarios: list[str]) -> list[str]:
    """What is robust, the largest change first; then who has none that matters, was not tested, or cannot be told."""
    translate, words = writer.language.translate, WORDINGS[measure]
    effects = [e for s in scenarios if (e := writer.effects.get(s, measure)) is not None]
    robust = sorted((e for e in effects if _robust(writer, e)), key=lambda e: -abs(e.change))
    sides = (words.fewer, [e for e in robust if e.change < 0]), (words.more, [e for e in robust if e.change > 0])
    sentences = [translate(text, list=_changes(writer, side)) for text, side in sides if side]
    rest = [e for e in effects if e not in robust]
    for text, kind in REST.items():
        if same := [e for e in rest if conclusion_of(writer, e) is kind]:
            sentences.append(translate(text, names=_names(writer, same)))
    return sentences


def conclusion_of(writer: Writer, effect: Effect) -> Conclusion:
    """What can be said of a change as it is shown."""
    if not effect.is_shown:
        return Conclusion.UNKNOWN
    return Conclusion.NO_CHANGE if writer.is_next_to_nothing(effect) else effect.verdict


def _parts(writer: Writer, results: Results, measure: str) -> list[str]:
    """How much of the robust changes is assumed: what is not robust has no number in the answer."""
    robust = [s for s in writer.effects.scenarios if _robust(writer, writer.effects.get(s, measure))]
    return part_lines(writer, results, measure, robust)


def _locally(writer: Writer) -> list[str]:
    """The municipality whose travel grows most beyond luck: a mean over the region hides it."""
    sure = [e for e in writer.effects.of(TRAVEL, "municipality") if e.is_sure and e.change > 0]
    if not sure:
        return []
    most = max(sure, key=lambda e: e.change)
    town, change = writer.names.municipality(most.group), writer.cell(most).change
    name = _name(writer, most)
    return [
        writer.language.translate(
            "Most for one municipality: {town} {change} ({name}).", town=town, change=change, name=name
        )
    ]


def _robust(writer: Writer, effect: Effect | None) -> bool:
    """Whether a change is robust, and large enough to be seen."""
    return effect is not None and conclusion_of(writer, effect) is Conclusion.ROBUST


def _changes(writer: Writer, side: list[Effect]) -> str:
    """Scenarios with their changes, the first with its unit and ranges."""
    first = f"{_name(writer, side[0])} {writer.sentence(side[0])}"
    return ", ".join([first, *(f"{_name(writer, e)} {writer.cell(e).change}" for e in side[1:])])


def closures(writer: Writer) -> list[str]:
    """A sentence on scenarios that close an emergency room: those who choose other care, and who leave unseen."""
    scenarios = [s for s in writer.effects.scenarios if writer.effects.keeps_away(s)]
    if not scenarios:
        return []
    text = "; ".join(_closing(writer, s) for s in scenarios)
    return [writer.language.translate(CLOSED, list=text)]


def _closing(writer: Writer, scenario: str) -> str:
    """Change of visits per day, how many choose other care, how many more leave unseen or get no care, where robust."""
    translate, effects = writer.language.translate, writer.effects
    visits = effects.get(scenario, ER)
    phrases = [_visits(writer, visits)]
    if others := _choose_other_care(writer, scenario):
        phrases.append(translate("{number} more people choose other care first", number=writer.language.number(others)))
    if unseen := _more(writer, [effects.get(scenario, *LEFT, s) for s in effects.emergency]):
        phrases.append(translate("{number} more leave without being seen", number=writer.language.number(unseen)))
    if without := _more(writer, [effects.get(scenario, UNSERVED)]):
        phrases.append(translate("{number} more get no care at all", number=writer.language.number(without)))
    return f"{_name_of(writer, scenario)} {', '.join(phrases)}"


def _visits(writer: Writer, visits: Effect | None) -> str:
    kind = Conclusion.UNKNOWN if visits is None else conclusion_of(writer, visits)
    if visits is None or kind is not Conclusion.ROBUST:
        return writer.language.translate(VISITS[kind])
    return writer.language.translate("{change} visits per day", change=writer.cell(visits).change)


def _choose_other_care(writer: Writer, scenario: str) -> float:
    """People per day more who turn to other care than in the reference; 0 where that is not robust."""
    effects = writer.effects
    per_1000_year = _more(writer, [effects.get(scenario, *SWITCHED)])
    return per_1000_year * effects.base(ER) / effects.base(ER_RATE) if per_1000_year and effects.base(ER_RATE) else 0.0


def _more(writer: Writer, effects: list[Effect | None]) -> float:
    """Sum of the robust increases."""
    return sum(e.change for e in effects if e is not None and _robust(writer, e) and e.change > 0)


def _price(writer: Writer) -> str:
    """The dearest and the cheapest scenario."""
    translate = writer.language.translate
    effects = [e for e in writer.effects.row(COST) if e is not None and e.is_shown]
    if not effects:
        return translate("The cost could not be measured.")
    high, low = max(effects, key=lambda e: e.change), min(effects, key=lambda e: e.change)
    if max(abs(high.change), abs(low.change)) == 0:
        return translate("No scenario changes the cost.")
    if high is low:
        return translate(
            "{name} changes the yearly cost by {change}.", name=_name(writer, high), change=_money(writer, high)
        )
    parts = {"low": _money(writer, low), "low_name": _name(writer, low)}
    parts |= {"high": _money(writer, high), "high_name": _name(writer, high)}
    return translate("The yearly cost changes by between {low} ({low_name}) and {high} ({high_name}).", **parts)


def _promise(writer: Writer, config: dict[str, Any]) -> list[str]:
    """Whether the promises of the same money are kept."""
    translate = writer.language.translate
    effects = [e for e in writer.effects.row(COST) if e is not None and e.is_shown]
    promised = [e for e in effects if config["scenarios"][e.scenario]["budget_neutral"]]
    broken = [e for e in promised if not neutral(e, moved_money(writer, e.scenario))]
    if broken:
        return [translate("The same money was promised but is not kept in {names}.", names=_names(writer, broken))]
    return [translate("The promise of the same money is kept wherever it is made.")] if promised else []


def _longer(writer: Writer) -> list[str]:
    """Who waits longer, where that is robust."""
    translate, sentences = writer.language.translate, []
    for measure in WAITS:
        longer = [e for e in writer.effects.row(measure) if e is not None and _robust(writer, e) and e.change > 0]
        if longer:
            largest = sorted(longer, key=lambda e: -e.change)
            unit = writer.unit(READINGS[measure])
            first = f"{_name(writer, largest[0])} {writer.cell(largest[0]).change}{NO_BREAK}{unit}"
            others = [f"{_name(writer, e)} {writer.cell(e).change}" for e in largest[1:]]
            name = translate(READINGS[measure].name)
            sentences.append(
                translate("{measure}: robustly longer in {list}.", measure=name, list=", ".join([first, *others]))
            )
    return sentences


def _full(writer: Writer) -> list[str]:
    """Capacity that is used up already today, and where it is filled further."""
    effects, translate = writer.effects, writer.language.translate
    resources = [r for r in effects.groups(*USE) if not effects.moving(effects.baseline, *USE, r)]
    full = [r for r in resources if effects.base(*USE, r) >= FULL]
    cells = [effects.get(s, *USE, r) for s in effects.scenarios for r in resources]
    fuller = [e for e in cells if e is not None and _robust(writer, e) and e.change > 0 and e.mean >= FULL]
    sentences = []
    if full:
        names = writer.language.enumeration([writer.names.within(writer.names.resource(r)) for r in full])
        sentences.append(translate("Full already in the baseline, {limit} or more in use: {names}.",
                        limit=writer.language.percent(FULL, 0), names=names))  # fmt: skip
    if fuller:
        parts = [f"{writer.names.within(writer.names.resource(e.group))} ({_name(writer, e)})" for e in fuller]
        sentences.append(translate("Robustly fuller: {list}.", list=", ".join(parts)))
    return sentences


def neutral(cost: Effect, moved: float) -> bool:
    """Whether a change of cost is nothing beside the money that is moved."""
    return abs(cost.change) <= NEUTRAL * moved


def moved_money(writer: Writer, scenario: str) -> float:
    """Millions of SEK a year that a scenario moves: what it puts in, or what it takes, by resource, the larger sum."""
    cells = [writer.effects.get(scenario, *MOVED, resource) for resource in writer.effects.groups(*MOVED)]
    changes = [e.change for e in cells if e is not None and e.is_shown]
    return max(sum(c for c in changes if c > 0), -sum(c for c in changes if c < 0))


def _money(writer: Writer, effect: Effect) -> str:
    return writer.language.translate(
        "{amount} SEK million", amount=writer.change(READINGS[effect.measure], effect.change, effect)
    )


def _name(writer: Writer, effect: Effect) -> str:
    return _name_of(writer, effect.scenario)


def _name_of(writer: Writer, scenario: str) -> str:
    return writer.names.scenario(scenario)


def _names(writer: Writer, effects: list[Effect]) -> str:
    return writer.language.enumeration([_name(writer, e) for e in effects])


__all__ = [
    "COST",
    "ER",
    "NEUTRAL",
    "TRAVEL",
    "WORDINGS",
    "answer",
    "closures",
    "conclusion_of",
    "moved_money",
    "neutral",
]
