"""Capacity, offers and hours of dates: rows of the tables and exceptions of calendars, counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from worlds import SAID, Offer, Plain, Sketch, exponential, figure, need, service

from sim.compile import compile_scenario
from sim.compile.calendars import Clock, capacity_steps, intervals, open_hours_per_week
from sim.config.errors import ConfigErrors, Problem
from sim.config.load import load_study
from sim.config.schema.region import Calendar
from sim.model.codes import LONG_AGO, NEVER, Outcome
from sim.model.tables import Model
from sim.simulation import simulate

H, DAY = 3600, 86400
POOLS = "configs/region/town/pools.csv"
OFFERS = "configs/region/town/offers.csv"
CALENDARS = "configs/region/town/calendars.yaml"


def clock(first: date, last: date, holidays: str = "none") -> Clock:
    return Clock("Europe/Stockholm", holidays, first, last, first)


def inside(calendar: Plain, time: Clock) -> list[tuple[float, float, float]]:
    """Hours since the start of the run, of the pieces that touch it, cut there."""
    pieces = intervals(Calendar.model_validate(calendar), time)
    cut = [(max(a, 0) / H, min(b, time.horizon_s) / H, f) for a, b, f in pieces]
    return [piece for piece in cut if piece[0] < piece[1]]


OFFICE: Plain = {"mon_fri": "08:00-16:00"}


def test_dates_have_their_own_week_and_what_they_do_not_say_is_closed() -> None:
    """From Wednesday 30 December 2026 to Tuesday 5 January 2027; over New Year the mornings of Thursday to Saturday."""
    said = {
        **OFFICE,
        "dates": {"2026-12-31..2027-01-03": {"thu": "09:00-12:00", "fri": "09:00-12:00", "sat": "10:00-11:00"}},
    }
    found = inside(said, clock(date(2026, 12, 30), date(2027, 1, 5)))
    days = [(0, 8, 16), (1, 9, 12), (2, 9, 12), (3, 10, 11), (5, 8, 16), (6, 8, 16)]
    assert found == [(24 * d + a, 24 * d + b, 1.0) for d, a, b in days]


def test_one_day_may_be_closed_and_so_may_the_29_february() -> None:
    said = {**OFFICE, "dates": {"2028-02-29": "closed"}}
    found = inside(said, clock(date(2028, 2, 28), date(2028, 3, 1)))
    assert found == [(8, 16, 1.0), (48 + 8, 48 + 16, 1.0)]


@pytest.mark.parametrize(("sunday", "hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25)])
def test_dates_begin_and_end_at_local_midnight_on_clock_sundays(sunday: date, hours: int) -> None:
    """Open at all hours, but closed on the Sunday, which has 23 or 25."""
    said = {"every_day": "00:00-24:00", "dates": {str(sunday): "closed"}}
    found = inside(said, clock(date.fromordinal(sunday.toordinal() - 1), date.fromordinal(sunday.toordinal() + 1)))
    assert found == [(0, 24, 1.0), (24 + hours, 48 + hours, 1.0)]


def test_a_holiday_within_dates_is_as_the_sunday_of_the_dates() -> None:
    """Epiphany 2027 is a Wednesday."""
    said = {**OFFICE, "dates": {"2027-01-04..2027-01-10": {"mon_fri": "08:00-10:00", "sun": "12:00-13:00"}}}
    found = inside(said, clock(date(2027, 1, 5), date(2027, 1, 7), "SE"))
    assert found == [(8, 10, 1.0), (24 + 12, 24 + 13, 1.0), (48 + 8, 48 + 10, 1.0)]


def test_a_night_shift_is_of_the_day_on_which_it_starts() -> None:
    said = {"every_day": "22:00-06:00", "dates": {"2027-03-02": "closed"}}
    found = inside(said, clock(date(2027, 3, 1), date(2027, 3, 3)))
    assert found == [(0, 6, 1.0), (22, 30, 1.0), (70, 72, 1.0)]


def test_a_stretch_of_weeks_has_whole_units_half_rounded_up_as_one_that_never_ends_has() -> None:
    said = Calendar.model_validate({"every_day": "00:00-24:00", "dates": {"2027-03-20": "closed"}})
    time = clock(date(2027, 3, 10), date(2027, 4, 10))
    begins, units, _ = capacity_steps(intervals(said, time), 2.6)
    assert dict(zip(begins.tolist(), units.tolist(), strict=True)) == {
        LONG_AGO: 0, -8 * DAY: 3, 10 * DAY: 0, 11 * DAY: 3, time.seconds(date(2027, 4, 19)): 0,
    }  # fmt: skip
    assert capacity_steps([(LONG_AGO, NEVER, 1.0)], 2.6)[1].tolist() == [3]


def test_hours_a_week_are_those_of_ordinary_weeks() -> None:
    assert open_hours_per_week(Calendar.model_validate({**OFFICE, "dates": {"2027-07-01..2027-07-31": "closed"}})) == 40


REFUSED = [
    ({"2027-07-05..2027-08-01": {}, "2027-08-01": {}}, "dates overlap: one ends 2027-08-01"),
    ({"2027-08-01..2027-07-05": {}}, "ends before it starts"),
    ({"2027-02-29": {}}, "day is out of range"),
    ({"2027-07-05-2027-08-01": {}}, "must be a day or two, as 2027-12-24 or 2027-07-05..2027-08-01"),
    ({"2027-07-05": {"mon_fir": "08:00-10:00"}}, "unknown key"),
    ({"2027-07-05": "shut"}, "keys and values"),
]


@pytest.mark.parametrize(("dates", "said"), REFUSED)
def test_dates_of_a_calendar_that_are_wrong_are_refused_by_name(tmp_path: Path, dates: Plain, said: str) -> None:
    with pytest.raises(ConfigErrors) as refused:
        sketch(hours={**OFFICE, "dates": dates}).load(tmp_path)
    assert [said in p.message and p.key.startswith("c0.") for p in refused.value.problems] == [True]


def sketch(hours: str | Plain = "00:00-24:00", mode: str = "walk_in", **more: object) -> Sketch:
    """Two hospitals; ``a`` is near."""
    services = {"er": service(exponential(100), mode)}
    sites = {"a": {"er": Offer(4, hours)}, "b": {"er": Offer(4)}}
    said: Plain = {
        "start": date(2027, 6, 28),
        "end": date(2027, 8, 15),
        "travel": {("home", "a"): 5, ("home", "b"): 30},
    }
    return Sketch(services, sites, {"ill": need({"er": 1}, rate=2000)}, **{**said, **more})


def dated(root: Path, file: str, *rows: str) -> None:
    """Adds dated rows to a table, without its optional column; the others are for always."""
    path = root / file
    head, *always = path.read_text("utf-8").splitlines()
    cells = [row.split(",") for row in rows]
    whole = [",".join([*row[:-4], "", *row[-4:]]) for row in cells]
    lines = [f"{head},from,to", *(f"{row},," for row in always), *whole]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def with_rows(root: Path, made: Sketch, file: str, *rows: str) -> list[Problem]:
    """The problems of a network with dated rows; none if it is right."""
    made.load(root)
    dated(root, file, *rows)
    try:
        load_study(root=root)
    except ConfigErrors as refused:
        return refused.problems
    return []


def units(model: Model, pool: str) -> dict[int, int]:
    p = model.pools.index(pool)
    rows = slice(model.capacity_ptr[p], model.capacity_ptr[p + 1])
    return dict(zip(model.capacity_time[rows].tolist(), model.capacity_value[rows].tolist(), strict=True))


JULY = "a_er,unit,a,3,1,c0,finish,0,test,D,2027-07-05,2027-08-01"


def test_a_quarter_of_the_units_is_shut_in_july_and_the_rest_of_the_year_is_as_it_was(tmp_path: Path) -> None:
    assert with_rows(tmp_path, sketch(), POOLS, JULY) == []
    model = compile_scenario(load_study(root=tmp_path), "baseline")
    assert set(units(model, "a_er").values()) == {4}  # three units and one of surge: as many, but not as many places
    p = model.pools.index("a_er")
    places = model.places_value[model.capacity_ptr[p] : model.capacity_ptr[p + 1]].tolist()
    assert places == [4, 3, 4]
    assert model.phase_start.tolist() == [LONG_AGO, 7 * DAY, 35 * DAY]


def test_a_lever_changes_what_holds_on_each_day(tmp_path: Path) -> None:
    half = {"kind": "capacity", "pools": {"where": {"sites": ["a"]}}, "scale": figure(-0.5, -0.5, -0.5)}
    made = sketch(scenarios={"half": {"x": half}})
    assert with_rows(tmp_path, made, POOLS, "a_er,unit,a,2,0,c0,finish,0,test,D,2027-07-05,2027-08-01") == []
    model = compile_scenario(load_study(root=tmp_path), "half")
    assert units(model, "a_er") == {LONG_AGO: 2, 7 * DAY: 1, 35 * DAY: 2}


@pytest.mark.parametrize(
    ("days", "held"),
    [
        ("2027-08-02,", {LONG_AGO: 4, 35 * DAY: 1}),
        (",2027-07-04", {LONG_AGO: 1, 7 * DAY: 4}),
        ("2027-06-01,2027-06-27", {LONG_AGO: 4}),
        ("2027-06-01,2027-06-28", {LONG_AGO: 1, DAY: 4}),
        ("2027-08-15,2028-02-29", {LONG_AGO: 4, 48 * DAY: 1}),
    ],
)
def test_a_row_holds_from_its_first_day_to_the_end_of_its_last(tmp_path: Path, days: str, held: dict[int, int]) -> None:
    assert with_rows(tmp_path, sketch(), POOLS, f"a_er,unit,a,1,0,c0,finish,0,test,D,{days}") == []
    assert units(compile_scenario(load_study(root=tmp_path), "baseline"), "a_er") == held


@pytest.mark.parametrize(("first", "hours"), [("2027-03-28", 23), ("2027-10-31", 25), ("2027-01-01", 24)])
def test_a_rows_day_is_a_local_day_on_clock_sundays_and_over_new_year(tmp_path: Path, first: str, hours: int) -> None:
    day = date.fromisoformat(first)
    eve, end = date.fromordinal(day.toordinal() - 1), date.fromordinal(day.toordinal() + 1)
    made = sketch(start=eve, end=end)
    assert with_rows(tmp_path, made, POOLS, f"a_er,unit,a,1,0,c0,finish,0,test,D,{day},{day}") == []
    model = compile_scenario(load_study(root=tmp_path), "baseline")
    assert units(model, "a_er") == {LONG_AGO: 4, 24 * H: 1, (24 + hours) * H: 4}


CLOSED = "a,er,a_er,local_hospital,all,all,closed,0,region,test,D,2027-07-05,2027-08-01"


@pytest.mark.parametrize("mode", ["walk_in", "booked"])
def test_an_offer_whose_calendar_has_no_hours_is_closed_in_its_dates_and_patients_go_elsewhere(
    tmp_path: Path, mode: str
) -> None:
    made = sketch(mode=mode)
    made.load(tmp_path)
    (tmp_path / CALENDARS).write_text((tmp_path / CALENDARS).read_text("utf-8") + "closed: {}\n", "utf-8")
    dated(tmp_path, OFFERS, CLOSED)
    model = compile_scenario(load_study(root=tmp_path), "baseline")
    assert model.offer_open[:, model.offer[model.sites.index("a"), 0]].tolist() == [1, 0, 1]
    contacts = simulate(model, 1).contacts
    july = (contacts.request >= 7 * DAY + H) & (contacts.request < 35 * DAY)
    served = contacts.outcome == Outcome.DONE
    assert set(contacts.site[july & served].tolist()) == {model.sites.index("b")}
    late = contacts.request >= 35 * DAY + H
    assert set(contacts.site[late & served].tolist()) == {model.sites.index("a")}
    assert july.sum() > 50
    assert late.sum() > 20


def test_a_summer_closing_of_the_baseline_moves_nobody(tmp_path: Path) -> None:
    """A site is further away against the reference of the same days."""
    made = sketch(care={"service_choice": {"nearness": {"er": {"per_km": {"3": -0.1}, **SAID}}}})
    made.services = {**made.services, "self": service(60, "remote", unlimited_at="self_care")}
    made.needs = {"ill": need({"er": 0.5, "self": 0.5})}
    shut = {"kind": "close", "services": ["er"], "where": {"sites": ["b"]}, "moved": figure(0, 0, 0)}
    made.scenarios = {"shut": {"x": shut}}
    made.load(tmp_path)
    (tmp_path / CALENDARS).write_text((tmp_path / CALENDARS).read_text("utf-8") + "closed: {}\n", "utf-8")
    dated(tmp_path, OFFERS, CLOSED)
    world = load_study(root=tmp_path)
    assert compile_scenario(world, "baseline").switches.max() == 0
    shut = compile_scenario(world, "shut").near_odds  # nothing is open in July: who comes then finds it closed
    assert (shut == 1 << 20).all(axis=(1, 2, 3)).any()
    near = {"kind": "close", "services": ["er"], "where": {"sites": ["a"]}, "moved": figure(0, 0, 0)}
    made.scenarios = {"near": {"x": near}}
    made.load(tmp_path / "near")
    near_odds = compile_scenario(load_study(root=tmp_path / "near"), "near").near_odds
    assert 0 < near_odds.min() < 1 << 20


REST = "local_hospital,all,all,c0,0,region,test,D"
WRONG = [
    (POOLS, "a_err,unit,a,3,0,c0,finish,0,test,D,2027-07-05,", "row 4, pool", "unknown pool", "a_er"),
    (POOLS, "a_er,unit,b,3,0,c0,finish,0,test,D,2027-07-05,", "row 4, site", "capacity, surge, calendar alone", ""),
    (POOLS, "a_er,unit,a,3,0,c00,finish,0,test,D,2027-07-05,", "row 4, calendar", "unknown calendar", "c0"),
    (POOLS, "a_er,unit,a,3,0,c0,finish,0,test,D,2027-07-05,2027-07-04", "row 4, to", "is before from 2027-07-05", ""),
    (POOLS, "a_er,unit,a,3,0,c0,finish,0,test,D,2027-02-29,", "row 4, from", "must be a day", ""),
    (POOLS, "a_er,unit,a,3,0,c0,finish,0,test,D,5 juli,", "row 4, from", "must be a day", ""),
    (POOLS, "a_er,unit,a,-3,0,c0,finish,0,test,D,2027-07-05,", "row 4, capacity", "must not be negative", ""),
    (POOLS, "a_er,unit,a,3,0,c0,finish,0,test,D,,", "row 4, pool", "is there twice", ""),
    (OFFERS, f"a,err,a_er,{REST},2027-07-05,", "row 4, site and service", "unknown offer", "a er"),
    (OFFERS, f"a,er,b_er,{REST},2027-07-05,", "row 4, pool", "calendar alone", ""),
]  # fmt: skip


@pytest.mark.parametrize(("file", "row", "key", "said", "nearest"), WRONG)
def test_a_dated_row_that_is_wrong_is_named_by_row_and_column(
    tmp_path: Path, file: str, row: str, key: str, said: str, nearest: str
) -> None:
    found = with_rows(tmp_path, sketch(), file, row)
    assert [(p.file, p.key, p.nearest) for p in found] == [(str(tmp_path / file), key, nearest)]
    assert said in found[0].message


def test_rows_of_the_same_days_are_refused_and_neighbours_are_not(tmp_path: Path) -> None:
    again = "a_er,unit,a,1,0,c0,finish,0,test,D,2027-08-01,"
    after = "a_er,unit,a,1,0,c0,finish,0,test,D,2027-08-02,"
    other = "b_er,unit,b,1,0,c0,finish,0,test,D,2027-08-01,"
    assert with_rows(tmp_path / "apart", sketch(), POOLS, JULY, after, other) == []
    found = with_rows(tmp_path / "same", sketch(), POOLS, JULY, again)
    assert [(p.key, p.message) for p in found] == [
        ("row 5, from and to", "dates overlap those of row 4, 2027-07-05..2027-08-01")
    ]


def test_an_unknown_column_is_still_refused_with_the_nearest(tmp_path: Path) -> None:
    sketch().load(tmp_path)
    text = (tmp_path / POOLS).read_text("utf-8").splitlines()
    (tmp_path / POOLS).write_text("\n".join([f"{text[0]},form", *(f"{row}," for row in text[1:])]) + "\n", "utf-8")
    with pytest.raises(ConfigErrors) as refused:
        load_study(root=tmp_path)
    assert [(p.key, p.nearest) for p in refused.value.problems] == [("column form", "from")]
