"""A visit to an emergency room: the place is kept while the physician is waited for. Times are minutes."""

from __future__ import annotations

from pathlib import Path

from both_engines import each_engine, happens
from stories import Person, episodes
from worlds import Offer, Plain, Sketch, service, way

from sim.engines.select import Engine
from sim.measures import measure
from sim.model.tables import Model
from sim.simulation import simulate_episodes

TIMES = "start end release outcome"


def emergency_room(places: int = 2, physicians: int = 1, patience: Plain | None = None) -> Sketch:
    """Ten minutes of a nurse, thirty of the physician, twenty until the answers; then home, or a bed."""
    services = {
        "er": service(10, then=[way("er_physician", how="within")], kind="emergency"),
        "er_physician": service(30, then=[way("er_workup")], kind="emergency_physician", **(patience or {})),
        "er_workup": service(20, then=[way("ward", how="holding", gives_back="all")], kind="emergency_workup"),
        "ward": service(600, kind="ward"),
    }
    offers = {
        "er": Offer(places, pool="places"),
        "er_physician": Offer(physicians),
        "er_workup": Offer(places, pool="places"),
        "ward": Offer(1),
    }
    return Sketch(services, {"a": offers})


def value(model: Model, engine: Engine, people: list[Person], name: str, by: str = "all", group: str = "") -> float:
    """A measure of what happens to the people."""
    them = episodes(model, people)
    frame = measure(model, them, simulate_episodes(model, them, engine)).set_index(["measure", "by", "group"])
    return float(frame.loc[(name, by, group), "value"])


@each_engine
def test_a_patient_keeps_the_place_from_the_nurse_to_the_answers(engine: Engine, tmp_path: Path) -> None:
    model = emergency_room().compile(tmp_path)
    assert happens(engine, model, Person(0), columns=TIMES) == [
        (0, "er", "a", 0, 10, 40, "done"),  # the place is taken over by the workup
        (0, "er_physician", "a", 10, 40, 40, "done"),
        (0, "er_workup", "a", 40, 60, 60, "done"),
        (0, "ward", "a", 60, 660, 660, "done"),
    ]


@each_engine
def test_the_second_patient_waits_for_the_physician_in_a_place(engine: Engine, tmp_path: Path) -> None:
    model = emergency_room().compile(tmp_path)
    rows = happens(engine, model, Person(0), Person(5), columns=TIMES)
    assert [row for row in rows if row[0] == 1][:3] == [
        (1, "er", "a", 5, 15, 70, "done"),
        (1, "er_physician", "a", 40, 70, 70, "done"),
        (1, "er_workup", "a", 70, 90, 660, "done"),  # boards until the only bed is free
    ]
    people = [Person(0), Person(5)]
    assert value(model, engine, people, "er_physician_wait_median_min") == 10
    assert value(model, engine, people, "er_physician_wait_p90_min") == 35
    assert value(model, engine, people, "er_wait_p90_min") == 0
    assert value(model, engine, people, "er_stay_median_min") == 60
    assert value(model, engine, people, "er_stay_p90_min") == 655
    assert value(model, engine, people, "er_boarding_h_per_day") == 570 / 60
    assert value(model, engine, people, "er_share_admitted") == 1


@each_engine
def test_when_places_are_full_one_waits_outside_and_the_wait_for_the_physician_counts_both(
    engine: Engine, tmp_path: Path
) -> None:
    model = emergency_room(places=1).compile(tmp_path)
    people = [Person(0), Person(5)]
    assert [row[3:5] for row in happens(engine, model, *people, columns=TIMES) if row[1] == "er"] == [(0, 10), (60, 70)]
    assert value(model, engine, people, "er_wait_p90_min") == 55
    assert value(model, engine, people, "er_physician_wait_p90_min") == 65


@each_engine
def test_who_loses_patience_with_the_physician_leaves_the_place_unseen(engine: Engine, tmp_path: Path) -> None:
    model = emergency_room(patience={"patience": 20}).compile(tmp_path)
    people = [Person(0), Person(5), Person(6)]
    rows = happens(engine, model, *people, columns=TIMES)
    assert [row for row in rows if row[0] == 1] == [
        (1, "er", "a", 5, 15, 35, "done"),
        (1, "er_physician", "a", None, None, 35, "left"),
    ]
    assert [row[3:] for row in rows if row[:2] == (2, "er")] == [(35, 45, 75, "done")]
    assert value(model, engine, people, "er_left_share") == 1 / 3
    assert value(model, engine, people, "left_per_day", "service", "er_physician") == 1
    assert value(model, engine, people, "er_physician_within_60_min_share") == 2 / 3


@each_engine
def test_what_happens_within_a_visit_is_no_visit_and_no_flow(engine: Engine, tmp_path: Path) -> None:
    model = emergency_room().compile(tmp_path)
    people = [Person(0)]
    yearly = 365 if model.year_s == 365 * 86400 else 366
    assert value(model, engine, people, "contacts_per_1000_year") == 2 * yearly  # the visit and the bed
    assert value(model, engine, people, "contacts_per_1000_year", "service", "er_physician") == yearly
    flow = "local_hospital>local_hospital"
    assert value(model, engine, people, "flow_contacts_per_1000_year", "flow", flow) == yearly
    assert value(model, engine, people, "er_arrivals_per_day") == 1
    assert value(model, engine, people, "er_patients_per_physician") == 60 / 1440
    assert value(model, engine, people, "travel_min_per_resident_year") == 0


def alarmed(places: int = 2) -> Sketch:
    """As ``emergency_room``, where an alarm team comes to the place for fifteen minutes before the physician does."""
    sketch = emergency_room(places)
    sketch.services["er"] = service(10, then=[way("er_alarm")], kind="emergency")
    sketch.services["er_alarm"] = service(15, then=[way("er_physician", how="within")], kind="emergency_physician")
    sketch.sites["a"]["er_alarm"] = Offer(places, pool="places")
    return sketch


@each_engine
def test_an_alarm_team_comes_to_the_place_and_keeps_nobody_waiting(engine: Engine, tmp_path: Path) -> None:
    model = alarmed().compile(tmp_path)
    people = [Person(0), Person(5)]
    assert [row for row in happens(engine, model, *people, columns=TIMES) if row[0] == 1][:3] == [
        (1, "er", "a", 5, 15, 15, "done"),
        (1, "er_alarm", "a", 15, 30, 85, "done"),
        (1, "er_physician", "a", 55, 85, 85, "done"),  # the only one is with the first patient
    ]
    assert value(model, engine, people, "er_physician_wait_p90_min") == 10


@each_engine
def test_who_leaves_after_a_physician_was_there_has_not_left_unseen(engine: Engine, tmp_path: Path) -> None:
    sketch = alarmed()
    impatient = emergency_room(patience={"patience": 5})
    sketch.services["er_physician"] = impatient.services["er_physician"]
    model = sketch.compile(tmp_path)
    rows = [row for row in happens(engine, model, Person(0), Person(5), columns=TIMES) if row[0] == 1]
    assert (rows[-1][1], rows[-1][-1]) == ("er_physician", "left")
    assert value(model, engine, [Person(0), Person(5)], "er_left_share") == 0


@each_engine
def test_who_comes_to_the_place_from_elsewhere_is_no_physician_on_duty(engine: Engine, tmp_path: Path) -> None:
    people = [Person(0), Person(5)]
    kept = {
        name: value(alarmed(places).compile(tmp_path / str(places)), engine, people, "er_patients_per_physician")
        for places, name in ((2, "two"), (4, "four"))
    }
    assert kept["two"] == kept["four"] > 0
