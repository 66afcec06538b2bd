"""What the calendar does in the journey: opening, closing, shift ends, tours, phases. Times are minutes."""

from __future__ import annotations

from pathlib import Path

from stories import Person, happens
from worlds import Offer, Plain, Sketch, figure, minutes, need, service, way

DAY = {"hours": "08:00-17:00"}  # 480 to 1020
CALL = service(10, "remote", unlimited_at="self_care")


def clinic(mode: str = "booked", offer: Plain | None = None, **more: object) -> Sketch:
    services = {"gp": service(60, mode, **more), "call": CALL}  # type: ignore[arg-type]
    return Sketch(services, {"a": {"gp": Offer(**{**DAY, **(offer or {})})}})


def test_a_booked_service_takes_queues_while_closed(tmp_path: Path) -> None:
    model = clinic().compile(tmp_path)
    assert happens(model, Person(0), Person(1)) == [
        (0, "gp", "a", 0, 480, 540, 540, "done"),
        (1, "gp", "a", 1, 540, 600, 600, "done"),
    ]


def test_a_closed_walk_in_sends_to_the_fallback(tmp_path: Path) -> None:
    rows = happens(clinic("walk_in", fallback="call").compile(tmp_path), Person(479), Person(480), Person(1020))
    assert rows == [
        (0, "call", None, 479, 479, 489, 489, "done"),
        (1, "gp", "a", 480, 480, 540, 540, "done"),
        (2, "call", None, 1020, 1020, 1030, 1030, "done"),
    ]


def test_where_no_site_is_open_and_there_is_no_fallback_the_contact_is_unserved(tmp_path: Path) -> None:
    rows = happens(clinic("walk_in").compile(tmp_path), Person(10), columns="place request start release outcome")
    assert rows == [(0, "gp", None, "home", 10, None, None, "unserved")]


def test_open_means_open_at_the_second_of_the_decision(tmp_path: Path) -> None:
    sketch = clinic("walk_in", {"units": 5})
    sketch.travel = {("home", "a"): 20}
    rows = happens(sketch.compile(tmp_path), Person(470), Person(480), Person(1019))
    assert [row[-1] for row in rows] == ["unserved", "done", "open"]  # the last waits for the morning
    assert rows[2] == (2, "gp", "a", 1039, None, None, None, "open")


def test_a_shift_that_finishes_completes_its_contact_and_starts_nobody(tmp_path: Path) -> None:
    rows = happens(clinic().compile(tmp_path), Person(1000), Person(1010))
    assert rows == [
        (0, "gp", "a", 1000, 1000, 1060, 1060, "done"),
        (1, "gp", "a", 1010, None, None, None, "open"),
    ]


def test_overtime_serves_those_who_were_queued_at_the_end_up_to_its_limit(tmp_path: Path) -> None:
    sketch = clinic("booked", {"overtime_h": 2})
    rows = happens(sketch.compile(tmp_path), *[Person(t) for t in (1000, 1001, 1002, 1003, 1030)])
    assert [row[3:6] for row in rows] == [
        (1000, 1000, 1060),
        (1001, 1060, 1120),
        (1002, 1120, 1180),  # starts before 1140
        (1003, None, None),  # its turn comes at 1180
        (1030, None, None),  # asked after the end
    ]


def test_in_overtime_an_urgent_newcomer_does_not_stand_in_the_way(tmp_path: Path) -> None:
    sketch = clinic("booked", {"overtime_h": 2}, targets=[0, 0, 60, 60, 60])
    rows = happens(sketch.compile(tmp_path), Person(1000), Person(1001), Person(1030, acuity=1))
    assert [row[4] for row in rows] == [1000, 1060, None]


def test_when_a_site_closes_for_the_day_its_queue_stays_if_the_service_keeps_it(tmp_path: Path) -> None:
    sketch = clinic("walk_in", at_close="keep", fallback="call")
    assert happens(sketch.compile(tmp_path), Person(1000), Person(1001))[1:] == [
        (1, "gp", "a", 1001, None, None, None, "open")
    ]


def test_when_a_site_closes_for_the_day_its_queue_takes_the_fallback_if_the_service_says_so(tmp_path: Path) -> None:
    sketch = clinic("walk_in", at_close="fallback", fallback="call")
    assert happens(sketch.compile(tmp_path), Person(1000), Person(1001), Person(1002))[1:] == [
        (1, "gp", "a", 1001, None, None, 1020, "turned_away"),
        (2, "gp", "a", 1002, None, None, 1020, "turned_away"),
        (1, "call", None, 1020, 1020, 1030, 1030, "done"),
        (2, "call", None, 1020, 1020, 1030, 1030, "done"),
    ]


def test_overtime_comes_before_the_fallback_of_the_evening(tmp_path: Path) -> None:
    sketch = clinic("walk_in", {"overtime_h": 1}, at_close="fallback", fallback="call")
    rows = happens(sketch.compile(tmp_path), Person(1000), Person(1001), Person(1002))
    assert rows[1:] == [
        (1, "gp", "a", 1001, 1060, 1120, 1120, "done"),
        (2, "gp", "a", 1002, None, None, 1080, "turned_away"),
        (2, "call", None, 1080, 1080, 1090, 1090, "done"),
    ]


def test_who_arrives_after_the_closing_is_turned_away(tmp_path: Path) -> None:
    sketch = clinic("walk_in", at_close="fallback", fallback="call")
    sketch.travel = {("home", "a"): 20}
    assert happens(sketch.compile(tmp_path), Person(1010)) == [
        (0, "gp", "a", 1030, None, None, 1030, "turned_away"),
        (0, "call", None, 1030, 1030, 1040, 1040, "done"),
    ]


def test_who_is_turned_away_and_has_no_fallback_asks_elsewhere(tmp_path: Path) -> None:
    services = {"er": service(60, at_close="fallback")}
    sites = {"a": {"er": Offer(hours="08:00-17:00")}, "b": {"er": Offer()}}
    travel = {("home", "a"): 10, ("home", "b"): 30, ("a", "b"): 25}
    rows = happens(Sketch(services, sites, travel=travel).compile(tmp_path), Person(1000), Person(1001))
    assert rows[1:] == [
        (1, "er", "a", 1011, None, None, 1020, "turned_away"),
        (1, "er", "b", 1045, 1045, 1105, 1105, "done"),
    ]


def test_users_above_a_fallen_capacity_finish_and_nobody_starts_until_there_is_room(tmp_path: Path) -> None:
    shifts: Plain = {"every_day": [{"hours": "00:00-01:00"}, {"hours": "01:00-24:00", "capacity_factor": 0.5}]}
    model = Sketch({"er": service(90)}, {"a": {"er": Offer(2, staffed=shifts)}}).compile(tmp_path)
    rows = happens(model, Person(0), Person(10), Person(20), Person(30))
    assert [row[4] for row in rows] == [0, 10, 100, 190]  # not at 90: one of two leaves, one unit is left


def test_a_risen_capacity_starts_those_who_wait_at_once(tmp_path: Path) -> None:
    shifts: Plain = {"every_day": [{"hours": "00:00-01:00", "capacity_factor": 0.5}, {"hours": "01:00-24:00"}]}
    model = Sketch({"er": service(500)}, {"a": {"er": Offer(2, staffed=shifts)}}).compile(tmp_path)
    assert [row[4] for row in happens(model, *[Person(t) for t in (0, 10, 20)])] == [0, 60, 500]


def team(units: int = 1, factor: float = 1, overtime_h: float = 0, **more: object) -> Sketch:
    offer = Offer(units, **DAY, tour=True, overtime_h=overtime_h)
    services = {"visit": service(60, "outreach", **more), "call": CALL}  # type: ignore[arg-type]
    zones = {"near": 1000, "far": 1000}
    travel = {("near", "a"): 10, ("far", "a"): 40}
    return Sketch(services, {"a": {"visit": offer}}, zones=zones, travel=travel, tour_factor=factor)


def test_a_team_is_occupied_for_the_drive_out_the_visit_and_the_drive_back(tmp_path: Path) -> None:
    rows = happens(team().compile(tmp_path), Person(500, zone="far"), Person(510, zone="near"))
    assert rows == [
        (0, "visit", "a", 500, 500, 600, 640, "done"),
        (1, "visit", "a", 510, 640, 710, 720, "done"),
    ]


def test_a_tour_takes_longer_by_its_factor(tmp_path: Path) -> None:
    rows = happens(team(factor=1.5).compile(tmp_path), Person(500, zone="far"))
    assert rows == [(0, "visit", "a", 500, 500, 650, 710, "done")]


def test_a_visit_starts_only_if_drive_and_visit_fit_the_shift(tmp_path: Path) -> None:
    model = team(3).compile(tmp_path)
    rows = happens(model, *[Person(t, zone="far") for t in (920, 920 + 1 / 60)], Person(921, zone="near"))
    assert [row[4] for row in rows] == [920, None, 921]  # 40 + 60 minutes end at 1020, 10 + 60 before


def test_what_must_fit_the_shift_is_the_tour_with_its_factor(tmp_path: Path) -> None:
    rows = happens(team(2, factor=1.5).compile(tmp_path), Person(870, zone="far"), Person(870 + 1 / 60, zone="far"))
    assert [row[4:6] for row in rows] == [(870, 1020), (None, None)]  # 1.5 times 40 + 60 minutes


def test_a_visit_that_does_not_fit_lets_a_shorter_one_pass(tmp_path: Path) -> None:
    model = team().compile(tmp_path)
    rows = happens(model, Person(850, zone="near"), Person(851, zone="far"), Person(852, zone="near"))
    assert [row[4] for row in rows] == [850, None, 930]


def test_in_overtime_a_visit_must_fit_the_overtime(tmp_path: Path) -> None:
    model = team(overtime_h=1.2).compile(tmp_path)  # until 1092
    rows = happens(model, Person(1000, zone="far"), Person(1001, zone="near"))
    assert [row[4] for row in rows] == [None, 1020]


def test_nobody_travels_to_a_remote_service(tmp_path: Path) -> None:
    services = {"line": service(10, "remote", then=[way("er")]), "er": service(10)}
    sites = {"a": {"line": Offer()}, "b": {"er": Offer()}}
    model = Sketch(services, sites, travel={("home", "a"): 500, ("home", "b"): 9, ("a", "b"): 300}).compile(tmp_path)
    assert happens(model, Person(0), columns="place request") == [
        (0, "line", "a", "home", 0),
        (0, "er", "b", "home", 19),
    ]


def closing(day: str, mode: str = "walk_in", **more: object) -> Sketch:
    """From midnight of a day on, site a no longer has the service; site b has it throughout."""
    lever = {
        "kind": "close", "services": ["er"], "where": {"sites": ["a"]}, "moved": figure(0, 0, 0), "ramp": {day: 1},
    }  # fmt: skip
    services = {"er": service(600, mode, **more), "call": CALL}  # type: ignore[arg-type]
    travel = {("home", "a"): 5, ("home", "b"): 30, ("a", "b"): 20}
    return Sketch(
        services, {"a": {"er": Offer()}, "b": {"er": Offer()}}, travel=travel, scenarios={"closed": {"close": lever}}
    )


def test_when_a_phase_closes_a_service_its_kept_queue_takes_the_fallback(tmp_path: Path) -> None:
    sketch = closing("2027-03-02", fallback="call")
    sketch.end = sketch.start.replace(day=2)
    rows = happens(sketch.compile(tmp_path, "closed"), Person(1300), Person(1301), Person(1439))
    assert rows == [
        (0, "er", "a", 1305, 1305, 1905, 1905, "done"),  # who is in service is served
        (1, "er", "a", 1306, None, None, 1440, "turned_away"),
        (1, "call", None, 1440, 1440, 1450, 1450, "done"),
        (2, "er", "a", 1444, None, None, 1444, "turned_away"),  # on the way when it closed
        (2, "call", None, 1444, 1444, 1454, 1454, "done"),
    ]


def test_a_booked_queue_ends_with_the_phase_that_closes_it(tmp_path: Path) -> None:
    sketch = closing("2027-03-02", "booked", fallback="call")
    sketch.end = sketch.start.replace(day=2)
    rows = happens(sketch.compile(tmp_path, "closed"), Person(1300), Person(1301), Person(1500))
    assert [row[1:4] + row[-1:] for row in rows] == [
        ("er", "a", 1300, "done"),
        ("er", "a", 1301, "turned_away"),
        ("call", None, 1440, "done"),
        ("er", "b", 1500, "done"),
    ]


def test_durations_are_those_of_the_phase_in_which_service_starts(tmp_path: Path) -> None:
    shorter = {"kind": "duration", "service": "er", "change": figure(-0.5, -0.5, -0.5), "ramp": {"2027-03-02": 1}}
    model = Sketch({"er": service(100)}, {"a": {"er": Offer()}}, scenarios={"short": {"x": shorter}})
    model.end = model.start.replace(day=2)
    rows = happens(model.compile(tmp_path, "short"), Person(1300), Person(1350), Person(1351))
    assert [row[3:6] for row in rows] == [(1300, 1300, 1400), (1350, 1400, 1500), (1351, 1500, 1550)]


def test_the_target_is_that_of_the_phase_in_which_the_patient_asks(tmp_path: Path) -> None:
    urgent = {"kind": "target", "service": "er", "target_min": {"5": 0}, "ramp": {"2027-03-02": 1}}
    services = {"er": service(100, targets=[0, 0, 0, 0, 60])}
    model = Sketch(services, {"a": {"er": Offer()}}, scenarios={"fast": {"x": urgent}})
    model.end = model.start.replace(day=2)
    people = [Person(1400), Person(1430, acuity=5), Person(1450, acuity=4), Person(1451, acuity=5)]
    rows = happens(model.compile(tmp_path, "fast"), *people)
    assert [row[4] for row in rows] == [1400, 1700, 1500, 1600]  # the second is due at 1490


def test_a_shift_that_fails_falls_back_on_the_old_service_after_its_delay(tmp_path: Path) -> None:
    shift = {
        "kind": "shift", "when": {}, "from_service": "er", "to_service": "call", "share": figure(0.5, 0.5, 0.5),
        "fail_share": figure(0.5, 0.5, 0.5), "fail_after": minutes(90),
    }  # fmt: skip
    services = {"er": service(60), "call": CALL}
    sketch = Sketch(services, {"a": {"er": Offer(9)}}, {"ill": need({"er": 1})}, scenarios={"calls": {"x": shift}})
    model = sketch.compile(tmp_path, "calls")
    rows = happens(
        model, Person(0, shift=0.1), Person(1, shift=0.3), Person(2, shift=0.6), columns="origin request end"
    )
    assert rows == [
        (0, "call", None, 1, 0, 10),
        (1, "call", None, 1, 1, 11),
        (2, "er", "a", 0, 2, 62),
        (0, "er", "a", 4, 100, 160),
    ]
