"""The first screen: three sentences, a picture of both outcomes, and what came out of what was put in."""

from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pytest
from markupsafe import escape
from reports import page, study, text, writer

from sim.report.html.by_municipality import municipalities
from sim.report.html.drawings import draw_all
from sim.report.html.headline import balanced, headline
from sim.report.language import Code
from sim.results.read import Results

ER, TRAVEL, COST = "er_arrivals_per_day", "travel_min_per_resident_year", "cost_msek_per_year"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A study of the tiny world, run for real."""
    return study(tmp_path_factory.mktemp("headline"))


def with_changes(results: Results, measure: str, changes: dict[str, tuple[float, str]]) -> Results:
    """The results with a baseline of 100 and given changes and findings of a measure, scenario by scenario."""
    table = results.comparison.copy()
    for scenario, (change, finding) in changes.items():
        here = (table["scenario"] == scenario) & (table["measure"] == measure) & (table["by"] == "all")
        assert here.sum() == 1
        for column in ("change", "low", "high"):
            table.loc[here, column] = change
        table.loc[here, ["baseline", "mean", "p_holm", "finding", "note"]] = [100.0, 100 + change, 0.001, finding, ""]
    return dataclasses.replace(results, comparison=table)


def scenarios(results: Results) -> list[str]:
    """The scenarios held against the baseline."""
    return writer(results, "en").effects.scenarios


def test_the_first_sentence_names_the_scenario_that_changes_visits_most_and_by_how_much(results: Results) -> None:
    first, *others = scenarios(results)
    changes = {first: (-12.0, "robust")} | dict.fromkeys(others, (5.0, "robust"))
    sentence = headline(writer(with_changes(results, ER, changes), "en"))[0]
    name = writer(results, "en").names.scenario(first)
    assert sentence.startswith("No scenario changes visits to emergency rooms by more than 12%")
    assert f"{name} changes them most, by −12.0" in sentence


def test_where_no_change_is_sure_the_sentence_says_so_and_has_no_number(results: Results) -> None:
    changes = dict.fromkeys(scenarios(results), (-12.0, "cannot be told"))
    sentence = headline(writer(with_changes(results, ER, changes), "en"))[0]
    assert sentence == "No scenario surely changes visits to emergency rooms so much that it matters."


def test_a_change_that_rests_on_assumptions_is_told_with_that(results: Results) -> None:
    first, *others = scenarios(results)
    changes = {first: (-12.0, "depends on the assumptions")} | dict.fromkeys(others, (0.0, "no change"))
    assert "That depends on the assumptions." in headline(writer(with_changes(results, ER, changes), "en"))[0]


def test_costs_are_told_from_the_cheapest_to_the_dearest(results: Results) -> None:
    first, *others = scenarios(results)
    changes = {first: (-12.0, "robust")} | dict.fromkeys(others, (5.0, "robust"))
    assert headline(writer(with_changes(results, COST, changes), "sv"))[-1] == (
        "Kostnaden per år ändras med mellan −12,0 och +5,00 miljoner kronor."
    )


def test_every_scenario_stands_with_visits_travel_and_how_much_was_assumed(results: Results) -> None:
    rows = balanced(writer(results, "en"), results)
    assert [row.name for row in rows] == [writer(results, "en").names.scenario(s) for s in scenarios(results)]
    closed = next(row for row, s in zip(rows, scenarios(results), strict=True) if s == "all_closed")
    assert closed.parts == "all from the model"


@pytest.mark.parametrize("code", ["sv", "en"])
def test_the_first_screen_comes_before_all_else_and_holds_the_picture_of_both_outcomes(
    results: Results, code: Code
) -> None:
    pictures = draw_all(writer(results, code), results)
    assert writer(results, code).names.scenario("near_care") in pictures["outcome_plane"].alt
    html = page(results, code)
    assert html.index('class="first"') < html.index('id="details"') < html.index('id="scenarios"')
    words = text(html).split()
    for sentence in headline(writer(results, code)):
        assert " ".join(text(str(escape(sentence))).split()) in " ".join(words)


def test_every_municipality_stands_in_a_table_that_can_be_sorted_by_its_numbers(results: Results) -> None:
    tables = municipalities(writer(results, "sv"))
    towns = set(results.measures.loc[results.measures["by"] == "municipality", "group"])
    assert {len(table.rows) for table in tables} == {len(towns)}
    row = tables[0].rows[0]
    assert len(row.changes) == len(scenarios(results))
    html = page(results, "sv")
    values = re.findall(r'<table class="sortable">.*?</table>', html, flags=re.DOTALL)[0]
    assert f'data-value="{row.people}"' in values
    assert not pd.isna(row.level)


def test_statements_are_quoted_with_their_document(results: Results) -> None:
    words = text(page(results, "sv"))
    assert results.config["documents"]["plan"]["title"]["sv"] == "Liten plan"
    assert re.search(r"Liten plan\s+Vård nära\s+\(S1\)", words)


@pytest.mark.parametrize("code", ["sv", "en"])
def test_the_number_at_every_measure_leads_to_what_it_is(results: Results, code: Code) -> None:
    html = page(results, code)
    leads = set(re.findall(r'class="reference" href="#m-(\w+)"', html))
    entries = dict(re.findall(r'<tr id="m-(\w+)"><td class="number">(\d+)</td>', html))
    assert ER in leads
    assert leads <= set(entries)
    assert sorted(map(int, entries.values())) == list(range(1, len(entries) + 1))


def test_the_headline_names_the_part_of_the_flows_that_changes_most_with_it(results: Results) -> None:
    first, *others = scenarios(results)
    told = with_changes(results, ER, {first: (-12.0, "robust")} | dict.fromkeys(others, (0.0, "no change")))
    table = told.comparison
    parts = (table["measure"] == ER) & (table["by"] == "origin") & (table["scenario"] == first)
    table.loc[parts, ["change", "low", "high", "finding", "note"]] = [0.0, 0.0, 0.0, "no change", ""]
    for group, change, finding in (
        ("left", -8.0, "robust"),
        ("first", -9.0, "cannot be told"),
        ("referred", 20.0, "robust"),
    ):
        table.loc[parts & (table["group"] == group), ["change", "low", "high", "finding"]] = [
            change,
            change,
            change,
            finding,
        ]
    assert headline(writer(told, "en"))[0].endswith("Most of it: gave up waiting elsewhere, −8.00.")
    table.loc[parts, "finding"] = "cannot be told"
    assert "Most of it" not in headline(writer(told, "en"))[0]
