"""Distances and times between zones and sites."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from sim.compile.travel_matrix import drive_min, great_circle_m, matrix, penalties, road_km
from sim.config.errors import ConfigErrors
from sim.config.paths import with_changes
from sim.config.reading.matrix import read_matrix
from sim.config.schema.travel_rules import TravelConfig
from sim.config.variants import trip_changes, trips_vary


def figure(value: float) -> dict[str, object]:
    return {"value": value, "source": "test", "quality": "D"}


def crossing(minutes: float, km: float, within: str | None = None) -> dict[str, object]:
    return {"within": within, "penalty_min": figure(minutes), "penalty_km": figure(km)}


def settings(**changes: object) -> TravelConfig:
    return TravelConfig.model_validate(
        {
            "detour": {
                "near": {"up_to_km": 10.0, "factor": figure(1.5)},
                "far": {"up_to_km": 100.0, "factor": figure(1.2)},
            },
            "speed": {
                "slow": {"up_to_km": 5.0, "speed_kmh": figure(30)},
                "fast": {"up_to_km": 100.0, "speed_kmh": figure(60)},
            },
            "access_min": figure(4),
            "within_km": figure(1),
            "crossings": {
                "bridge": crossing(0, 5),
                "islet": crossing(30, 0, within="bridge"),
                "ferry": crossing(20, 1),
            },
            **changes,
        }
    )


TRAVEL = settings()


def test_great_circle_is_within_half_a_percent_of_the_ellipsoid() -> None:
    geod = pytest.importorskip("pyproj").Geod(ellps="WGS84")
    rng = np.random.default_rng(1)
    lat, to_lat = rng.uniform(55, 69, (2, 1000))
    lon, to_lon = rng.uniform(11, 24, (2, 1000))
    exact = geod.inv(lon, lat, to_lon, to_lat)[2]
    assert np.max(np.abs(great_circle_m(lat, lon, to_lat, to_lon) / exact - 1)) < 0.005


def test_bands_are_marginal_and_the_last_one_holds_beyond_its_end() -> None:
    km = np.array([0.0, 10.0, 20.0, 200.0])
    assert road_km(km, TRAVEL) == pytest.approx([0, 15, 15 + 12, 15 + 190 * 1.2])
    assert drive_min(km, TRAVEL) == pytest.approx([0, 10 + 5, 10 + 15, 10 + 195])


def test_a_longer_trip_never_takes_less_road_or_time() -> None:
    lat = np.linspace(57.0, 59.0, 500)
    metres, seconds = matrix([57.0], [12.0], [""], lat, np.full(500, 12.0), [""] * 500, TRAVEL)
    assert np.all(np.diff(metres[0]) >= 0) and np.all(np.diff(seconds[0]) >= 0)
    assert metres.dtype == seconds.dtype == np.int32


def test_a_trip_within_a_place_takes_the_shortest_distance_and_the_access_time() -> None:
    metres, seconds = matrix([57.0], [12.0], ["ferry"], [57.0], [12.0], ["ferry"], TRAVEL)
    assert metres.tolist() == [[1000]]
    assert seconds.tolist() == [[(4 + 2) * 60]]


def test_a_crossing_is_paid_when_it_holds_one_end_only() -> None:
    places = ["", "bridge", "islet", "ferry"]
    minutes, km = penalties(places, places, TRAVEL)
    assert minutes.tolist() == [[0, 0, 30, 20], [0, 0, 30, 20], [30, 30, 0, 50], [20, 20, 50, 0]]
    assert km.tolist() == [[0, 5, 5, 1], [5, 0, 0, 6], [5, 0, 0, 6], [1, 6, 6, 0]]


def test_a_penalty_in_km_is_road_and_takes_time() -> None:
    metres, seconds = matrix([57.0], [12.0], [""], [57.0], [12.0], ["bridge"], TRAVEL)
    assert metres.tolist() == [[5000]]
    assert seconds.tolist() == [[(4 + 10) * 60]]


def test_an_unknown_crossing_is_named() -> None:
    with pytest.raises(ValueError, match=r"unknown crossing \['brigde'\]; allowed \['bridge', 'ferry', 'islet'\]"):
        penalties(["brigde"], [""], TRAVEL)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"crossings": {"a": crossing(1, 1, "b")}}, "within 'b'"),
        ({"crossings": {"a": crossing(1, 1, "b"), "b": crossing(1, 1, "a")}}, "within itself"),
        ({"crossings": {"a": crossing(-1, 1)}}, "must not be negative"),
        ({"access_min": figure(-1)}, "negative"),
        ({"access_min": figure(float("nan"))}, "finite"),
        ({"detour": {"a": {"up_to_km": 1.0, "factor": figure(0.9)}}}, "out of range"),
        ({"speed": {"a": {"up_to_km": 1.0, "speed_kmh": figure(0)}}}, "out of range"),
        (
            {"speed": {n: {"up_to_km": e, "speed_kmh": figure(9)} for n, e in (("a", 5.0), ("b", 5.0))}},
            "rising",
        ),
        ({"speeed": {}}, "Extra inputs"),
    ],
)
def test_settings_that_make_no_sense_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        settings(**changes)


def ranged(value: float, low: float, high: float) -> dict[str, object]:
    return {**figure(value), "low": low, "high": high}


def test_short_and_long_trips_are_at_the_ends_that_make_them_so() -> None:
    travel = settings(
        detour={"all": {"up_to_km": 100.0, "factor": ranged(1.2, 1.1, 1.4)}},
        speed={"all": {"up_to_km": 100.0, "speed_kmh": ranged(60, 50, 80)}},
        access_min=ranged(4, 2, 8),
        within_km=ranged(1, 0.5, 3),
    )
    for trips, factor, speed, access in (("short", 1.1, 80, 2), ("long", 1.4, 50, 8)):
        found = with_changes(travel, trip_changes(travel, trips))  # type: ignore[arg-type]
        assert found.detour["all"].factor.value == factor
        assert found.speed["all"].speed_kmh.value == speed
        assert found.access_min.value == access
        assert (found.within_km, found.crossings) == (travel.within_km, travel.crossings)


def test_travel_has_a_range_where_a_figure_has_and_no_matrix_tells_the_trips() -> None:
    assert not trips_vary(TRAVEL)
    for low, high in ((2, 4), (4, 8)):
        assert trips_vary(settings(access_min=ranged(4, low, high)))
    assert not trips_vary(settings(access_min=ranged(4, 2, 8), matrix_file="m.csv"))
    assert not trips_vary(settings(within_km=ranged(1, 0.5, 3)))  # is not varied


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["origin,destination,metres,seconds", *rows]) + "\n", encoding="utf-8")
    return path


def test_a_ready_made_matrix_is_read_in_the_order_of_the_places(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", "b,s,20,2", "a,s,10,1", "else,s,1,1")
    metres, seconds = read_matrix(path, ["a", "b"], ["s"])
    assert metres.tolist() == [[10], [20]] and seconds.tolist() == [[1], [2]]


def test_every_fault_of_a_ready_made_matrix_is_listed(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", "a,s,10,1", "a,s,10,1", "b,s,1.5,1")
    with pytest.raises(ConfigErrors) as caught:
        read_matrix(path, ["a", "b", "c"], ["s"])
    assert [(p.key, p.value, p.message) for p in caught.value.problems] == [
        ("row 4, metres", "1.5", "is no whole number from 0 to 2147483647"),
        ("row 3, origin and destination", "a to s", "is there twice"),
    ]


def test_a_ready_made_matrix_without_a_pair_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", "a,s,10,1")
    with pytest.raises(ConfigErrors, match="no row for this pair"):
        read_matrix(path, ["a", "b"], ["s"])


def test_a_matrix_with_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("origin;destination;metres;seconds\n", encoding="utf-8")
    with pytest.raises(ConfigErrors, match="columns are separated by semicolons"):
        read_matrix(path, ["a"], ["s"])
