"""Over six years the queues of planned care neither melt nor explode, unless a lever says so. Made-up region."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.model.codes import Outcome
from sim.model.tables import Contacts, Model
from sim.simulation import simulate

DAY = 24 * 3600
YEARS, STEP = 6, 30 * DAY  # a look every thirty days
FIRST, LAST = "2026-01-05", "2031-12-28"
GUARANTEE_S = 90 * DAY


@cache
def six_years() -> tuple[Model, Contacts]:
    """The baseline of the teaching region from its start, nothing cut."""
    said = ["study=teaching", "scenarios=[baseline]", f"start={FIRST}", f"end={LAST}", "warm_up_days=0"]
    world = load_study(said)
    model = compile_scenario(world, "baseline")
    return model, simulate(model, world.study.seed).contacts


def yearly_queue(service: str) -> np.ndarray:
    """Mean number who wait for a service in each year."""
    model, all_contacts = six_years()
    here = all_contacts.service == model.services.index(service)
    request, start = all_contacts.request[here].astype(np.int64), all_contacts.start[here].astype(np.int64)
    left = np.where(
        all_contacts.outcome[here] == Outcome.LEFT, all_contacts.release[here].astype(np.int64), model.horizon
    )
    until = np.where(start >= request, start, left)
    looks = np.arange(0, model.horizon, STEP)
    waiting = np.searchsorted(np.sort(request), looks, "right") - np.searchsorted(np.sort(until), looks, "right")
    return np.array([part.mean() for part in np.array_split(waiting, YEARS)])


def share_within_90_days(service: str) -> np.ndarray:
    """Of those seen in each year, the share seen within ninety days."""
    model, all_contacts = six_years()
    here = (all_contacts.service == model.services.index(service)) & (all_contacts.start >= 0)
    start, wait = all_contacts.start[here].astype(np.int64), (all_contacts.start - all_contacts.request)[here]
    year = np.minimum(start * YEARS // model.horizon, YEARS - 1)
    return np.bincount(year, wait <= GUARANTEE_S, YEARS) / np.bincount(year, minlength=YEARS)


def test_the_specialists_queue_stays_as_long_as_it_is() -> None:
    queue = yearly_queue("clinic")
    assert queue == pytest.approx(np.full(YEARS, queue.mean()), rel=0.15)


def test_as_many_are_seen_by_specialists_within_90_days_each_year() -> None:
    shares = share_within_90_days("clinic")
    assert shares == pytest.approx(np.full(YEARS, shares.mean()), abs=0.05)


@pytest.mark.parametrize("service", ["primary_care_physician", "primary_care_nurse"])
def test_the_queues_of_primary_care_stay_as_long_as_they_are(service: str) -> None:
    queue = yearly_queue(service)
    assert queue.max() < 1.6 * queue.min()  # a year of much illness has a queue half as long again as a calm one
