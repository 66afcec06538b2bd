"""All figures of the report, by name."""

from __future__ import annotations

from sim.report.html.answer import ER, TRAVEL
from sim.report.html.change_cells import Writer
from sim.report.html.figures.effect_intervals import draw_intervals
from sim.report.html.figures.er_load_by_hour import draw_hours
from sim.report.html.figures.ledger_balance import draw_ledger
from sim.report.html.figures.maps import draw_maps
from sim.report.html.figures.outcome_plane import draw_plane
from sim.report.html.figures.over_time_chart import draw_over_time
from sim.report.html.figures.style import Picture, own_style
from sim.report.html.sections import MAPS
from sim.report.model_parts import is_about_model, those_about_model
from sim.results.read import Results

CHANGES = ("er_arrivals_per_day", "er_present_mean", "travel_min_per_resident_year", "urgent_min_to_er_p90")


def draw_all(writer: Writer, results: Results) -> dict[str, Picture]:
    """Every figure that the results have something to draw for."""
    if not writer.effects.scenarios:
        return {}
    with own_style():
        own = writer.effects.services
        drawn = [draw_plane(writer, results) if len(those_about_model((ER, TRAVEL), own)) > 1 else None]
        drawn += [draw_over_time(writer, results)]
        drawn += [draw_intervals(writer, measure) for measure in those_about_model(CHANGES, own)]
        drawn += [draw_hours(writer) if is_about_model(ER, own) else None, draw_ledger(writer)]
        drawn += [draw_maps(writer, measure) for measure in those_about_model(MAPS, own)]
    return {picture.name: picture for picture in drawn if picture is not None}


__all__ = ["draw_all"]
