"""What is refused of hospitals: a ward to which nobody comes, an emergency room that is closed at its door alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import SAID, Offer, Plain, Sketch, service, way

from sim.config.errors import ConfigErrors, Problem


def problems(sketch: Sketch, root: Path) -> list[Problem]:
    with pytest.raises(ConfigErrors) as caught:
        sketch.load(root)
    return caught.value.problems


def hospital(*, to_ward: str = "ward", scenarios: dict[str, Plain] | None = None) -> Sketch:
    """An emergency room whose workup is done in its places, and a ward; another one at b."""
    services = {
        "er": service(5, kind="emergency", then=[way("workup")]),
        "workup": service(20, kind="emergency_workup", then=[way(to_ward, 0.5), way("exit", 0.5)]),
        "ward": service(60, kind="ward"),
    }
    room = {"er": Offer(3, pool="places"), "workup": Offer(3, pool="places"), "ward": Offer(9)}
    sites = {"a": room, "b": {name: Offer(3, pool=f"b_{offer.pool or name}") for name, offer in room.items()}}
    return Sketch(services, sites, scenarios=scenarios or {})


def closing(*services: str) -> dict[str, Plain]:
    moved = {"value": 1, "low": 1, "high": 1, **SAID}
    lever = {
        "kind": "close",
        "services": list(services),
        "where": {"sites": ["a"]},
        "moved": moved,
        "to_sites": {"b": 1},
    }
    return {"closed": {"close_a": {**lever, "note": "A test.", "ramp": {"2027-01-01": 1}}}}


def test_a_ward_that_no_need_leads_to_is_refused(tmp_path: Path) -> None:
    [problem] = problems(hospital(to_ward="er"), tmp_path)
    assert problem.key == "services.ward"
    assert problem.message.startswith("no need leads to this ward")


def test_a_ward_that_only_a_scenario_leads_to_is_not(tmp_path: Path) -> None:
    share = {"value": 0.5, "low": 0.5, "high": 0.5, **SAID}
    lever = {"kind": "pathway", "service": "workup", "from_step": "exit", "to_step": "ward", "share": share}
    sketch = hospital(to_ward="er", scenarios={"admits": {"admit": {**lever, "note": "A test."}}})
    assert "admits" in sketch.load(tmp_path).scenarios


def test_an_emergency_room_that_is_closed_at_its_door_alone_is_refused(tmp_path: Path) -> None:
    [problem] = problems(hospital(scenarios=closing("er")), tmp_path)
    assert problem.key == "levers.close_a.services"
    assert problem.message == "closes er and leaves its places and staff to workup: name these too"


def test_an_emergency_room_that_is_closed_with_all_its_parts_is_not(tmp_path: Path) -> None:
    assert "closed" in hospital(scenarios=closing("er", "workup")).load(tmp_path).scenarios
