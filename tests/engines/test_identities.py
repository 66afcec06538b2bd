"""What holds in every run is checked after each: contacts that were tampered with, and engines with an error."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from worlds import Offer, Plain, Sketch, exponential, figure, need, service, way

from sim.demand import draw_episodes
from sim.engines.audit.identities import BrokenIdentity, check_identities
from sim.engines.audit.tally import Tally
from sim.engines.reference.agenda import Agenda, Moment
from sim.engines.reference.pools import Pool
from sim.engines.reference.simpy_engine import simulate
from sim.model.codes import ABSENT, AGE_GROUPS, EventClass, Ints, Origin, Outcome
from sim.model.tables import CONTACT_COLUMNS, Contacts, Episodes, Model
from sim.results.stored_runs import RunFile
from sim.simulation import simulate_episodes
from sim.study.evaluate import compute
from sim.study.parcels import pack
from sim.study.points import MEASURES

Found = tuple[Model, Episodes, Contacts, Tally]
INITIAL: Plain = {"span_days": 1, "queue_days": 0.1, "source": "test", "quality": "D"}


def town() -> Sketch:
    """Two ERs, a ward, a closing clinic, teams with overtime; people leave, board, come back and are moved."""
    to_er = [way("er", 0.1), way("exit", 0.9)]
    ways = [way("ward", 0.2, "holding"), way("clinic", 0.2, after=exponential(600)), way("exit", 0.6)]
    services = {
        "er": service(exponential(50), then=ways, patience=120, leaves=[way("clinic")], initial=INITIAL),
        "ward": service(exponential(400), queue_limit={"waiting": 5, "source": "test", "quality": "D"}),
        "clinic": service(exponential(20), at_close="fallback", fallback="advice", then=to_er),
        "team": service(30, "outreach", then=[way("clinic", 0.3), way("exit", 0.7)]),
        "advice": service(10, "remote", unlimited_at="self_care"),
    }  # fmt: skip
    sites = {
        "a": {"er": Offer(2), "ward": Offer(2), "team": Offer(2, "08:00-17:00", overtime_h=1, tour=True, ages="18_64")},
        "b": {"er": Offer(1), "clinic": Offer(2, "08:00-20:00", overtime_h=0.5)},
    }
    moved = {"kind": "shift", "from_service": "er", "to_service": "clinic", "when": {}, "share": figure(0.3, 0.2, 0.4),
             "fail_share": figure(0.2, 0.1, 0.3), "fail_after": exponential(60)}  # fmt: skip
    return Sketch(
        services,
        sites,
        {"ill": need({"er": 0.5, "clinic": 0.3, "team": 0.2}, rate=40_000)},
        zones={"x": 900, "y": 600},
        travel={("x", "b"): 20, ("y", "a"): 30, ("y", "b"): 15, ("a", "b"): 25},
        scenarios={"moved": {"lever": moved}},
        warm_up_days=1,
    )


@cache
def found() -> Found:
    with TemporaryDirectory() as folder:
        model = town().compile(Path(folder), "moved")
    episodes = draw_episodes(model, 1, 0)
    contacts, tally = simulate(model, episodes)
    return model, episodes, contacts, tally


def check(contacts: Contacts, **counted: Ints) -> None:
    model, episodes, _, tally = found()
    check_identities(model, episodes, contacts, replace(tally, **counted))


def test_a_run_that_has_everything_breaks_no_identity() -> None:
    _, _, contacts, _ = found()
    check(contacts)
    assert set(contacts.outcome.tolist()) == {o for o in Outcome if o not in (Outcome.UNSERVED, Outcome.MISSED)}
    asked = {Origin.FIRST, Origin.SHIFTED, Origin.FELL_BACK, Origin.LEFT, Origin.REFERRED, Origin.FOLLOWED}
    assert asked | {Origin.INITIAL} == set(contacts.origin.tolist())


@pytest.mark.parametrize("size", [1, 7, 100])
def test_contacts_are_checked_a_block_at_a_time_and_told_as_all_at_once(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """The first row breaks what is checked late, the last row what is checked first."""
    _, _, contacts, _ = found()
    monkeypatch.setattr("sim.engines.audit.identities.BLOCK", size)
    check(contacts)
    origin, place = contacts.origin.copy(), contacts.place.copy()
    origin[-1], place[0] = 9, 1 - place[0]
    with pytest.raises(BrokenIdentity, match=rf"origin is from 0 to 8: contact in row {len(origin) - 1} "):
        check(replace(contacts, origin=origin, place=place))


Rows = Callable[[Model, Contacts], Ints]


def rows(**said: object) -> Rows:
    """Rows with these codes; ``service`` by name, ``started`` and ``ended`` by whether it happened."""

    def chosen(model: Model, c: Contacts) -> Ints:
        fits = np.ones(len(c.episode), dtype=bool)
        for name, value in said.items():
            if name == "service":
                fits &= c.service == model.services.index(str(value))
            elif name in ("start", "end", "release"):
                fits &= (getattr(c, name) != ABSENT) == value
            else:
                fits &= getattr(c, name) == value
        return np.flatnonzero(fits)

    return chosen


TAMPERED: list[tuple[str, Rows, str, Callable[[int], int]]] = [
    ("nobody starts before asking", rows(outcome=Outcome.DONE, origin=Origin.FIRST), "start", lambda _: 5),
    ("only who is there when the run starts asked before", rows(origin=Origin.FIRST), "request", lambda _: -5),
    ("no service ends before it starts", rows(outcome=Outcome.DONE, origin=Origin.REFERRED), "end", lambda _: 1),
    ("no unit is free before service ends", rows(outcome=Outcome.DONE, release=True), "release", lambda _: 1),
    ("an outcome has the times that belong to it", rows(outcome=Outcome.LEFT), "outcome", lambda _: Outcome.DONE),
    ("an outcome has the times that belong to it", rows(outcome=Outcome.DONE), "end", lambda _: ABSENT),
    ("nothing happens at the horizon or later", rows(release=True, end=True), "release", lambda _: 2 * 86400),
    ("contacts are in the order of their requests", rows(outcome=Outcome.OPEN, start=False), "request", lambda _: 60),
    ("origin is from 0 to 8", rows(), "origin", lambda _: 9),
    ("outcome is from 0 to 5", rows(), "outcome", lambda _: -1),
    ("a contact at a site is at an offer of its service", rows(service="ward"), "site", lambda _: 1),
    ("a contact uses the pool of its offer", rows(service="ward"), "pool", lambda p: p - 1),
    ("a contact without site needs none", rows(service="advice"), "service", lambda _: 1),
    ("an episode begins at home", rows(origin=Origin.FIRST), "place", lambda z: 1 - z),
    ("a patient comes from home or from the contact before", rows(origin=Origin.LEFT), "place", lambda p: 5 - p),
    ("an episode begins as its need says", rows(origin=Origin.FIRST), "origin", lambda _: Origin.INDUCED),
    ("an episode begins as its need says", rows(origin=Origin.SHIFTED), "origin", lambda _: Origin.SWITCHED),
    ("a contact follows by a way of the model", rows(origin=Origin.REFERRED), "origin", lambda _: Origin.FOLLOWED),
    ("a contact follows by a way of the model", rows(origin=Origin.LEFT), "origin", lambda _: Origin.FELL_BACK),
    ("steps of an episode rise", rows(origin=Origin.REFERRED), "step", lambda _: 0),
    ("nobody is turned away from a queue without limit", rows(service="er", outcome=Outcome.LEFT), "outcome",
     lambda _: Outcome.TURNED_AWAY),
    ("seconds waited in a_er", rows(service="er", site=0, origin=Origin.FIRST, start=True), "start", lambda t: t + 1),
    ("seconds that units were used in a_ward", rows(service="ward", end=True), "release", lambda t: t + 1),
]  # fmt: skip


@pytest.mark.parametrize(("identity", "of", "column", "change"), TAMPERED)
def test_a_contact_that_was_tampered_with_is_named(
    identity: str, of: Rows, column: str, change: Callable[[int], int]
) -> None:
    model, _, contacts, _ = found()
    changed = getattr(contacts, column).copy()
    some = of(model, contacts)
    row = some[len(some) // 2]
    changed[row] = change(int(changed[row]))
    with pytest.raises(BrokenIdentity, match=identity) as caught:
        check(replace(contacts, **{column: changed}))
    if "row" in str(caught.value):
        assert f"episode {contacts.episode[row]}, step" in str(caught.value)


def test_a_contact_that_begins_before_the_one_before_is_over_is_named() -> None:
    model, _, contacts, _ = found()
    boards = rows(service="er", site=0, outcome=Outcome.DONE, release=True)(model, contacts)
    row = boards[contacts.release[boards] > contacts.end[boards]][0]  # waited for a bed, which was asked for at the end
    end = contacts.end.copy()
    end[row] = contacts.release[row]
    with pytest.raises(
        BrokenIdentity, match="a contact is asked for when the one before is over: contact in row"
    ) as told:
        check(replace(contacts, end=end))
    assert f"episode {contacts.episode[row]}, step 1, ward at a" in str(told.value)


def test_a_patient_whom_the_site_does_not_serve_is_named() -> None:
    model, episodes, contacts, tally = found()
    row = rows(service="team")(model, contacts)[0]
    age = episodes.age.copy()
    age[contacts.episode[row]] = AGE_GROUPS.index("80plus")
    with pytest.raises(BrokenIdentity, match=rf"a site serves the patient's home, need and age: contact in row {row} "):
        check_identities(model, replace(episodes, age=age), contacts, tally)


def test_a_start_in_overtime_that_there_is_not_is_named() -> None:
    model, episodes, contacts, tally = found()
    with pytest.raises(BrokenIdentity, match=r"nobody starts beyond the capacity of (a_team|b_clinic)"):
        check_identities(replace(model, overtime=0 * model.overtime), episodes, contacts, tally)


def test_what_is_counted_event_by_event_must_agree_with_the_contacts() -> None:
    model, _, contacts, tally = found()
    for name in ("queue_s", "users_s", "starts", "gone", "waiting", "users"):
        counted = getattr(tally, name).copy()
        counted[model.pools.index("a_ward")] += 1
        with pytest.raises(BrokenIdentity, match=r"in a_ward: \d+ by the contacts, \d+ event by event"):
            check(contacts, **{name: counted})


def test_a_contact_that_is_missing_is_missed() -> None:
    model, _, contacts, _ = found()
    last = np.append(np.diff(np.sort(contacts.episode)) > 0, True)
    order = np.argsort(contacts.episode, kind="stable")
    second = order[last & np.insert(~last[:-1], 0, False)]  # the last of an episode, and not its first
    row = np.intersect1d(second, rows(service="advice")(model, contacts))[0]  # where no pool is used
    cut = {name: np.delete(getattr(contacts, name), row) for name in CONTACT_COLUMNS}
    with pytest.raises(BrokenIdentity, match="whoever is to go on asks for the next contact: er at b: "):
        check(Contacts(**cut))


def test_an_episode_that_is_missing_is_missed() -> None:
    model, _, contacts, _ = found()
    single = np.flatnonzero(np.bincount(contacts.episode)[contacts.episode] == 1)
    row = np.intersect1d(single, rows(service="advice")(model, contacts))[0]
    cut = {name: np.delete(getattr(contacts, name), row) for name in CONTACT_COLUMNS}
    with pytest.raises(BrokenIdentity, match="whoever is to go on asks for the next contact: first contacts"):
        check(Contacts(**cut))


def test_a_start_beyond_the_capacity_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Sketch({"er": service(60)}, {"a": {"er": Offer(2)}}, {"ill": need({"er": 1}, rate=36_500)}).compile(
        tmp_path
    )
    monkeypatch.setattr(Pool, "free", _with_one_more(Pool.free))
    with pytest.raises(BrokenIdentity, match=r"nobody starts beyond the capacity of a_er: contact in row \d+"):
        simulate_episodes(model, draw_episodes(model, 1, 0), "simpy")


def _with_one_more(free: Callable[[Pool, int], None]) -> Callable[[Pool, int], None]:
    """An off-by-one server: one more than the two of the calendar, once the first is given back."""

    def freed(pool: Pool, shift: int) -> None:
        pool.capacity = 3
        free(pool, shift)

    return freed


def _town_breaks(match: str) -> None:
    model, episodes, _, _ = found()
    with pytest.raises(BrokenIdentity, match=match):
        simulate_episodes(model, episodes, "simpy")


def test_an_engine_that_loses_units_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    free = Pool.free
    monkeypatch.setattr(Pool, "free", lambda pool, shift: free(pool, shift) if pool.users != 2 else None)
    _town_breaks("seconds that units were used in a_|units in use at the horizon")


def test_an_engine_that_forgets_follow_ups_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Moment.__init__

    def forgotten(self: Moment, agenda: Agenda, when: int, kind: EventClass, index: int) -> None:
        made(self, agenda, when + (kind == EventClass.FOLLOW_UP) * 10**6, kind, index)

    monkeypatch.setattr(Moment, "__init__", forgotten)
    _town_breaks("whoever is to go on asks for the next contact: er at")


def test_an_engine_that_serves_who_has_left_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pool, "leave", lambda pool: None)
    _town_breaks("seconds waited in")


def test_a_run_that_breaks_an_identity_fails_and_tells_the_pool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pool, "leave", lambda pool: None)
    file = RunFile(tmp_path / "run.parquet")
    with pytest.raises(BrokenIdentity, match="a pool is used as its contacts say: seconds waited in"):
        compute(pack(found()[0], tmp_path / "tables"), 1, 0, file, "simpy", MEASURES)
    assert not file.path.exists()


def test_contacts_are_let_go_when_they_are_checked() -> None:
    model, episodes, contacts, tally = found()
    mine = replace(contacts)
    seen = weakref.ref(mine)
    gc.disable()  # only what nothing refers to is gone at once; the table of a year is half a gigabyte
    try:
        check_identities(model, episodes, mine, tally)
        del mine
        assert seen() is None
    finally:
        gc.enable()
