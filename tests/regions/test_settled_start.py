"""A run of the shipped care model starts as it goes on: what contacts before it lead to comes from the first day."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.simulation import simulate

WEEK = 7 * 24 * 3600
WEEKS, REPLICATIONS = 6, 12


@cache
def weekly() -> dict[str, list[float]]:
    """Requests a week of some services of the teaching region, from the first second on, mean over replications."""
    world = load_study(
        ["study=teaching", "scenarios=[baseline]", "start=2027-10-04", "end=2027-11-14", "warm_up_days=0"]
    )
    model = compile_scenario(world, "baseline")
    total = np.zeros((len(model.services), WEEKS))
    for replication in range(REPLICATIONS):
        contacts = simulate(model, world.study.seed, replication).contacts
        new = contacts.request >= 0
        cell = contacts.service[new].astype(np.int64) * WEEKS + np.minimum(contacts.request[new] // WEEK, WEEKS - 1)
        total += np.bincount(cell, minlength=total.size).reshape(total.shape)
    return dict(zip(model.services, (total / REPLICATIONS).tolist(), strict=True))


@pytest.mark.parametrize(
    ("service", "tolerance"),
    [("er", 0.06), ("admission", 0.06), ("discharge", 0.06), ("planned_surgery", 0.1), ("primary_care_nurse", 0.05)],
)
def test_as_many_ask_in_the_first_two_weeks_as_in_the_last_two(service: str, tolerance: float) -> None:
    weeks = weekly()[service]
    assert sum(weeks[:2]) == pytest.approx(sum(weeks[-2:]), rel=tolerance)
