"""The way back from a number: what its measure is, of whom, and in which rows of which file it stands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from sim.measures.catalogue import DEFINITIONS
from sim.report.html.by_municipality import TABLES
from sim.report.html.change_cells import Writer
from sim.report.html.er_by_name import COLUMNS
from sim.report.html.measure_labels import READINGS
from sim.report.html.sections import BY_AGE, FLOWS, JOURNEYS, SUMMARY, WAITS
from sim.report.model_parts import those_about_model

PLANS = (SUMMARY, WAITS, JOURNEYS)
OTHERS = (*BY_AGE, *COLUMNS, *TABLES, FLOWS, "contacts_per_1000_year", "rare_cases_per_year")
INDEXED = tuple(dict.fromkeys([*chain.from_iterable(chain(*plan.values()) for plan in PLANS), *OTHERS]))


@dataclass(frozen=True)
class IndexEntry:
    """A measure of the report: the number that stands at its name, the id by which files have it, what it is."""

    number: int
    measure: str
    name: str
    unit: str
    text: str


def measure_index(writer: Writer) -> list[IndexEntry]:
    """Every measure of the report's tables that the study has, numbered in the order in which it first stands there."""
    translate = writer.language.translate
    there = [m for m in those_about_model(INDEXED, writer.effects.services) if writer.effects.has(m)]
    return [
        IndexEntry(
            number, m, translate(READINGS[m].name), writer.unit(READINGS[m]) or "%", translate(DEFINITIONS[m].text)
        )
        for number, m in enumerate(there, start=1)
    ]


__all__ = ["INDEXED", "IndexEntry", "measure_index"]
