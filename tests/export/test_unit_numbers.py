"""Units that contacts had: the lowest free number, within the capacity, and never two at once in one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from stories import Person, episodes
from worlds import Offer, Sketch, service, way

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.export.unit_numbers import NO_UNIT, unit_numbers
from sim.model.codes import ABSENT, NEVER
from sim.model.tables import Contacts, Model
from sim.simulation import simulate, simulate_episodes

ROOT = Path(__file__).resolve().parents[2]
WORLDS = {"tiny": "tests/data/tiny", **{one: f"docs/examples/{one}" for one in ("birth", "diversion", "wards")}}


def numbers(model: Model, *people: Person) -> list[int]:
    contacts = simulate_episodes(model, episodes(model, people), "simpy")
    return unit_numbers(model, contacts).tolist()


def test_each_contact_has_the_lowest_number_that_is_free(tmp_path: Path) -> None:
    model = Sketch({"er": service(60)}, {"a": {"er": Offer(3)}}).compile(tmp_path)
    people = [Person(0), Person(10), Person(20), Person(65), Person(200)]
    assert numbers(model, *people) == [1, 2, 3, 1, 1]


def test_who_leaves_in_a_second_makes_room_for_who_starts_in_it(tmp_path: Path) -> None:
    model = Sketch({"er": service(60)}, {"a": {"er": Offer(2)}}).compile(tmp_path)
    assert numbers(model, Person(0), Person(10), Person(20), Person(30)) == [1, 2, 1, 2]


def test_pools_are_numbered_each_for_itself(tmp_path: Path) -> None:
    sites = {"a": {"er": Offer(1)}, "b": {"er": Offer(1)}}
    model = Sketch({"er": service(60)}, sites).compile(tmp_path)
    assert numbers(model, Person(0, service="er", site="a"), Person(1, service="er", site="b")) == [1, 1]


def test_who_goes_on_in_a_unit_keeps_its_number_though_a_lower_one_is_free(tmp_path: Path) -> None:
    services = {"visit": service(60, then=[way("tests", 1, "holding")]), "tests": service(30)}
    sites = {"a": {"visit": Offer(2, pool="rooms"), "tests": Offer(2, pool="rooms")}}
    model = Sketch(services, sites).compile(tmp_path)
    people = episodes(model, [Person(0), Person(20)])
    contacts = simulate_episodes(model, people, "simpy")
    rows = list(zip(contacts.episode.tolist(), contacts.start.tolist(), unit_numbers(model, contacts), strict=True))
    assert rows == [(0, 0, 1), (1, 1200, 2), (0, 3600, 1), (1, 4800, 2)]
    late = episodes(model, [Person(0), Person(50)])
    contacts = simulate_episodes(model, late, "simpy")
    second = [n for e, n in zip(contacts.episode.tolist(), unit_numbers(model, contacts), strict=True) if e == 1]
    assert contacts.start.tolist()[-1] == 110 * 60 > 90 * 60, "unit 1 is free when the second goes on"
    assert second == [2, 2]


def test_nobody_has_a_number_in_which_another_goes_on(tmp_path: Path) -> None:
    services = {"visit": service(60, then=[way("tests", 1, "holding")]), "tests": service(30)}
    sites = {"a": {"visit": Offer(2, pool="rooms"), "tests": Offer(2, pool="rooms")}}
    model = Sketch(services, sites).compile(tmp_path)
    contacts = simulate_episodes(model, episodes(model, [Person(0), Person(70)]), "simpy")
    rows = list(zip(contacts.episode.tolist(), contacts.start.tolist(), unit_numbers(model, contacts), strict=True))
    assert rows[:3] == [(0, 0, 1), (0, 3600, 1), (1, 4200, 2)], "the first is in unit 1 until minute 90"


def test_who_never_starts_and_who_needs_no_unit_have_none(tmp_path: Path) -> None:
    services = {
        "er": service(60, patience=5, leaves=[way("call")]),
        "call": service(5, "remote", unlimited_at="self_care"),
    }
    model = Sketch(services, {"a": {"er": Offer(1)}}).compile(tmp_path)
    assert numbers(model, Person(0), Person(10)) == [1, NO_UNIT, NO_UNIT]


@pytest.mark.parametrize("name", WORLDS)
def test_numbers_are_within_the_capacity_and_no_unit_has_two_at_once(name: str) -> None:
    world = load_study(root=ROOT / WORLDS[name])
    model = compile_scenario(world, world.study.scenarios[0])
    contacts = simulate(model, world.study.seed).contacts
    units = unit_numbers(model, contacts)
    used = (contacts.pool >= 0) & (contacts.start != ABSENT)
    assert used.sum() > 50
    assert np.array_equal(units > 0, used)
    assert (units[used] <= highest(model, contacts)[used]).all()
    rows = np.flatnonzero(used)
    release = np.where(contacts.release == ABSENT, NEVER, contacts.release)
    rows = rows[np.lexsort((release[rows], contacts.start[rows], units[rows], contacts.pool[rows]))]
    one, next_one = rows[:-1], rows[1:]
    same = (contacts.pool[one] == contacts.pool[next_one]) & (units[one] == units[next_one])
    assert same.sum() > 20
    assert (release[one][same] <= contacts.start[next_one][same]).all()


def highest(model: Model, contacts: Contacts) -> np.ndarray:
    """[contacts] the most units that the contact's pool ever has."""
    steps = zip(model.capacity_ptr[:-1], model.capacity_ptr[1:], strict=True)
    most = np.array([model.capacity_value[a:b].max() for a, b in steps])
    return most[contacts.pool]
