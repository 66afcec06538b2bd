"""The section on time: what each scenario does on the way, in sentences and tables by calendar period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from sim.report.html.answer import COST, ER, TRAVEL
from sim.report.html.change_cells import CONCLUSION_NAMES, Block, Row, Writer
from sim.report.html.effects import Effect, effect_cells
from sim.report.html.lever_sentences import lever_sentence
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_, NO_BREAK, Language
from sim.report.model_parts import those_about_model
from sim.results.conclusion import Conclusion
from sim.results.read import Results
from sim.results.trends import Payback, Spending, Trend, periods_of, spending, trend

OUTCOMES = (ER, TRAVEL, COST)
SURE = {
    (ER, -1): N_("Fewer visits to emergency rooms, beyond chance, from {since} on; during {last} {change}."),
    (ER, 1): N_("More visits to emergency rooms, beyond chance, from {since} on; during {last} {change}."),
    (TRAVEL, -1): N_("Shorter travel, beyond chance, from {since} on; during {last} {change}."),
    (TRAVEL, 1): N_("Longer travel, beyond chance, from {since} on; during {last} {change}."),
}
DIP = N_(
    "On the way there it is the other way round, beyond chance, in {number} of {all} periods, most during {deepest}: "
    "{change}."
)
NO_DIP = N_("In no period before is it the other way round beyond chance.")
OPEN = {
    ER: N_("Visits to emergency rooms during {last}: {finding}."),
    TRAVEL: N_("Travel during {last}: {finding}."),
}
WHY = {
    Conclusion.ASSUMPTION: N_("That depends on the assumptions."),
    Conclusion.NOT_TESTED: N_("That was not tried against other assumptions."),
}
SPENT = N_("From {first} to the end of {last}, {total} SEK million in all against the baseline: {parts}.")
BY_PAYER = N_("{payer} {sum}")
PAYBACK = {
    Payback.NEVER_MORE: N_("At no time has it taken more than the baseline."),
    Payback.BACK: N_("What it took more was paid back by the end of {back_in}."),
    Payback.NOT_BACK: N_("What it took more is not paid back within these periods."),
}
SAME = N_("It takes the same money as the baseline all the time.")
FROM_START = N_("from the start")


@dataclass(frozen=True)
class OverTime:
    """What the section says: sentences a scenario, a block of rows an outcome, and the ramps of each scenario."""

    stories: list[tuple[str, list[str]]]
    blocks: list[Block]
    ramps: list[tuple[str, list[tuple[str, str]]]]


def over_time(writer: Writer, results: Results) -> OverTime | None:
    """The section; None where a study has no periods, or nothing to compare."""
    if results.timeline.empty or not writer.effects.scenarios:
        return None
    outcomes = those_about_model(OUTCOMES, writer.effects.services)
    scenarios = writer.effects.scenarios
    return OverTime(
        [(writer.names.scenario(s), _story(writer, results, s, outcomes)) for s in scenarios],
        [_block(writer, results, measure) for measure in outcomes],
        [(writer.names.scenario(s), _ramps(writer, results, s)) for s in scenarios],
    )


def period_words(label: str, language: Language) -> str:
    """A period as people say it: March 2027, quarter 1 of 2027, 2027."""
    year, _, part = label.partition("-")
    if not part:
        return year
    if part.startswith("Q"):
        return language.translate("quarter {number} of {year}", number=part[1:], year=year)
    return format_date(date(int(year), int(part), 1), "MMMM y", locale=language.locale)


def effects_by_period(results: Results, measure: str) -> dict[str, dict[str, Effect]]:
    """The effects on a measure of the whole region, by period and by scenario."""
    table = results.timeline
    rows = table[(table["measure"] == measure) & (table["by"] == "all")]
    out: dict[str, dict[str, Effect]] = {period.label: {} for period in periods_of(results.config["study"])}
    for label, part in rows.groupby("period"):
        out[str(label)] = {effect.scenario: effect for effect in effect_cells(part).values()}
    return out


def _story(writer: Writer, results: Results, scenario: str, outcomes: list[str]) -> list[str]:
    found = {measure: trend(results.timeline, scenario, measure) for measure in outcomes if measure != COST}
    number = len(periods_of(results.config["study"]))
    sentences = [_trend(writer, measure, one, number) for measure, one in found.items() if one is not None]
    money = spending(results.timeline, scenario, results.config["study"])
    return [*sentences, _money(writer, money)] if money is not None else sentences


def _trend(writer: Writer, measure: str, one: Trend, number: int) -> str:
    translate, language = writer.language.translate, writer.language
    last = period_words(one.last, language)
    if not one.direction:
        finding = translate(CONCLUSION_NAMES[one.finding])
        return translate(OPEN[measure], last=last, finding=finding)
    parts = [
        translate(
            SURE[measure, one.direction], since=period_words(one.since, language), last=last,
            change=_amount(writer, measure, one.change),
        )
    ]  # fmt: skip
    parts += [translate(WHY[one.finding])] if one.finding in WHY else []
    if one.dip:
        depth = _amount(writer, measure, one.depth)
        deepest = period_words(one.deepest, language)
        parts.append(translate(DIP, number=len(one.dip), all=number, deepest=deepest, change=depth))
    elif one.since != one.first:
        parts.append(translate(NO_DIP))
    return " ".join(parts)


def _amount(writer: Writer, measure: str, change: float) -> str:
    reading = READINGS[measure]
    return f"{writer.language.signed_number(change)}{NO_BREAK}{writer.unit(reading)}"


def _money(writer: Writer, money: Spending) -> str:
    translate, language = writer.language.translate, writer.language
    if not any(money.total) and not any(any(sums) for sums in money.by_payer.values()):
        return translate(SAME)
    parts = [
        translate(BY_PAYER, payer=writer.names.payer(payer), sum=language.signed_number(sums[-1]))
        for payer, sums in money.by_payer.items()
    ]
    ends = {"last": period_words(money.periods[-1], language), "first": period_words(money.periods[0], language)}
    text = translate(SPENT, **ends, total=language.signed_number(money.total[-1]), parts=", ".join(parts))
    back_in = period_words(money.back_in or money.periods[-1], language)
    return f"{text} {translate(PAYBACK[money.payback], back_in=back_in)}"


def _block(writer: Writer, results: Results, measure: str) -> Block:
    """A row a period: the baseline's level, and the change of each scenario."""
    reading = READINGS[measure]
    rows = []
    for label, effects in effects_by_period(results, measure).items():
        base = next((effect.baseline for effect in effects.values()), float("nan"))
        cells = [writer.cell(effects.get(s)) for s in writer.effects.scenarios]
        rows.append(Row(period_words(label, writer.language), "", writer.amount(reading, base), cells))
    title = ", ".join(part for part in (writer.language.translate(reading.name), writer.unit(reading)) if part)
    return Block(title, rows)


def _ramps(writer: Writer, results: Results, scenario: str) -> list[tuple[str, str]]:
    """Each lever in words, and how much of it is in force from which day on."""
    language = writer.language
    out = []
    for lever in results.config["scenarios"][scenario]["levers"].values():
        steps = sorted((lever.get("ramp") or {}).items())
        days = [f"{language.date(day)}: {language.percent(share, 0)}" for day, share in steps]
        out.append((lever_sentence(lever, writer.names, language), ", ".join(days) or language.translate(FROM_START)))
    return out


__all__ = ["OUTCOMES", "OverTime", "effects_by_period", "over_time", "period_words"]
