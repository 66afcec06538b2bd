"""``careshift places``: ids are found by what people call things."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from commands import TINY, careshift


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the tiny world, to stand in."""
    return Path(shutil.copytree(TINY, tmp_path / "root"))


def rows(text: str) -> list[str]:
    """The ids of a table."""
    return [line.split()[0] for line in text.splitlines()[1:] if line.strip()]


def test_ids_are_found_by_a_part_of_a_name_whatever_its_case_and_accents(root: Path) -> None:
    for text in ("söder", "SODER"):
        done = careshift(root, "places", text, "study=tiny")
        assert done.returncode == 0, done.stderr
        assert rows(done.stdout) == ["0115", "hospital_south"]
    assert "Södra sjukhuset" in done.stdout and "site: hospital" in done.stdout


def test_without_a_text_all_places_are_listed(root: Path) -> None:
    done = careshift(root, "places", "study=tiny")
    assert rows(done.stdout) == [
        *("North", "South", "0114", "0115"),
        *("hospital_north", "hospital_south", "vc_norrby"),
    ]


def test_a_text_that_is_nowhere_ends_with_2_and_the_nearest_name(root: Path) -> None:
    done = careshift(root, "places", "Norby", "study=tiny")
    assert done.returncode == 2
    assert "did you mean Norrby?" in done.stderr
    assert "Traceback" not in done.stderr
