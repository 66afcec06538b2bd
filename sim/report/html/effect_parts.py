"""How much of an effect is assumed, and how much follows from the model: one line a scenario beside each headline."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sim.config.schema.scenario import PUT_IN
from sim.measures.rows import NOT_SETTLED
from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effect
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_, NO_BREAK
from sim.results.compare import ALIKE, NO_PAIR, ONE_REPLICATION
from sim.results.decomposition import IN_IN_LUCK, OUT_IN_LUCK, Finding
from sim.results.read import Results

UNITS = {"er_arrivals_per_day": N_("visits per day")}  # where the reading's own would not tell of what
ASSUMPTIONS = {
    "shift": N_("moved first contacts"),
    "demand": N_("changed need"),
    "enrolment": N_("enrolled people"),
    "pathway": N_("other ways on"),
    "duration": N_("changed durations"),
    "lead_time": N_("changed lead times"),
}
TOLD = N_("{name}: of {effect}, {put_in} is assumed ({levers}) and {came_out} follows from the model{span}.")
NOT_TESTED = N_("{name}: how much of {effect} is assumed ({levers}) was not tested.")
ALL_CAME_OUT = N_("{names}: all of the change follows from the model.")
ALL_PUT_IN = N_("{name}: all of the change is assumed ({levers}).")
NO_CHANGE = N_("{names}: no change, neither assumed nor from the model.")
UNKNOWN = N_("{name}: how much of {effect} is assumed ({levers}) cannot be told{why}.")
NEXT_TO_NOTHING = N_("{names}: the change is next to nothing, so it is not divided.")
WHY = {
    ONE_REPLICATION: N_(" from one replication"),
    NOT_SETTLED: N_(": without the assumptions it had not settled"),
    NO_PAIR: N_(": without the assumptions it was not measured"),
    ALIKE: N_(": there are too few cases"),
}
BOTH_UNSURE = N_(": chance hides it{span}")
OUT_UNSURE = N_(
    "{name}: whether any of {effect} follows from the model cannot be told{span}; the rest is assumed ({levers})."
)
IN_UNSURE = N_(
    "{name}: whether any of {effect} is assumed ({levers}) cannot be told; all of it may follow from the model{span}."
)
UNSURE = {OUT_IN_LUCK: OUT_UNSURE, IN_IN_LUCK: IN_UNSURE}
Row = dict[Hashable, Any]


def part_lines(writer: Writer, results: Results, measure: str, scenarios: list[str]) -> list[str]:
    """One line for each scenario whose effect can be divided, then those of whom the same is said together."""
    table = results.decomposition
    row_of = {row["scenario"]: row for row in table[table["measure"] == measure].to_dict("records")}
    lines: list[str] = []
    together: dict[str, list[str]] = {}
    for scenario in scenarios:
        effect = writer.effects.get(scenario, measure)
        if effect is None or not effect.is_shown:
            continue
        row = row_of.get(scenario, {"finding": Finding.NOT_TESTED})
        if common := _common(writer, effect, row):
            together.setdefault(common, []).append(writer.names.scenario(scenario))
        else:
            levers = _levers(writer, results.config["scenarios"][scenario]["levers"])
            lines.append(_line(writer, effect, row, levers))
    translate = writer.language.translate
    return lines + [translate(text, names=writer.language.enumeration(names)) for text, names in together.items()]


def _common(writer: Writer, effect: Effect, row: Row) -> str:
    """What can be said of several scenarios in one sentence, without a number."""
    match row["finding"]:
        case Finding.NO_CHANGE:
            return NO_CHANGE
        case Finding.ALL_CAME_OUT:
            return ALL_CAME_OUT
        case Finding.TOLD:
            return ""
    return NEXT_TO_NOTHING if writer.is_next_to_nothing(effect) else ""


def _line(writer: Writer, effect: Effect, row: Row, levers: str) -> str:
    """What is said of one scenario; the parts add up to the effect as it is shown."""
    translate, reading = writer.language.translate, READINGS[effect.measure]
    unit = translate("percentage points" if reading.share else UNITS.get(effect.measure, reading.unit))
    whole = f"{writer.change(reading, effect.change, effect)}{NO_BREAK}{unit}"
    about = {"name": writer.names.scenario(effect.scenario), "levers": levers}
    finding = row["finding"]
    if finding == Finding.ALL_PUT_IN:
        return translate(ALL_PUT_IN, **about)
    if finding == Finding.NOT_TESTED:
        return translate(NOT_TESTED, effect=whole, **about)
    span = writer.span(reading, effect, row["low"], row["high"])
    beside = f" ({translate('chance {span}', span=span)})" if span else ""
    if unsure := UNSURE.get(row["note"]):
        return translate(unsure, effect=whole, span=beside, **about)
    if finding == Finding.UNKNOWN:
        why = WHY.get(row["note"], BOTH_UNSURE)
        return translate(UNKNOWN, effect=whole, why=translate(why, span=beside), **about)
    put_in, came_out = parts_of(writer, effect, row["came_out"])
    return translate(TOLD, effect=whole, put_in=put_in, came_out=came_out, span=beside, **about)


def parts_of(writer: Writer, effect: Effect, came_out: float) -> tuple[str, str]:
    """What was put in and what came out, so rounded that they add up to the effect as it is shown."""
    reading, places = READINGS[effect.measure], writer.places(READINGS[effect.measure], effect)
    change, came = (round(writer.scale(reading, value), places) for value in (effect.change, came_out))
    return writer.language.signed_number(change - came, places), writer.language.signed_number(came, places)


def _levers(writer: Writer, levers: dict[str, Any]) -> str:
    """The kinds of a scenario's assumptions, each once."""
    kinds = dict.fromkeys(lever["kind"] for lever in levers.values() if lever["kind"] in PUT_IN)
    return writer.language.enumeration([writer.language.translate(ASSUMPTIONS[kind]) for kind in kinds])


__all__ = ["ASSUMPTIONS", "part_lines", "parts_of"]
