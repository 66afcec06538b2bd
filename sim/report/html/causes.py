"""Why an outcome changes: the part of the flows that moves it most."""

from __future__ import annotations

from sim.report.html.answer import ER, TRAVEL
from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effect
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_
from sim.results.conclusion import Conclusion

CUTS = {ER: "origin", TRAVEL: "level"}  # by how people came, and to which level of care they travel
MOST = N_("Most of it: {part}, {change}.")
UNSURE = (Conclusion.UNKNOWN, Conclusion.NO_CHANGE)


def cause(writer: Writer, effect: Effect) -> str:
    """A sentence on the part with the largest change of the same sign; empty where none can be told."""
    by = CUTS[effect.measure]
    groups = writer.effects.groups(effect.measure, by)
    parts = [writer.effects.get(effect.scenario, effect.measure, by, group) for group in groups]
    same = [p for p in parts if p is not None and p.is_shown and p.change * effect.change > 0]
    sure = [p for p in same if p.verdict not in UNSURE]
    if not sure:
        return ""
    most = max(sure, key=lambda part: abs(part.change))
    change = writer.change(READINGS[effect.measure], most.change, most)
    return writer.language.translate(MOST, part=writer.names.group(by, most.group), change=change)


__all__ = ["cause"]
