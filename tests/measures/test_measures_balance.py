"""Both sides of the ledger, counted by hand; and a whole run of the tiny world counted again, slowly."""

from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hand_made import changed, measured, people, table, tiny, visit

from sim.demand import draw_episodes
from sim.measures import measure
from sim.measures.view import ORIGINS
from sim.model.codes import ABSENT, AGE_GROUPS, LEVELS, Kind, Mode, Outcome
from sim.model.tables import CONTACT_COLUMNS, Contacts
from sim.simulation import simulate_episodes

YEARLY = 1000 * 365 / 7 / 10_000  # of one contact in the window


@pytest.fixture(scope="module")
def model():
    return tiny()


def test_a_contact_is_counted_by_level_origin_and_service(model):
    rows = [
        visit("telephone", "vc_norrby", request=0, start=0, end=1, release=1),
        visit("er", "hospital_south", request=2, start=2, end=3, release=3, origin="referred"),
    ]
    result = measured(model, [{"age": "0_17"}], *rows)
    name = "contacts_per_1000_year"
    assert result(name) == pytest.approx(2 * YEARLY)
    assert result(name, "level", "primary_care") == pytest.approx(YEARLY)
    assert result(name, "level_origin", "concentrated_hospital|referred") == pytest.approx(YEARLY)
    assert result(name, "service", "er") == pytest.approx(YEARLY)
    assert result(name, "age_group", "0_17") == pytest.approx(2 * YEARLY * 10_000 / 2000)


def test_a_service_without_site_has_the_level_that_is_said_of_it(model):
    row = visit("self_care", None, request=0, start=0, end=1, release=1)
    assert measured(model, [{}], row)("contacts_per_1000_year", "level", "self_care") > 0
    level = np.full(len(model.services), LEVELS.index("primary_care"))
    digital = measured(changed(model, siteless_level=level), [{}], row)
    assert digital("contacts_per_1000_year", "level", "primary_care") > 0
    assert digital("contacts_per_1000_year", "level", "self_care") == 0


def test_a_flow_is_from_the_level_before_whenever_that_was(model):
    rows = [
        visit("telephone", "vc_norrby", request=-2, start=-2, end=-1, release=-1),
        visit("er", request=1, start=1, end=2, release=2, origin="referred"),
        visit("ward", request=2, start=2, origin="referred"),
    ]
    flows = measured(model, [{}], *rows).groups("flow_contacts_per_1000_year", "flow")
    some = {name: pytest.approx(YEARLY) for name in ("primary_care>local_hospital", "local_hospital>local_hospital")}
    assert {name: value for name, value in flows.items() if value} == some


def test_the_right_level_is_asked_only_where_one_is_named(model):
    whose = [{"need": "acute", "acuity": 1}, {"need": "acute", "acuity": 3}, {"need": "acute", "acuity": 5}]
    rows = [visit(request=0, start=0, episode=e) for e in range(3)]
    result = measured(model, whose, *rows)
    assert result("right_level_share") == 1 / 2  # acuity 1 belongs to the concentrated hospital; of 5 nothing is said
    assert np.isnan(result("right_level_share", "need", "minor"))


def test_the_unserved_are_counted_and_are_no_contacts(model):
    rows = [
        visit("er", None, request=0, outcome="unserved"),
        visit("er", None, request=-1, outcome="unserved"),
        visit(request=0, release=3),
    ]
    result = measured(model, [{"age": "0_17"}], *rows)
    assert result("unserved_per_day") == 1 / 7
    assert result("unserved_per_day", "service", "er") == 1 / 7
    assert result("unserved_per_day", "age_group", "0_17") == 1 / 7
    assert result("left_per_day", "service", "er") == 1 / 7
    assert result("contacts_per_1000_year") == pytest.approx(YEARLY)


def test_who_is_turned_away_has_not_left(model):
    away = [visit(request=hour, release=hour, outcome="turned_away") for hour in (0, 2)]
    result = measured(model, [{}], *away, visit(request=3, release=4))
    assert result("turned_away_per_day") == result("turned_away_per_day", "service", "er") == 2 / 7
    assert result("left_per_day") == 1 / 7


def test_staff_hours_are_those_of_open_units(model):
    result = measured(model, [{}], visit(request=0, start=0))
    by = result.groups("staff_h_per_week", "resource")
    er = 2 * 7 * (17 * 4 + 7 * 2) * 1.0
    rooms, lines, teams, beds = 4 * 45 * 1.5, 2 * 168 * 1.0, 1 * 45 * 2.0, 16 * 168 * 0.5  # surge has no staff
    assert by == {"room": rooms, "line": lines, "team": teams, "er_place": er, "bed": beds, "other": 0}
    assert result("staff_h_per_week") == sum(by.values())
    assert result("staff_h_per_week", "level", "mobile_team") == teams
    assert result("cost_msek_per_year", "payer", "municipality") == pytest.approx(teams * 500 / 1e6 * 365 / 7)
    sek = rooms * 600 + lines * 400 + teams * 500 + er * 600 + beds * 500
    assert result("cost_msek_per_year") == pytest.approx(sek / 1e6 * 365 / 7)


def test_what_is_put_in_beside_the_pools_is_counted_at_its_level_and_payer(model):
    hours, sek = np.zeros((1, 5, 2), dtype=np.int64), np.zeros((1, 5, 2), dtype=np.int64)
    hours[0, LEVELS.index("mobile_team"), 1], sek[0, LEVELS.index("self_care"), 0] = 30, 2_000_000
    before = measured(model, [{}], visit(request=0, start=0))
    after = measured(
        changed(model, extra_staff_h_per_week=hours, extra_sek_per_year=sek), [{}], visit(request=0, start=0)
    )
    for by, group, more in (("all", "", 30), ("level", "mobile_team", 30), ("payer", "municipality", 30)):
        assert after("staff_h_per_week", by, group) - before("staff_h_per_week", by, group) == pytest.approx(more)
    assert after("staff_h_per_week", "resource", "other") == 30
    assert after("cost_msek_per_year", "level", "self_care") == 2
    assert after("cost_msek_per_year", "payer", "region") - before("cost_msek_per_year", "payer", "region") == (
        pytest.approx(2)
    )


def test_utilisation_is_used_over_open_unit_time(model):
    rows = [
        visit("primary_care", "vc_norrby", request=0, start=10, end=55, release=55),
        visit("primary_care", "vc_norrby", request=0, release=9),
        visit(request=-9, start=-9, end=-1, release=82),
    ]
    result = measured(model, [{}], *rows)
    assert result("pool_utilisation", "resource", "room") == 45 / (4 * 45)
    assert result("pool_utilisation", "resource", "er_place") == 82 / (2 * 7 * 82)


def test_episodes_are_those_that_begin_in_the_window(model):
    whose = [{"time": 1}, {"time": -1}, {"time": 100, "need": "minor"}]
    result = measured(model, whose, visit(request=1, start=1))
    assert result("episodes_per_1000_year") == pytest.approx(2 * YEARLY)
    assert result("episodes_per_1000_year", "need", "minor") == pytest.approx(YEARLY)


# a whole run, counted again in plain Python


@pytest.fixture(scope="module", params=["baseline", "closed_er"])
def world(request):
    model = tiny(request.param)
    episodes = draw_episodes(model, 7, 0)
    contacts = simulate_episodes(model, episodes, "simpy")
    frame = measure(model, episodes, contacts).set_index(["measure", "by", "group"]).sort_index()
    return model, episodes, contacts, frame["value"]


def rows_of(contacts):
    columns = [getattr(contacts, name).tolist() for name in CONTACT_COLUMNS]
    return [dict(zip(CONTACT_COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]


def level_of(model, row):
    if row["site"] < 0:
        return int(model.siteless_level[row["service"]])
    return int(model.offer_level[model.offer[row["site"], row["service"]]])


def test_contacts_by_level_and_origin_are_those_of_a_slow_count(world):
    model, _, contacts, value = world
    asked = [r for r in rows_of(contacts) if r["request"] >= model.window_start and r["outcome"] != Outcome.UNSERVED]
    slow = Counter((level_of(model, r), r["origin"]) for r in asked)
    assert len(slow) > 5
    for level, name in enumerate(LEVELS):
        for origin, why in enumerate(ORIGINS):
            known = value["contacts_per_1000_year", "level_origin", f"{name}|{why}"]
            assert known == pytest.approx(slow[level, origin] * YEARLY, rel=1e-12)


def test_the_ledger_adds_up(world):
    *_, value = world
    contacts = value["contacts_per_1000_year"]
    for level in LEVELS:
        of_level = sum(contacts["level_origin", f"{level}|{origin}"] for origin in ORIGINS)
        assert contacts["level", level] == pytest.approx(of_level, rel=1e-12)
        arrived = sum(value["flow_contacts_per_1000_year", "flow", f"{a}>{level}"] for a in (*LEVELS, "home"))
        assert contacts["level", level] == pytest.approx(arrived, rel=1e-12)
    for by in ("level", "origin", "service"):
        assert contacts["all", ""] == pytest.approx(contacts[by].sum(), rel=1e-12)


def test_flows_are_those_of_a_slow_count(world):
    model, _, contacts, value = world
    journeys = defaultdict(list)
    for row in rows_of(contacts):
        journeys[row["episode"]].append(row)
    slow = Counter()
    for journey in journeys.values():
        for before, row in pairwise([None, *journey]):
            if row["request"] >= model.window_start and row["outcome"] != Outcome.UNSERVED:
                source = "home" if before is None else LEVELS[level_of(model, before)]
                slow[f"{source}>{LEVELS[level_of(model, row)]}"] += 1
    for flow, known in value["flow_contacts_per_1000_year", "flow"].items():
        assert known == pytest.approx(slow[flow] * YEARLY, rel=1e-12)


def test_travel_is_that_of_a_slow_count(world):
    model, episodes, contacts, value = world
    metres = Counter()
    for row in rows_of(contacts):
        mode = model.mode[row["service"]]
        started = row["start"] != ABSENT
        if row["request"] < model.window_start or row["site"] < 0 or row["outcome"] == Outcome.UNSERVED:
            continue
        if mode == Mode.WALK_IN or (mode == Mode.BOOKED and started):
            booked = mode == Mode.BOOKED and row["start"] > row["request"]
            home = int(episodes.zone[row["episode"]])
            place = home if booked else row["place"]
            if place != row["site"] + len(model.zones):
                metres[int(episodes.age[row["episode"]])] += int(model.travel_m[place, row["site"]])
    assert sum(metres.values()) > 0
    for age, name in enumerate(AGE_GROUPS):
        known = value["travel_km_per_resident_year", "age_group", name]
        slow = metres[age] / 1000 * 365 / 7 / int(model.people[:, age].sum())
        assert known == pytest.approx(slow, rel=1e-12)


def test_presence_and_occupancy_are_those_of_a_slow_count(world):
    model, _, contacts, value = world
    low, high = model.window_start, model.horizon
    present, beds = Counter(), Counter()
    for row in rows_of(contacts):
        out = row["release"] if row["release"] != ABSENT else high
        kind, site = model.kind[row["service"]], model.sites[row["site"]] if row["site"] >= 0 else None
        if kind == Kind.EMERGENCY and site:
            present[site] += max(min(out, high) - max(row["request"], low), 0)
        if kind == Kind.WARD and site and row["start"] != ABSENT:
            beds[site] += max(min(out, high) - max(row["start"], low), 0)
    for site, places in (("hospital_north", 6), ("hospital_south", 10)):
        assert value["er_present_mean", "site", site] == pytest.approx(present[site] / (high - low), rel=1e-12)
        assert value["bed_occupancy", "site", site] == pytest.approx(beds[site] / (places * (high - low)), rel=1e-12)


def test_present_patients_are_arrivals_times_stay(world):
    """Little's law, exactly, when those present at the ends are cut alike."""
    model, _, contacts, value = world
    low, high = model.window_start, model.horizon
    stays = [
        max(min(r["release"] if r["release"] != ABSENT else high, high) - max(r["request"], low), 0)
        for r in rows_of(contacts)
        if model.kind[r["service"]] == Kind.EMERGENCY and r["outcome"] != Outcome.UNSERVED
    ]
    arrivals = len([s for s in stays if s]) / (high - low)
    assert value["er_present_mean", "all", ""] == pytest.approx(arrivals * np.mean([s for s in stays if s]))


def test_the_order_of_episodes_in_the_table_does_not_matter(model):
    episodes = draw_episodes(model, 7, 0)
    contacts = simulate_episodes(model, episodes, "simpy")
    luck = np.random.default_rng(1).permutation(len(episodes.key))
    order = np.argsort(luck[contacts.episode], kind="stable")  # an episode's own contacts stay in order
    assert (order != np.arange(len(order))).any()
    mixed = Contacts(**{name: getattr(contacts, name)[order] for name in CONTACT_COLUMNS})
    first, second = measure(model, episodes, contacts), measure(model, episodes, mixed)
    assert first["value"].to_numpy().tobytes() == second["value"].to_numpy().tobytes()
    assert first.drop(columns="value").equals(second.drop(columns="value"))


def test_a_run_without_any_contact_can_be_measured(model):
    nobody = people(model, {})
    frame = measure(model, nobody, table(model, nobody))
    missing = frame[frame["value"].isna()]
    assert len(missing) > 0
    assert (missing["note"] != "").all()
    assert (frame.loc[frame["measure"] == "er_arrivals_per_day", "value"].dropna() == 0).all()
