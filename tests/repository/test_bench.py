"""What the bench compares is the same network: mean waits agree with theory and with ours."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from math import hypot, log
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import network  # noqa: E402
import with_cpp  # noqa: E402
from children import engines, ratios, table  # noqa: E402
from page import PAGE, replaced  # noqa: E402
from scaling import n_log_n  # noqa: E402
from scaling_run import scaled  # noqa: E402
from stays import Stays, Wait, limit, waits  # noqa: E402

from sim.config.load import load_study  # noqa: E402

EPISODES = 60_000
PARTS = ("peers", "region", "scaling", "workers", "startup")


def test_the_bench_measures_both_engines() -> None:
    """It once found neither, after a move of modules, and wrote tables without them."""
    assert engines() == ["simpy", "compiled"]


@cache
def mean_waits(simulator: str) -> list[Wait]:
    if simulator == "cpp" and not with_cpp.is_there():
        pytest.skip("g++ is not there: no C++ loop to compare with")
    command = [sys.executable, "bench/one.py", simulator, str(EPISODES), "7"]
    told = json.loads(subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout)
    assert told["contacts"] == pytest.approx(EPISODES * network.contacts_per_episode(), rel=0.02)
    return [Wait(**wait) for wait in told["waits"]]


@pytest.mark.parametrize("simulator", ["careshift_simpy", "usual_simpy", "cpp"])
def test_a_simulator_of_the_five_stations_waits_as_theory_says(simulator: str) -> None:
    found = mean_waits(simulator)
    assert len(found) == 10
    assert [wait for wait in found if wait.z > limit(30)] == []


@pytest.mark.parametrize("simulator", ["usual_simpy", "cpp"])
def test_another_simulator_waits_as_ours(simulator: str) -> None:
    pairs = list(zip(mean_waits(simulator), mean_waits("careshift_simpy"), strict=True))
    assert [(a, b) for a, b in pairs if abs(a.mean - b.mean) > limit(20) * hypot(a.error, b.error)] == []


def test_theory_says_that_the_urgent_wait_less_and_that_the_mean_is_erlangs() -> None:
    exact = network.expected()
    for station in network.NAMES:
        urgent, other, everybody = (exact[station, group] for group in ("urgent", "other", "all"))
        assert 0 < urgent < other
        assert network.URGENT * urgent + (1 - network.URGENT) * other == pytest.approx(everybody)


def test_a_constant_wait_is_its_own_mean_and_the_warm_up_does_not_count() -> None:
    request = np.linspace(0, 1000, 20_001)
    number = np.arange(len(request))
    start = request + np.where(request < 100, 500.0, 3.0) + (number // 10) % 2
    stays = Stays(number % 5, number // 5 % 2 == 0, request, start)
    for wait in waits(stays, 1000.0):
        assert wait.mean == pytest.approx(3.5, abs=0.02)
        assert wait.error < 0.05


def test_the_page_has_a_place_for_every_part() -> None:
    text = PAGE.read_text("utf-8")
    for part in PARTS:
        told = replaced(text, part, f"told of {part}")
        assert f"told of {part}" in told
        assert replaced(told, part, "again") == replaced(text, part, "again")
    with pytest.raises(ValueError, match="no markers"):
        replaced(text, "nothing", "")


def test_a_share_of_the_region_keeps_its_places_and_a_unit_in_each_pool() -> None:
    world = load_study(["study=vgr_quick"])
    less, more = scaled(world, 0.01), scaled(world, 10)
    assert list(less.region.pools["pool"]) == list(world.region.pools["pool"])
    assert less.region.pools["capacity"].min() == 1
    assert more.region.pools["capacity"].sum() == pytest.approx(10 * world.region.pools["capacity"].sum())
    assert more.region.zones["people_80plus"].sum() == 10 * world.region.zones["people_80plus"].sum()


def test_n_log_n_goes_through_the_whole_region() -> None:
    assert n_log_n(1000, (1000, 2.0)) == pytest.approx(2.0)
    assert n_log_n(10_000, (1000, 2.0)) == pytest.approx(20 * log(10_000) / log(1000))


def test_ratios_are_of_runs_made_one_after_the_other() -> None:
    above, below = [{"s": 2.0}, {"s": 9.0}, {"s": 4.0}], [{"s": 1.0}, {"s": 3.0}, {"s": 1.0}]
    assert ratios(above, below, lambda run: float(run["s"])) == (2.0, 3.0, 4.0)
    assert table(("", "s"), [("a", "1")]).splitlines()[1:] == ["| --- | ---: |", "| a | 1 |"]
