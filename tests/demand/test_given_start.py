"""A given start: who is in service since when, and who waits since when."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from replays import ENGINES, at, ill, run, wait_for, wards, world
from worlds import exponential, service

from sim.model.codes import Origin, Outcome


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_given_to_be_in_service_is_so_and_goes_on_as_those_who_have_lasted_so_long(
    tmp_path: Path, engine: str
) -> None:
    """Exponential service has no memory: what is left has the mean of the whole."""
    rows = [wait_for(started=at(-60 * t)) for t in range(1, 401)]
    rows = [{**row, "requested": at(-86400)} for row in rows]
    contacts = run(world(tmp_path, [], rows, made=wards()), engine).contacts
    assert len(contacts.start) == 400
    assert sorted(contacts.start.tolist()) == sorted(-60 * t for t in range(1, 401))
    assert contacts.end.min() > 0
    assert set(contacts.origin.tolist()) == {Origin.INITIAL}
    assert contacts.end.mean() / 60 == pytest.approx(600, abs=4 * 600 / 20)


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_given_to_wait_waits_since_the_request_whoever_started_when(tmp_path: Path, engine: str) -> None:
    """One unit, taken an hour ago; two wait, the one who asked first is next, before who asks now."""
    rows = [
        wait_for(requested=at(-90_000), started=at(-3600)),
        wait_for(requested=at(-50)),
        wait_for(requested=at(-80_000)),
    ]
    made = wards(1)
    contacts = run(world(tmp_path, [ill(1)], rows, made=made), engine).contacts
    order = np.argsort(contacts.start)
    assert contacts.request[order].tolist() == [-3600, -80_000, -50, 1]
    assert contacts.start[order[1:]].tolist() == contacts.end[order[:-1]].tolist()


@pytest.mark.parametrize("engine", ENGINES)
def test_who_waits_has_patience_that_has_not_ended(tmp_path: Path, engine: str) -> None:
    rows = [wait_for(requested=at(-600 * t)) for t in range(1, 200)]
    contacts = run(world(tmp_path, [], rows, made=wards(1, exponential(600))), engine).contacts
    assert len(contacts.request) == 199
    left = contacts.outcome == Outcome.LEFT
    assert left.sum() > 150


def test_whoever_has_been_there_longer_than_anybody_leaves_in_the_first_second(tmp_path: Path) -> None:
    made = wards()
    made.services = {"ward": service(60, "booked")}
    contacts = run(world(tmp_path, [], [wait_for(started=at(-7000))], made=made)).contacts
    assert (contacts.start.tolist(), contacts.end.tolist()) == ([-3599], [1])
