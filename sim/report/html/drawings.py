"""All figures of the report, by name."""

from __future__ import annotations

from sim.report.html.change_cells import Writer
from sim.report.html.figures.effect_intervals import draw_intervals
from sim.report.html.figures.er_load_by_hour import draw_hours
from sim.report.html.figures.ledger_balance import draw_ledger
from sim.report.html.figures.maps import draw_maps
from sim.report.html.figures.outcome_plane import draw_plane
from sim.report.html.figures.style import Picture, own_style
from sim.results.read import Results

CHANGES = ("er_arrivals_per_day", "er_present_mean", "travel_min_per_resident_year", "urgent_min_to_er_p90")
MAPS = ("travel_min_per_resident_year", "er_visits_per_1000_year", "nearest_er_min")


def draw_all(writer: Writer, results: Results) -> dict[str, Picture]:
    """Every figure that the results have something to draw for."""
    if not writer.effects.scenarios:
        return {}
    with own_style():
        drawn = [draw_plane(writer, results)]
        drawn += [draw_intervals(writer, measure) for measure in CHANGES]
        drawn += [draw_hours(writer), draw_ledger(writer)]
        drawn += [draw_maps(writer, measure) for measure in MAPS]
    return {picture.name: picture for picture in drawn if picture is not None}


__all__ = ["draw_all"]
