"""Each emergency room by its name, in the baseline and in every scenario: levels, not changes."""

from __future__ import annotations

from dataclasses import dataclass

from sim.report.html.change_cells import Writer
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_

PLACE = "site"
COLUMNS: dict[str, str] = {
    "er_arrivals_per_day": N_("Visits per day"),
    "er_present_mean": N_("Patients present, on average"),
    "er_physician_wait_median_min": N_("Physician after, median, min"),
    "er_physician_wait_p90_min": N_("One in ten waits more than, min"),
    "er_physician_within_60_min_share": N_("Physician within an hour"),
    "er_stay_median_min": N_("Stay, median, min"),
    "er_left_share": N_("Leave unseen"),
    "er_boarding_h_per_day": N_("Wait for a bed, hours per day"),
}


@dataclass(frozen=True)
class Level:
    """A number of one emergency room; ``moving`` if the queue behind it had not settled."""

    amount: str
    moving: bool


@dataclass(frozen=True)
class OneRoom:
    """An emergency room; all of them together where ``strong``."""

    name: str
    levels: list[Level]
    strong: bool = False


@dataclass(frozen=True)
class Rooms:
    """All emergency rooms of a scenario."""

    scenario: str
    rows: list[OneRoom]


def er_columns(writer: Writer) -> list[str]:
    """What is told of each emergency room."""
    return [writer.language.translate(name) for name in COLUMNS.values()]


def er_rooms(writer: Writer) -> list[Rooms]:
    """The baseline's emergency rooms, then those of each scenario; nothing where a region has none."""
    effects = writer.effects
    places = effects.groups("er_arrivals_per_day", PLACE)
    if not places:
        return []
    return [Rooms(writer.names.scenario(s), _rows(writer, s, places)) for s in (effects.baseline, *effects.scenarios)]


def _rows(writer: Writer, scenario: str, places: list[str]) -> list[OneRoom]:
    rows = [OneRoom(writer.names.site(place), _levels(writer, scenario, PLACE, place)) for place in places]
    together = OneRoom(
        writer.language.translate("All emergency rooms"), _levels(writer, scenario, "all", ""), strong=True
    )
    return [*rows, together]


def _levels(writer: Writer, scenario: str, by: str, group: str) -> list[Level]:
    effects = writer.effects
    return [
        Level(
            writer.amount(READINGS[measure], effects.mean(scenario, measure, by, group)),
            effects.moving(scenario, measure, by, group),
        )
        for measure in COLUMNS
    ]


__all__ = ["er_columns", "er_rooms"]
