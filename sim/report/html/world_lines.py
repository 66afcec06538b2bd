"""What other worlds say of a change: in how many it has its sign, how far it goes, and which figures decide."""

from __future__ import annotations

from typing import Any

from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effect
from sim.report.html.lever_sentences import SIZES, lever_deed
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_, NO_BREAK
from sim.results.read import Results

FEWER = N_("{name}: less in {number} of {all} worlds, {span}.")
MORE = N_("{name}: more in {number} of {all} worlds, {span}.")
DECIDE = N_("It depends most on: {figures}.")
NONE_DECIDES = N_("No single figure decides beyond chance; nearest are: {figures}.")
HELD = N_(
    "The whole model was also run in {kept} of {all} worlds: everything uncertain drawn at once within its ranges, one "
    "run each, the same worlds for every scenario. Between the 10th and the 90th percentile lie eight worlds in ten."
)
REJECTED = N_("{number} worlds were rejected: their baseline missed a published total also when needs were scaled.")
NOT_ANCHORED = N_("No total of the region is published and fitted, so no world was held against any.")


def world_lines(writer: Writer, results: Results, measure: str) -> list[str]:
    """One line for each scenario whose change was tried in worlds."""
    row = [e for e in writer.effects.row(measure) if e is not None and e.is_shown and e.worlds and e.change]
    return [_line(writer, results, effect) for effect in row]


def _line(writer: Writer, results: Results, effect: Effect) -> str:
    translate, reading = writer.language.translate, READINGS[effect.measure]
    unit = translate("percentage points") if reading.share else writer.unit(reading)
    span = writer.span(reading, effect, effect.low_worlds, effect.high_worlds)
    text = translate(
        FEWER if effect.change < 0 else MORE,
        name=writer.names.scenario(effect.scenario),
        number=int(effect.worlds_with_sign),
        all=int(effect.worlds),
        span=f"{span}{NO_BREAK}{unit}",
    )
    table = results.decisive
    rows = table[(table["scenario"] == effect.scenario) & (table["measure"] == effect.measure)].to_dict("records")
    sure = [row for row in rows if str(row["sure"]) == "True"]
    if not rows:
        return text
    levers = results.config["scenarios"][effect.scenario]["levers"]
    figures = writer.language.enumeration([_figure(writer, row, levers) for row in sure or rows])
    return f"{text} {translate(DECIDE if sure else NONE_DECIDES, figures=figures)}"


def _figure(writer: Writer, row: dict[Any, Any], levers: dict[str, Any]) -> str:
    """A figure by its name; an effect size by what its lever does."""
    if row["kind"] != "lever":
        return str(row[writer.language.code])
    lever, size = str(row["parameter"]).split(".")[-2:]
    deed = lever_deed(levers[lever], writer.names, writer.language) if lever in levers else lever.replace("_", " ")
    return f"{writer.names.within(deed)} ({writer.language.translate(SIZES.get(size, size))})"


def world_sentences(writer: Writer, manifest: dict[str, Any]) -> list[str]:
    """How many worlds there are, and what became of the others; empty if none was drawn."""
    about, translate = manifest.get("worlds", {}), writer.language.translate
    kept, rejected = len(about.get("kept", [])), len(about.get("rejected", {}))
    if not kept + rejected:
        return []
    lines = [translate(HELD, kept=kept, all=kept + rejected)]
    if rejected:
        lines.append(translate(REJECTED, number=rejected))
    return lines if about["anchors"] else [*lines, translate(NOT_ANCHORED)]


__all__ = ["world_lines", "world_sentences"]
