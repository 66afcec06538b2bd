"""Teams that carry the patient on, and bases by nearest idle, followed by hand in both engines. Times are minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from stories import Person, Row, episodes, told
from worlds import Offer, Plain, Sketch, service, way

from sim.model.tables import Model
from sim.simulation import simulate_episodes

IDLE = {"rule": "nearest_idle"}
ROADS = {
    ("home", "north"): 10, ("home", "south"): 20, ("home", "hospital"): 30,
    ("hospital", "north"): 15, ("hospital", "south"): 40, ("north", "south"): 60,
}  # fmt: skip
COLUMNS = "place request start end release outcome"


@pytest.fixture(params=["simpy", "compiled"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def happens(engine: str, model: Model, *people: Person, columns: str = COLUMNS) -> list[Row]:
    return told(model, simulate_episodes(model, episodes(model, people), engine), columns)


def two_bases(then: list[Plain], choice: Plain = IDLE, tour_factor: float = 1, **more: Plain) -> Sketch:
    """Two bases with one ambulance each, twenty minutes at the scene, and an emergency room with room for all."""
    services = {"ambulance": service(20, "outreach", then=then, choice=choice), "er": service(60), **more}
    sites = {
        "north": {"ambulance": Offer(tour=True)},
        "south": {"ambulance": Offer(tour=True)},
        "hospital": {name: Offer(units=9) for name in services if name != "ambulance"},
    }
    return Sketch(services, sites, travel=ROADS, tour_factor=tour_factor)


def test_the_team_drives_the_patient_to_the_site_and_then_to_its_base(engine: str, tmp_path: Path) -> None:
    model = two_bases([way("er", how="carried")]).compile(tmp_path)
    assert happens(engine, model, Person(0)) == [
        (0, "ambulance", "north", "home", 0, 0, 30, 75, "done"),  # home 10, scene until 30, hospital 60, base 75
        (0, "er", "hospital", "home", 60, 60, 120, 120, "done"),
    ]


def test_who_goes_at_once_travels_alone_and_the_team_drives_home(engine: str, tmp_path: Path) -> None:
    model = two_bases([way("er")]).compile(tmp_path)
    assert happens(engine, model, Person(0))[0] == (0, "ambulance", "north", "home", 0, 0, 30, 40, "done")


def test_the_tour_factor_lengthens_the_way_out_and_the_way_from_the_site_to_the_base(
    engine: str, tmp_path: Path
) -> None:
    model = two_bases([way("er", how="carried")], tour_factor=2).compile(tmp_path)
    assert happens(engine, model, Person(0)) == [
        (0, "ambulance", "north", "home", 0, 0, 60, 120, "done"),  # (10 + 20) x 2, 30 with the patient, 15 x 2
        (0, "er", "hospital", "home", 90, 90, 150, 150, "done"),
    ]


def test_the_nearest_idle_base_is_taken_and_if_none_is_the_nearest_queues(engine: str, tmp_path: Path) -> None:
    model = two_bases([way("er", how="carried")]).compile(tmp_path)
    people = [Person(0), Person(5), Person(10), Person(76), Person(116)]
    rows = [row for row in happens(engine, model, *people) if row[1] == "ambulance"]
    assert rows == [
        (0, "ambulance", "north", "home", 0, 0, 30, 75, "done"),
        (1, "ambulance", "south", "home", 5, 5, 45, 115, "done"),  # north is away: from the south, 20 minutes
        (2, "ambulance", "north", "home", 10, 75, 105, 150, "done"),  # both are away: the nearest queues
        (3, "ambulance", "north", "home", 76, 150, 180, 225, "done"),
        (4, "ambulance", "south", "home", 116, 116, 156, 226, "done"),  # back at 115
    ]


def test_a_base_where_somebody_waits_is_not_idle(engine: str, tmp_path: Path) -> None:
    """A visit that does not fit in the shift waits while the unit is free."""
    sketch = two_bases([way("er")])
    short = {"ambulance": Offer(tour=True, staffed="00:00-01:00")}
    sites = {**sketch.sites, "north": short}
    model = Sketch(sketch.services, sites, travel=ROADS).compile(tmp_path)
    rows = [row[:6] for row in happens(engine, model, Person(40), Person(41)) if row[1] == "ambulance"]
    assert rows == [
        (0, "ambulance", "north", "home", 40, None),
        (1, "ambulance", "south", "home", 41, 41),
    ]


def test_the_nearest_base_is_asked_without_the_rule_of_idleness(engine: str, tmp_path: Path) -> None:
    model = two_bases([way("er", how="carried")], choice={"rule": "nearest"}).compile(tmp_path)
    rows = [row for row in happens(engine, model, Person(0), Person(5)) if row[1] == "ambulance"]
    assert [row[2] for row in rows] == ["north", "north"]
    assert [row[5] for row in rows] == [0, 75]


def test_a_team_that_carries_nobody_since_the_site_is_closed_drives_home(engine: str, tmp_path: Path) -> None:
    sketch = two_bases([way("er", how="carried")], advice=service(5, "remote"))
    sketch.services["er"]["fallback"] = "advice"  # type: ignore[index]
    hospital = {"er": Offer(units=9, hours="08:00-09:00"), "advice": Offer(units=9)}
    model = Sketch(sketch.services, {**sketch.sites, "hospital": hospital}, travel=ROADS).compile(tmp_path)
    assert happens(engine, model, Person(0)) == [
        (0, "ambulance", "north", "home", 0, 0, 30, 40, "done"),
        (0, "advice", "hospital", "home", 30, 30, 35, 35, "done"),
    ]


def test_a_patient_is_carried_to_the_fallback_of_a_closed_service(engine: str, tmp_path: Path) -> None:
    sketch = two_bases([way("er", how="carried")], ward=service(5))
    sketch.services["er"]["fallback"] = "ward"  # type: ignore[index]
    hospital = {"er": Offer(units=9, hours="08:00-09:00"), "ward": Offer(units=9)}
    model = Sketch(sketch.services, {**sketch.sites, "hospital": hospital}, travel=ROADS).compile(tmp_path)
    assert happens(engine, model, Person(0)) == [
        (0, "ambulance", "north", "home", 0, 0, 30, 75, "done"),
        (0, "ward", "hospital", "home", 60, 60, 65, 65, "done"),
    ]


def test_a_team_whose_patient_nobody_can_serve_drives_home(engine: str, tmp_path: Path) -> None:
    sketch = two_bases([way("er", how="carried")])
    hospital = {"er": Offer(units=9, hours="08:00-09:00")}
    model = Sketch(sketch.services, {**sketch.sites, "hospital": hospital}, travel=ROADS).compile(tmp_path)
    rows = happens(engine, model, Person(0))
    assert [(row[1], row[7], row[8]) for row in rows] == [("ambulance", 40, "done"), ("er", None, "unserved")]


def test_a_team_that_is_on_its_way_at_the_horizon_is_not_back(engine: str, tmp_path: Path) -> None:
    model = two_bases([way("er", how="carried")]).compile(tmp_path)
    assert happens(engine, model, Person(1370)) == [
        (0, "ambulance", "north", "home", 1370, 1370, 1400, None, "done"),
        (0, "er", "hospital", "home", 1430, 1430, None, None, "open"),
    ]
