"""How a baseline behaves when one thing changes: the part of the validation page."""

from __future__ import annotations

from sim.credibility.validation.behaviour import Behaviour
from sim.credibility.validation.experiments import AUTUMN, REPLICATIONS, WARM_UP_DAYS
from sim.report.markdown import table
from sim.report.numbers import FOUR, number

TITLE = "Behaviour"
HEADS = ("change", "reading", "before", "after", "change", "95 %", "evidence", "agreement")
SILENT = """### No mechanism

- **Distance in the baseline.** First contacts answer to distance only where a scenario makes the way longer or shorter
  than it is in the baseline (CONC.decay_adult_per_km). There a need arises, and leads to an emergency room, as often
  50 km from one as beside it. Visits by municipality were not found, so that nothing says how wrong that is.
- **Crowding that keeps people away.** Nobody knows how full an emergency room is before coming to it.
- **Physicians and nurses.** A longer stay makes a room fuller, and a fuller room makes nobody's treatment slower: only
  the waits for a place and for a bed grow.
- **Winter.** Season is an input of arrivals, by need; influenza, RS virus and falls on ice have no mechanism of their
  own, and capacity is the same all year. Stays are longer in winter only as far as more arrivals and fuller beds make
  them.
"""


def behaviour_part(region: str, behaviours: list[Behaviour]) -> str:
    """The part of the page, in Markdown."""
    about = (
        f"What one change does to the baseline of `region={region}` as fitted, the same luck before and after:"
        f" {AUTUMN[0]} to {AUTUMN[1]} after {WARM_UP_DAYS} days of warm-up (January and July: four weeks of each), "
        f"{REPLICATIONS} replications; 95 %: paired, luck alone. Rows of the evidence: parameters.csv.\n"
    )
    return f"## {TITLE}\n\n{about}\n{table(HEADS, map(_cells, behaviours))}\n\n{SILENT}"


def _cells(one: Behaviour) -> tuple[str, ...]:
    measure, by, group = one.reading
    cell = f"`{measure}`" + (f" {by} {group}" if group else "")
    change = f"{one.change:+.1%}", f"{one.change - one.half_width:+.1%} to {one.change + one.half_width:+.1%}"
    evidence = one.evidence
    text = "" if evidence is None else evidence.source
    if evidence is not None and evidence.low is not None and evidence.high is not None:
        text = f"{evidence.low:+.1%} to {evidence.high:+.1%}: {text}"
    return one.title, cell, number(one.before, *FOUR), number(one.after, *FOUR), *change, text, one.agreement
