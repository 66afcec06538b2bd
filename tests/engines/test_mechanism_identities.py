"""What holds of units within units, hours, rooms, shifts and appointments: tampered contacts and models are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from stories import MINUTE, Person, episodes
from worlds import SAID, Offer, Plain, Sketch, minutes, responding, service, way

from sim.engines.audit.identities import BrokenIdentity, check_identities
from sim.engines.audit.tally import Tally
from sim.engines.compiled.numba_engine import _contacts, _run, _tally
from sim.model.tables import Contacts, Episodes, Model

HALVES: Plain = {"every_day": ["00:00-12:00", "12:00-24:00"]}
FEWER: Plain = {
    "every_day": [{"hours": "00:00-12:00", "capacity_factor": 1}, {"hours": "12:00-24:00", "capacity_factor": 0.5}]
}
Found = tuple[Model, Episodes, Contacts, Tally]
Change = Callable[[Model, Contacts, Tally], tuple[Model, Contacts, Tally]]


def inside() -> Sketch:
    services = {"place": service(10, then=[way("room", how="within")]), "room": service(30)}
    return Sketch(services, {"a": {"place": Offer(2), "room": Offer()}})


def wards() -> Sketch:
    offer = Offer(1, pool="own", further="more", spill_after_h="0.5")
    return Sketch({"ward": service(60)}, {"a": {"ward": offer}}, rooms={"a": {"more": Offer()}})


def shift(rule: str, staffed: Plain, units: int) -> Sketch:
    return Sketch({"er": service(120)}, {"a": {"er": Offer(units, staffed=staffed, shift_end=rule)}})


def office(**said: object) -> Sketch:
    made = {"er": service(60, **said)}  # type: ignore[arg-type]
    return Sketch(made, {"a": {"er": Offer()}}, calendars={"office": "08:00-17:00"})


def missing(*then: Plain) -> Sketch:
    rule = {"share": 1, "occupies": 0.5, "then": {f"w{j}": w for j, w in enumerate(then)}, **SAID}
    services = {"clinic": service(60, "booked", no_show={"all": rule}), "call": CALL}
    return Sketch(services, {"a": {"clinic": Offer()}})


CALL = service(5, "remote", unlimited_at="self_care")


def full(when_full: str) -> Sketch:
    limit = {"waiting": 0, "when_full": when_full, **SAID}
    er = service(60, queue_limit=limit, fallback="call", patience=30, leaves=[way("er", after=60)])
    return Sketch({"er": er, "call": CALL}, {site: {"er": Offer()} for site in "ab"}, travel={("a", "b"): 5})


def refusing() -> Sketch:
    er = service(60, refuse={"full": {"signal": "load", "share": [0, 1], **SAID}})
    er = responding(er, length={"signal": "load", "factor": [1, 2]})
    load = {"of": "er", "what": "occupancy", "classes": [1000]}
    return Sketch({"er": er}, {"a": {"er": Offer()}}, care={"signals": {"load": load}})


def later(column: str, row: int, by: int) -> Change:
    """A time of a row is moved by minutes."""

    def change(model: Model, c: Contacts, tally: Tally) -> tuple[Model, Contacts, Tally]:
        moved = getattr(c, column).copy()
        moved[row] += MINUTE * by
        return model, replace(c, **{column: moved}), tally

    return change


def said(**arrays: Callable[[Model], np.ndarray]) -> Change:
    """The model says something else than the engine was told."""
    return lambda model, c, tally: (replace(model, **{n: made(model) for n, made in arrays.items()}), c, tally)


def counted(pool: int, **seconds: int) -> Change:
    """Something else was counted event by event."""

    def change(model: Model, c: Contacts, tally: Tally) -> tuple[Model, Contacts, Tally]:
        moved = {name: getattr(tally, name).copy() for name in seconds}
        for name, by in seconds.items():
            moved[name][pool] += by
        return model, c, replace(tally, **moved)

    return change


def both(*changes: Change) -> Change:
    def change(model: Model, c: Contacts, tally: Tally) -> tuple[Model, Contacts, Tally]:
        for one in changes:
            model, c, tally = one(model, c, tally)
        return model, c, tally

    return change


def moved_pool(model: Model, c: Contacts, tally: Tally) -> tuple[Model, Contacts, Tally]:
    return model, replace(c, pool=np.where(c.outcome == 0, 1, c.pool)), tally


def never(name: str) -> Change:
    return said(**{name: lambda m: np.full_like(getattr(m, name), -1)})


TWO = [Person(0), Person(0)]
CASES: list[tuple[str, Sketch, list[Person], Change]] = [
    ("a unit is held until what is within has ended", inside(), TWO, later("release", 0, -5)),
    ("a unit that is held is given back when a contact of the episode starts, ends or comes to nothing", inside(), TWO,
     both(later("release", 0, 5), counted(0, users_s=5 * MINUTE))),
    ("nobody starts in a further pool before its delay", wards(), TWO,
     said(offer_spill_s=lambda m: 2 * m.offer_spill_s)),
    ("a contact uses the pool of its offer", Sketch({"er": service(60), "gp": service(60)},
     {"a": {"er": Offer(), "gp": Offer()}}), TWO, moved_pool),
    ("nobody starts outside the hours of starting", office(starts="office"), TWO,
     said(starts_time=lambda m: m.starts_time + MINUTE)),
    ("no service ends outside its hours of ending", office(ends="office"), TWO,
     said(ends_time=lambda m: m.ends_time + MINUTE)),
    ("no appointment starts before its delay", office(mode="booked", not_before={"all": {"time": minutes(90), **SAID}}),
     TWO, said(quantile=lambda m: 2 * m.quantile)),
    ("who misses an appointment is one who may", missing(), TWO, never("miss_row")),
    ("a contact follows by a way of the model", missing(way("call")), TWO, never("miss_next")),
    ("a contact follows one that is over", missing(way("call")), TWO,
     lambda m, c, t: (m, replace(c, end=np.where(c.outcome == 5, -(1 << 31), c.end),
                                 release=np.where(c.outcome == 5, -(1 << 31), c.release)), t)),
    ("nobody starts beyond the units of a shift of a_er", shift("fresh", HALVES, 2),
     [Person(700), Person(730), Person(731)],
     said(capacity_value=lambda m: m.capacity_value - 1)),
    ("nobody starts beyond the units of a shift of a_er", shift("hand_over", FEWER, 2), [Person(600), Person(601)],
     said(capacity_value=lambda m: m.capacity_value - 1)),
    ("who is interrupted waits", shift("hand_over", FEWER, 2), [Person(650), Person(660)], counted(0, queue_s=1)),
    ("who is interrupted waits", shift("hand_over", FEWER, 2), [Person(650), Person(710), Person(711)],
     counted(0, queue_s=-10**6, users_s=10**6)),
    ("contacts at the horizon", shift("hand_over", FEWER, 2), [Person(650)], counted(0, waiting=1)),
    ("nobody is turned away from a queue without limit", refusing(), TWO, never("refuse_row")),
    ("a contact follows by a way of the model", full("next_site"), TWO, said(when_full=lambda m: 0 * m.when_full)),
    ("a contact follows by a way of the model", full("leave"), TWO, said(when_full=lambda m: 0 * m.when_full)),
]  # fmt: skip


def found(sketch: Sketch, people: list[Person], folder: Path) -> Found:
    model = sketch.compile(folder)
    whose = episodes(model, people)
    state = _run(model, whose)
    return model, whose, _contacts(state), _tally(model, state)


@pytest.mark.parametrize(("identity", "sketch", "people", "change"), CASES)
def test_what_was_tampered_with_is_found_and_what_was_not_passes(
    identity: str, sketch: Sketch, people: list[Person], change: Change, tmp_path: Path
) -> None:
    model, whose, contacts, tally = found(sketch, people, tmp_path)
    check_identities(model, whose, contacts, tally)
    other, changed, recounted = change(model, contacts, tally)
    with pytest.raises(BrokenIdentity, match=identity):
        check_identities(other, whose, changed, recounted)
