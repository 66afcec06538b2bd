"""The answer in three sentences: emergency rooms, travel, and what it takes."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.report.cells import Writer
from sim.report.effects import Effect, Verdict
from sim.report.language import N_
from sim.report.readings import READINGS

ER, TRAVEL, COST = "er_arrivals_per_day", "travel_min_per_resident_year", "cost_msek_per_year"
NEUTRAL = 0.005  # a change within 0.5 % of the baseline's cost is neutral


class Wording(NamedTuple):
    """How one outcome is told."""

    subject: str
    fewer: str
    more: str
    neither: str


WORDINGS = {
    ER: Wording(
        N_("Visits to the emergency rooms"),
        N_("robustly fewer in {names}, most in {best}: {change}"),
        N_("robustly more in {names}, most in {best}: {change}"),
        N_("no robust change in {names}"),
    ),
    TRAVEL: Wording(
        N_("Time travelled to care"),
        N_("robustly shorter in {names}, most in {best}: {change}"),
        N_("robustly longer in {names}, most in {best}: {change}"),
        N_("no robust change in {names}"),
    ),
}


def answer(writer: Writer, config: dict[str, Any]) -> list[tuple[str, str]]:
    """Three sentences made from the results, each as its subject and the rest: what is robust, and what is not."""
    return [_outcome(writer, ER), _outcome(writer, TRAVEL), _price(writer, config)]


def _outcome(writer: Writer, measure: str) -> tuple[str, str]:
    """The subject, and what is robust before what is not."""
    say, words = writer.language._, WORDINGS[measure]
    found = [e for e in writer.effects.row(measure) if e is not None]
    robust = [e for e in found if e.verdict is Verdict.ROBUST and not writer.is_next_to_nothing(e)]
    told = []
    sides = (words.fewer, [e for e in robust if e.change < 0]), (words.more, [e for e in robust if e.change > 0])
    for text, side in sides:
        if side:
            best = max(side, key=lambda e: abs(e.change))
            told.append(say(text, names=_names(writer, side), best=_name(writer, best), change=writer.sentence(best)))
    rest = [e for e in found if e not in robust]
    if not robust:
        told.append(say("no robust change in any scenario"))
    elif rest:
        told.append(say(words.neither, names=_names(writer, rest)))
    return say(words.subject), "; ".join(told) + "."


def _price(writer: Writer, config: dict[str, Any]) -> tuple[str, str]:
    """What is put in: the dearest, the cheapest, and promises of the same money that are not kept."""
    say = writer.language._
    subject = say("What is put in")
    found = [e for e in writer.effects.row(COST) if e is not None and e.shown]
    if not found:
        return subject, say("the cost could not be measured.")
    high, low = max(found, key=lambda e: e.change), min(found, key=lambda e: e.change)
    told = []
    if max(abs(high.change), abs(low.change)) == 0:
        told.append(say("no scenario changes the cost"))
    elif high is low:
        told.append(
            say("{name} changes the yearly cost by {change}", name=_name(writer, high), change=_money(writer, high))
        )
    else:
        parts = {"low": _money(writer, low), "low_name": _name(writer, low)}
        parts |= {"high": _money(writer, high), "high_name": _name(writer, high)}
        told.append(say("the yearly cost changes by between {low} ({low_name}) and {high} ({high_name})", **parts))
    promised = [e for e in found if config["scenarios"][e.scenario]["budget_neutral"]]
    broken = [e for e in promised if not neutral(e)]
    if broken:
        told.append(say("the same money was promised but is not kept in {names}", names=_names(writer, broken)))
    elif promised:
        told.append(say("the promise of the same money is kept in {names}", names=_names(writer, promised)))
    return subject, "; ".join(told) + "."


def neutral(cost: Effect) -> bool:
    """Whether a change of cost is nothing beside the baseline's cost."""
    return abs(cost.change) <= NEUTRAL * abs(cost.baseline)


def _money(writer: Writer, effect: Effect) -> str:
    return writer.language._(
        "{amount} SEK million", amount=writer.change(READINGS[effect.measure], effect.change, effect)
    )


def _name(writer: Writer, effect: Effect) -> str:
    return writer.names.scenario(effect.scenario)


def _names(writer: Writer, effects: list[Effect]) -> str:
    return writer.language.listed([_name(writer, e) for e in effects])


__all__ = ["COST", "ER", "NEUTRAL", "TRAVEL", "answer", "neutral"]
