"""A lever with a place acts on those who live there, and leaves everybody else as they are, bit by bit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from both_engines import each_engine
from two_towns import change, two_towns
from worlds import LABEL, Plain, figure

from sim.compile import areas_of, compile_scenario
from sim.config.load import load_study
from sim.engines.select import Engine

ROOT = Path(__file__).resolve().parents[2]
HALF = figure(0.5, 0.5, 0.5)
PLACES: dict[str, Plain] = {
    "municipality": {"municipalities": ["norrort"]},
    "sub-region": {"subregions": ["norrort"]},
    "minutes": {"within": {"minutes": 10, "sites": ["a"]}},
}
LEVERS: dict[str, Plain] = {
    "shift": {"when": {}, "from_service": "er", "to_service": "rest", "share": HALF},
    "pathway": {"service": "doctor", "from_step": "er", "to_step": "rest", "share": HALF},
    "duration": {"service": "er", "change": HALF},
    "target": {"service": "er", "target_min": {"3": 600}},
}


@pytest.mark.parametrize("kind", LEVERS)
def test_a_lever_changes_those_who_live_in_its_place_and_nobody_else(kind: str, tmp_path: Path) -> None:
    sketch = two_towns()
    sketch.scenarios = {"changed": {"x": {"kind": kind, "where": PLACES["municipality"], **LEVERS[kind]}}}
    south, north = change(sketch, "compiled", tmp_path)
    assert south == 0
    assert north > 20


@each_engine
def test_levers_of_two_places_each_keep_to_their_own(engine: Engine, tmp_path: Path) -> None:
    sketch = two_towns()
    north = {kind: {"kind": kind, "where": PLACES["minutes"], **lever} for kind, lever in LEVERS.items()}
    sketch.scenarios = {"changed": north}
    assert change(sketch, engine, tmp_path / "north")[0] == 0
    sketch.scenarios = {"changed": {**north, "south": {**north["shift"], "where": {"municipalities": ["town"]}}}}
    assert min(change(sketch, engine, tmp_path / "both")) > 20


def test_a_place_may_be_said_in_three_ways(tmp_path: Path) -> None:
    sketch = two_towns()
    sketch.scenarios = {
        name: {"x": {"kind": "shift", "where": place, **LEVERS["shift"]}} for name, place in PLACES.items()
    }
    world = sketch.load(tmp_path)
    assert [areas_of(world, world.scenarios[name].levers).zone_area.tolist() for name in PLACES] == 3 * [[1, 0]]


def test_mobile_teams_for_one_municipality_move_nobodys_first_contact_elsewhere(tmp_path: Path) -> None:
    """The guide's example, in the teaching region."""
    home = {
        "kind": "shift", "where": {"municipalities": ["Mellanby"]}, "from_service": "er",
        "when": {"needs": ["frailty"], "acuity": ["3", "4", "5"]}, "to_service": "mobile_team_visit", "share": HALF,
    }  # fmt: skip
    path = tmp_path / "teams.yaml"
    path.write_text(json.dumps({"label": LABEL, "description": LABEL, "levers": {"home": home}}), encoding="utf-8")
    model = compile_scenario(load_study(["study=teaching", "scenarios=[baseline]"], root=ROOT, files=[path]), "teams")
    of_area = model.shift_row.reshape(len(model.phase_start), model.areas, -1)
    moved = (of_area >= 0).any(axis=(0, 2))[model.zone_area]
    towns = np.array(model.municipalities)[model.zone_municipality]
    assert model.areas == 2
    assert set(towns[moved]) == {"9902"} and set(towns[~moved]) == {"9901"}
