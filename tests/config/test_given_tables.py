"""Tables of given episodes and of a given start: refused where they are wrong, told where they may surprise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from replays import at, ill, two_sites, wait_for, wards, world
from worlds import Offer, Sketch, need, service

from sim.compile import compile_scenario
from sim.config.errors import ConfigErrors
from sim.config.notes import notes
from sim.demand import draw_episodes

WRONG = [
    ({"time": "2027-03-01 07:30"}, "time", "local time with seconds", ""),
    ({"time": "2027-02-29T07:30:00"}, "time", "local time with seconds", ""),
    ({"time": "2027-03-28T02:30:00"}, "time", "does not exist", ""),
    ({"time": ""}, "time", "is missing", ""),
    ({"zone": "hom"}, "zone", "unknown zone", "home"),
    ({"need": "il"}, "need", "unknown need", "ill"),
    ({"age": "18-64"}, "age", "unknown value", "18_64"),
    ({"acuity": "6"}, "acuity", "unknown value", ""),
    ({"service": "err"}, "service", "unknown service", "er"),
    ({"service": "er", "site": "bb"}, "site", "unknown site", "b"),
    ({"site": "b"}, "service", "a site is that of a service", ""),
    ({"service": "gp", "site": "b"}, "site", "does not offer gp", ""),
    ({"service": "self"}, "service", "is no first contact of ill, 18_64, 3", ""),
]


@pytest.mark.parametrize(("cell", "column", "said", "nearest"), WRONG)
def test_a_bad_cell_of_an_episode_is_named_by_row_and_column(
    tmp_path: Path, cell: dict[str, object], column: str, said: str, nearest: str
) -> None:
    made = two_sites()
    made.services = {**made.services, "self": service(60, "remote", unlimited_at="self_care")}
    with pytest.raises(ConfigErrors) as refused:
        world(tmp_path, [ill(5), {**ill(7), **cell}], made=made)
    found = [p for p in refused.value.problems if said in p.message]
    assert [(Path(p.file).name, p.key, p.nearest) for p in found] == [("episodes.csv", f"row 3, {column}", nearest)]


def test_an_id_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match=r"row 4, id: is there twice \(first on row 2\)"):
        world(tmp_path, [ill(5, id="p1"), ill(6), ill(7, id="p1")])


@pytest.mark.parametrize(
    ("cell", "column"),
    [({"requested": at(0)}, "requested"), ({"started": at(0)}, "started"), ({"started": at(-7201)}, "started")],
)
def test_who_is_there_asked_and_started_before_the_run(tmp_path: Path, cell: dict[str, object], column: str) -> None:
    with pytest.raises(ConfigErrors) as refused:
        world(tmp_path, [], [{**wait_for(), **cell}], made=wards())
    assert [(Path(p.file).name, p.key) for p in refused.value.problems] == [("initial.csv", f"row 2, {column}")]


def test_a_file_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as refused:
        world(tmp_path, [ill(5)], episodes="episode.csv")
    assert [(p.key, p.nearest) for p in refused.value.problems] == [("episodes", "episodes.csv")]


def test_a_site_that_nobody_from_there_chooses_is_refused_before_anything_runs(tmp_path: Path) -> None:
    made = replace(two_sites(), travel={("home", "b"): 2000})
    found = world(tmp_path, [ill(5, service="er", site="b")], made=made)
    with pytest.raises(ConfigErrors, match="goes to b for er, where nobody of its age from home goes"):
        compile_scenario(found, "baseline")


def test_a_time_that_comes_twice_is_the_first_and_episodes_outside_the_run_are_left_out(tmp_path: Path) -> None:
    made = Sketch(
        {"er": service(10)},
        {"a": {"er": Offer()}},
        {"ill": need({"er": 1})},
        start=date(2027, 10, 31),
        end=date(2028, 3, 1),
    )
    moments = [
        "2027-10-30T23:59:59",
        "2027-10-31T02:30:00",
        "2027-12-31T23:59:59",
        "2028-02-29T00:00:00",
        "2028-03-02T00:00:00",
    ]
    found = world(tmp_path, [ill(0, time=m) for m in moments], made=made)
    model = compile_scenario(found, "baseline")
    day = 86400
    assert draw_episodes(model, 1, 0).time.tolist() == [9000, 62 * day + 3600 - 1, 121 * day + 3600]
    assert notes(found) == ["episodes.csv: 3 of 5 episodes are in the run, in place of those of the rates."]


def test_a_season_that_a_calendar_says_of_several_years_is_no_slip_and_not_told(tmp_path: Path) -> None:
    dates = {f"{year}-07-01..{year}-07-31": "closed" for year in (2026, 2027)}
    offer = Offer(1, {"every_day": "08:00-16:00", "dates": dates})
    assert notes(world(tmp_path, made=Sketch({"er": service(10)}, {"a": {"er": offer}}))) == []


def test_tables_that_name_no_dates_of_the_run_are_told(tmp_path: Path) -> None:
    found = world(
        tmp_path,
        made=Sketch(
            {"er": service(10)},
            {"a": {"er": Offer(1, {"every_day": "08:00-16:00", "dates": {"2027-07-01": "closed"}})}},
        ),
    )
    assert notes(found) == [
        "calendars.yaml: c0: 2027-07-01 is outside the run (2027-03-01 to 2027-03-01), so it changes nothing."
    ]
