"""Every municipality: the baseline's level and the change in each scenario, to be sorted by any of them."""

from __future__ import annotations

from dataclasses import dataclass

from sim.report.html.change_cells import Cell, Writer
from sim.report.html.measure_labels import READINGS

PLACE = "municipality"
TABLES = ("travel_min_per_resident_year", "er_visits_per_1000_year", "nearest_er_min")


@dataclass(frozen=True)
class OneMunicipality:
    """A municipality: residents, the baseline as a number and in words, a change and its cell for each scenario."""

    name: str
    people: int
    level: float
    baseline: str
    changes: list[tuple[float | str, Cell]]


@dataclass(frozen=True)
class Municipalities:
    """One measure over all municipalities, by name."""

    caption: str
    rows: list[OneMunicipality]


def municipalities(writer: Writer) -> list[Municipalities]:
    """One table a measure that is cut by municipality."""
    return [_table(writer, measure) for measure in TABLES if writer.effects.groups(measure, PLACE)]


def _table(writer: Writer, measure: str) -> Municipalities:
    reading = READINGS[measure]
    caption = f"{writer.language.translate(reading.name)}, {writer.unit(reading)}"
    rows = [_row(writer, measure, code) for code in writer.effects.groups(measure, PLACE)]
    return Municipalities(caption, sorted(rows, key=lambda row: row.name))


def _row(writer: Writer, measure: str, code: str) -> OneMunicipality:
    level = writer.effects.base(measure, PLACE, code)
    effects = writer.effects.row(measure, PLACE, code)
    changes = [(e.change if e is not None and e.is_shown else "", writer.cell(e)) for e in effects]
    names = writer.names
    return OneMunicipality(
        names.municipality(code), names.people(code), level, writer.amount(READINGS[measure], level), changes
    )


__all__ = ["Municipalities", "OneMunicipality", "municipalities"]
