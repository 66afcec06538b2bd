"""A study described by STRESS-DES: all 24 items, none empty, filled from the configuration and the code."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from commands import TINY, careshift
from worlds import Offer, Sketch, service

from sim.config.folders import folders
from sim.config.load import load_study
from sim.config.world import World
from sim.measures.catalogue import DEFINITIONS
from sim.report.stress_des import CHECKLIST, ITEMS, describe
from sim.report.stress_des.data import assumptions
from sim.report.stress_des.subject import Subject

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "generated" / "stress_des.md"
SHIPPED = folders(ROOT).config_names("study")
MANIFEST: dict[str, Any] = {
    "versions": {"python": "3.12.1", "simpy": "4.9"}, "wall_s": 480.0, "workers": 2,
    "runs": [{"seconds": 25.0, "peak_mb": 1234}, {}],
}  # fmt: skip


def items(page: str) -> dict[str, str]:
    """Text by number of the item."""
    parts = re.split(r"(?m)^### ([\d.]+) .*$", page)
    return {
        number: re.sub(r"(?m)^## .*$", "", text).strip() for number, text in zip(parts[1::2], parts[2::2], strict=True)
    }


@pytest.fixture(scope="module")
def tiny() -> World:
    return load_study(root=TINY)


def test_the_checklist_has_24_items_in_six_sections() -> None:
    assert len(CHECKLIST) == 6
    assert [number for section in CHECKLIST.values() for number in section] == list(ITEMS)
    assert len(ITEMS) == 24


@pytest.mark.parametrize("study", SHIPPED)
def test_no_item_of_a_shipped_study_is_empty(study: str) -> None:
    result = items(describe(load_study([f"study={study}"], root=ROOT)))
    assert list(result) == list(ITEMS)
    for number, text in result.items():
        assert len(re.findall(r"\w+", text)) >= 15, number
        assert "None" not in re.findall(r"\w+", text.replace("None are", "")), number
        assert not re.search(r"\bnan\b|\{\w*\}", text), number


def test_the_page_of_the_main_study_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == describe(load_study(["study=vgr_first"], root=ROOT))


def test_a_study_of_almost_nothing_has_no_empty_item(tmp_path: Path) -> None:
    world = Sketch({"er": service(30)}, {"a": {"er": Offer(1)}}).load(tmp_path)
    result = items(describe(world))
    assert [number for number, text in result.items() if len(text.split()) < 8] == []
    assert "It starts empty." in result["4.1"]
    assert "No scenario changes a parameter." in result["3.3"]
    assert "they cite no strategy" in result["1.3"]


def test_what_the_study_says_stands_in_the_description(tiny: World) -> None:
    result = items(describe(tiny))
    assert tiny.study.question.en in result["1.1"]
    assert all(f"`{name}`" in result["1.2"] for name in DEFINITIONS)
    assert all(f"`{name}`" in result["1.3"] and f"`{name}`" in result["2.3"] for name in tiny.study.scenarios)
    assert all(f"`{name}`" in result["2.5.1"] for name in tiny.care.needs)
    assert all(f"`{name}`" in result["2.5.2"] for name in tiny.care.services)
    assert all(f"`{name}`" in result["2.5.3"] for name in tiny.care.resources)
    assert str(tiny.study.seed) in result["5.2"]
    assert "2 independent replications of each of 3 scenarios, and 4 runs" in result["4.3"]
    assert "a window of 168 hours after 72 hours of warm-up" in result["4.2"]


def test_another_configuration_gives_another_description(tiny: World) -> None:
    more = replace(tiny, study=tiny.study.model_copy(update={"replications": 9, "warm_up_days": 5}))
    before, after = items(describe(tiny)), items(describe(more))
    assert {number for number in before if before[number] != after[number]} == {"4.1", "4.2", "4.3", "5.4"}


def test_the_units_of_a_resource_are_the_sum_of_its_pools(tiny: World) -> None:
    assert "| `bed` | beds | 2 | 16 | 3 |" in items(describe(tiny))["2.5.3"]


def test_assumptions_that_differ_by_their_numbers_alone_stand_once(tiny: World) -> None:
    pools = tiny.region.pools.assign(
        quality="D", source=[f"{n} rooms: assumption" for n in range(len(tiny.region.pools))]
    )
    region = tiny.region.model_copy(update={"pools": pools})
    prose = assumptions(Subject(replace(tiny, region=region)))
    assert prose.count("rooms: assumption") == 1
    assert f"`pools.csv`: 0 rooms: assumption (and {len(pools) - 1} with other numbers)" in prose


def test_a_run_gives_its_own_versions_and_times(tiny: World) -> None:
    result = items(describe(tiny, MANIFEST))
    assert "| simpy | 4.9 |" in result["5.1"]
    assert "8.0 minutes with 2 processes (1 of 2 runs were computed then, at most 1,234 MB each)" in result["5.4"]


def test_a_run_whose_results_were_all_stored_says_so(tiny: World) -> None:
    assert "all runs had been stored before" in items(describe(tiny, {**MANIFEST, "runs": [{}]}))["5.4"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "root"))


def test_the_command_prints_or_writes_the_page(root: Path) -> None:
    printed = careshift(root, "describe", "replications=7")
    assert printed.returncode == 0, printed.stderr
    assert "7 independent replications" in printed.stdout
    written = careshift(root, "describe", "replications=7", "--output", "page.md")
    assert written.returncode == 0, written.stderr
    assert (root / "page.md").read_text(encoding="utf-8").strip() == printed.stdout.strip()


@pytest.mark.parametrize("words", [("replications=0",), ("--results", "none")])
def test_a_description_of_nothing_ends_with_2(root: Path, words: tuple[str, ...]) -> None:
    done = careshift(root, "describe", *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
