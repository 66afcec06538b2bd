"""The same window after other warm-ups: what moves is told, what luck does is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from commands import TINY, careshift

from sim.credibility.longer_warm_up import LEVELS, by_length
from sim.measures.catalogue import DEFINITIONS


def moves(before: list[float], after: list[float]) -> bool:
    first, second = by_length(pd.DataFrame({"14": before, "28": after}), [14, 28])
    assert "moves" not in first
    assert second["change"] == pytest.approx(np.mean(after) - np.mean(before))
    return bool(second["moves"])


def test_a_level_that_rises_in_every_replication_moves() -> None:
    assert moves([100, 101, 99], [110, 112, 109])
    assert moves([110, 112, 109], [100, 101, 99])


def test_a_level_that_changes_as_luck_will_have_it_stands_still() -> None:
    assert not moves([100, 101, 99], [130, 90, 110])


def test_two_per_cent_of_a_level_are_no_move_however_sure() -> None:
    assert not moves([1000, 1001, 999], [1015, 1016, 1014])
    assert moves([1000, 1001, 999], [1025, 1026, 1024])


def test_of_one_replication_the_size_tells() -> None:
    assert moves([100], [110])
    assert not moves([100], [101])


def test_every_level_is_a_measure_of_the_whole_region() -> None:
    assert all("all" in DEFINITIONS[name].cuts for name in LEVELS)


def test_the_command_puts_the_levels_after_each_warm_up_side_by_side(tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "root"))
    done = careshift(
        root, "warmup", "scenarios=[baseline,near_care]", "--days", "3", "--days", "6", "--write", "page.md"
    )
    assert done.returncode == 0, done.stderr
    page = (root / "page.md").read_text(encoding="utf-8")
    assert "## baseline" in page
    assert "## near_care" in page
    heads = next(line for line in page.splitlines() if line.startswith("| warm-up"))
    assert [cell.strip() for cell in heads.strip("|").split("|")] == ["warm-up, days", "3", "6"]
    rows = [line for line in page.splitlines() if line.startswith("| er_arrivals_per_day")]
    assert len(rows) == 2
    assert all("±" in cell for row in rows for cell in row.split("|")[2:4])
    assert "er_arrivals_per_day" in done.stdout
