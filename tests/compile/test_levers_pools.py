"""Levers on offers of several pools: what is the service's own goes with it, what another uses stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import Offer, Plain, Sketch, service

from sim.compile import compile_scenario
from sim.model.tables import Model

LONGER = {"kind": "opening_hours", "service": "clinic", "calendar": "long", "capacity": "added"}
ALL_MOVES = {"value": 1, "low": 1, "high": 1, "source": "test", "quality": "X"}
AWAY = {"kind": "close", "services": ["clinic"], "where": {"sites": ["a"]}, "moved": ALL_MOVES, "to_sites": {"b": 1}}
STAYS = AWAY | {"moved": {"value": 0, "low": 0, "high": 0, "source": "test", "quality": "X"}, "to_sites": {}}


def model(root: Path, lever: Plain | None, own: str = "own", spare: str = "spare shared") -> Model:
    """Two clinics: that at ``a`` has own rooms, a spare room, and may use a room of the laboratory there."""
    day = Offer(2, hours="08:00-16:00", staffed="08:00-16:00")
    clinic = Offer(3, hours="08:00-16:00", staffed="08:00-16:00", pool=own, further=spare)
    sites = {"a": {"clinic": clinic, "lab": Offer(5, staffed="08:00-16:00", pool="shared")}, "b": {"clinic": day}}
    sketch = Sketch(
        {"clinic": service(30), "lab": service(30)}, sites, calendars={"long": "06:00-22:00"},
        rooms={"a": {"spare": Offer(1, staffed="08:00-16:00")}}, scenarios={"changed": {"it": lever} if lever else {}},
    )  # fmt: skip
    return compile_scenario(sketch.load(root), "changed")


def units(model: Model, hour: int) -> dict[str, int]:
    """Units of each pool on the first Monday at an hour."""
    ends = model.capacity_ptr[1:]
    at = [
        int(model.capacity_value[first:last][model.capacity_time[first:last] <= 3600 * hour][-1])
        for first, last in zip(model.capacity_ptr[:-1], ends, strict=True)
    ]
    return dict(zip(model.pools, at, strict=True))


def test_without_a_lever_every_pool_works_by_day(tmp_path: Path) -> None:
    found = model(tmp_path, None)
    assert units(found, 10) == {"own": 3, "spare": 1, "shared": 5, "b_clinic": 2}
    assert set(units(found, 20).values()) == {0}


def test_longer_hours_are_those_of_all_the_pools_that_no_other_service_uses(tmp_path: Path) -> None:
    assert units(model(tmp_path, LONGER), 20) == {"own": 3, "spare": 1, "shared": 0, "b_clinic": 2}


def test_a_closed_service_takes_all_its_own_pools_along(tmp_path: Path) -> None:
    assert units(model(tmp_path, AWAY), 10) == {"own": 0, "spare": 0, "shared": 5, "b_clinic": 6}


def test_units_of_a_closed_service_that_do_not_move_are_gone_in_all_its_own_pools(tmp_path: Path) -> None:
    assert units(model(tmp_path, STAYS), 10) == {"own": 0, "spare": 0, "shared": 5, "b_clinic": 2}


@pytest.mark.parametrize("lever", [LONGER, AWAY], ids=["longer", "closed"])
def test_a_first_pool_is_the_services_own_even_where_another_may_use_it(tmp_path: Path, lever: Plain) -> None:
    """The clinic's first pool is the laboratory's: as before there were several, it goes along."""
    found = units(model(tmp_path, lever, own="shared", spare="spare"), 10 if lever is AWAY else 20)
    assert found["spare"] == (0 if lever is AWAY else 1)
    assert found["shared"] == (0 if lever is AWAY else 3)
