"""Each emergency room by its name: levels of the baseline and of every scenario."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from reports import page, study, writer

from sim.report.html.er_by_name import COLUMNS, er_rooms
from sim.results.read import Results


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A study of the tiny world, run for real."""
    return study(tmp_path_factory.mktemp("study"))


def test_every_emergency_room_is_told_by_name_in_the_baseline_and_in_every_scenario(results: Results) -> None:
    said = writer(results)
    tables = er_rooms(said)
    assert len(tables) == 1 + len(said.effects.scenarios)
    sites = said.effects.groups("er_arrivals_per_day", "site")
    for table in tables:
        assert [row.name for row in table.rows[:-1]] == [said.names.site(site) for site in sites]
        assert all(len(row.levels) == len(COLUMNS) for row in table.rows) and table.rows[-1].strong


def test_a_level_is_the_mean_of_that_room_and_says_where_its_queue_had_not_settled(results: Results) -> None:
    said = writer(results)
    site = said.effects.groups("er_arrivals_per_day", "site")[0]
    first = er_rooms(said)[0].rows[0].levels[0]
    assert first.amount == said.language.number(said.effects.base("er_arrivals_per_day", "site", site))
    for row, place in zip(er_rooms(said)[0].rows, said.effects.groups("er_arrivals_per_day", "site"), strict=False):
        moving = said.effects.moving(said.effects.baseline, "er_left_share", "site", place)
        assert row.levels[list(COLUMNS).index("er_left_share")].moving == moving


def test_a_region_without_emergency_rooms_has_no_such_table(results: Results, tmp_path: Path) -> None:
    none = results.measures[results.measures["measure"] != "er_arrivals_per_day"]
    assert er_rooms(writer(dataclasses.replace(results, measures=none))) == []


@pytest.mark.parametrize(("code", "words"), [("sv", "Varje akutmottagning"), ("en", "Each emergency room")])
def test_the_table_stands_in_the_page_in_both_languages(results: Results, code: str, words: str) -> None:
    html = page(results, code)
    assert f"<h3>{words}</h3>" in html
    assert len(re.findall(r'<table class="rooms">', html)) == 1 + len(writer(results).effects.scenarios)
