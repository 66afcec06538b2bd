"""Fewer and more beds: the tiny region's baseline at several numbers of beds, run for real."""

from __future__ import annotations

from pathlib import Path

import pytest
from hand_made import TINY
from worlds import Offer, Sketch, service

from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.credibility.bed_numbers import LEVELS, OCCUPANCY, levels_by_beds
from sim.report.pages.beds_page import as_markdown, draw

SHARES = (0.5, 1.0, 2.0)


@pytest.fixture(scope="module")
def world():
    return load_study(["replications=2", "scenarios=[baseline]", "end=2027-10-10"], root=TINY)


@pytest.fixture(scope="module")
def levels(world):
    return levels_by_beds(world, SHARES)


def test_fewer_beds_are_fuller(levels):
    occupancy = levels[levels["measure"] == OCCUPANCY].set_index("beds")["mean"]
    assert occupancy[0.5] > occupancy[1.0] > occupancy[2.0] > 0


def test_every_level_has_a_row_for_every_number_of_beds(levels):
    assert len(levels) == len(SHARES) * len(LEVELS)
    assert set(levels["beds"]) == set(SHARES)


def test_the_page_has_a_row_for_each_number_and_the_figure_is_an_image(levels, world, tmp_path: Path):
    text = as_markdown(levels, world, "beds.svg")
    assert [
        line.split("|")[1].strip()
        for line in text.splitlines()
        if line.startswith("| 0.") or line.startswith("| 1.") or line.startswith("| 2.")
    ] == ["0.50", "1.00", "2.00"]
    draw(levels, tmp_path / "beds.svg")
    assert (tmp_path / "beds.svg").read_text().count("<svg") == 1


def test_a_region_without_wards_is_refused_and_told_where(tmp_path: Path):
    world = Sketch({"clinic": service(30)}, {"a": {"clinic": Offer()}}).load(tmp_path)
    with pytest.raises(ConfigErrors) as caught:
        levels_by_beds(world, SHARES)
    assert "no service of the kind ward is offered" in caught.value.problems[0].message
