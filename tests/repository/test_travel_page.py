"""What docs/travel.md says of road distances, reach and ranges is of this program."""

from __future__ import annotations

import pytest
from doc_tables import tables
from doc_travel import (
    ER_2018,
    HEADS,
    PAGE,
    REGIONS,
    expected,
    nearest_er_min,
    pairs,
    rewritten,
    share_within,
    travel,
)

from sim.config.folders import folders
from sim.config.paths import with_changes
from sim.config.variants import trip_changes


def at_wheel_within_15(region: str, end: str = "", also: set[str] | None = None) -> float:
    config = with_changes(travel(region), trip_changes(travel(region), end, ("detour",)) if end else {})
    minutes, people = nearest_er_min(region, config, also)
    return share_within(minutes - config.access_min.value, people, 15)


@pytest.mark.parametrize("name", HEADS)
def test_the_tables_of_the_page_are_current(name: str) -> None:
    found = tables(PAGE.read_text(encoding="utf-8"))
    assert found[HEADS[name]] == expected()[name], "run: make docs"


def test_rewriting_changes_nothing_else() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert rewritten(text.replace("| Västerås | Sala | 34 |", "| Västerås | Sala | 35 |")) == text


def test_road_distances_on_land_are_met_within_a_sixth() -> None:
    land = pairs().query("water == 'no'")
    assert len(land) >= 7
    assert land["error"].abs().max() < 1 / 6
    assert land["error"].abs().mean() < 0.1


def test_no_sourced_road_is_shorter_than_the_great_circle() -> None:
    assert (pairs()["ratio"] >= 1).all()
    assert pairs()["source"].str.len().ge(3).all() and pairs()["quality"].isin(list("ABCDX")).all()


def test_around_water_the_model_is_too_short_as_the_page_says() -> None:
    assert pairs().query("water == 'yes'")["error"].max() < -0.25


def test_the_drive_time_of_a_long_trip_is_met_within_a_tenth() -> None:
    told = pairs().dropna(subset=["drive_min"])
    assert len(told) == 1
    assert (told["model_min"] / told["drive_min"] - 1).abs().max() < 0.1


def test_shares_that_the_text_of_the_page_names_are_so() -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"the model says {100 * at_wheel_within_15('vgr', also=ER_2018):.1f} %" in text
    ends = sorted(at_wheel_within_15("vgr", end, ER_2018) for end in ("short", "long"))
    assert f"it is {ends[0]:.0%} to {ends[1]:.0%}".replace("%", " %").replace(" % to", " to") in text
    day, night = (at_wheel_within_15("vastmanland", also=also) for also in ({"vml_koping"}, None))
    assert f"{100 * day:.0f} % with Köping's emergency room open, {100 * night:.0f} % when" in text


def test_regions_drive_alike() -> None:
    """Detours and speeds are the same everywhere; only crossings differ."""
    for region in folders(REGIONS.parents[1]).region_names():
        for part in ("detour", "speed"):
            mine, vgr = (getattr(travel(r), part) for r in (region, "vgr"))
            figures = [[(b.up_to_km, *_figure(b)) for b in bands.values()] for bands in (mine, vgr)]
            assert figures[0] == figures[1], (region, part)


def _figure(band: object) -> tuple[float, float | None, float | None]:
    figure = getattr(band, "factor", None) or band.speed_kmh  # type: ignore[attr-defined]
    return figure.value, figure.low, figure.high
