"""The faults of docs/generated/mutations.md fit the source; and what no test had noticed before they were tried."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import numpy as np
import pytest
from stories import Person, happens
from worlds import Offer, Sketch, figure, need, service, way

from sim.demand import draw_episodes
from sim.model.codes import ONE

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "mutations"))

from faults import PATCHES  # noqa: E402
from patches import TABLE, Patch, located, page  # noqa: E402


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.fault)
def test_a_fault_fits_the_source_and_leaves_it_a_program(patch: Patch) -> None:
    source = (ROOT / "sim" / patch.file).read_text("utf-8")
    faulty = patch.applied(source)
    assert ast.dump(ast.parse(faulty)) != ast.dump(ast.parse(source))


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.fault)
def test_the_tests_named_beside_a_fault_are_there(patch: Patch) -> None:
    assert patch.tests
    for test in patch.tests:
        name = test.partition("::")[2]
        assert f"def {name.split('[')[0]}(" in (ROOT / located(test).partition("::")[0]).read_text("utf-8")


def test_the_page_lists_exactly_the_faults() -> None:
    assert TABLE.read_text("utf-8") == page(PATCHES)
    assert len({patch.fault for patch in PATCHES}) == len(PATCHES) > 20


def test_a_fault_that_no_longer_fits_is_refused() -> None:
    patch = Patch("f", "f.py", "a + b", "a - b", ())
    assert patch.applied("x = a + b") == "x = a - b"
    for source in ("x = a + c", "a + b + a + b"):
        with pytest.raises(ValueError, match=r"times in sim/f\.py"):
            patch.applied(source)


def test_a_transfer_takes_the_road_from_the_one_site_to_the_next(tmp_path: Path) -> None:
    services = {"er": service(10, then=[way("ward")]), "ward": service(10)}
    travel = {("home", "a"): 5, ("home", "b"): 50, ("a", "b"): 7, ("b", "a"): 31}
    model = Sketch(services, {"a": {"er": Offer()}, "b": {"ward": Offer()}}, travel=travel).compile(tmp_path)
    assert happens(model, Person(0), columns="place request")[1] == (0, "ward", "b", "a", 5 + 10 + 7)


def test_an_episodes_key_is_that_of_its_zone_and_of_its_number_there(tmp_path: Path) -> None:
    keys = []
    for j, zones in enumerate(({"a": 400, "b": 600}, {"a": 400, "c": 600})):
        sketch = Sketch({"er": service()}, {"s": {"er": Offer()}}, {"ill": need({"er": 1}, rate=20_000)}, zones=zones)
        model = sketch.compile(tmp_path / str(j))
        episodes = draw_episodes(model, 1, 0)
        keys.append([set(episodes.key[episodes.zone == z].tolist()) for z in (0, 1)])
    assert keys[0][0] == keys[1][0] != set()
    assert not keys[0][1] & keys[1][1]


@pytest.mark.parametrize("share", [0.25, 0.5, 1])
def test_demand_changes_by_the_share_of_the_ramp_that_is_in_force(tmp_path: Path, share: float) -> None:
    sketch = Sketch({"er": service()}, {"a": {"er": Offer()}})
    lever = {
        "kind": "demand",
        "when": {"needs": ["ill"]},
        "change": figure(-0.4, -0.4, -0.4),
        "ramp": {"2027-01-01": share},
    }
    sketch.scenarios = {"less": {"x": lever}}
    model = sketch.compile(tmp_path, "less")
    assert model.factor / ONE == pytest.approx(np.full(model.factor.shape, 1 - 0.4 * share))
